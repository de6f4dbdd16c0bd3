"""Every step of this part's tables, taken and refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from itertools import product
from typing import Any

import pytest

from xingnuo.kit.errors import XingnuoError
from xingnuo.money.payments import _cards_states as states
from xingnuo.money.payments.contracts import CheckState, ConfirmState, DebitState

type Table = Mapping[Any, frozenset[Any]]
TABLES: dict[str, tuple[Table, Callable[[Any, Any], Any]]] = {
    "check": (states.CHECK_STEPS, states.check_step),
    "card": (states.CARD_STEPS, states.card_step),
    "confirm": (states.CONFIRM_STEPS, states.confirm_step),
    "reset": (states.RESET_STEPS, states.reset_step),
    "agreement": (states.AGREEMENT_STEPS, states.agreement_step),
    "debit": (states.DEBIT_STEPS, states.debit_step),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_step_that_is_not_in_the_table_is_refused(name: str) -> None:
    """Every pair of states: in the table it is taken, else refused."""
    table, step = TABLES[name]
    kind: type[StrEnum] = type(next(iter(table)))
    assert set(table) == set(kind)
    for before, after in product(kind, kind):
        if after in table[before]:
            assert step(before, after) is after
        else:
            with pytest.raises(XingnuoError):
                step(before, after)


def test_ends_are_ends() -> None:
    """Nothing leads on from an end; nothing leads from the unknown but the bank's words."""
    assert states.CHECK_STEPS[CheckState.UNKNOWN] == {
        CheckState.CODE, CheckState.CONFIRMED, CheckState.REFUSED,
    }  # fmt: skip
    assert not states.CONFIRM_STEPS[ConfirmState.USED]
    assert DebitState.CANCELLED not in states.DEBIT_STEPS[DebitState.TRYING]
