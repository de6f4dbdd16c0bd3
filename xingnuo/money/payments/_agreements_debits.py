"""Debits under an agreement: told days before, checked before money moves, tried by a plan.

The payments core asks `due_debit` before it begins a payment and tells `settle_debit` once the
payment's proof is there. An unknown payment leaves the debit `trying`: nothing here ends it.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db.models import Sum

from xingnuo.kit import clock
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput, Conflict
from xingnuo.money.payments import _agreements
from xingnuo.money.payments import _cards_rows as rows
from xingnuo.money.payments._agreements import PURPOSE
from xingnuo.money.payments._cards_dated import find, value
from xingnuo.money.payments._cards_states import DEBIT_STEPS, debit_step
from xingnuo.money.payments.contracts import (
    AgreementState,
    CardState,
    DebitRefused,
    DebitState,
    DueDebit,
    NoSuchAgreement,
    WhyNot,
)
from xingnuo.money.payments.models import AgreementRow, CardRow, DebitRow
from xingnuo.people.notices import actions as notices
from xingnuo.trust.gate.contracts import GateRefusal, Permit, Reason

_COUNTS = (DebitState.TRYING.value, DebitState.WAITING.value, DebitState.DONE.value)


def announce_debit(
    *, subject_id: UUID, agreement_id: UUID, amount_fen: int, on: date, ref: UUID
) -> UUID:
    """Tell the person of a debit days before it, in the caller's transaction; gives its id.

    The same ref tells nothing twice; with another amount or day it is a `Conflict`. Raises
    `DebitRefused` for what the agreement does not cover, `BadInput` for a day that is too soon.
    """
    session.set_subject(subject_id)
    rows.alone(subject_id, "agreements")
    known = DebitRow.objects.of(subject_id).filter(ref=ref).first()
    if known is not None:
        if (known.agreement_id, known.amount_fen, known.due_on) != (agreement_id, amount_fen, on):
            raise Conflict("key")
        known_id: UUID = known.id
        return known_id
    agreement = _agreements.found(subject_id, agreement_id, hold=True)
    _ensure_live(agreement, on)
    if amount_fen <= 0 or amount_fen > agreement.limit_fen:
        raise DebitRefused(WhyNot.OVER_LIMIT)
    days = value("debit.told_before")
    if on < clock.today() + timedelta(days=days):
        raise BadInput({"on": f"要提前 {days} 天告知"})
    row = DebitRow.objects.create(
        subject_id=subject_id,
        agreement_id=agreement_id,
        ref=ref,
        amount_fen=amount_fen,
        due_on=on,
        state=DebitState.NOTICED.value,
        next_on=on,
        told_at=clock.now(),
    )
    label = f"{on.month} 月 {on.day} 日"
    notices.tell(subject_id, "debit_coming", key=f"coming.{row.id}", label=label)
    session.set_subject(subject_id)
    row_id: UUID = row.id
    return row_id


def due_debit(permit: Permit, *, agreement_id: UUID, amount_fen: int, ref: UUID) -> DueDebit:
    """Check that a debit may be made now, and begin it, in the payer's transaction.

    The same ref while it is under way gives the same answer and begins nothing again. Raises
    `DebitRefused` with the reason; nothing is begun then.
    """
    if permit.purpose != PURPOSE:
        raise GateRefusal(Reason.UNDECLARED_ITEM, purpose=permit.purpose, actor=permit.actor)
    subject_id = permit.subject_id
    rows.alone(subject_id, "agreements")
    try:
        agreement = _agreements.found(subject_id, agreement_id, hold=True)
    except NoSuchAgreement:
        raise DebitRefused(WhyNot.NOT_ACTIVE) from None
    mine = DebitRow.objects.of(subject_id).filter(agreement_id=agreement_id, ref=ref)
    row = mine.select_for_update().first()
    if row is None:
        raise DebitRefused(WhyNot.NOT_NOTICED)
    if row.amount_fen != amount_fen:
        raise DebitRefused(WhyNot.OTHER_AMOUNT)
    if row.state == DebitState.TRYING.value:
        return _due(agreement, row)
    if DebitState.TRYING not in DEBIT_STEPS[DebitState(row.state)]:
        raise DebitRefused(WhyNot.ENDED)
    _ensure_may(agreement, row)
    row.state = debit_step(DebitState(row.state), DebitState.TRYING).value
    row.tries, row.tried_at = row.tries + 1, clock.now()
    row.save(update_fields=["state", "tries", "tried_at"])
    return _due(agreement, row)


def _ensure_may(agreement: AgreementRow, row: DebitRow) -> None:
    today, subject_id = clock.today(), agreement.subject_id
    _ensure_live(agreement, today)
    told = clock.beijing(row.told_at).date() + timedelta(days=value("debit.told_before"))
    if today < told or row.next_on is None or today < row.next_on:
        raise DebitRefused(WhyNot.TOO_EARLY)
    if row.amount_fen > agreement.limit_fen:
        raise DebitRefused(WhyNot.OVER_LIMIT)
    if _this_month(agreement, row) + row.amount_fen > agreement.month_limit_fen:
        raise DebitRefused(WhyNot.OVER_MONTH)
    cards = CardRow.objects.of(subject_id).filter(id=agreement.card_id, state=CardState.BOUND.value)
    if not cards.exists():
        raise DebitRefused(WhyNot.CARD_GONE)


def _ensure_live(agreement: AgreementRow, on: date) -> None:
    if agreement.state != AgreementState.ACTIVE.value:
        raise DebitRefused(WhyNot.NOT_ACTIVE)
    if on > agreement.until:
        raise DebitRefused(WhyNot.OVER)


def _this_month(agreement: AgreementRow, but: DebitRow) -> int:
    """Add up what was debited or is under way this month of Beijing, but for one debit."""
    first = clock.today().replace(day=1)
    start = clock.beijing(clock.now()).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    assert start.date() == first, "a month that begins on another day"
    mine = DebitRow.objects.of(agreement.subject_id).filter(
        agreement_id=agreement.id, state__in=_COUNTS, tried_at__gte=start
    )
    found = mine.exclude(id=but.id).aggregate(total=Sum("amount_fen"))["total"]
    return int(found or 0)


def _due(agreement: AgreementRow, row: DebitRow) -> DueDebit:
    return DueDebit(
        id=row.id,
        agreement_id=agreement.id,
        card_id=agreement.card_id,
        payee=agreement.payee,
        amount_fen=row.amount_fen,
        ref=row.ref,
        attempt=row.tries,
    )


def settle_debit(permit: Permit, *, ref: UUID, is_done: bool) -> date | None:
    """Put down how a debit's payment ended, by its proof; gives the day of the next try.

    None means that no try follows: done, given up, or stopped meanwhile. Safe to repeat.
    """
    subject_id = permit.subject_id
    rows.alone(subject_id, "agreements")
    row = DebitRow.objects.of(subject_id).filter(ref=ref).select_for_update().first()
    if row is None:
        raise NoSuchAgreement
    if row.state != DebitState.TRYING.value:
        planned: date | None = row.next_on
        return planned
    agreement = _agreements.found(subject_id, row.agreement_id, hold=True)
    following = None if is_done else _next_try(agreement, row)
    to = DebitState.DONE if is_done else DebitState.GIVEN_UP
    to = DebitState.WAITING if following is not None else to
    row.state, row.next_on = debit_step(DebitState.TRYING, to).value, following
    row.ended_at = None if to is DebitState.WAITING else clock.now()
    row.save(update_fields=["state", "next_on", "ended_at"])
    if not is_done:
        notices.tell(subject_id, "debit_declined", key=f"declined.{row.id}.{row.tries}")
        session.set_subject(subject_id)
    return following


def _next_try(agreement: AgreementRow, row: DebitRow) -> date | None:
    """Give the day of the next try by the plan, while the agreement stands."""
    days = find(f"debit.retry.{row.tries}")
    if days is None or agreement.state != AgreementState.ACTIVE.value:
        return None
    day: date = clock.today() + timedelta(days=days)
    return day if day <= agreement.until else None
