"""What stands in the way of an end, and what goes when the law's term is over."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from xingnuo.kit import clock
from xingnuo.kit.db import parts
from xingnuo.money.ledger.contracts import DAYS_PER_LAW
from xingnuo.money.payments._core_contracts import PaymentState, RefundState
from xingnuo.money.payments._core_models import PaymentRow, RefundRow
from xingnuo.trust.policy.contracts import Blocker

ROWS_MAX = 5_000


def standing(subject_id: UUID) -> list[Blocker]:
    """Name payments and refunds of a person that have no end yet; the subject is set."""
    found = []
    if PaymentRow.objects.of(subject_id).filter(state=PaymentState.PAYING.value).exists():
        found.append(
            Blocker(code="payment_under_way", sentence="有一笔付款还没有结果", href="/me/bills/")
        )
    moving = RefundRow.objects.of(subject_id).exclude(state=RefundState.DONE.value)
    if moving.exists():
        found.append(
            Blocker(code="refund_under_way", sentence="有一笔退款还没有到账", href="/me/bills/")
        )
    return found


def prune() -> int:
    """Delete payments past the ten years of the law (AML 34); gives how many rows."""
    before = clock.now() - timedelta(days=DAYS_PER_LAW)
    return parts.delete("payments_prune", before, most=ROWS_MAX)
