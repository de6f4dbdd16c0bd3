"""Calls about a case: each side proves who they are by a code that the other can check.

The desk begins a call; the person sees in the app what the desk will say, and nobody else can say
it. The person reads another code aloud, which the desk types and never sees. Neither code is kept:
both come from the case, its taker and the instant, under the room's key.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from xingnuo.kit import clock
from xingnuo.kit.errors import Conflict
from xingnuo.kit.keyed import Keyed
from xingnuo.people.support import _rows, _scope
from xingnuo.people.support.contracts import Call, PersonCall
from xingnuo.people.support.models import CaseRow
from xingnuo.trust.evidence.contracts import Kind as Evidence
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor

CALL_LIFE = timedelta(minutes=10)
TRIES_MAX = 5
DIGITS = 6
_SAID, _OWN = "call.said", "call.own"
_keyed = Keyed("support")


class NoCall(Conflict):
    """There is no call about this case now."""

    code = "no_call"
    message = "这张工单现在没有通话。"
    remedy = "请重新开始通话，再核对暗号。"


def begin(actor: Actor, *, case_id: UUID) -> Call:
    """Begin a call about a held case; one that was begun before is over."""
    row = _scope.held(actor, case_id, lock=True)
    row.call_at, row.call_tries, row.call_proven_at = clock.now(), 0, None
    _save(row)
    _record(actor, row, "case.call_begun")
    return _call(row)


def prove(actor: Actor, *, case_id: UUID, typed: str) -> bool:
    """Check the code that the person reads aloud; the last wrong try ends the call."""
    row = _scope.held(actor, case_id, lock=True)
    if not _is_live(row):
        raise NoCall
    row.call_tries += 1
    is_right = typed.strip() == _code(row, _OWN)
    if is_right:
        row.call_proven_at = clock.now()
    elif row.call_tries >= TRIES_MAX:
        row.call_at = None
    _save(row)
    _record(actor, row, "case.call_proven" if is_right else "case.call_not_proven")
    return is_right


def at_desk(actor: Actor, case_id: UUID) -> Call | None:
    """Give the call about a held case, with what the desk says; the person's code is not in it."""
    row = _scope.held(actor, case_id)
    return _call(row) if _is_live(row) else None


def of_person(subject_id: UUID, case_id: UUID) -> PersonCall | None:
    """Give the call about a person's own case, with what they hear and what they say."""
    row = _rows.own(subject_id, case_id)
    if not _is_live(row) or row.call_at is None:
        return None
    return PersonCall(
        said_code=_code(row, _SAID),
        own_code=_code(row, _OWN),
        until_at=_until(row.call_at),
        is_proven=row.call_proven_at is not None,
    )


def _call(row: CaseRow) -> Call:
    assert row.call_at is not None, "a call that was begun"
    return Call(
        said_code=_code(row, _SAID),
        until_at=_until(row.call_at),
        is_proven=row.call_proven_at is not None,
        tries_left=TRIES_MAX - row.call_tries,
    )


def _is_live(row: CaseRow) -> bool:
    # Whoever takes the case over begins a call of their own.
    begun, taken = row.call_at, row.taken_at
    if begun is None or taken is None or not row.taken_by or begun < taken:
        return False
    return clock.now() < _until(begun)


def _until(begun: datetime) -> datetime:
    return begun + CALL_LIFE


def _code(row: CaseRow, use: str) -> str:
    assert row.call_at is not None, "a call that was begun"
    drawn = int(_keyed(use, row.id, row.taken_by, row.call_at.timestamp()), 16)
    return f"{drawn % 10**DIGITS:0{DIGITS}d}"


def _save(row: CaseRow) -> None:
    row.save(update_fields=["call_at", "call_tries", "call_proven_at"])


def _record(actor: Actor, row: CaseRow, reason: str) -> None:
    gate.record(
        actor,
        subject_id=row.subject_id,
        kind=Evidence.OPERATOR,
        reason=reason,
        purpose=_scope.MESSAGES,
        ref=row.id,
    )
