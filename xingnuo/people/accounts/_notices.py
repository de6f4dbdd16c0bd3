"""Notices to the person: in the app at once, by text message from a job under a permit."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock
from xingnuo.kit.db import session
from xingnuo.kit.errors import NotFound, Unavailable
from xingnuo.partners.sms import client as sms
from xingnuo.partners.sms.contracts import RECIPIENT, Outcome
from xingnuo.people.accounts import _jobs
from xingnuo.people.accounts._limits import SMS_TRIES_MAX
from xingnuo.people.accounts._states import SMS_STEPS, step
from xingnuo.people.accounts._words import SMS
from xingnuo.people.accounts.contracts import SmsState
from xingnuo.people.accounts.models import Notice
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Strength
from xingnuo.trust.policy.contracts import ActorKind
from xingnuo.trust.sharing import actions as sharing
from xingnuo.trust.sharing.contracts import Parcel

WORKER = Actor(kind=ActorKind.SYSTEM, strength=Strength.SIGNED_IN, channel="worker")
PURPOSE = "notices.service"


def tell(subject_id: UUID, code: str, *, label: str = "") -> None:
    """Put a notice into the app, and a job for its text message where the code has one."""
    session.set_subject(subject_id)
    state = SmsState.DUE if code in SMS else SmsState.NONE
    row = Notice.objects.create(
        subject_id=subject_id,
        code=code,
        label=label,
        created_at=clock.now(),
        sms_state=state.value,
    )
    if state is SmsState.DUE:
        _jobs.defer(_jobs.NOTICE_SMS, subject_id=subject_id, notice_id=row.id)


def read(subject_id: UUID, notice_id: UUID | None) -> int:
    """Mark one notice, or all, as read."""
    session.set_subject(subject_id)
    rows = Notice.objects.of(subject_id).filter(read_at__isnull=True)
    if notice_id is not None:
        rows = rows.filter(id=notice_id)
    return rows.update(read_at=clock.now())


def send_sms(*, subject_id: UUID, notice_id: UUID) -> SmsState:
    """Send a notice's text message, at most once; safe to repeat.

    Opens its own transactions: the share is on record before anything leaves. Raises
    `Unavailable` while the gateway's answer is not known and tries are left.
    """
    try:
        with transaction.atomic(durable=True):
            row = _locked(subject_id, notice_id)
            state = SmsState(row.sms_state)
            if not SMS_STEPS[state]:
                return state
            if row.sms_tries >= SMS_TRIES_MAX:
                return _move(row, SmsState.DROPPED)
            code, was_sent = row.code, row.sms_tries > 0
            _move(row, SmsState.PENDING, tries=row.sms_tries + 1)
            parcel = _parcel(subject_id)
    except GateRefusal as refusal:
        # A withdrawal between the event and the job holds: no message, and the refusal is told.
        gate.refused(refusal)
        return _settle(subject_id, notice_id, SmsState.DROPPED)
    if parcel is None:
        return _settle(subject_id, notice_id, SmsState.DROPPED)
    outcome = _handed_over(parcel, notice_id, code=code, was_sent=was_sent)
    if outcome is Outcome.PENDING:
        raise Unavailable("sms")
    ends = {Outcome.ACCEPTED: SmsState.SENT, Outcome.REFUSED: SmsState.DROPPED}
    return _settle(subject_id, notice_id, ends[outcome])


def _parcel(subject_id: UUID) -> Parcel | None:
    permit = gate.permit(
        WORKER, subject_id=subject_id, purpose=PURPOSE, items=("phone",), recipient=RECIPIENT
    )
    parcel = sharing.pack(permit, ("phone",))
    return parcel if parcel.items else None


def _handed_over(parcel: Parcel, notice_id: UUID, *, code: str, was_sent: bool) -> Outcome:
    key = str(notice_id)
    # After an unknown answer the gateway's own record is asked before anything is sent again.
    known = sms.status(key) if was_sent else Outcome.PENDING
    return known if known is not Outcome.PENDING else sms.send(parcel, text=SMS[code], key=key)


def _locked(subject_id: UUID, notice_id: UUID) -> Notice:
    session.set_subject(subject_id)
    row: Notice | None = (
        Notice.objects.of(subject_id).filter(id=notice_id).select_for_update().first()
    )
    if row is None:
        raise NotFound
    return row


def _settle(subject_id: UUID, notice_id: UUID, state: SmsState) -> SmsState:
    with transaction.atomic(durable=True):
        row = _locked(subject_id, notice_id)
        return _move(row, state)


def _move(row: Notice, state: SmsState, *, tries: int | None = None) -> SmsState:
    row.sms_state = step(SMS_STEPS, SmsState(row.sms_state), state).value
    row.sms_tries = row.sms_tries if tries is None else tries
    row.save(update_fields=["sms_state", "sms_tries"])
    return state
