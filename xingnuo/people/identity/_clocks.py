"""What time does to checks: lost answers are asked for, documents run out, clocks are few lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock, log
from xingnuo.kit.db import session
from xingnuo.kit.errors import XingnuoError
from xingnuo.people.accounts import actions as accounts
from xingnuo.people.identity import (
    _asking,
    _grown,
    _limits,
    _opened,
    _phone,
    _routes,
    _rows,
    _values,
)
from xingnuo.people.identity._house import HOUSE
from xingnuo.people.identity._presence import lapse
from xingnuo.people.identity._settle import refresh_tier, settle
from xingnuo.people.identity._sources import SOURCES, audited, ensure_lawful
from xingnuo.people.identity.contracts import (
    CaseKind,
    Ground,
    Kind,
    NoSuchCheck,
    State,
    Verdict,
)
from xingnuo.people.identity.models import CheckRow, Clock, ClockRow
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import GateRefusal
from xingnuo.trust.sharing import actions as sharing
from xingnuo.trust.sharing.contracts import Parcel

logger = log.get("identity")
_CAN_BE_SENT_AGAIN = (Kind.NAME_NUMBER, Kind.AGE, Kind.PHONE)


def take_up_due() -> int:
    """Take up every check whose clock has come; gives how many. Own transactions, one a check."""
    due = list(
        ClockRow.objects.filter(due_at__lte=clock.now())
        .order_by("due_at", "id")
        .values_list("subject_id", "check_id", "kind")[: _limits.CLOCKS_PER_RUN]
    )
    for subject_id, check_id, kind in due:
        try:
            _take_up(subject_id, check_id, Clock(kind))
        except GateRefusal as refusal:
            gate.refused(refusal)
        except NoSuchCheck:
            ClockRow.objects.filter(check_id=check_id).delete()
        except XingnuoError as fault:
            # One that fails must not stand in the way of the others; its clock is set on.
            logger.warning("check_not_taken_up", code=fault.code, reason=kind)
            _later(check_id, Clock(kind))
    return len(due)


def _take_up(subject_id: UUID, check_id: UUID, kind: Clock) -> None:
    if kind is Clock.RESUME:
        resume(subject_id=subject_id, check_id=check_id)
        return
    with transaction.atomic(durable=True):
        row = _rows.locked(subject_id, check_id)
        if not _rows.struck(row, kind):
            return  # another run was faster: it is told once
        if kind is Clock.ABANDON and State(row.state) in (State.STARTED, State.REVIEWING):
            lapse(row, Ground.GIVEN_UP)
        elif kind is Clock.ABANDON:
            _grown.give_up(row)
        elif kind is Clock.REMIND and row.state == State.MATCHED.value:
            _remind(row)
        elif kind is Clock.EXPIRE and row.state == State.MATCHED.value:
            _expire(row)


def _later(check_id: UUID, kind: Clock) -> None:
    at = clock.now() + timedelta(seconds=_limits.ASK_AGAIN_SECONDS)
    ClockRow.objects.filter(check_id=check_id, kind=kind.value).update(due_at=at)


def resume(*, subject_id: UUID, check_id: UUID) -> State:
    """Go on with a check whose answer is not on record: the source is asked by its key.

    A question that may be put again without anything kept elsewhere is put again under the same
    key, which does nothing twice. Where the source stays silent for a day, a person asks it.
    """
    with transaction.atomic(durable=True):
        row = _rows.locked(subject_id, check_id)
        if State(row.state) not in (State.SENT, State.UNKNOWN):
            _rows.sleep(row, Clock.RESUME)
            return State(row.state)
        kind, source, sent_at = Kind(row.kind), row.source, row.sent_at or row.began_at
        if row.state == State.SENT.value:
            _rows.move(row, State.UNKNOWN, Ground.NONE)
        _later(check_id, Clock.RESUME)
    ensure_lawful(source)
    verdict = _asking.asked_again(kind, check_id)
    if verdict.state is State.UNKNOWN and kind in _CAN_BE_SENT_AGAIN:
        verdict = _sent_again(subject_id, check_id, kind)
    elif verdict.ground is Ground.NOT_RECEIVED and _waited(sent_at, _limits.NOT_RECEIVED_SECONDS):
        # Signed by the source, and long after a question on its way would have come: the proof.
        verdict = replace(verdict, state=State.REFUSED)
    with transaction.atomic(durable=True):
        row = _rows.locked(subject_id, check_id)
        if verdict.state is State.STARTED:
            _routes.back_to_person(row, row.tries_left)
            return State(row.state)
        after = settle(subject_id, check_id, verdict)
        if after is State.UNKNOWN and _waited(sent_at, _limits.DAY_SECONDS):
            _opened.open_case(
                CaseKind.UNANSWERED, subject_id=subject_id, check_id=check_id, source=source
            )
    return after


def _waited(since: datetime, seconds: int) -> bool:
    return clock.now() - since > timedelta(seconds=seconds)


def _sent_again(subject_id: UUID, check_id: UUID, kind: Kind) -> Verdict:
    try:
        with transaction.atomic(durable=True):
            parcel = _parcel(_rows.found(subject_id, check_id), kind)
    except GateRefusal as refusal:
        # Taken back meanwhile: it is not asked again, and the first question stays unknown.
        gate.refused(refusal)
        return Verdict(state=State.UNKNOWN, ground=Ground.NONE, source="")
    if kind is Kind.PHONE:
        return _asking.phoned(parcel, key=check_id)
    return _asking.named(parcel, key=check_id)


def _parcel(row: CheckRow, kind: Kind) -> Parcel:
    if kind is Kind.PHONE:
        return _phone.again(row)
    permit = gate.permit(
        HOUSE,
        subject_id=row.subject_id,
        purpose=_values.PURPOSE[kind],
        items=_values.NAMED,
        recipient=row.source,
    )
    return sharing.pack(permit, _values.NAMED, slot=_values.slot(row.id))


def _remind(row: CheckRow) -> None:
    assert row.valid_until is not None, "a reminder without an end"
    accounts.tell_of_document(row.subject_id, is_over=False)
    session.set_subject(row.subject_id)
    ahead = [row.valid_until - timedelta(days=days) for days in _limits.REMIND_DAYS]
    coming = [at for at in ahead if at > clock.now()]
    if coming:
        _rows.wake(row, Clock.REMIND, min(coming))


def _expire(row: CheckRow) -> None:
    """Let everything that was proved with a document run out with it: the tier falls."""
    for each in _rows.matched(row.subject_id):
        _rows.move(each, State.EXPIRED, Ground.DOCUMENT_EXPIRED)
    refresh_tier(row.subject_id, cause="document_expired")
    accounts.tell_of_document(row.subject_id, is_over=True)


def audit_sources() -> int:
    """Open a case for every source whose audit ends soon or is over; gives how many are due."""
    due = [source for source in SOURCES if audited(source).is_due]
    with transaction.atomic():
        for source in due:
            level = 0 if audited(source).is_lawful else 2
            _opened.open_case(CaseKind.SOURCE_AUDIT, subject_id=None, source=source, level=level)
    return len(due)
