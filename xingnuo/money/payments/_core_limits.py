"""Limits of payments by law, by account class and by how the payer confirmed, as dated values."""

from __future__ import annotations

from datetime import datetime, time
from uuid import UUID

from xingnuo.kit import clock
from xingnuo.kit.db import planned
from xingnuo.money.payments._cards_dated import value
from xingnuo.money.payments._confirm_contracts import ConfirmWay
from xingnuo.money.payments._core_contracts import (
    PAID,
    OverLimit,
    PaymentKind,
    PaymentState,
    Way,
)
from xingnuo.money.payments._core_models import PaymentRow
from xingnuo.trust.policy.contracts import Tier

_COUNTED = ",".join(f"'{state.value}'" for state in (*PAID, PaymentState.PAYING))
_SPENT = f"""
SELECT coalesce(sum(amount_fen - off_fen), 0)::bigint FROM payments_payment
WHERE subject_id = %s::uuid AND way = %s AND state IN ({_COUNTED}) AND made_at >= %s::timestamptz
    AND kind = ANY(%s::text[])
"""
# Whose identity was checked in presence has the class of the higher yearly limit.
_YEAR = {Tier.CHECKED: "limits.year_class_2", Tier.PRESENT: "limits.year_class_3"}
_SPENDS = (PaymentKind.PAY.value, PaymentKind.TRANSFER.value)


def ensure(row: PaymentRow, way: Way, *, tier: Tier, confirmed: ConfirmWay | None) -> None:
    """Refuse a payment over a limit; raises `OverLimit` with the limit's name.

    Counted are payments done and under way on this Beijing day and in this year. Called while the
    payer's payments are held, so that two at once cannot both fit.
    """
    amount = row.amount_fen - row.off_fen
    if amount > value("limits.once"):
        raise OverLimit("once")
    if way is Way.CARD and spent_today(row.subject_id, way) + amount > value("limits.card_day"):
        raise OverLimit("card_day")
    if way is not Way.BALANCE:
        return
    if row.kind in _SPENDS:
        year = value(_YEAR.get(tier, "limits.year_class_1"))
        if _spent(row.subject_id, way, _year_start(), _SPENDS) + amount > year:
            raise OverLimit("year")
    by_password = confirmed is ConfirmWay.PASSWORD
    if by_password and spent_today(row.subject_id, way) + amount > value("limits.password_day"):
        raise OverLimit("password_day")


def spent_today(subject_id: UUID, way: Way) -> int:
    """Give the fen that left by a way on this Beijing day, what is under way included."""
    start = datetime.combine(clock.today(), time(), clock.BEIJING)
    return _spent(subject_id, way, start, tuple(PaymentKind))


def spent_this_year(subject_id: UUID) -> int:
    """Give the fen that left the balance this year."""
    return _spent(subject_id, Way.BALANCE, _year_start(), _SPENDS)


def _year_start() -> datetime:
    return datetime.combine(clock.today().replace(month=1, day=1), time(), clock.BEIJING)


def _spent(subject_id: UUID, way: Way, since: datetime, kinds: tuple[str, ...]) -> int:
    about: list[str | UUID | None] = [
        subject_id,
        way.value,
        since.isoformat(),
        f"{{{','.join(kinds)}}}",
    ]
    ((spent,),) = planned.rows(_SPENT, about)
    return int(spent)
