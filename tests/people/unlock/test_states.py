"""The steps of a way: each one that is allowed, and every other refused."""

import itertools

import pytest

from xingnuo.people.unlock._states import STEPS, after
from xingnuo.people.unlock.contracts import ForbiddenWayStep, State, Step

ALLOWED = {
    (State.OFF, Step.BEGIN): State.PENDING,
    (State.PENDING, Step.BEGIN): State.PENDING,
    (State.PENDING, Step.SET): State.ACTIVE,
    (State.PENDING, Step.END): State.OFF,
    (State.ACTIVE, Step.BEGIN): State.ACTIVE,
    (State.ACTIVE, Step.SET): State.ACTIVE,
    (State.ACTIVE, Step.LOCK): State.LOCKED,
    (State.ACTIVE, Step.END): State.OFF,
    (State.LOCKED, Step.BEGIN): State.LOCKED,
    (State.LOCKED, Step.SET): State.ACTIVE,
    (State.LOCKED, Step.RELEASE): State.ACTIVE,
    (State.LOCKED, Step.END): State.OFF,
}


@pytest.mark.promise("1.2.2")
@pytest.mark.parametrize(("before", "step"), list(itertools.product(State, Step)))
def test_each_step_is_allowed_or_refused(before: State, step: Step) -> None:
    """The table says all, and what it does not say is refused with a code."""
    if (before, step) in ALLOWED:
        assert after(before, step) is ALLOWED[before, step]
        return
    with pytest.raises(ForbiddenWayStep) as refused:
        after(before, step)
    assert refused.value.status == 409
    assert refused.value.detail == f"{before.value}.{step.value}"


def test_every_state_can_end() -> None:
    """No way can be switched on and not off again."""
    for state in set(State) - {State.OFF}:
        assert STEPS[state][Step.END] is State.OFF
