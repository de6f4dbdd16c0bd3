"""The tables of notices, each column accounted for."""

from __future__ import annotations

from xingnuo.trust.policy.contracts import Column, Table

TABLES = (
    Table(
        name="notices_message",
        about="发过的通知：哪条文字、经哪条通道、到了哪一步",
        retention="account_life",
        columns={
            "id": Column.KEY,
            "subject_id": Column.KEY,
            "key": Column.CODE,
            "code": Column.CODE,
            "version": Column.COUNT,
            "kind": Column.STATE,
            "channel": Column.STATE,
            "label": Column.TEXT,
            "state": Column.STATE,
            "why": Column.CODE,
            "tries": Column.COUNT,
            "created_at": Column.TIME,
            "due_at": Column.TIME,
            "read_at": Column.TIME,
        },
    ),
    Table(
        name="notices_way_out",
        about="邮件里的退订链接，只存散列",
        retention="account_life",
        subject=False,
        columns={
            "digest": Column.DIGEST,
            "subject_id": Column.KEY,
            "created_at": Column.TIME,
        },
    ),
    Table(
        name="notices_calendar",
        about="日历订阅地址，只存散列",
        retention="consent_end",
        subject=False,
        columns={
            "digest": Column.DIGEST,
            "subject_id": Column.KEY,
            "created_at": Column.TIME,
        },
    ),
    Table(
        name="notices_taken",
        about="通道回报的编号散列，防止重复处理",
        retention="repeat_guard",
        subject=False,
        columns={"digest": Column.DIGEST, "at": Column.TIME},
        starts=("at",),
    ),
    Table(
        name="notices_push",
        about="允许推送的浏览器；地址在保险库里",
        retention="consent_end",
        columns={
            "id": Column.KEY,
            "subject_id": Column.KEY,
            "digest": Column.DIGEST,
            "created_at": Column.TIME,
        },
    ),
    Table(
        name="notices_campaign",
        about="推广：由谁提交、由谁放行，不涉及任何个人",
        retention="catalogue",
        subject=False,
        columns={
            "id": Column.KEY,
            "code": Column.CODE,
            "version": Column.COUNT,
            "state": Column.STATE,
            "made_by": Column.CODE,
            "released_by": Column.CODE,
            "made_at": Column.TIME,
            "released_at": Column.TIME,
            "sent_count": Column.COUNT,
        },
    ),
)
