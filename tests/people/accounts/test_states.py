"""The room's own state tables, its counter, its digests and its labels."""

from __future__ import annotations

import itertools
import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from xingnuo.kit import clock, ids
from xingnuo.kit.errors import TooMany
from xingnuo.kit.steps import ForbiddenStep, step
from xingnuo.people.accounts import actions, queries
from xingnuo.people.accounts._secret import is_secret, keyed, s256
from xingnuo.people.accounts._states import TELL_STEPS
from xingnuo.people.accounts.contracts import TellState


@pytest.mark.parametrize(("before", "after"), [*itertools.product(TellState, TellState)])
def test_each_step_of_an_erase_notice(before: TellState, after: TellState) -> None:
    """What the table has goes on; every other step is refused."""
    if after in TELL_STEPS[before]:
        assert step(TELL_STEPS, before, after) is after
    else:
        with pytest.raises(ForbiddenStep):
            step(TELL_STEPS, before, after)


def test_every_state_is_in_its_table_and_the_ends_are_ends() -> None:
    """No state was forgotten, and done leads nowhere."""
    assert set(TELL_STEPS) == set(TellState)
    assert not TELL_STEPS[TellState.DONE]


def test_tries_are_counted_to_the_limit_and_the_window_ends() -> None:
    """At the limit it passes, one more is refused, and a later window begins anew."""
    key = ids.token()
    for number in range(1, 4):
        assert actions.count_attempt("trial", key, 3, 60) == number
    with pytest.raises(TooMany):
        actions.count_attempt("trial", key, 3, 60)
    assert actions.count_attempt("trial", ids.token(), 3, 60) == 1
    assert actions.count_attempt("other", key, 3, 60) == 1
    with clock.shifted(timedelta(seconds=61)):
        assert actions.count_attempt("trial", key, 3, 60) == 1
        actions.forget_attempts("trial", key)
        assert actions.count_attempt("trial", key, 3, 60) == 1


def test_a_try_is_not_counted_where_a_rollback_would_take_it_back() -> None:
    """Inside a transaction the counter refuses to work at all."""
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.count_attempt("trial", ids.token(), 3, 60)


def test_tries_at_once_are_all_counted() -> None:
    """Eight threads, twenty tries, a limit of five: five pass."""
    key, passed, lock = ids.token(), [], threading.Lock()

    def knock() -> None:
        for _ in range(5):
            try:
                actions.count_attempt("trial", key, 5, 60)
            except TooMany:
                continue
            with lock:
                passed.append(1)
        connection.close()

    threads = [threading.Thread(target=knock) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(passed) == 5


def test_digests_of_two_uses_share_nothing() -> None:
    """And parts cannot be shifted into one another."""
    assert keyed("session", "a") != keyed("code", "a")
    assert keyed("device", "a", "bc") != keyed("device", "ab", "c")
    assert keyed("session", "a") == keyed("session", "a")


def test_a_secret_is_known_by_its_shape() -> None:
    """So that nothing long or strange reaches the database."""
    assert is_secret(ids.token()) and is_secret(ids.token(384))
    for wrong in ("", "a" * 39, "a" * 201, "a b" * 20, "ä" * 43, "a" * 42 + "'", "\x00" * 43):
        assert not is_secret(wrong)


def test_the_challenge_is_that_of_the_standard() -> None:
    """RFC 7636, appendix B."""
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert s256(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        ("Mozilla/5.0 (Linux; Android 14; 23127PN0CC) Chrome/126 Safari/537", "Android · Chrome"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1) Version/18 Safari/604", "iPhone · Safari"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126 Safari/537 Edg/126", "Windows · Edge"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/128.0", "Linux · Firefox"),
        ("Mozilla/5.0 (Linux; Android 14) MicroMessenger/8 Chrome/120", "Android · 微信"),
        ("curl/8", "其他系统 · 其他浏览器"),
        ("", "其他系统 · 其他浏览器"),
    ],
)
def test_a_label_is_coarse(agent: str, label: str) -> None:
    """System and family, no version and no model."""
    assert queries.label_of(agent) == label
