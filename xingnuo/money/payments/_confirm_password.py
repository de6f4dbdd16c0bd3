"""The payment password: set after a proof, tried one try at a time, locked for hours.

The row is held from the look at its count to the new count: of any number of tries at once each
sees what the one before left.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput
from xingnuo.money.payments import _cards_rows as rows
from xingnuo.money.payments import _confirm_digest as digests
from xingnuo.money.payments import _confirm_weak as weak
from xingnuo.money.payments._cards_dated import value
from xingnuo.money.payments.contracts import (
    CardState,
    NotAgreedTo,
    PasswordShown,
    ResetState,
    Tried,
    TryOutcome,
)
from xingnuo.money.payments.models import CardRow, PasswordRow, ResetRow
from xingnuo.people.accounts.contracts import NeedsReverify
from xingnuo.people.notices import actions as notices
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Outcome, Strength

PURPOSE = "payments.password"
ITEM = "payment_password"
# A card bound by its bank's own code within these minutes proves the person as well.
FRESH_CARD_MINUTES = 10
_OWN = (
    ("accounts.security", ("phone",)),
    ("payments.bind_card", ("document_number",)),
    ("payments.reset_password", ("document_number",)),
    ("identity.real_name", ("document_number",)),
)
_CARDS = ("payments.bind_card", ("card_number", "card_reserved_phone"))


def set_payment_password(actor: Actor, *, typed: str, again: str) -> None:
    """Set the first payment password, in the caller's transaction.

    Needs the person's consent (`NotAgreedTo`) and a proof of minutes ago: of the session, or a
    card bound just now (`NeedsReverify`). One that stands is changed by a reset alone.
    """
    subject_id = rows.who(actor)
    if not _is_agreed(subject_id):
        raise NotAgreedTo
    if actor.strength < Strength.REVERIFIED and not _bound_just_now(subject_id):
        raise NeedsReverify
    rows.alone(subject_id, "password")
    if PasswordRow.objects.of(subject_id).exists():
        raise BadInput({weak.FIELD: "支付密码已经设过，想换请用重置"})
    keep(actor, subject_id, typed, again)
    notices.tell(subject_id, "payment_password_set", key=f"set.{clock.now().isoformat()}")
    session.set_subject(subject_id)


def keep(actor: Actor, subject_id: UUID, typed: str, again: str) -> None:
    """Check a new password and keep its digest, with a clean count."""
    if typed != again:
        raise BadInput({"again": "两次输入的不一样，请再输一次"})
    secret = weak.check(typed, _own_numbers(actor, subject_id))
    permit = gate.permit(actor, subject_id=subject_id, purpose=PURPOSE, items=(ITEM,))
    old = PasswordRow.objects.of(subject_id).select_for_update().first()
    if old is not None and digests.fits(old.text, subject_id, secret):
        raise BadInput({weak.FIELD: "和现在的一样，请换一个新的"})
    row = old or PasswordRow(subject_id=subject_id)
    row.text = digests.make(subject_id, secret)
    row.wrong_count, row.locked_until = 0, None
    row.set_at = clock.now()
    row.save()
    gate.note(permit, (ITEM,), ref=row.id)
    session.set_subject(subject_id)


def _own_numbers(actor: Actor, subject_id: UUID) -> list[str]:
    """Give the person's own numbers that we may look at; what we may not, we do not."""
    found: list[str] = []
    for purpose, items in (*_OWN, _CARDS):
        try:
            with transaction.atomic():
                permit = gate.permit(actor, subject_id=subject_id, purpose=purpose, items=items)
                slot = None if purpose == _CARDS[0] and items == _CARDS[1] else ""
                found += [
                    one.text
                    for one in gate_queries.read(permit, items, slot=slot)
                    if one.outcome is Outcome.PLAIN
                ]
        except GateRefusal:
            session.set_subject(subject_id)
    session.set_subject(subject_id)
    return found


def _is_agreed(subject_id: UUID) -> bool:
    return any(
        one.purpose == PURPOSE and one.decision == "grant" and not one.due_again
        for one in gate_queries.standing(subject_id).decisions
    )


def _bound_just_now(subject_id: UUID) -> bool:
    since = clock.now() - timedelta(minutes=FRESH_CARD_MINUTES)
    mine = CardRow.objects.of(subject_id).filter(state=CardState.BOUND.value)
    return mine.filter(bound_at__gt=since).exists()


@transaction.atomic(durable=True)
def check_payment_password(actor: Actor, *, typed: str) -> Tried:
    """Try the payment password; opens its own transaction, so that a wrong try is counted."""
    return tried(actor, rows.who(actor), typed)


def tried(actor: Actor, subject_id: UUID, typed: str) -> Tried:
    """Try the payment password in the caller's transaction, which must commit whatever comes."""
    row = PasswordRow.objects.of(subject_id).select_for_update().first()
    if row is None or not _is_agreed(subject_id):
        digests.waste()
        return Tried(outcome=TryOutcome.WRONG)
    now = clock.now()
    if row.locked_until is not None and row.locked_until > now:
        return Tried(outcome=TryOutcome.LOCKED, locked_until=row.locked_until)
    if not digests.fits(row.text, subject_id, typed[: weak.DIGITS + 1]):
        return _wrong(actor, row, now)
    row.wrong_count, row.locked_until, row.used_at = 0, None, now
    row.save(update_fields=["wrong_count", "locked_until", "used_at"])
    return Tried(outcome=TryOutcome.RIGHT)


def _wrong(actor: Actor, row: PasswordRow, now: datetime) -> Tried:
    row.wrong_count = min(row.wrong_count + 1, value("password.second_wrong"))
    hours = rest_hours(row.wrong_count)
    row.locked_until = now + timedelta(hours=hours) if hours else None
    row.save(update_fields=["wrong_count", "locked_until"])
    gate.record(
        actor,
        subject_id=row.subject_id,
        kind=Kind.ACCESS_DENIED,
        reason="payment_password.locked" if hours else "payment_password.wrong",
        purpose=PURPOSE,
        ref=row.id,
    )
    if not hours:
        return Tried(outcome=TryOutcome.WRONG, left=left(row.wrong_count))
    key = f"locked.{row.locked_until:%Y%m%d%H%M%S}"
    notices.tell(row.subject_id, "payment_password_locked", key=key)
    session.set_subject(row.subject_id)
    return Tried(outcome=TryOutcome.LOCKED, locked_until=row.locked_until)


def rest_hours(wrong_count: int) -> int:
    """Say for how many hours the password rests after so many wrong tries in a row."""
    if wrong_count >= value("password.second_wrong"):
        return value("password.second_rest")
    return value("password.first_rest") if wrong_count == value("password.first_wrong") else 0


def left(wrong_count: int) -> int:
    """Say how many wrong tries remain before the next lock."""
    first, second = value("password.first_wrong"), value("password.second_wrong")
    return max((first if wrong_count < first else second) - wrong_count, 0)


def password(actor: Actor) -> PasswordShown:
    """Give how the payment password stands; nothing of itself."""
    subject_id = rows.who(actor)
    row = PasswordRow.objects.of(subject_id).first()
    until = row.locked_until if row else None
    agreed = _is_agreed(subject_id)
    return PasswordShown(
        is_set=row is not None and agreed,
        is_agreed=agreed,
        set_at=row.set_at if row else None,
        wrong_count=row.wrong_count if row else 0,
        locked_until=until if until and until > clock.now() else None,
    )


def forget(subject_id: UUID) -> int:
    """Delete the digest and what resets are open; gives how many rows."""
    gone = PasswordRow.objects.of(subject_id).delete()[0]
    mine = ResetRow.objects.of(subject_id).filter(state=ResetState.NAMED.value)
    mine.update(state=ResetState.LAPSED.value, ended_at=clock.now())
    return int(gone)
