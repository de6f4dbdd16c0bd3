"""The tables of the change card, each column accounted for."""

from __future__ import annotations

from xingnuo.trust.policy.contracts import Column, Table

K, S, C, N, T = Column.KEY, Column.STATE, Column.CODE, Column.COUNT, Column.TIME
TABLES = (
    Table(
        name="wallet_card_account",
        about="零钱卡：银行给的账户代号、绑的哪张卡、到哪一步",
        retention="aml_transaction",
        starts=("closed_at",),
        columns={
            "id": K, "subject_id": K, "state": S, "token": K, "card_id": K, "code": C,
            "made_at": T, "opened_at": T, "closed_at": T, "fetched_at": T,
        },
    ),
    Table(
        name="wallet_card_move",
        about="零钱卡的每一笔：做什么、多少钱、到哪一步",
        retention="aml_transaction",
        starts=("ended_at",),
        columns={
            "id": K, "subject_id": K, "account_id": K, "kind": C, "state": S, "amount_fen": N,
            "reference": K, "code": C, "asked": N, "made_at": T, "sent_at": T, "ended_at": T,
        },
    ),
    Table(
        name="wallet_card_number",
        about="编号属于哪一笔、何时再问银行、对账文件里有没有",
        retention="aml_transaction",
        goes_with="wallet_card_move",
        columns={
            "number": K, "subject_id": K, "kind": C, "amount_fen": N, "is_open": S, "ask_at": T,
            "done_on": T, "matched_on": T, "made_at": T,
        },
    ),
    Table(
        name="wallet_card_token",
        about="银行的账户代号属于哪张零钱卡",
        retention="aml_transaction",
        goes_with="wallet_card_account",
        columns={"token": K, "subject_id": K, "account_id": K, "made_at": T},
    ),
    Table(
        name="wallet_card_day",
        about="每天和银行对账的结果，不涉及任何人",
        retention="aml_transaction",
        starts=("at",),
        subject=False,
        columns={
            "id": K, "day": T, "lines": N, "matched": N, "proved": N, "income": N,
            "differences": N, "sha256": Column.DIGEST, "at": T,
        },
    ),
    Table(
        name="wallet_card_case",
        about="需要人工核对的零钱卡差异：编号、金额、到哪一步",
        retention="aml_transaction",
        starts=("closed_at",),
        only=("state", "closed"),
        columns={
            "id": K, "kind": C, "state": S, "number": K, "subject_id": K, "ours_fen": N,
            "theirs_fen": N, "day": T, "taken_by": K, "level": N, "opened_at": T, "due_at": T,
            "closed_at": T,
        },
    ),
)  # fmt: skip
