"""Every check holds on a scratch database, and every fault turns exactly its promises red."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from unittest.mock import patch

import pytest

from tests.proof.conftest import Walk
from xingnuo.proof import actions, queries
from xingnuo.proof._reach import Reach
from xingnuo.proof.contracts import Check, CheckKind, Mutation, NotSo

CHECKS = tuple(c for c in queries.checks() if c.kind is not CheckKind.LIVE)


def _marks(of: tuple[Check, ...] | tuple[Mutation, ...]) -> list:  # type: ignore[type-arg]
    return [pytest.param(x.name, marks=pytest.mark.promise(*x.promises), id=x.name) for x in of]


@pytest.mark.parametrize("name", _marks(CHECKS))
def test_it_holds(walk: Walk, name: str) -> None:
    """The check passes on the house as it stands."""
    assert walk.outcomes[name].holds, walk.outcomes[name].words


@pytest.mark.parametrize("name", _marks(queries.mutations()))
def test_a_fault_turns_exactly_its_promises_red(walk: Walk, name: str) -> None:
    """The fault is noticed by what it breaks, and by nothing else."""
    mutation = next(one for one in queries.mutations() if one.name == name)
    near = [check for check in walk.checks if walk.reach.touches(check.name, mutation)]
    outcome = actions.run_mutation(mutation, near)
    assert outcome.holds, outcome.words


def _fault(*promises: str, **faults: object) -> Mutation:
    return Mutation(name="planted", promises=promises, about="", faults=lambda: _paths(faults))


def _paths(faults: Mapping[str, object]) -> Mapping[str, object]:
    return {f"{__name__}.{name}": faulty for name, faulty in faults.items()}


def answer() -> int:
    """Give what the planted checks look at."""
    return 42


def _check(name: str, *promises: str, right: int = 42) -> Check:
    def run() -> None:
        if answer() != right:
            raise NotSo("another answer")

    return Check(name=name, promises=promises, kind=CheckKind.DYNAMIC, run=run, about="")


def test_a_fault_that_nobody_notices_is_told() -> None:
    """A promise whose checks stay green under its fault shows nothing."""
    blind = Check(
        name="blind", promises=("0.1",), kind=CheckKind.STATIC, run=lambda: None, about=""
    )
    outcome = actions.run_mutation(_fault("0.1", answer=lambda: 7), [blind])
    assert (outcome.holds, outcome.words) == (False, "not noticed by 0.1")


def test_a_fault_that_breaks_another_promise_is_told() -> None:
    """A fault must not turn a promise red that it does not name."""
    checks = [_check("one", "0.1"), _check("two", "0.2")]
    outcome = actions.run_mutation(_fault("0.1", answer=lambda: 7), checks)
    assert (outcome.holds, outcome.words) == (False, "also red: 0.2")


def test_what_stood_before_stands_after() -> None:
    """A fault is gone when its walk ends, whatever happened."""
    actions.run_mutation(_fault("0.1", answer=lambda: 7), [_check("one", "0.1")])
    assert answer() == 42


def test_a_check_that_never_enters_the_faulty_code_is_left_out() -> None:
    """The choice of checks follows what each of them entered."""
    mutation = next(m for m in queries.mutations() if m.name == "the_group_overrules_the_product")
    reach = Reach()
    by_name = {check.name: check for check in CHECKS}
    for name in ("policy.chain_of_texts", "items.declared_1_1_1"):
        with reach.of(name):
            actions.run_check(by_name[name])
    assert reach.touches("policy.chain_of_texts", mutation)
    assert not reach.touches("items.declared_1_1_1", mutation)


@pytest.mark.parametrize("mutation", queries.mutations(), ids=lambda one: one.name)
def test_every_fault_finds_its_place(mutation: Mutation) -> None:
    """Each path leads to something in the code, so no fault is switched in beside it."""
    with ExitStack() as switched:
        for path, faulty in mutation.faults().items():
            switched.enter_context(patch(path, faulty))
