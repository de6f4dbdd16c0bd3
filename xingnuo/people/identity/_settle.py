"""How a check ends: one function takes the proof, whoever brings it.

A source's answer, its later notice, the answer to a question asked again and a member of staff's
decision all come here. The first proof decides; the same again changes nothing; another one is
put before a person.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock, jobs
from xingnuo.kit.db import session
from xingnuo.people.identity import _age, _limits, _opened, _phone, _rows, _values
from xingnuo.people.identity._house import HOUSE
from xingnuo.people.identity._states import tier_of
from xingnuo.people.identity.contracts import (
    CaseKind,
    Ground,
    Kind,
    NumberTaken,
    State,
    Verdict,
)
from xingnuo.people.identity.models import CheckRow, Clock
from xingnuo.trust.evidence.contracts import Kind as Evidence
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor, GateRefusal

DECIDED = frozenset({State.MATCHED, State.MISMATCHED, State.REFUSED})
_WAITING = frozenset({State.SENT, State.UNKNOWN, State.REVIEWING, State.STARTED})
_PROVED_ONCE = (State.EXPIRED, State.LAPSED)
SCREEN = "antifraud.screen_customer"


def settle(subject_id: UUID, check_id: UUID, verdict: Verdict, *, actor: Actor = HOUSE) -> State:
    """End a check by proof, or leave it unknown; runs in the caller's transaction.

    Gives the state in which the check now stands. Safe to repeat.
    """
    row = _rows.locked(subject_id, check_id)
    before = State(row.state)
    if before not in _WAITING:
        _contradicted(row, before, verdict)
        return before
    if verdict.state not in DECIDED:
        return _unknown(row, before)
    if before is State.STARTED and row.sent_at is not None:
        # It was asked about meanwhile, and its answer comes after all: the question stands as sent.
        _rows.sent(row)
    row.source = verdict.source
    row.reference = verdict.reference[: _limits.REFERENCE_CHARS_MAX]
    row.notice = verdict.notice[: _limits.NOTICE_CHARS_MAX]
    to, ground = _proved(row, verdict)
    _rows.move(row, to, ground)
    if to is State.MATCHED:
        _wake_after(row)
    else:
        _values.drop_typed(row)
    if ground is Ground.MINOR:
        _age.close(subject_id)
    session.set_subject(subject_id)
    refresh_tier(subject_id, cause=row.kind, actor=actor)
    _put_on_record(row, actor)
    return State(row.state)


def _unknown(row: CheckRow, before: State) -> State:
    if before is State.SENT:
        _rows.move(row, State.UNKNOWN, Ground.NONE)
        before = State.UNKNOWN
    if before is State.UNKNOWN:
        again = clock.now() + timedelta(seconds=_limits.ASK_AGAIN_SECONDS)
        _rows.wake(row, Clock.RESUME, again)
    return before


def _proved(row: CheckRow, verdict: Verdict) -> tuple[State, Ground]:
    """Say what a proof makes of a check; a yes also makes its values the person's own."""
    if verdict.is_adult is False:
        return State.REFUSED, Ground.MINOR
    if verdict.state is not State.MATCHED:
        return verdict.state, verdict.ground
    try:
        # A savepoint: a consent withdrawn meanwhile ends the check, and leaves nothing half done.
        with transaction.atomic():
            _make_own(row)
    except GateRefusal:
        session.set_subject(row.subject_id)
        return State.REFUSED, Ground.WITHDRAWN
    except NumberTaken:
        session.set_subject(row.subject_id)
        return State.REFUSED, Ground.NUMBER_TAKEN
    session.set_subject(row.subject_id)
    return State.MATCHED, verdict.ground


def _make_own(row: CheckRow) -> None:
    kind, subject_id = Kind(row.kind), row.subject_id
    another = False
    if kind is Kind.NAME_NUMBER:
        another = _values.promote(row)
        # A confirmed name is checked against the law's lists, by a room that stands above this one.
        jobs.defer(SCREEN, queue="antifraud", subject_id=subject_id)
    elif kind is Kind.DOCUMENT_PHOTO:
        _values.promote_validity(row)
    elif kind is Kind.PHONE:
        _phone.make_own(row)
    elif kind is Kind.CARD:
        _values.drop_typed(row)
    session.set_subject(subject_id)
    for old in _rows.matched(subject_id):
        # A new number is another document: what was proved for the old one counts no more.
        if old.kind == kind.value or another:
            if old.kind == Kind.DOCUMENT_PHOTO.value:
                _values.drop_photos(old)
                session.set_subject(subject_id)
            _rows.move(old, State.LAPSED, Ground.REPLACED)


def refresh_tier(subject_id: UUID, *, cause: str, actor: Actor = HOUSE) -> None:
    """Set the tier to what the checks in force add up to."""
    tier = tier_of(Kind(row.kind) for row in _rows.matched(subject_id))
    gate.set_tier(actor, subject_id=subject_id, tier=tier, cause=cause)


def _wake_after(row: CheckRow) -> None:
    if row.kind == Kind.AGE.value:
        # What was typed waits for somebody to look at its person, and no longer.
        until = clock.now() + timedelta(days=_limits.PROVED_AGE_DAYS)
        _rows.wake(row, Clock.ABANDON, until)
    if row.valid_until is None:
        return
    _rows.wake(row, Clock.EXPIRE, row.valid_until)
    ahead = [row.valid_until - timedelta(days=days) for days in _limits.REMIND_DAYS]
    coming = [at for at in ahead if at > clock.now()]
    _rows.wake(row, Clock.REMIND, min(coming, default=clock.now()))


def _contradicted(row: CheckRow, before: State, verdict: Verdict) -> None:
    """Put a second answer before a person when it is not the first one again."""
    if verdict.state not in DECIDED or before in _PROVED_ONCE:
        return
    if verdict.state is not before:
        _opened.open_case(
            CaseKind.CONTRADICTION, subject_id=row.subject_id, check_id=row.id, source=row.source
        )


def _put_on_record(row: CheckRow, actor: Actor) -> None:
    gate.record(
        actor,
        subject_id=row.subject_id,
        kind=Evidence.STATE,
        reason=f"check.{row.kind}:{row.state}:{row.source}",
        ref=row.id,
    )
