"""What Alice has at the services: rows that are there to be reached, or not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from xingnuo.kit import clock, ids
from xingnuo.money.payments.models import PaymentRow
from xingnuo.services.bill_pay.models import AccountRow, OrderRow
from xingnuo.services.merchant_collection.models import CodeRow, MerchantRow, SaleRow


def service_rows(subject_id: UUID) -> dict[str, Any]:
    """Make a payment, a bill with its account, and a shop with a code and a sale."""
    now = clock.now()
    mine = {"subject_id": subject_id}
    account = AccountRow.objects.create(**mine, issuer="utility_power", made_at=now, asked_at=now)
    shop = MerchantRow.objects.create(
        **mine, state="open", region="310000", form="person", category="food",
        card_id=ids.uuid7(), account_id=ids.uuid7(), located_at=now, opened_at=now,
    )  # fmt: skip
    code = CodeRow.objects.create(
        **mine, merchant_id=shop.id, kind="static", state="active",
        digest=ids.digest(str(ids.uuid7())), made_at=now,
    )  # fmt: skip
    return {
        "payment": PaymentRow.objects.create(
            **mine, kind="top_up", service="top_up", state="created", payee="own",
            payee_account=ids.uuid7(), amount_fen=100, fingerprint=ids.digest("alice"),
            made_at=now, expires_at=now + timedelta(minutes=15),
        ),
        "account": account,
        "order": OrderRow.objects.create(
            **mine, kind="top_up", party="telecom", state="draft", made_at=now
        ),
        "qr": code,
        "sale": SaleRow.objects.create(
            **mine, merchant_id=shop.id, code_id=code.id, payer_id=ids.uuid7(), amount_fen=100,
            fee_fen=1, paid_at=now,
        ),
    }  # fmt: skip
