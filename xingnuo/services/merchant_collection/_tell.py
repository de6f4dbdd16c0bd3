"""What a merchant is told: the review's result, a day's count, settlements, refunds. Each once."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from xingnuo.kit import clock, jobs
from xingnuo.kit.db import session
from xingnuo.people.notices import actions as notices
from xingnuo.services.merchant_collection import _rows as rows
from xingnuo.services.merchant_collection.models import SaleRow

DAY = "merchant_collection.tell_day"
_MORNING = time(8)


def reviewed(subject_id: UUID, merchant_id: UUID, *, is_open: bool) -> None:
    """Tell the end of a review; in the caller's transaction."""
    code = "shop_opened" if is_open else "shop_refused"
    notices.tell(subject_id, code, key=f"shop.{merchant_id}.{code}")


def ended(subject_id: UUID, settlement_id: UUID, *, is_paid: bool) -> None:
    """Tell what the bank said of a settlement; in the caller's transaction."""
    code = "shop_settled" if is_paid else "shop_not_settled"
    notices.tell(subject_id, code, key=f"settlement.{settlement_id}")


def refunded(subject_id: UUID, refund_id: UUID) -> None:
    """Tell that a refund reached its payer; in the caller's transaction."""
    notices.tell(subject_id, "shop_refunded", key=f"refund.{refund_id}")


def at_days_end(subject_id: UUID, paid_at: datetime) -> None:
    """Have the day of a sale told on the next morning, by the first sale of that day."""
    day = clock.beijing(paid_at).date()
    if _sold(subject_id, day) != 1:
        return
    at = datetime.combine(day + timedelta(days=1), _MORNING, clock.BEIJING)
    jobs.defer(DAY, queue=rows.QUEUE, at=at, subject_id=subject_id, day=day.toordinal())


def tell_day(*, subject_id: UUID, day: int) -> int:
    """Tell how many sales a day had that is over; gives how many messages are new."""
    on = date.fromordinal(day)
    if on >= clock.today():
        return 0
    session.set_subject(subject_id)
    count = _sold(subject_id, on)
    if not count:
        return 0
    # How many, never how much: a label holds no sum; the day's page does.
    label = f"{on.month}月{on.day}日收款 {count} 笔"
    return notices.tell(subject_id, "shop_day", key=f"day.{on.isoformat()}", label=label)


def _sold(subject_id: UUID, day: date) -> int:
    start = datetime.combine(day, time(), clock.BEIJING)
    end = start + timedelta(days=1)
    return int(SaleRow.objects.of(subject_id).filter(paid_at__gte=start, paid_at__lt=end).count())
