"""Minors: a number that shows one closes the gate; nothing typed with it is kept (promise 6.1)."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from xingnuo.people.identity import _numbers, _rows, _values
from xingnuo.people.identity._house import HOUSE
from xingnuo.people.identity._limits import CHILD_YEARS
from xingnuo.people.identity._numbers import Numbered
from xingnuo.people.identity.contracts import OPEN_STATES, Ground, IsMinor, State
from xingnuo.people.identity.models import CheckRow
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.policy.contracts import SubjectState, Tier

# Causes are counted for the yearly report of minors' data; an age is kept nowhere.
MINOR, CHILD = "minor", "minor_under_fourteen"
_MAY_CLOSE = frozenset({SubjectState.NEW, SubjectState.ACTIVE})


def refuse_minor(subject_id: UUID, found: Numbered) -> None:
    """Close the gate and raise `IsMinor` where a typed number shows a minor; commits by itself."""
    if not _numbers.is_minor(found):
        return
    is_child = _numbers.is_minor(found, years=CHILD_YEARS)
    with transaction.atomic(durable=True):
        close(subject_id, is_child=is_child)
    raise IsMinor


def close(subject_id: UUID, *, is_child: bool = False) -> None:
    """Close the gate for a minor: open checks lapse, what was typed goes, no tier stays."""
    state = gate_queries.state_of(subject_id)
    for row in _open_or_matched(subject_id):
        _values.drop_typed(row)
        if State(row.state) in (State.SENT, State.UNKNOWN):
            _rows.move(row, State.REFUSED, Ground.MINOR)
        else:
            _rows.move(row, State.LAPSED, Ground.MINOR)
    gate.set_tier(HOUSE, subject_id=subject_id, tier=Tier.NONE, cause=MINOR)
    if state in _MAY_CLOSE:
        gate.change_state(
            HOUSE,
            subject_id=subject_id,
            to=SubjectState.MINOR,
            cause=CHILD if is_child else MINOR,
        )


def _open_or_matched(subject_id: UUID) -> list[CheckRow]:
    states = [state.value for state in (*OPEN_STATES, State.MATCHED)]
    rows = CheckRow.objects.of(subject_id).filter(state__in=states)
    return list(rows.select_for_update())
