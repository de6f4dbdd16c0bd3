"""Being there without a face check: a witnessed video, or a counter by a one-time code.

Both give what a face check gives; a member of staff decides (FACE 10: a face is never the only
way). Reviews of names that no machine matches come the same way.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.people.identity import _age, _grown, _limits, _numbers, _opened, _rows, _values
from xingnuo.people.identity._secret import keyed
from xingnuo.people.identity._settle import refresh_tier
from xingnuo.people.identity._sources import WITNESS, ensure_lawful
from xingnuo.people.identity._states import step
from xingnuo.people.identity.contracts import (
    CaseKind,
    Check,
    CounterCode,
    ForbiddenCheckStep,
    Ground,
    Kind,
    Rule,
    State,
    StillOpen,
)
from xingnuo.people.identity.models import CaseRow, CheckRow, Clock
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor
from xingnuo.trust.policy import queries as policy

REVIEW, AGE_REVIEW = "identity.review", "identity.age_review"
_CASES = {Kind.VIDEO: CaseKind.VIDEO, Kind.COUNTER: CaseKind.COUNTER}


def ask_video(actor: Actor, *, key: UUID) -> Check:
    """Ask for a video call that a member of staff witnesses; in the caller's transaction."""
    return _rows.shown(_ask(actor, Kind.VIDEO, key)[0])


def ask_counter(actor: Actor, *, key: UUID) -> CounterCode:
    """Ask to be checked at a counter: gives a code once, which is kept as a keyed digest.

    Asking again gives another code, and the one before is worth nothing.
    """
    subject_id = _rows.who(actor)
    opened = _rows.open_of(subject_id, Kind.COUNTER)
    row, case = (opened, _case_of(opened)) if opened else _ask(actor, Kind.COUNTER, key)
    code = ids.digits(_limits.COUNTER_CODE_DIGITS)
    until = clock.now() + timedelta(days=_limits.COUNTER_CODE_DAYS)
    case.code_digest, case.due_at = keyed("counter", code), until
    case.save(update_fields=["code_digest", "due_at"])
    _rows.wake(row, Clock.ABANDON, until)
    return CounterCode(check_id=row.id, code=code, until=until)


def _case_of(row: CheckRow) -> CaseRow:
    return CaseRow.objects.select_for_update().get(check_id=row.id, state__in=_opened.OPEN)


def _ask(actor: Actor, kind: Kind, key: UUID) -> tuple[CheckRow, CaseRow]:
    subject_id = _rows.who(actor)
    ensure_lawful(WITNESS)
    known = _rows.replayed(subject_id, key, kind)
    if known is not None:
        return known, CaseRow.objects.get(check_id=known.id)
    grown_up = _grown.is_closed(subject_id)
    _rows.ensure(subject_id, Kind.AGE if grown_up else Kind.NAME_NUMBER)
    # The review looks at name and number, masked: with the person's yes to a review, or, where the
    # gate is closed, because they ask to have it opened.
    purpose = AGE_REVIEW if grown_up else REVIEW
    gate.permit(actor, subject_id=subject_id, purpose=purpose, items=_values.NAMED)
    if grown_up and any(_rows.open_of(subject_id, one) for one in _grown.SEEN):
        raise StillOpen(kind.value)
    row = _rows.begin(subject_id, kind, key=key)
    _review(row)
    case_kind = CaseKind.GROWN_UP if grown_up else _CASES[kind]
    case = _opened.open_case(case_kind, subject_id=subject_id, check_id=row.id)
    return row, case


def _review(row: CheckRow) -> None:
    row.state = step(State(row.state), State.REVIEWING).value
    row.save(update_fields=["state"])
    _rows.sleep(row, Clock.ABANDON)
    _rows.wake(row, Clock.FIND, clock.now() + timedelta(days=_rows.FIND_DAYS))


def ask_review(actor: Actor, *, name: str, number: str, rule: Rule, key: UUID) -> Check:
    """Have a person look at a name that the authority did not match (rare characters, new name).

    Commits by itself where the number shows a minor; else in the caller's transaction.
    """
    subject_id = _rows.who(actor)
    typed, found = policy.normalise("name", name), _numbers.read(rule, number)
    ensure_lawful(WITNESS)
    known = _rows.replayed(subject_id, key, Kind.NAME_NUMBER)
    if known is not None:
        return _rows.shown(known)
    gate.permit(actor, subject_id=subject_id, purpose=REVIEW, items=_values.NAMED)
    _values.ensure_free(actor, subject_id, found.text)
    row = _rows.begin(subject_id, Kind.NAME_NUMBER, key=key, rule=found.rule)
    permit = gate.permit(
        actor, subject_id=subject_id, purpose="identity.real_name", items=_values.NAMED
    )
    given = {"name": typed, "document_number": found.text}
    _values.keep(permit, given, _values.slot(row.id))
    _review(row)
    _opened.open_case(CaseKind.NAME_MISMATCH, subject_id=subject_id, check_id=row.id)
    return _rows.shown(row)


def refuse_if_minor(actor: Actor, *, number: str, rule: Rule) -> None:
    """Close the gate where a typed number shows a minor; commits by itself and raises `IsMinor`."""
    _age.refuse_minor(_rows.who(actor), _numbers.read(rule, number))


def ask_reused(actor: Actor) -> None:
    """Ask a person to look at a number that another account holds; no value goes with it."""
    subject_id = _rows.who(actor)
    gate_queries.standing(subject_id)
    _opened.open_case(CaseKind.REUSED_NUMBER, subject_id=subject_id)


def give_up(actor: Actor, *, check_id: UUID) -> Check:
    """Give up a check that waits for the person or for staff; what was given for it goes."""
    row = _rows.locked(_rows.who(actor), check_id)
    if State(row.state) not in (State.STARTED, State.REVIEWING):
        raise ForbiddenCheckStep(row.state)
    lapse(row, Ground.GIVEN_UP)
    return _rows.shown(row)


def lapse(row: CheckRow, ground: Ground) -> None:
    """Let an open check lapse, with its values and cases."""
    _values.drop_typed(row)
    _rows.move(row, State.LAPSED, ground)
    _opened.end_cases(row.id)


def ends(subject_id: UUID, purpose: str) -> int:
    """End what rests on a purpose that the person took back; gives how many checks ended.

    Open checks lapse with what was given for them. A question that is with its source stays
    until its answer, which then finds no consent. Without the consent to be named nothing that
    was proved counts any more.
    """
    ended = 0
    for row in CheckRow.objects.of(subject_id).select_for_update():
        state = State(row.state)
        waits = state in (State.STARTED, State.REVIEWING)
        if waits and _values.PURPOSE[Kind(row.kind)] == purpose:
            lapse(row, Ground.WITHDRAWN)
            ended += 1
        elif state is State.MATCHED and purpose == _values.PURPOSE[Kind.NAME_NUMBER]:
            _rows.move(row, State.LAPSED, Ground.WITHDRAWN)
            ended += 1
        session.set_subject(subject_id)
    if ended:
        refresh_tier(subject_id, cause="withdrawn")
    return ended
