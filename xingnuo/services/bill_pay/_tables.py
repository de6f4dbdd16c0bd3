"""The tables of the room, each column accounted for."""

from __future__ import annotations

from xingnuo.trust.policy.contracts import Column, Table

K, S, C, N, T, X = (
    Column.KEY, Column.STATE, Column.CODE, Column.COUNT, Column.TIME, Column.TEXT,
)  # fmt: skip
M = Column.MONEY
TABLES = (
    Table(
        name="bill_pay_account",
        about="查过或保存的户头：哪家单位、欠多少；户号、户名和地址另存保险库",
        retention="account_life",
        columns={
            "id": K, "subject_id": K, "issuer": C, "is_saved": S, "bill_no": K, "due_fen": M,
            "balance_fen": M, "month": C, "made_at": T, "asked_at": T,
        },
    ),
    Table(
        name="bill_pay_order",
        about="充值和缴费的订单：金额、到哪一步、对方的编号；号码和户号另存保险库",
        retention="aml_transaction",
        starts=("made_at",),
        columns={
            "id": K, "subject_id": K, "kind": C, "party": C, "state": S, "account_id": K,
            "bill_no": K, "month": C, "carrier": X, "region": X, "offered": C,
            "amount_fen": M, "payment_id": K, "refund_id": K, "reference": K, "seal": K,
            "code": C, "asked": N, "made_at": T, "paid_at": T, "sent_at": T, "ended_at": T,
        },
    ),
    Table(
        name="bill_pay_number",
        about="订单编号属于谁、何时再去查询、哪天办成",
        retention="aml_transaction",
        goes_with="bill_pay_order",
        columns={
            "number": K, "subject_id": K, "party": C, "amount_fen": M, "is_open": S,
            "ask_at": T, "done_at": T, "made_at": T,
        },
    ),
    Table(
        name="bill_pay_case",
        about="需要人工核对的充值缴费差异：哪家单位、编号、金额、到哪一步",
        retention="aml_transaction",
        starts=("closed_at",),
        only=("state", "closed"),
        columns={
            "id": K, "kind": C, "state": S, "party": C, "number": K, "subject_id": K,
            "ours_fen": M, "theirs_fen": M, "day_on": T, "taken_by": K, "level": N,
            "opened_at": T, "due_at": T, "closed_at": T,
        },
    ),
    Table(
        name="bill_pay_day",
        about="核对过的对账文件：哪天、几笔、多少钱、几处不同",
        retention="aml_transaction",
        starts=("at",),
        subject=False,
        columns={
            "id": K, "party": C, "day_on": T, "sha256": Column.DIGEST, "count": N,
            "total_fen": M, "differences": N, "at": T,
        },
    ),
    Table(
        name="bill_pay_link",
        about="第三方服务链接和审查登记：资质、安全、对方条款，谁提出谁放行",
        retention="catalogue",
        subject=False,
        columns={
            "id": K, "code": C, "state": S, "title": X, "about": X, "firm": X, "url": X,
            "policy_url": X, "qualification": X, "qualified_on": T, "qualified_until_on": T,
            "safe_on": T, "safe_until_on": T, "terms_on": T, "terms_until_on": T,
            "proposed_by": K, "released_by": K, "at": T,
        },
    ),
)  # fmt: skip
