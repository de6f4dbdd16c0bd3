"""Walking the register: run checks, switch faults in, and say where each promise stands."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable
from contextlib import ExitStack
from unittest.mock import patch

from xingnuo.kit import clock
from xingnuo.proof import _register
from xingnuo.proof._reach import Reach
from xingnuo.proof.contracts import (
    Check,
    CheckKind,
    Mutation,
    NotSo,
    Outcome,
    Promise,
    Proof,
    Report,
    State,
)
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.policy import queries as policy

type Say = Callable[[str], None]


def run_check(check: Check) -> Outcome:
    """Run one check; what it raises is told by its type and words, never with a value."""
    start = time.monotonic_ns()
    words = ""
    try:
        check.run()
        holds = True
    except NotSo as found:
        holds, words = False, found.message_text
    except AssertionError as found:
        holds, words = False, f"assertion: {found}"[:200]
    except Exception as fault:  # a check that cannot run shows nothing
        holds, words = False, f"{type(fault).__name__}: {getattr(fault, 'code', '')}"
    spent = (time.monotonic_ns() - start) // 1_000_000
    return Outcome(name=check.name, kind=check.kind, holds=holds, words=words, duration_ms=spent)


def run_mutation(mutation: Mutation, checks: Iterable[Check]) -> Outcome:
    """Switch a fault in and see that its promises turn red, and only they."""
    start = time.monotonic_ns()
    red: set[str] = set()
    with ExitStack() as switched:
        # Rules that were built under a fault, or before it, are the other's.
        switched.callback(gate.forget_rules)
        for path, faulty in mutation.faults().items():
            switched.enter_context(patch(path, faulty))
        gate.forget_rules()
        for check in checks:
            # What would only say again that a promise is red tells nothing.
            if not red.issuperset(check.promises) and not run_check(check).holds:
                red.update(check.promises)
    missed = set(mutation.promises) - red
    others = red - set(mutation.promises)
    words = ""
    if missed:
        words = f"not noticed by {', '.join(sorted(missed))}"
    elif others:
        words = f"also red: {', '.join(sorted(others))}"
    spent = (time.monotonic_ns() - start) // 1_000_000
    return Outcome(
        name=mutation.name,
        kind=CheckKind.MUTATION,
        holds=not words,
        words=words,
        duration_ms=spent,
    )


def prove(
    *,
    live: tuple[Outcome, ...] | None = None,
    only: Collection[str] = (),
    say: Say = lambda _: None,
) -> Report:
    """Walk the register on the scratch database this process is connected to.

    `live` are the outcomes of the live checks, which ran over the real store; None when there is
    no store to ask, and then a promise that needs one is not proven. `only` names the promises to
    judge: their faults alone are tried, on every check that could notice them.
    """
    wanted = [one for one in _register.promises() if not only or one.id in only]
    outcomes: dict[str, list[Outcome]] = {}
    here = [check for check in _register.checks() if check.kind is not CheckKind.LIVE]
    reach = Reach()
    for check in here:
        with reach.of(check.name):
            outcome = run_check(check)
        say(f"{'✓' if outcome.holds else '✗'} {check.name}")
        for promise in check.promises:
            outcomes.setdefault(promise, []).append(outcome)
    for mutation in _register.mutations():
        if only and not set(mutation.promises) & set(only):
            continue
        outcome = run_mutation(mutation, [c for c in here if reach.touches(c.name, mutation)])
        say(f"{'✓' if outcome.holds else '✗'} fault {mutation.name}")
        for promise in mutation.promises:
            outcomes.setdefault(promise, []).append(outcome)
    by_name = {check.name: check for check in _register.checks()}
    for outcome in live or ():
        for promise in by_name[outcome.name].promises:
            outcomes.setdefault(promise, []).append(outcome)
    compiled = policy.in_force()
    return Report(
        made_at=clock.now().isoformat(timespec="seconds"),
        policy_version=compiled.version,
        policy_hash=compiled.hash,
        scope="scratch" if live is None else "scratch+live",
        proofs=tuple(_judge(promise, outcomes.get(promise.id, [])) for promise in wanted),
    )


def run_live() -> tuple[Outcome, ...]:
    """Run the live checks over the store this process is connected to."""
    return tuple(run_check(c) for c in _register.checks() if c.kind is CheckKind.LIVE)


def _judge(promise: Promise, outcomes: list[Outcome]) -> Proof:
    shown = {outcome.kind for outcome in outcomes if outcome.holds}
    missing = tuple(kind for kind in CheckKind if kind in promise.needs and kind not in shown)
    if any(not outcome.holds for outcome in outcomes):
        state = State.BROKEN
    elif missing or promise.waits:
        state = State.NOT_PROVEN
    else:
        state = State.KEPT
    return Proof(promise=promise, state=state, outcomes=tuple(outcomes), missing=missing)
