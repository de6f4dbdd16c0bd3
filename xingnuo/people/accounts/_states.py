"""The steps of this room's own records, as tables; a step that is not here is refused."""

from __future__ import annotations

from xingnuo.people.accounts.contracts import TellState

TELL_STEPS: dict[TellState, frozenset[TellState]] = {
    TellState.DUE: frozenset({TellState.DUE, TellState.DONE, TellState.GIVEN_UP}),
    TellState.DONE: frozenset(),
    # A person at the console may try once more.
    TellState.GIVEN_UP: frozenset({TellState.DUE}),
}
