"""Confirmations: a question bound to kind, amount, payee and ref; a yes that is used once.

What a device signs is a keyed digest over exactly these and the question's own id, so a signature
for one act confirms no other. `use_confirmation` is one statement in the payer's transaction: of
any number at once one finds the yes unused, and a rollback gives it back.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock
from xingnuo.kit.db import parts, session
from xingnuo.kit.errors import TooMany, XingnuoError
from xingnuo.money.payments import _cards_rows as rows
from xingnuo.money.payments import _confirm_password as passwords
from xingnuo.money.payments._cards_dated import value
from xingnuo.money.payments._cards_states import confirm_step
from xingnuo.money.payments._core_sweep import prune
from xingnuo.money.payments.contracts import (
    Act,
    Challenge,
    Confirmed,
    ConfirmState,
    ConfirmWay,
    DeviceRefused,
    NoPassword,
    NoSuchConfirmation,
    NotConfirmed,
    OtherThanConfirmed,
    PasswordLocked,
    PasswordWrong,
    Tried,
    TryOutcome,
)
from xingnuo.money.payments.models import ConfirmationRow, PasswordRow
from xingnuo.people.unlock import actions as unlock
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Permit, Reason

DEVICE_PURPOSE = "payments.confirm_biometric"
FINGER, FACE = "fingerprint_result", "face_result"
KEPT_DAYS = 1
SWEEP_ROWS_MAX = 5_000
_LIVE = (ConfirmState.ASKED.value, ConfirmState.CONFIRMED.value)


def ask_confirmation(actor: Actor, *, subject_id: UUID, act: Act) -> Challenge:
    """Ask the payer for a yes to an act, in the caller's transaction; open for five minutes."""
    me, session_id = _payer(actor)
    if me != subject_id:
        raise GateRefusal(Reason.FOREIGN_SUBJECT, purpose=passwords.PURPOSE, actor=actor)
    now = clock.now()
    mine = ConfirmationRow.objects.of(subject_id)
    if mine.filter(state__in=_LIVE, expires_at__gt=now).count() >= value("confirm.most_open"):
        raise TooMany("confirmation")
    row = ConfirmationRow.objects.create(
        subject_id=subject_id,
        session_id=session_id,
        kind=act.kind,
        amount_fen=act.amount_fen,
        payee=act.payee,
        ref=act.ref,
        state=ConfirmState.ASKED.value,
        made_at=now,
        expires_at=now + _open_for(),
    )
    return _shown(actor, row)


def challenge(actor: Actor, *, challenge_id: UUID) -> Challenge:
    """Give an open question of this session; one that is over, or another's, looks missing."""
    subject_id, session_id = _payer(actor)
    return _shown(actor, _found(subject_id, session_id, challenge_id))


def device_options(actor: Actor, *, challenge_id: UUID) -> dict[str, Any]:
    """Give a device its question: the challenge stands for the act, and for nothing else."""
    subject_id, session_id = _payer(actor)
    row = _found(subject_id, session_id, challenge_id)
    _device_permit(actor, subject_id)
    return unlock.act_options(actor, challenge=signed_over(row))


def signed_over(row: ConfirmationRow) -> bytes:
    """Give what a device signs: a keyed digest over the question, its act and its session."""
    text = rows.keyed(
        "confirm", row.id, row.session_id, row.kind, row.amount_fen, row.payee, row.ref
    )
    return text.encode()


def confirm(actor: Actor, *, challenge_id: UUID, password: str = "", answer: str = "") -> Confirmed:
    """Take the payer's yes by password or device. Opens its own transaction: a wrong try counts.

    Raises `PasswordWrong`, `PasswordLocked`, `NoPassword`, `DeviceRefused`, `NoSuchConfirmation`.
    """
    with transaction.atomic(durable=True):
        subject_id, session_id = _payer(actor)
        row = _found(subject_id, session_id, challenge_id, hold=True)
        state = ConfirmState(row.state)
        confirm_step(state, ConfirmState.CONFIRMED)
        way = ConfirmWay.DEVICE if answer else ConfirmWay.PASSWORD
        fault = _by_device(actor, row, answer) if answer else _by_password(actor, row, password)
        session.set_subject(subject_id)
        if fault is None:
            _confirmed(actor, row, way)
        else:
            _wrong(row)
    if fault is not None:
        raise fault
    return Confirmed(id=row.id, act=_act(row), expires_at=row.expires_at)


def _by_password(actor: Actor, row: ConfirmationRow, typed: str) -> XingnuoError | None:
    if not PasswordRow.objects.of(row.subject_id).exists():
        return NoPassword()
    return fault_of(passwords.tried(actor, row.subject_id, typed))


def fault_of(tried: Tried) -> XingnuoError | None:
    """Give the refusal that a try of the password ends in, or None for a right one."""
    if tried.outcome is TryOutcome.RIGHT:
        return None
    if tried.outcome is TryOutcome.LOCKED:
        assert tried.locked_until is not None, "locked without an end"
        until = clock.beijing(tried.locked_until)
        return PasswordLocked(remedy=f"请在 {until:%m 月 %d 日 %H:%M} 后再试，或去重置支付密码。")
    return PasswordWrong(remedy=f"还可以试 {tried.left} 次，或去重置支付密码。")


def _by_device(actor: Actor, row: ConfirmationRow, answer: str) -> XingnuoError | None:
    permit, item = _device_permit(actor, row.subject_id)
    device = unlock.act_answered(actor, challenge=signed_over(row), answer=answer)
    if device is None:
        return DeviceRefused()
    # Of finger or face the result alone is noted: that it passed (1.2.7b).
    gate.note(permit, (item,), ref=row.id)
    return None


def _device_permit(actor: Actor, subject_id: UUID) -> tuple[Permit, str]:
    item = FACE if actor.platform.os == "ios" else FINGER
    permit = gate.permit(actor, subject_id=subject_id, purpose=DEVICE_PURPOSE, items=(item,))
    session.set_subject(subject_id, permit_id=permit.id)
    return permit, item


def _confirmed(actor: Actor, row: ConfirmationRow, way: ConfirmWay) -> None:
    now = clock.now()
    row.state, row.way = ConfirmState.CONFIRMED.value, way.value
    row.confirmed_at, row.expires_at = now, now + _open_for()
    row.save(update_fields=["state", "way", "confirmed_at", "expires_at"])
    gate.record(
        actor,
        subject_id=row.subject_id,
        kind=Kind.UNLOCK,
        reason=f"payment_confirmed.{way.value}",
        ref=row.id,
    )


def _wrong(row: ConfirmationRow) -> None:
    row.wrong_count += 1
    if row.wrong_count >= value("confirm.wrong"):
        row.state = confirm_step(ConfirmState(row.state), ConfirmState.VOID).value
    row.save(update_fields=["wrong_count", "state"])


def use_confirmation(permit: Permit, confirmation_id: UUID, act: Act) -> None:
    """Use the payer's yes up for exactly this act, in the payer's transaction, once.

    Raises `OtherThanConfirmed` when the yes was to another act, `NotConfirmed` when there is no
    live one: none, used, over, or of another session. A rollback gives it back.
    """
    now = clock.now()
    mine = ConfirmationRow.objects.of(permit.subject_id).filter(id=confirmation_id)
    if permit.actor.session_id is not None:
        mine = mine.filter(session_id=permit.actor.session_id)
    taken = mine.filter(
        state=ConfirmState.CONFIRMED.value,
        expires_at__gt=now,
        kind=act.kind,
        amount_fen=act.amount_fen,
        payee=act.payee,
        ref=act.ref,
    ).update(state=ConfirmState.USED.value, used_at=now)
    if taken == 1:
        return
    row = mine.first()
    if row is not None and row.state == ConfirmState.CONFIRMED.value and _act(row) != act:
        raise OtherThanConfirmed
    raise NotConfirmed


def _payer(actor: Actor) -> tuple[UUID, UUID]:
    subject_id = rows.who(actor)
    if actor.session_id is None:
        raise GateRefusal(Reason.TOO_WEAK, purpose=passwords.PURPOSE, actor=actor)
    return subject_id, actor.session_id


def _found(
    subject_id: UUID, session_id: UUID, challenge_id: UUID, *, hold: bool = False
) -> ConfirmationRow:
    mine = ConfirmationRow.objects.of(subject_id).filter(
        id=challenge_id, session_id=session_id, expires_at__gt=clock.now()
    )
    row: ConfirmationRow | None = (mine.select_for_update() if hold else mine).first()
    if row is None:
        raise NoSuchConfirmation
    return row


def _shown(actor: Actor, row: ConfirmationRow) -> Challenge:
    ways = set()
    agreed = {
        one.purpose
        for one in gate_queries.standing(row.subject_id).decisions
        if one.decision == "grant" and not one.due_again
    }
    has_password = PasswordRow.objects.of(row.subject_id).exists()
    if has_password and passwords.PURPOSE in agreed:
        ways.add(ConfirmWay.PASSWORD)
    if DEVICE_PURPOSE in agreed and unlock.may_act(actor):
        ways.add(ConfirmWay.DEVICE)
    session.set_subject(row.subject_id)
    return Challenge(
        id=row.id,
        act=_act(row),
        expires_at=row.expires_at,
        ways=frozenset(ways),
        state=ConfirmState(row.state),
    )


def _act(row: ConfirmationRow) -> Act:
    return Act(kind=row.kind, amount_fen=row.amount_fen, payee=row.payee, ref=row.ref)


def _open_for() -> timedelta:
    return timedelta(minutes=value("confirm.open"))


def sweep() -> int:
    """Delete confirmations of more than a day ago, and payments past the law's term; how many."""
    before = clock.now() - timedelta(days=KEPT_DAYS)
    return parts.delete("payments_sweep_confirmations", before, most=SWEEP_ROWS_MAX) + prune()
