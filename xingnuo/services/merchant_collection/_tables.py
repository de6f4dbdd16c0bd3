"""The tables of the room, each column accounted for."""

from __future__ import annotations

from xingnuo.trust.policy.contracts import Column, Table

K, S, C, N, T, M = (
    Column.KEY, Column.STATE, Column.CODE, Column.COUNT, Column.TIME, Column.MONEY,
)  # fmt: skip
TABLES = (
    Table(
        name="merchant_collection_merchant",
        about="商户：所在地区、类别、费率、到哪一步；店名和地址另存保险库",
        retention="account_life",
        controller="payer",
        columns={
            "id": K, "subject_id": K, "state": S, "region": C, "form": C, "category": C,
            "card_id": K, "account_id": K, "fee_bp": N, "agreed_version": C, "ground": C,
            "located_at": T, "applied_at": T, "opened_at": T, "ended_at": T,
        },
    ),
    Table(
        name="merchant_collection_code",
        about="收款码：固定码或一单一码、金额、何时到期、是否用过；码上的内容只存摘要",
        retention="account_life",
        controller="payer",
        columns={
            "id": K, "subject_id": K, "merchant_id": K, "kind": C, "state": S, "amount_fen": M,
            "digest": Column.DIGEST, "payment_id": K, "payer_id": K, "made_at": T,
            "expires_at": T, "ended_at": T,
        },
    ),
    Table(
        name="merchant_collection_lookup",
        about="扫码时由码上内容的摘要找到商户",
        retention="account_life",
        controller="payer",
        columns={"digest": Column.DIGEST, "subject_id": K, "code_id": K},
    ),
    Table(
        name="merchant_collection_scan",
        about="付款人扫码：哪一笔、金额、地点对不对得上；不留位置",
        retention="aml_transaction",
        controller="payer",
        starts=("made_at",),
        columns={
            "id": K, "subject_id": K, "merchant_id": K, "code_id": K, "is_static": N,
            "amount_fen": M, "place": C, "state": S, "made_at": T,
        },
    ),
    Table(
        name="merchant_collection_sale",
        about="商户收到的每一笔：金额、手续费、已退、结算在哪一批",
        retention="aml_transaction",
        controller="payer",
        starts=("paid_at",),
        columns={
            "id": K, "subject_id": K, "merchant_id": K, "code_id": K, "payer_id": K,
            "amount_fen": M, "fee_fen": M, "refunded_fen": M, "settlement_id": K, "paid_at": T,
        },
    ),
    Table(
        name="merchant_collection_refund",
        about="商户退的款：哪一笔、多少、到哪一步",
        retention="aml_transaction",
        controller="payer",
        starts=("made_at",),
        columns={
            "id": K, "subject_id": K, "sale_id": K, "amount_fen": M, "state": S,
            "settlement_id": K, "made_at": T, "ended_at": T,
        },
    ),
    Table(
        name="merchant_collection_settlement",
        about="结算：结到哪天、多少、打到哪张卡、银行答复到哪一步",
        retention="aml_transaction",
        controller="payer",
        starts=("ended_at",),
        columns={
            "id": K, "subject_id": K, "merchant_id": K, "card_id": K, "until_on": T, "state": S,
            "gross_fen": M, "fee_fen": M, "refund_fen": M, "net_fen": M, "reference": K,
            "code": C, "asked": N, "made_at": T, "sent_at": T, "ended_at": T,
        },
    ),
    Table(
        name="merchant_collection_turn",
        about="哪家商户哪天该结算、何时再向银行查询",
        retention="account_life",
        controller="payer",
        columns={"merchant_id": K, "subject_id": K, "settle_on": T, "ask_at": T},
    ),
    Table(
        name="merchant_collection_case",
        about="需要人看的商户事项：开通审核、结算没付成、金额不符",
        retention="handling_record",
        controller="payer",
        starts=("decided_at",),
        columns={
            "id": K, "kind": C, "state": S, "level": N, "subject_id": K, "ref": K,
            "ground": C, "taken_by": K, "opened_at": T, "due_at": T, "decided_at": T,
        },
    ),
)  # fmt: skip
