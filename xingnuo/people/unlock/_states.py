"""The steps of a way as a table; a step that is not here is refused."""

from __future__ import annotations

from xingnuo.people.unlock.contracts import ForbiddenWayStep, State, Step

STEPS: dict[State, dict[Step, State]] = {
    State.OFF: {Step.BEGIN: State.PENDING},
    State.PENDING: {
        Step.BEGIN: State.PENDING,
        Step.SET: State.ACTIVE,
        Step.END: State.OFF,
    },
    State.ACTIVE: {
        Step.BEGIN: State.ACTIVE,  # to change it; the old one holds until the new one is set
        Step.SET: State.ACTIVE,
        Step.LOCK: State.LOCKED,
        Step.END: State.OFF,
    },
    State.LOCKED: {
        Step.BEGIN: State.LOCKED,
        Step.SET: State.ACTIVE,
        Step.RELEASE: State.ACTIVE,
        Step.END: State.OFF,
    },
}


def after(before: State, step: Step) -> State:
    """Give the state after a step; raises `ForbiddenWayStep` for one that is not in the table."""
    known = STEPS[before]
    if step not in known:
        raise ForbiddenWayStep(f"{before.value}.{step.value}")
    return known[step]
