"""What the payer sees: payments, refunds, coupons, balance, limits, and the month in figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from xingnuo.kit import clock
from xingnuo.money.ledger import queries as ledger
from xingnuo.money.ledger.contracts import AccountState, Balance
from xingnuo.money.payments import _core_books as books
from xingnuo.money.payments import _core_limits as limits
from xingnuo.money.payments import _core_rows as rows
from xingnuo.money.payments._cards_dated import value
from xingnuo.money.payments._cards_rows import who
from xingnuo.money.payments._core_contracts import (
    PAID,
    CouponShown,
    CouponState,
    PaymentKind,
    PaymentShown,
    RefundShown,
    Way,
)
from xingnuo.money.payments._core_models import NOBODY, CouponRow, PaymentRow
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor, Permit

RECORDS = "payments.records"


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """A payment in the bill, with its title and payee as the vault keeps them."""

    payment: PaymentShown
    title: str
    payee: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What left and came in a month by service, in fen; refunds are taken off."""

    month: date
    out_fen: int
    in_fen: int
    by_service: tuple[tuple[str, int], ...]
    by_day: tuple[int, ...]  # what left, one figure for each day of the month


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsShown:
    """What may still be paid today and this year, in fen."""

    once_fen: int
    card_today_fen: int
    password_today_fen: int
    balance_year_spent_fen: int


def payment(actor: Actor, *, payment_id: UUID) -> PaymentShown:
    """Give a payment of the person."""
    return rows.shown(rows.found(who(actor), payment_id))


def bill_line(actor: Actor, *, payment_id: UUID) -> BillLine:
    """Give a payment with title and payee, under the person's consent to see records."""
    subject_id = who(actor)
    permit = _records(actor, subject_id)
    return _line(permit, rows.found(subject_id, payment_id))


def order_line(actor: Actor, *, payment_id: UUID) -> BillLine:
    """Give an order with title and payee to the person who is asked to pay it, and nobody else."""
    subject_id = who(actor)
    row = rows.found(subject_id, payment_id)
    return _line(rows.keeping(subject_id), row)


def bills(
    actor: Actor, *, month: date | None = None, after: UUID | None = None, limit: int = 20
) -> tuple[BillLine, ...]:
    """Give the person's payments, newest first; `after` is the last id of the page before."""
    subject_id = who(actor)
    permit = _records(actor, subject_id)
    found = PaymentRow.objects.of(subject_id).exclude(state="closed").order_by("-id")
    if month is not None:
        start, end = _span(month)
        found = found.filter(made_at__gte=start, made_at__lt=end)
    if after is not None:
        found = found.filter(id__lt=after)
    return tuple(_line(permit, row) for row in found[:limit])


def _records(actor: Actor, subject_id: UUID) -> Permit:
    return gate.permit(actor, subject_id=subject_id, purpose=RECORDS)


def _line(permit: Permit, row: PaymentRow) -> BillLine:
    record = rows.record_of(permit, row.id)
    return BillLine(payment=rows.shown(row), title=record["title"], payee=record["payee"])


def month(actor: Actor, *, day: date) -> Month:
    """Give the month of a day in figures."""
    subject_id = who(actor)
    start, end = _span(day)
    paid = PaymentRow.objects.of(subject_id).filter(
        made_at__gte=start, made_at__lt=end, state__in=[state.value for state in PAID]
    )
    sums: dict[str, int] = {}
    days = [0] * ((end - start).days)
    came = 0
    for row in paid:
        left = _left(row)
        if row.kind == PaymentKind.TOP_UP.value:
            came += left
            continue
        sums[row.service] = sums.get(row.service, 0) + left
        days[clock.beijing(row.made_at).day - 1] += left
    by_service = tuple(sorted(sums.items(), key=lambda each: -each[1]))
    return Month(
        month=start.date(),
        out_fen=sum(sums.values()),
        in_fen=came,
        by_service=by_service,
        by_day=tuple(days),
    )


def _left(row: PaymentRow) -> int:
    """Give what the payer has really paid: without the discount, and without what came back."""
    back = row.refunded_fen - row.off_fen * row.refunded_fen // row.amount_fen
    return int(row.amount_fen - row.off_fen - back)


def _span(day: date) -> tuple[datetime, datetime]:
    start = day.replace(day=1)
    after = start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
    return (
        datetime.combine(start, time(), clock.BEIJING),
        datetime.combine(after, time(), clock.BEIJING),
    )


def refunds(actor: Actor, *, payment_id: UUID) -> tuple[RefundShown, ...]:
    """Give the refunds of a payment of the person; money that came too late is told as well."""
    row = rows.found(who(actor), payment_id)
    return tuple(rows.refund_shown(each) for each in rows.refunds_of(row))


def coupons(actor: Actor, *, service: str = "", amount_fen: int = 0) -> tuple[CouponShown, ...]:
    """Give the coupons that the person may use, for an order where one is named."""
    found = CouponRow.objects.of(who(actor)).filter(
        state=CouponState.AVAILABLE.value, valid_until__gt=clock.now()
    )
    fits = [
        row
        for row in found
        if not service or (row.service in ("", service) and row.least_fen <= amount_fen)
    ]
    return tuple(
        CouponShown(
            id=row.id,
            campaign=row.campaign,
            off_fen=row.off_fen,
            least_fen=row.least_fen,
            service=row.service,
            state=CouponState(row.state),
            valid_until=row.valid_until,
        )
        for row in fits
    )


def balance(actor: Actor) -> Balance:
    """Give the person's payment balance; one that was never used stands at nothing."""
    subject_id = who(actor)
    permit = gate.permit(
        actor, subject_id=subject_id, purpose="payments.service", items=("account_id",)
    )
    mine = ledger.balances(permit).balances
    found = next((one for one in mine if one.kind == books.BALANCE and not one.name), None)
    return found or _unused()


def _unused() -> Balance:
    return Balance(
        account_id=NOBODY,
        kind=books.BALANCE,
        name="",
        posted_fen=0,
        held_fen=0,
        version=0,
        state=AccountState.OPEN,
        last_at=clock.now(),
    )


def limits_of(actor: Actor) -> LimitsShown:
    """Give what the person may still pay."""
    subject_id = who(actor)
    by_card = limits.spent_today(subject_id, Way.CARD)
    by_balance = limits.spent_today(subject_id, Way.BALANCE)
    return LimitsShown(
        once_fen=value("limits.once"),
        card_today_fen=max(0, value("limits.card_day") - by_card),
        password_today_fen=max(0, value("limits.password_day") - by_balance),
        balance_year_spent_fen=limits.spent_this_year(subject_id),
    )


def busy_card(subject_id: UUID, card_id: UUID) -> str:
    """Say why a card may not be taken out now: a payment by it has no end yet."""
    under_way = PaymentRow.objects.of(subject_id).filter(card_id=card_id, state="paying")
    return "有一笔用这张卡的付款还没有结果。" if under_way.exists() else ""
