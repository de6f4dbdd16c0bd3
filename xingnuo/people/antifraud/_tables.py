"""The tables of antifraud, each column accounted for."""

from __future__ import annotations

from xingnuo.people.antifraud._states import CONFIDENTIAL
from xingnuo.trust.policy.contracts import Column, Table

_ID = {"id": Column.KEY}
_MINE = {"id": Column.KEY, "subject_id": Column.KEY}
_RISK = (
    Table(
        name="antifraud_rule_set",
        about="风险规则的各个版本，提出人和批准人不是同一人",
        retention="catalogue",
        subject=False,
        columns=_ID
        | {
            "number": Column.KEY,
            "family": Column.CODE,
            "state": Column.STATE,
            "document": Column.TEXT,
            "digest": Column.DIGEST,
            "drafted_by": Column.KEY,
            "drafted_at": Column.TIME,
            "proposed_by": Column.KEY,
            "released_by": Column.KEY,
            "released_at": Column.TIME,
        },
    ),
    Table(
        name="antifraud_release",
        about="规则版本每一步由谁在何时做的",
        retention="handling_record",
        subject=False,
        columns=_ID
        | {
            "number": Column.KEY,
            "state": Column.STATE,
            "by": Column.KEY,
            "at": Column.TIME,
        },
        starts=("at",),
    ),
    Table(
        name="antifraud_event",
        about="登录、绑卡、付款等事件的时间、金额和摘要，用来数次数",
        retention="device_signal",
        columns=_MINE
        | {
            "kind": Column.CODE,
            "at": Column.TIME,
            "amount_fen": Column.MONEY,
            "device": Column.DIGEST,
            "network": Column.DIGEST,
            "card": Column.DIGEST,
            "counterparty": Column.DIGEST,
        },
        starts=("at",),
    ),
    Table(
        name="antifraud_decision",
        about="每次风险判断的结果、理由、规则版本和依据",
        retention="account_life",
        columns=_MINE
        | {
            "event_id": Column.KEY,
            "kind": Column.CODE,
            "ref": Column.KEY,
            "rule_number": Column.KEY,
            "rule_digest": Column.DIGEST,
            "facts": Column.CODE,
            "facts_digest": Column.DIGEST,
            "outcome": Column.STATE,
            "score": Column.COUNT,
            "reasons": Column.CODE,
            "shadow_number": Column.KEY,
            "shadow_outcome": Column.STATE,
            "case_id": Column.KEY,
            "latency_us": Column.COUNT,
            "decided_at": Column.TIME,
        },
    ),
    Table(
        name="antifraud_case",
        about="等人处理的事项：种类、期限、谁在办，没有个人信息",
        retention="handling_record",
        subject=False,
        columns=_MINE
        | {
            "kind": Column.CODE,
            "state": Column.STATE,
            "ref": Column.KEY,
            "level": Column.COUNT,
            "opened_by": Column.KEY,
            "opened_at": Column.TIME,
            "due_at": Column.TIME,
            "taken_by": Column.KEY,
            "taken_at": Column.TIME,
            "verdict": Column.STATE,
            "reason": Column.CODE,
            "decided_by": Column.KEY,
            "decided_at": Column.TIME,
        },
        starts=("decided_at",),
        # What the AML law asks for is kept by it, with the case that it came from (AML 34).
        apart=("kind", tuple(sorted(kind.value for kind in CONFIDENTIAL)), "aml_transaction"),
    ),
    Table(
        name="antifraud_list",
        about="导入过的名单：来源、条数、提出人和批准人",
        retention="catalogue",
        subject=False,
        columns=_ID
        | {
            "kind": Column.CODE,
            "field": Column.CODE,
            "source": Column.CODE,
            "digest": Column.DIGEST,
            "rows": Column.COUNT,
            "state": Column.STATE,
            "proposed_by": Column.KEY,
            "released_by": Column.KEY,
            "at": Column.TIME,
        },
    ),
    Table(
        name="antifraud_entry",
        about="名单里的每一条，只有算不回原文的摘要和它在来源里的编号",
        retention="catalogue",
        subject=False,
        columns=_ID
        | {
            "list_id": Column.KEY,
            "digest": Column.DIGEST,
            "name_whole": Column.DIGEST,
            "name_keys": Column.DIGEST,
            "ref": Column.CODE,
            "valid_from_on": Column.TIME,
            "valid_until_on": Column.TIME,
        },
    ),
    Table(
        name="antifraud_choice",
        about="你是否允许程序单独作决定",
        retention="account_life",
        columns=_MINE | {"is_off": Column.COUNT, "since_at": Column.TIME},
    ),
)
# Kept by law for ten years (AML 34), shown to nobody it is about (AML 35).
_AML = (
    Table(
        name="antifraud_aml_profile",
        about="按法律要求对客户作的风险分级",
        retention="aml_identity",
        controller="payer",
        columns=_MINE
        | {
            "level": Column.STATE,
            "score": Column.COUNT,
            "factors": Column.CODE,
            "assessed_at": Column.TIME,
            "review_on": Column.TIME,
            "screened_at": Column.TIME,
            "screened_stamp": Column.DIGEST,
            "relation_ended_at": Column.TIME,
        },
        starts=("relation_ended_at",),
    ),
    Table(
        name="antifraud_aml_hit",
        about="按法律要求核对名单的结果",
        retention="aml_identity",
        controller="payer",
        columns=_MINE
        | {
            "counterparty": Column.DIGEST,
            "entry_ref": Column.CODE,
            "source": Column.CODE,
            "is_exact": Column.COUNT,
            "state": Column.STATE,
            "case_id": Column.KEY,
            "found_at": Column.TIME,
            "relation_ended_at": Column.TIME,
        },
        starts=("relation_ended_at",),
    ),
    Table(
        name="antifraud_aml_report",
        about="按法律要求报送的报告，内容密封",
        retention="aml_transaction",
        controller="payer",
        columns=_MINE
        | {
            "case_id": Column.KEY,
            "kind": Column.CODE,
            "state": Column.STATE,
            "typology": Column.CODE,
            "content": Column.SEALED,
            "digest": Column.DIGEST,
            "corrects": Column.KEY,
            "written_by": Column.KEY,
            "written_at": Column.TIME,
            "approved_by": Column.KEY,
            "approved_at": Column.TIME,
            "due_at": Column.TIME,
            "sent_at": Column.TIME,
            "receipt": Column.CODE,
        },
        starts=("written_at",),
    ),
    Table(
        name="antifraud_aml_movement",
        about="按法律要求逐笔登记的资金进出，用来算每天的合计",
        retention="aml_transaction",
        controller="payer",
        columns=_MINE
        | {
            "ref": Column.KEY,
            "kind": Column.CODE,
            "direction": Column.CODE,
            "channel": Column.CODE,
            "counterparty_kind": Column.CODE,
            "customer_kind": Column.CODE,
            "limit_kind": Column.CODE,
            "amount_fen": Column.MONEY,
            "usd_cents": Column.MONEY,
            "at": Column.TIME,
            "day_on": Column.TIME,
        },
        starts=("at",),
    ),
    Table(
        name="antifraud_aml_day",
        about="按法律要求算出的每天资金进出合计",
        retention="aml_transaction",
        controller="payer",
        columns=_MINE
        | {
            "day_on": Column.TIME,
            "limit_kind": Column.CODE,
            "in_fen": Column.MONEY,
            "out_fen": Column.MONEY,
            "in_usd_cents": Column.MONEY,
            "out_usd_cents": Column.MONEY,
            "in_count": Column.COUNT,
            "out_count": Column.COUNT,
            "near_count": Column.COUNT,
            "case_id": Column.KEY,
        },
        starts=("day_on",),
    ),
    Table(
        name="antifraud_aml_alert",
        about="按法律要求监测时发现的异常模式和依据",
        retention="aml_transaction",
        controller="payer",
        columns=_MINE
        | {
            "case_id": Column.KEY,
            "rule_number": Column.KEY,
            "rule": Column.CODE,
            "typology": Column.CODE,
            "facts": Column.CODE,
            "at": Column.TIME,
        },
        starts=("at",),
    ),
)
TABLES = (*_RISK, *_AML)
