"""Resetting the payment password: the document's number, then card or face, then the new one."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock
from xingnuo.kit.errors import BadInput, TooMany
from xingnuo.money.payments import _cards_rows as rows
from xingnuo.money.payments import _confirm_password as passwords
from xingnuo.money.payments._cards_checks import ask_by_card
from xingnuo.money.payments._cards_dated import value
from xingnuo.money.payments._cards_states import reset_step
from xingnuo.money.payments.contracts import (
    Aim,
    CheckShown,
    CheckState,
    NoSuchReset,
    NotAgreedTo,
    NotProven,
    ResetShown,
    ResetState,
)
from xingnuo.money.payments.models import CheckRow, ResetRow
from xingnuo.people.identity import queries as identity
from xingnuo.people.identity.contracts import Kind as IdentityKind
from xingnuo.people.notices import actions as notices
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor
from xingnuo.trust.policy import queries as policy

FIELD = "number"
PURPOSE = "payments.reset_password"
_WRONG = "号码和你实名用的不一致，请核对"


def begin_reset(actor: Actor, *, number: str) -> ResetShown:
    """Begin by the number of the document that stands confirmed; a wrong one is counted.

    Opens its own transaction. Raises `BadInput`, `TooMany` after the wrong numbers of a day.
    """
    with transaction.atomic(durable=True):
        subject_id = rows.who(actor)
        rows.alone(subject_id, "password")
        if not passwords.password(actor).is_agreed:
            raise NotAgreedTo
        _ensure_tries(subject_id)
        is_right = _is_own(actor, subject_id, number)
        row = _begun(subject_id, ResetState.NAMED if is_right else ResetState.WRONG)
        if not is_right:
            gate.record(
                actor,
                subject_id=subject_id,
                kind=Kind.ACCESS_DENIED,
                reason="payment_password.reset_number",
                ref=row.id,
            )
    if not is_right:
        raise BadInput({FIELD: _WRONG})
    return shown(row, is_proven=False)


def _ensure_tries(subject_id: UUID) -> None:
    since = clock.now() - timedelta(seconds=rows.DAY_SECONDS)
    wrong = ResetRow.objects.of(subject_id).filter(state=ResetState.WRONG.value, began_at__gt=since)
    if wrong.count() >= value("reset.wrong_per_day"):
        raise TooMany(
            "reset", retry_after_seconds=rows.DAY_SECONDS, message="今天填错的次数太多，明天再试。"
        )


def _is_own(actor: Actor, subject_id: UUID, number: str) -> bool:
    """Say whether a number stands for this very person; of anybody else nothing is told."""
    try:
        text = policy.normalise("document_number", number)
    except BadInput:
        return False
    held = gate_queries.find(actor, purpose=PURPOSE, item="document_number", value=text)
    return held == subject_id


def _begun(subject_id: UUID, state: ResetState) -> ResetRow:
    now = clock.now()
    if state is ResetState.NAMED:
        for old in ResetRow.objects.of(subject_id).filter(state=ResetState.NAMED.value):
            _end(old, ResetState.LAPSED)
    row: ResetRow = ResetRow.objects.create(
        subject_id=subject_id,
        state=state.value,
        began_at=now,
        expires_at=now + timedelta(minutes=value("reset.open")),
        ended_at=now if state is ResetState.WRONG else None,
    )
    return row


def prove_reset_by_card(actor: Actor, *, reset_id: UUID, card_id: UUID, key: UUID) -> CheckShown:
    """Prove a reset by a card of the person's: the bank texts a code. Own transactions."""
    with transaction.atomic():
        _open(rows.who(actor), reset_id)
    check = ask_by_card(actor, card_id=card_id, key=key)
    with transaction.atomic(durable=True):
        row = _open(rows.who(actor), reset_id, hold=True)
        row.check_id = check.id
        row.save(update_fields=["check_id"])
    return check


def finish_reset(actor: Actor, *, reset_id: UUID, typed: str, again: str) -> None:
    """Keep the new password of a proven reset; it is over with that. Caller's transaction."""
    subject_id = rows.who(actor)
    rows.alone(subject_id, "password")
    row = _open(subject_id, reset_id, hold=True)
    if not _is_proven(actor, row):
        raise NotProven
    passwords.keep(actor, subject_id, typed, again)
    _end(row, ResetState.DONE)
    notices.tell(subject_id, "payment_password_reset", key=f"reset.{row.id}")
    gate.record(
        actor, subject_id=subject_id, kind=Kind.STATE, reason="payment_password.reset", ref=row.id
    )


def reset(actor: Actor, *, reset_id: UUID) -> ResetShown:
    """Give how far a reset is; one that is over, another's and a missing one look the same."""
    row = _open(rows.who(actor), reset_id)
    return shown(row, is_proven=_is_proven(actor, row))


def _is_proven(actor: Actor, row: ResetRow) -> bool:
    """Say whether card or face proved the person since the reset began."""
    if row.check_id is not None:
        check = CheckRow.objects.of(row.subject_id).filter(id=row.check_id, aim=Aim.RESET.value)
        if check.filter(state=CheckState.CONFIRMED.value, began_at__gte=row.began_at).exists():
            return True
    face = identity.status(actor).in_force(IdentityKind.FACE)
    rows.who(actor)
    return face is not None and face.began_at >= row.began_at


def _open(subject_id: UUID, reset_id: UUID, *, hold: bool = False) -> ResetRow:
    mine = ResetRow.objects.of(subject_id).filter(
        id=reset_id, state=ResetState.NAMED.value, expires_at__gt=clock.now()
    )
    row: ResetRow | None = (mine.select_for_update() if hold else mine).first()
    if row is None:
        raise NoSuchReset
    return row


def _end(row: ResetRow, to: ResetState) -> None:
    row.state = reset_step(ResetState(row.state), to).value
    row.ended_at = clock.now()
    row.save(update_fields=["state", "ended_at"])


def shown(row: ResetRow, *, is_proven: bool) -> ResetShown:
    """Give a reset as it leaves the room."""
    return ResetShown(
        id=row.id,
        state=ResetState(row.state),
        check_id=row.check_id,
        began_at=row.began_at,
        expires_at=row.expires_at,
        is_proven=is_proven,
    )
