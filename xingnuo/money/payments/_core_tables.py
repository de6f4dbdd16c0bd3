"""The tables of the core, each column accounted for."""

from __future__ import annotations

from xingnuo.trust.policy.contracts import Column, Table

K, S, C, N, T = Column.KEY, Column.STATE, Column.CODE, Column.COUNT, Column.TIME
TABLES = (
    Table(
        name="payments_payment",
        about="付款单：金额、优惠、付款方式、收款方编号、状态；用途和收款方名称另存保险库",
        retention="aml_transaction",
        starts=("ended_at",),
        columns={
            "id": K, "subject_id": K, "kind": C, "service": C, "way": C, "state": S, "payee": K,
            "payee_subject": K, "payee_account": K, "amount_fen": N, "off_fen": N, "fee_fen": N,
            "refunded_fen": N, "coupon_id": K, "card_id": K, "agreement_id": K, "ref": K,
            "code": C, "fingerprint": Column.DIGEST, "made_at": T, "expires_at": T, "ended_at": T,
        },
    ),
    Table(
        name="payments_attempt",
        about="一笔付款在一家支付渠道的订单号、金额、结果",
        retention="aml_transaction",
        goes_with="payments_payment",
        columns={
            "id": K, "subject_id": K, "payment_id": K, "rail": C, "state": S, "amount_fen": N,
            "channel_no": K, "code": C, "asked": N, "expires_at": T, "made_at": T, "sent_at": T,
            "ended_at": T,
        },
    ),
    Table(
        name="payments_refund",
        about="退款：退回多少、走哪家渠道、到哪一步",
        retention="aml_transaction",
        goes_with="payments_payment",
        columns={
            "id": K, "subject_id": K, "payment_id": K, "attempt_id": K, "rail": C, "state": S,
            "amount_fen": N, "coupon_fen": N, "is_late": N, "reason": C, "channel_no": K,
            "code": C, "asked": N, "made_at": T, "ended_at": T,
        },
    ),
    Table(
        name="payments_coupon",
        about="优惠券：减多少、何时到期、用在哪一笔",
        retention="account_life",
        columns={
            "id": K, "subject_id": K, "campaign": C, "service": C, "state": S, "off_fen": N,
            "least_fen": N, "payment_id": K, "valid_until": T, "got_at": T,
        },
    ),
    Table(
        name="payments_event",
        about="付款状态的每次变化，供后续通知",
        retention="aml_transaction",
        goes_with="payments_payment",
        columns={
            "id": K, "subject_id": K, "payment_id": K, "event": C, "at": T, "told_at": T,
        },
    ),
    Table(
        name="payments_number",
        about="订单号和退款号属于哪一笔、何时再去查询",
        retention="aml_transaction",
        goes_with="payments_payment",
        columns={
            "number": K, "subject_id": K, "payment_id": K, "rail": C, "kind": C, "is_open": S,
            "ask_at": T, "made_at": T,
        },
    ),
    Table(
        name="payments_inbox",
        about="收到过的渠道通知编号，重复的不再处理",
        retention="aml_transaction",
        starts=("at",),
        subject=False,
        columns={
            "id": K, "rail": C, "event_id": K, "body_sha256": Column.DIGEST, "at": T,
        },
    ),
    Table(
        name="payments_case",
        about="需要人工核对的款项差异：渠道、单号、金额、到哪一步",
        retention="aml_transaction",
        starts=("closed_at",),
        only=("state", "closed"),
        columns={
            "id": K, "kind": C, "state": S, "rail": C, "number": K, "subject_id": K,
            "ours_fen": N, "theirs_fen": N, "day": T, "code": C, "finding": C, "document": K,
            "proposed_by": K,
            "closed_by": K, "taken_by": K, "level": N, "opened_at": T, "due_at": T, "closed_at": T,
        },
    ),
    Table(
        name="payments_bill",
        about="渠道每日账单的合计和校验值，是否已经核对完",
        retention="aml_transaction",
        starts=("at",),
        subject=False,
        columns={
            "id": K, "rail": C, "day": T, "state": S, "lines": N, "paid_fen": N,
            "refunded_fen": N, "fee_fen": N, "differing": N, "sha256": Column.DIGEST, "at": T,
        },
    ),
    Table(
        name="payments_billed",
        about="渠道账单里出现过的订单号和退款号、金额",
        retention="aml_transaction",
        goes_with="payments_payment",
        columns={
            "number": K, "rail": C, "day": T, "kind": C, "subject_id": K, "asked_fen": N,
            "told_fen": N, "is_proof": S,
        },
    ),
)  # fmt: skip
