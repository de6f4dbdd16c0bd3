"""The steps of this room's own records, as tables; a step that is not here is refused."""

from __future__ import annotations

from enum import StrEnum

from xingnuo.people.accounts.contracts import ForbiddenStep, SmsState, TellState

SMS_STEPS: dict[SmsState, frozenset[SmsState]] = {
    SmsState.NONE: frozenset(),
    SmsState.DUE: frozenset({SmsState.PENDING, SmsState.SENT, SmsState.DROPPED}),
    SmsState.PENDING: frozenset({SmsState.PENDING, SmsState.SENT, SmsState.DROPPED}),
    SmsState.SENT: frozenset(),
    SmsState.DROPPED: frozenset(),
}
TELL_STEPS: dict[TellState, frozenset[TellState]] = {
    TellState.DUE: frozenset({TellState.DUE, TellState.DONE, TellState.GIVEN_UP}),
    TellState.DONE: frozenset(),
    # A person at the console may try once more.
    TellState.GIVEN_UP: frozenset({TellState.DUE}),
}


def step[S: StrEnum](steps: dict[S, frozenset[S]], before: S, after: S) -> S:
    """Give the state after a step; raises `ForbiddenStep` for one that the table does not have."""
    if after not in steps[before]:
        raise ForbiddenStep(f"{before.value}->{after.value}")
    return after
