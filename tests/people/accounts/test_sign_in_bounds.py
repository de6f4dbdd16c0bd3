"""Signing in under pressure: guesses, beginnings without end, and the same thing twice at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connections

from tests.outside import Outside
from tests.people.accounts.walk import begin, caller, finish
from xingnuo.kit import ids
from xingnuo.kit.errors import TooMany, Unavailable, XingnuoError
from xingnuo.people.accounts._limits import GUESSES, STARTS
from xingnuo.people.accounts.contracts import Caller, FlowRefused, SignedIn


def test_callbacks_are_counted_for_each_browser(outside: Outside) -> None:
    """Guessing ends after ten tries, and says when to come back."""
    who = caller(device=ids.token())
    limit, _ = GUESSES["finish_device"]
    for _ in range(limit):
        with pytest.raises(FlowRefused):
            finish({"code": "x", "state": ids.token()}, ids.token(384), who)
    with pytest.raises(TooMany) as refused:
        finish({"code": "x", "state": ids.token()}, ids.token(384), who)
    assert 0 < refused.value.retry_after_seconds <= 601
    with pytest.raises(FlowRefused):
        finish({"code": "x", "state": ids.token()}, ids.token(384), caller(device=ids.token()))


def test_addresses_are_counted_but_not_the_one_that_all_share(outside: Outside) -> None:
    """Behind a proxy everybody comes from this machine: one guesser must not shut all out."""
    limit, _ = GUESSES["finish_address"]
    for address, refused in (("203.0.113.7", TooMany), ("127.0.0.1", FlowRefused)):
        for _ in range(limit):
            with pytest.raises(FlowRefused):
                finish({"code": "x", "state": "x"}, "x", Caller(address=address))
        with pytest.raises(refused):
            finish({"code": "x", "state": "x"}, "x", Caller(address=address))


def test_an_outage_counts_against_nobody(outside: Outside) -> None:
    """A provider that is away is no guess."""
    who, sub = caller(device=ids.token()), outside.make_account()["sub"]
    for _ in range(GUESSES["finish_device"][0] + 1):
        started = begin(who)
        back = outside.sign_in(started.url, sub)
        outside.script("account", "token", "5xx", match=back["code"])
        with pytest.raises(Unavailable):
            finish(back, started.cookie, who)


def test_beginnings_are_counted(outside: Outside) -> None:
    """Nobody fills our tables with trips."""
    who = caller(device=ids.token())
    for _ in range(STARTS["start_device"][0]):
        begin(who)
    with pytest.raises(TooMany):
        begin(who)


def together(*acts: Callable[[], object]) -> list[object]:
    """Run acts at once, each on a connection of its own; gives results and refusals."""
    results: list[object] = []

    def run(act: Callable[[], object]) -> None:
        try:
            results.append(act())
        except XingnuoError as error:
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return results


def test_two_first_sign_ins_at_once_make_one_person(outside: Outside) -> None:
    """Whoever is second finds the person that the first one made."""
    sub = outside.make_account()["sub"]
    trips = [begin() for _ in range(3)]
    backs = [outside.sign_in(trip.url, sub) for trip in trips]
    pairs = zip(backs, trips, strict=True)
    entered = together(*[partial(finish, back, trip.cookie) for back, trip in pairs])
    assert all(isinstance(one, SignedIn) for one in entered), entered
    people = {one.session.subject_id for one in entered if isinstance(one, SignedIn)}
    assert len(people) == 1
    assert sum(one.is_first for one in entered if isinstance(one, SignedIn)) == 1


def test_two_callbacks_at_once_are_one(outside: Outside) -> None:
    """One of them signs in, the other is refused."""
    sub = outside.make_account()["sub"]
    started = begin()
    back = outside.sign_in(started.url, sub)
    ended = together(*[partial(finish, back, started.cookie)] * 3)
    assert sorted(type(one).__name__ for one in ended) == ["FlowRefused"] * 2 + ["SignedIn"]
