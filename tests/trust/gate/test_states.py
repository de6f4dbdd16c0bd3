"""The states of a subject: every step of the table, and every step that is not in it."""

from __future__ import annotations

import itertools

import pytest

from tests import cast
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries
from xingnuo.trust.gate._deciding import ForbiddenStep
from xingnuo.trust.gate._states import STEPS, allowed
from xingnuo.trust.policy.contracts import SubjectState as S


def _bring_to(person: cast.Person, goal: S) -> None:
    """Walk a new subject to a state by allowed steps only."""
    ways: dict[S, list[S]] = {S.NEW: []}
    queue = [S.NEW]
    while queue:
        here = queue.pop(0)
        for there in sorted(STEPS[here]):
            if there not in ways:
                ways[there] = [*ways[here], there]
                queue.append(there)
    for step in ways[goal]:
        with cast.transaction():
            gate.change_state(cast.SYSTEM, subject_id=person.subject_id, to=step, cause="test")


@pytest.mark.promise("4.3.2", "5.2.2a")
@pytest.mark.parametrize("before", list(S))
def test_only_the_steps_of_the_table_are_taken(before: S) -> None:
    """From each state, the allowed steps work and every other is refused and changes nothing."""
    for after in S:
        if after is before:
            continue
        person = cast.make_person(accepted=False)
        _bring_to(person, before)
        if allowed(before, after):
            with cast.transaction():
                gate.change_state(cast.SYSTEM, subject_id=person.subject_id, to=after, cause="test")
            expected = after
        else:
            with pytest.raises(ForbiddenStep), cast.transaction():
                gate.change_state(cast.SYSTEM, subject_id=person.subject_id, to=after, cause="test")
            expected = before
        with cast.transaction():
            assert queries.state_of(person.subject_id) is expected


def test_erased_is_final() -> None:
    """Nothing leads out of `erased`, and everything leads there in the end."""
    assert STEPS[S.ERASED] == frozenset()
    reach = {S.ERASED}
    for _ in S:
        reach |= {state for state, steps in STEPS.items() if steps & reach}
    assert reach == set(S)
    assert all(isinstance(step, S) for step in itertools.chain.from_iterable(STEPS.values()))
