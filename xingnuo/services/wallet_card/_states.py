"""The steps of account and movements, as tables; a step that is not here is refused."""

from __future__ import annotations

from xingnuo.kit.steps import step
from xingnuo.services.wallet_card.contracts import AccountState, MoveState, NotReady

_A, _M = AccountState, MoveState
ACCOUNT_STEPS: dict[AccountState, frozenset[AccountState]] = {
    _A.OPENING: frozenset({_A.OPEN, _A.DECLINED}),
    _A.OPEN: frozenset({_A.CLOSED}),
    # The bank opened it after all: its word stands, whatever it said before.
    _A.DECLINED: frozenset({_A.OPEN}),
    _A.CLOSED: frozenset(),
}
MOVE_STEPS: dict[MoveState, frozenset[MoveState]] = {
    # What was never sent is certainly not done.
    _M.PREPARED: frozenset({_M.SENT, _M.DECLINED}),
    _M.SENT: frozenset({_M.DONE, _M.DECLINED, _M.UNKNOWN}),
    # Proof alone leads out: no counter and no time.
    _M.UNKNOWN: frozenset({_M.DONE, _M.DECLINED}),
    _M.DECLINED: frozenset({_M.LATE}),
    _M.DONE: frozenset(),
    _M.LATE: frozenset(),
}


def account_step(before: AccountState, after: AccountState) -> AccountState:
    """Give the state after a step of an account; raises `NotReady`."""
    return step(ACCOUNT_STEPS, before, after, error=NotReady)


def move_step(before: MoveState, after: MoveState) -> MoveState:
    """Give the state after a step of a movement; raises `NotReady`."""
    return step(MOVE_STEPS, before, after, error=NotReady)
