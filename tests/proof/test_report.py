"""The register and its reports: nothing is kept without all its kinds; people and machines can
read it.
"""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from xingnuo.doors.cli import _prove_html
from xingnuo.proof import actions, queries
from xingnuo.proof.contracts import (
    Check,
    CheckKind,
    Mutation,
    NotSo,
    Outcome,
    Promise,
    Report,
    State,
)
from xingnuo.trust.policy import queries as policy


def outcome(kind: CheckKind, *, holds: bool = True, name: str = "policy.chain_of_texts") -> Outcome:
    """Give an outcome of some kind."""
    words = "" if holds else "<b>not so</b>"
    return Outcome(name=name, kind=kind, holds=holds, words=words, duration_ms=1)


def report_of(*outcomes: Outcome) -> Report:
    """Give a report in which every promise came out alike."""
    compiled = policy.in_force()
    return Report(
        made_at="2026-11-23T08:00:00+00:00",
        policy_version=compiled.version,
        policy_hash=compiled.hash,
        scope="scratch",
        proofs=tuple(actions._judge(promise, list(outcomes)) for promise in queries.promises()),
    )


def test_the_register_holds_every_promise_of_the_list() -> None:
    """One hundred and eleven, each once, each with words for people."""
    ids = [promise.id for promise in queries.promises()]
    assert len(ids) == len(set(ids)) == 111
    assert all(queries.title(one) for one in ids)
    assert all(promise.needs for promise in queries.promises())


def test_every_check_and_fault_has_words_for_people() -> None:
    """The officer reads Chinese; a name alone would tell nothing."""
    named: tuple[Check | Mutation, ...] = (*queries.checks(), *queries.mutations())
    for one in named:
        assert any("一" <= letter <= "鿿" for letter in queries.words(one.name)), one.name


def test_names_are_unique_and_promises_known() -> None:
    """A name leads to one check or fault."""
    named: tuple[Check | Mutation, ...] = (*queries.checks(), *queries.mutations())
    names = [one.name for one in named]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("missing", list(CheckKind))
def test_a_promise_without_all_its_kinds_is_not_proven(missing: CheckKind) -> None:
    """Three of four is not kept."""
    every = frozenset(CheckKind)
    promise = next(p for p in queries.promises() if p.needs == every and not p.waits)
    shown = [outcome(kind) for kind in CheckKind if kind is not missing]
    proof = actions._judge(promise, shown)
    assert (proof.state, proof.missing) == (State.NOT_PROVEN, (missing,))
    assert actions._judge(promise, [*shown, outcome(missing)]).state is State.KEPT


@pytest.mark.parametrize("promise", queries.promises(), ids=lambda one: one.id)
def test_a_promise_that_waits_is_never_kept(promise: Promise) -> None:
    """With every check green a promise is kept if nothing of it is still to be built."""
    state = actions._judge(promise, [outcome(kind) for kind in CheckKind]).state
    assert state is (State.NOT_PROVEN if promise.waits else State.KEPT)


@pytest.mark.parametrize("promise", queries.promises(), ids=lambda one: one.id)
def test_what_lacks_a_check_says_what_it_waits_for(promise: Promise) -> None:
    """A promise either has checks of every kind that applies, or says what has to be built."""
    kinds = {one.kind for one in queries.checks() if promise.id in one.promises}
    if any(promise.id in one.promises for one in queries.mutations()):
        kinds.add(CheckKind.MUTATION)
    assert promise.waits or promise.needs <= kinds, promise.needs - kinds


def test_one_red_check_breaks_a_promise() -> None:
    """Whatever else holds."""
    promise = queries.promises()[0]
    shown = [*map(outcome, CheckKind), outcome(CheckKind.STATIC, holds=False)]
    assert actions._judge(promise, shown).state is State.BROKEN


def test_a_promise_nobody_checks_is_not_proven() -> None:
    """Without a single check it is never kept."""
    assert {p.state for p in report_of().proofs} == {State.NOT_PROVEN}


def test_the_json_is_as_agreed() -> None:
    """`promises` with id, state and checks; states in the three agreed words."""
    told = json.loads(json.dumps(queries.as_json(report_of(*map(outcome, CheckKind)))))
    assert len(told["promises"]) == 111
    waiting = sum(bool(promise["waits"]) for promise in told["promises"])
    for promise in told["promises"]:
        assert promise["state"] == ("not proven" if promise["waits"] else "kept")
        assert {"name", "kind", "holds", "words"} <= set(promise["checks"][0])
    assert 0 < waiting < 111
    assert told["counts"] == {"kept": 111 - waiting, "not proven": waiting, "broken": 0}


def test_the_page_names_every_promise_and_escapes_what_was_found() -> None:
    """Every id beside a clause; what a check found is text, never markup."""
    bad = outcome(CheckKind.LIVE, holds=False)
    page = _prove_html.render(queries.as_json(report_of(*map(outcome, CheckKind), bad)))
    for promise in queries.promises():
        assert f'id="p{promise.id}"' in page
    assert "<b>not so</b>" not in page and "&lt;b&gt;not so" in page
    assert "违背" in page and "src=" not in page


def test_a_check_that_cannot_run_shows_nothing_and_tells_no_value() -> None:
    """An unforeseen fault is a red check, told by its type alone."""
    check = queries.checks()[0]
    for fault, words in ((ValueError("13812345678"), "ValueError: "), (NotSo("plain"), "plain")):

        def run(fault: Exception = fault) -> None:
            raise fault

        found = actions.run_check(replace(check, run=run))
        assert (found.holds, found.words) == (False, words)
