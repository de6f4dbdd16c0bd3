"""What the room hands to the registry: a person's copy, the end, what blocks it, what is over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from xingnuo.kit import clock
from xingnuo.kit.db import parts, session
from xingnuo.money.ledger.contracts import DAYS_PER_LAW
from xingnuo.services.bill_pay import _rows as rows
from xingnuo.services.bill_pay._accounts import forget
from xingnuo.services.bill_pay.contracts import OrderState
from xingnuo.services.bill_pay.models import AccountRow, OrderRow
from xingnuo.trust.policy.contracts import Blocker

ROWS_MAX = 5_000
_MOVING = [OrderState.PREPARED, OrderState.SENT, OrderState.UNKNOWN, OrderState.DECLINED]
_UNPAID = [OrderState.DRAFT.value, OrderState.CLOSED.value]


def export(subject_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Give every row of a person."""
    session.set_subject(subject_id)
    return {
        "bill_pay_account": list(AccountRow.objects.of(subject_id).values()),
        "bill_pay_order": list(OrderRow.objects.of(subject_id).values()),
    }


def erase(subject_id: UUID) -> int:
    """Delete the rows of a subject; orders that were paid stay, as the payments they belong to."""
    session.set_subject(subject_id)
    gone: int = AccountRow.objects.of(subject_id).delete()[0]
    unpaid: int = OrderRow.objects.of(subject_id).filter(state__in=_UNPAID).delete()[0]
    return gone + unpaid


def blocks(subject_id: UUID) -> list[Blocker]:
    """Name orders that are paid and have no end yet: only proof ends them."""
    session.set_subject(subject_id)
    moving = OrderRow.objects.of(subject_id).filter(state__in=[one.value for one in _MOVING])
    if not moving.exists():
        return []
    return [
        Blocker(
            code="bill_under_way", sentence="有一笔充值或缴费还没有结果", href="/bills/records/"
        )
    ]


def ends(subject_id: UUID, purpose: str) -> int:
    """Let go of the accounts where the consent to ask about them is taken back."""
    if purpose != rows.QUERY:
        return 0
    session.set_subject(subject_id)
    kept = list(AccountRow.objects.of(subject_id))
    for row in kept:
        forget(row)
    return len(kept)


def prune() -> int:
    """Delete orders past the ten years of the law (AML 34); gives how many rows."""
    before = clock.now() - timedelta(days=DAYS_PER_LAW)
    return parts.delete("bill_pay_prune", before, most=ROWS_MAX)
