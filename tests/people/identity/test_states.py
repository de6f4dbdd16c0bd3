"""The steps of checks and cases: every one that the table has is taken, every other refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from xingnuo.people.identity._states import CASE_STEPS, STEPS, case_step, step, tier_of
from xingnuo.people.identity.contracts import (
    OPEN_STATES,
    PRESENCE,
    SECOND,
    CaseState,
    ForbiddenCaseStep,
    ForbiddenCheckStep,
    Kind,
    State,
)
from xingnuo.trust.policy.contracts import Tier

pytestmark = pytest.mark.promise("1.2.3a")
PROVED = {State.MATCHED, State.MISMATCHED, State.REFUSED}


@given(st.sampled_from(State), st.sampled_from(State))
def test_a_step_outside_the_table_is_refused(before: State, after: State) -> None:
    """Both ways: what is in the table goes, what is not does not."""
    if after in STEPS[before]:
        assert step(before, after) is after
    else:
        with pytest.raises(ForbiddenCheckStep):
            step(before, after)


@given(st.sampled_from(CaseState), st.sampled_from(CaseState))
def test_a_case_step_outside_the_table_is_refused(before: CaseState, after: CaseState) -> None:
    """A case that was decided is never decided again."""
    if after in CASE_STEPS[before]:
        assert case_step(before, after) is after
    else:
        with pytest.raises(ForbiddenCaseStep):
            case_step(before, after)


def test_unknown_ends_by_proof_alone() -> None:
    """No clock and no person's impatience ends what a source has not answered."""
    assert STEPS[State.UNKNOWN] == PROVED | {State.STARTED}
    assert not {State.LAPSED, State.EXPIRED} & STEPS[State.SENT]


@given(st.sets(st.sampled_from(Kind)))
def test_a_tier_needs_all_of_its_checks(kinds: set[Kind]) -> None:
    """Without name and number nothing counts; more checks never lower a tier."""
    tier = tier_of(kinds)
    assert (tier is Tier.NONE) == (Kind.NAME_NUMBER not in kinds)
    if tier is Tier.PRESENT:
        assert kinds & set(PRESENCE)
    if tier is Tier.CHECKED:
        assert kinds & set(SECOND) and not kinds & set(PRESENCE)
    assert all(tier_of(kinds | {more}) >= tier for more in Kind)


@pytest.mark.promise("1.2.3b")
def test_a_face_is_never_the_only_way() -> None:
    """Video and counter reach what a face reaches."""
    reached = {tier_of({Kind.NAME_NUMBER, way}) for way in PRESENCE}
    assert reached == {Tier.PRESENT} and len(PRESENCE) == 3


class Walk(RuleBasedStateMachine):
    """A check walked at random never leaves an end, and never matches unproved."""

    def __init__(self) -> None:
        super().__init__()
        self.state, self.past = State.STARTED, [State.STARTED]

    @rule(to=st.sampled_from(State))
    def go(self, to: State) -> None:
        """Try any step."""
        try:
            self.state = step(self.state, to)
            self.past.append(self.state)
        except ForbiddenCheckStep:
            assert to not in STEPS[self.state]

    @invariant()
    def a_match_came_from_a_source_or_a_person(self) -> None:
        """Before every match something was asked."""
        for before, after in zip(self.past, self.past[1:], strict=False):
            if after is State.MATCHED:
                assert before in (State.SENT, State.UNKNOWN, State.REVIEWING)
            if before not in OPEN_STATES and before is not State.MATCHED:
                raise AssertionError("an end was left")


TestWalk = Walk.TestCase
