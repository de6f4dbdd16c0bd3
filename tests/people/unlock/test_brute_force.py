"""64 tries at once: the count has no gap between looking and counting."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from tests import cast
from tests.people.unlock.members import PASSWORD, make_member
from xingnuo.people.unlock import actions, queries
from xingnuo.people.unlock._limits import WRONG_BEFORE_WAIT
from xingnuo.people.unlock.contracts import Outcome, Verdict, Way

WIDE = 64


def at_once(typed: list[str], way: Way = Way.PASSWORD) -> tuple[list[Verdict], int]:
    """Let as many browsers as there are texts try at the same moment; give the count after."""
    alice = make_member()
    alice.set_password()
    alice.lock()
    actor, current = alice.actor, alice.session
    start = Barrier(len(typed))

    def attempt(text: str) -> Verdict:
        start.wait(timeout=60)
        try:
            return actions.try_secret(actor, current=current, way=way, typed=text)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(typed)) as pool:
        verdicts = list(pool.map(attempt, typed))
    with cast.transaction():
        return verdicts, queries.one(actor, way=way).wrong_count


@pytest.mark.promise("1.2.2")
def test_of_64_wrong_tries_at_once_five_are_looked_at() -> None:
    """Each counted try sees the count of the one before it; the others are told to wait."""
    verdicts, count = at_once([f"wrong lamp {n}" for n in range(WIDE)])
    told = Counter(verdict.outcome for verdict in verdicts)
    assert told == {Outcome.WRONG: WRONG_BEFORE_WAIT, Outcome.WAIT: WIDE - WRONG_BEFORE_WAIT}
    looked_at = sorted(v.wrong_count for v in verdicts if v.outcome is Outcome.WRONG)
    assert looked_at == [1, 2, 3, 4, 5] and count == WRONG_BEFORE_WAIT


def test_a_right_one_among_them_gains_no_further_guesses() -> None:
    """It may come through once in its turn; wrong ones after it start from nothing."""
    verdicts, count = at_once([PASSWORD, *(f"wrong lamp {n}" for n in range(WIDE // 2))])
    told = Counter(verdict.outcome for verdict in verdicts)
    assert told[Outcome.RIGHT] <= 1
    assert told[Outcome.WRONG] <= 2 * WRONG_BEFORE_WAIT - 1
    assert count <= WRONG_BEFORE_WAIT
