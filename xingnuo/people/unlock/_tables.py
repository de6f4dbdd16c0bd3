"""The tables of unlock, each column accounted for."""

from __future__ import annotations

from xingnuo.trust.policy.contracts import Column, Table

TABLES = (
    Table(
        name="unlock_way",
        about="开了哪几种解锁方式、错过几次、何时锁住",
        retention="consent_end",
        columns={
            "id": Column.KEY,
            "subject_id": Column.KEY,
            "way": Column.STATE,
            "state": Column.STATE,
            "wrong_count": Column.COUNT,
            "wait_until_at": Column.TIME,
            "locked_at": Column.TIME,
            "chosen_at": Column.TIME,
            "set_at": Column.TIME,
            "used_at": Column.TIME,
        },
    ),
    Table(
        name="unlock_digest",
        about="密码和手势的摘要，算不回原文；上几次的留着，防止重复使用",
        retention="consent_end",
        columns={
            "id": Column.KEY,
            "subject_id": Column.KEY,
            "way_id": Column.KEY,
            "text": Column.DIGEST,
            "is_current": Column.COUNT,
            "made_at": Column.TIME,
        },
    ),
    Table(
        name="unlock_credential",
        about="能用指纹或面容解锁的设备：公钥和使用次数，没有指纹也没有面容",
        retention="consent_end",
        columns={
            "id": Column.KEY,
            "subject_id": Column.KEY,
            "credential": Column.KEY,
            "public_key": Column.KEY,
            "sign_count": Column.COUNT,
            "device": Column.TEXT,
            "label": Column.CODE,
            "made_at": Column.TIME,
            "used_at": Column.TIME,
        },
    ),
    Table(
        name="unlock_challenge",
        about="发给设备的一次性问题的摘要，五分钟内有效",
        retention="verification_code",
        starts=("made_at",),
        columns={
            "id": Column.KEY,
            "subject_id": Column.KEY,
            "session_id": Column.KEY,
            "act": Column.STATE,
            "digest": Column.DIGEST,
            "made_at": Column.TIME,
            "expires_at": Column.TIME,
        },
    ),
)
