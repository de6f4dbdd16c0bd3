"""The steps of cards, checks, confirmations, agreements and debits, as tables.

A step that is not here is refused.
"""

from __future__ import annotations

from xingnuo.kit.steps import step
from xingnuo.money.payments._agreements_contracts import (
    AgreementState,
    DebitState,
    ForbiddenAgreementStep,
)
from xingnuo.money.payments._cards_contracts import CardState, CheckState, ForbiddenCardStep
from xingnuo.money.payments._confirm_contracts import ConfirmState, NotConfirmed, ResetState

_S = CheckState
CHECK_STEPS: dict[CheckState, frozenset[CheckState]] = {
    _S.REVIEWING: frozenset({_S.ASKING, _S.REFUSED, _S.LAPSED}),
    _S.ASKING: frozenset({_S.CODE, _S.UNKNOWN, _S.REFUSED}),
    _S.CODE: frozenset({_S.CONFIRMING, _S.LAPSED, _S.REFUSED}),
    _S.CONFIRMING: frozenset({_S.CONFIRMED, _S.CODE, _S.UNKNOWN, _S.REFUSED}),
    # Nothing but the bank's own record leads out of here: no counter, no button, no time.
    _S.UNKNOWN: frozenset({_S.CODE, _S.CONFIRMED, _S.REFUSED}),
    _S.CONFIRMED: frozenset(),
    _S.REFUSED: frozenset(),
    _S.LAPSED: frozenset(),
}
CARD_STEPS: dict[CardState, frozenset[CardState]] = {
    CardState.BOUND: frozenset({CardState.UNBOUND}),
    CardState.UNBOUND: frozenset(),
}
CONFIRM_STEPS: dict[ConfirmState, frozenset[ConfirmState]] = {
    ConfirmState.ASKED: frozenset({ConfirmState.CONFIRMED, ConfirmState.VOID}),
    ConfirmState.CONFIRMED: frozenset({ConfirmState.USED}),
    ConfirmState.USED: frozenset(),
    ConfirmState.VOID: frozenset(),
}
RESET_STEPS: dict[ResetState, frozenset[ResetState]] = {
    ResetState.WRONG: frozenset(),
    ResetState.NAMED: frozenset({ResetState.DONE, ResetState.LAPSED}),
    ResetState.DONE: frozenset(),
    ResetState.LAPSED: frozenset(),
}
AGREEMENT_STEPS: dict[AgreementState, frozenset[AgreementState]] = {
    AgreementState.DRAFT: frozenset({AgreementState.ACTIVE, AgreementState.CANCELLED}),
    AgreementState.ACTIVE: frozenset({AgreementState.CANCELLED, AgreementState.ENDED}),
    AgreementState.CANCELLED: frozenset(),
    AgreementState.ENDED: frozenset(),
}
DEBIT_STEPS: dict[DebitState, frozenset[DebitState]] = {
    DebitState.NOTICED: frozenset({DebitState.TRYING, DebitState.CANCELLED}),
    # Money may be moving: the payment's proof alone ends this.
    DebitState.TRYING: frozenset({DebitState.DONE, DebitState.WAITING, DebitState.GIVEN_UP}),
    DebitState.WAITING: frozenset({DebitState.TRYING, DebitState.CANCELLED}),
    DebitState.DONE: frozenset(),
    DebitState.GIVEN_UP: frozenset(),
    DebitState.CANCELLED: frozenset(),
}


def check_step(before: CheckState, to: CheckState) -> CheckState:
    """Give the state of a check after a step; raises `ForbiddenCardStep`."""
    return step(CHECK_STEPS, before, to, error=ForbiddenCardStep)


def card_step(before: CardState, to: CardState) -> CardState:
    """Give the state of a card after a step; raises `ForbiddenCardStep`."""
    return step(CARD_STEPS, before, to, error=ForbiddenCardStep)


def confirm_step(before: ConfirmState, to: ConfirmState) -> ConfirmState:
    """Give the state of a confirmation after a step; raises `NotConfirmed`."""
    return step(CONFIRM_STEPS, before, to, error=NotConfirmed)


def reset_step(before: ResetState, to: ResetState) -> ResetState:
    """Give the state of a reset after a step; raises `ForbiddenCardStep`."""
    return step(RESET_STEPS, before, to, error=ForbiddenCardStep)


def agreement_step(before: AgreementState, to: AgreementState) -> AgreementState:
    """Give the state of an agreement after a step; raises `ForbiddenAgreementStep`."""
    return step(AGREEMENT_STEPS, before, to, error=ForbiddenAgreementStep)


def debit_step(before: DebitState, to: DebitState) -> DebitState:
    """Give the state of a debit after a step; raises `ForbiddenAgreementStep`."""
    return step(DEBIT_STEPS, before, to, error=ForbiddenAgreementStep)
