"""The steps of checks and cases as tables, and the tier that checks in force add up to."""

from __future__ import annotations

from collections.abc import Iterable

from xingnuo.kit import steps
from xingnuo.people.identity.contracts import (
    PRESENCE,
    SECOND,
    CaseState,
    ForbiddenCaseStep,
    ForbiddenCheckStep,
    Kind,
    State,
)
from xingnuo.trust.policy.contracts import Tier

STEPS: dict[State, frozenset[State]] = {
    State.STARTED: frozenset({State.SENT, State.REVIEWING, State.REFUSED, State.LAPSED}),
    # A wrong code leaves a card check where it was, to be typed again.
    State.SENT: frozenset(
        {State.STARTED, State.UNKNOWN, State.MATCHED, State.MISMATCHED, State.REFUSED}
    ),
    State.UNKNOWN: frozenset({State.STARTED, State.MATCHED, State.MISMATCHED, State.REFUSED}),
    State.REVIEWING: frozenset({State.MATCHED, State.REFUSED, State.LAPSED}),
    State.MATCHED: frozenset({State.EXPIRED, State.LAPSED}),
    State.MISMATCHED: frozenset(),
    State.REFUSED: frozenset(),
    State.EXPIRED: frozenset(),
    State.LAPSED: frozenset(),
}
CASE_STEPS: dict[CaseState, frozenset[CaseState]] = {
    CaseState.WAITING: frozenset({CaseState.TAKEN, CaseState.ENDED}),
    CaseState.TAKEN: frozenset(
        {CaseState.WAITING, CaseState.APPROVED, CaseState.REFUSED, CaseState.ENDED}
    ),
    CaseState.APPROVED: frozenset(),
    CaseState.REFUSED: frozenset(),
    CaseState.ENDED: frozenset(),
}


def step(before: State, after: State) -> State:
    """Give the state after a step; raises `ForbiddenCheckStep` for one not in the table."""
    return steps.step(STEPS, before, after, error=ForbiddenCheckStep)


def case_step(before: CaseState, after: CaseState) -> CaseState:
    """Give the state after a step; raises `ForbiddenCaseStep` for one not in the table."""
    return steps.step(CASE_STEPS, before, after, error=ForbiddenCaseStep)


def tier_of(matched: Iterable[Kind]) -> Tier:
    """Give the tier that checks in force add up to: nothing counts before name and number."""
    kinds = set(matched)
    if Kind.NAME_NUMBER not in kinds:
        return Tier.NONE
    if kinds.intersection(PRESENCE):
        return Tier.PRESENT
    return Tier.CHECKED if kinds.intersection(SECOND) else Tier.NAMED
