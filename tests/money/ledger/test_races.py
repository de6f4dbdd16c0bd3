"""Races: sixteen threads on a barrier, and money that is only there once."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction

from tests.cast import transaction as one_transaction
from tests.money.ledger.books import (
    CLEARING,
    Purse,
    commit,
    ended,
    leave,
    placed,
    posted,
    purse,
    violations,
    void,
)
from xingnuo.kit import clock, ids
from xingnuo.kit.db import roles
from xingnuo.money.ledger import _batch, actions, queries
from xingnuo.money.ledger.contracts import Busy, End, Hold, Transfer, Verdict

THREADS = 16


@pytest.fixture(autouse=True)
def room_for_all() -> Iterator[None]:
    """Let the pool hold a connection for every thread, as several processes would."""
    connection.ensure_connection()
    pool: Any = connection.pool  # type: ignore[attr-defined]
    least, most = pool.min_size, pool.max_size
    pool.resize(least, THREADS + 4)
    yield
    pool.resize(least, most)


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Let every act begin at the same instant, each on a connection of its own."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def patiently[T](act: Callable[[], T]) -> T:
    """Repeat with the same ids while the books are busy, as every caller does."""
    while True:
        try:
            return act()
        except Busy:
            continue


@pytest.mark.timeout(120)
def test_one_balance_spent_64_ways_goes_out_exactly_as_often_as_it_fits() -> None:
    """Sixteen threads that spend ten four times, on 250."""
    one = purse(250)

    def spend() -> list[Verdict]:
        paid = [one.pays(10) for _ in range(4)]
        return [patiently(partial(posted, each))[0] for each in paid]

    told = Counter(each for some in at_once([spend] * THREADS) for each in some)
    assert told == {Verdict.DONE: 25, Verdict.SHORT: 39}
    assert one.balance().posted_fen == 0


@pytest.mark.timeout(120)
def test_sixty_four_callers_of_one_batcher_spend_exactly_what_fits() -> None:
    """The batching front decides as single transactions do."""
    one = purse(250)
    front = actions.Batcher()
    front.start()
    try:
        with ThreadPoolExecutor(64) as threads:
            told = Counter(
                each[0] for each in threads.map(lambda _: front.wait([one.pays(10)]), range(64))
            )
    finally:
        front.stop()
    assert told == {Verdict.DONE: 25, Verdict.SHORT: 39}
    assert one.balance().posted_fen == 0
    assert front.batches < 64


@pytest.mark.timeout(120)
def test_the_same_transfer_from_sixteen_threads_is_done_once() -> None:
    """All are told that it is done; it is in the books once."""
    one = purse(100)
    paid = one.pays(7)
    told = at_once([lambda: patiently(lambda: posted(paid))[0]] * THREADS)
    assert set(told) == {Verdict.DONE}
    assert (one.balance().posted_fen, one.balance().version) == (93, 2)


@pytest.mark.timeout(120)
def test_a_hold_committed_and_voided_at_once_ends_once() -> None:
    """Commit or void, never both: who came second is told what was."""
    for _ in range(6):
        one = purse(100)
        hold = one.holds(60)
        placed(hold)
        first, second = commit(hold), void(hold)
        acts = [
            lambda each=each: (each.how, ended(each)[0])
            for each in (first, second) * (THREADS // 2)
        ]
        told = at_once(acts)
        ways = {how for how, verdict in told if verdict is Verdict.DONE}
        assert len(ways) == 1
        left = 40 if ways == {End.COMMIT} else 100
        assert (one.balance().posted_fen, one.balance().held_fen) == (left, 0)
        other = Verdict.COMMITTED if ways == {End.COMMIT} else Verdict.VOIDED
        assert {verdict for how, verdict in told if how not in ways} == {other}


@pytest.mark.timeout(120)
def test_a_hold_committed_twice_by_two_transfers_moves_money_once() -> None:
    """Two commits of one hold: one is done, all others are told."""
    one = purse(100)
    hold = one.holds(60)
    placed(hold)
    told = Counter(at_once([lambda: ended(commit(hold, 10))[0] for _ in range(THREADS)]))
    assert told == {Verdict.DONE: 1, Verdict.COMMITTED: THREADS - 1}
    assert one.balance().posted_fen == 90


@pytest.mark.timeout(120)
def test_a_hold_committed_while_its_time_runs_out_ends_once() -> None:
    """Commit and sweep, around the very instant."""
    ways = set()
    for number in range(8):
        one = purse(100)
        hold = one.holds(60, seconds=0.15)
        placed(hold)
        end_it = partial(late, 0.02 * number, partial(end_one, hold))
        sweep = partial(late, 0.02 * number, actions.expire_holds)
        told = at_once([end_it, sweep] * (THREADS // 2))
        time.sleep(0.2)
        actions.expire_holds()
        done = {each for each in told if isinstance(each, Verdict)}
        ways |= done
        balance = one.balance()
        assert balance.held_fen == 0
        if Verdict.DONE in done:  # one of four was first; the others are not repeats of it
            assert balance.posted_fen == 40
            assert done <= {Verdict.DONE, Verdict.COMMITTED}
        else:
            assert (done, balance.posted_fen) == ({Verdict.EXPIRED}, 100)
    assert violations() == []


@pytest.mark.timeout(120)
def test_payments_both_ways_between_two_people_do_not_stand_in_each_others_way() -> None:
    """Accounts are locked in one order, so nobody waits in a ring."""
    one, other = purse(10_000), purse(10_000)

    def pay(source: Purse, target: Purse) -> Verdict:
        both = {"group_id": ids.uuid7(), "clearing_ref": ids.uuid7()}
        return posted(source.pays(5, CLEARING, **both), target.gets(5, CLEARING, **both))[0]

    def many(source: Purse, target: Purse) -> set[Verdict]:
        return {pay(source, target) for _ in range(8)}

    told = at_once([lambda: many(one, other), lambda: many(other, one)] * (THREADS // 2))
    assert set().union(*told) == {Verdict.DONE}
    assert (one.balance().posted_fen, other.balance().posted_fen) == (10_000, 10_000)


def test_locks_taken_first_keep_two_calls_from_a_ring() -> None:
    """An end and a post in one transaction, over two people, from both sides."""
    one, other = purse(10_000), purse(10_000)

    def pay(source: Purse, target: Purse) -> Verdict:
        ref = ids.uuid7()
        hold = source.holds(5, clearing_ref=ref)
        placed(hold)
        with one_transaction():
            actions.lock(
                leave(source.person),
                [(source.subject, source.account), (target.subject, target.account)],
            )
            actions.done(actions.end_many([commit(hold)]))
            return actions.post_many([target.gets(5, CLEARING, clearing_ref=ref)])[0]

    def many(source: Purse, target: Purse) -> set[Verdict]:
        return {pay(source, target) for _ in range(4)}

    told = at_once([lambda: many(one, other), lambda: many(other, one)] * (THREADS // 2))
    assert set().union(*told) == {Verdict.DONE}


def test_the_balance_of_then_is_right_though_the_first_to_begin_was_last_to_post() -> None:
    """T1 begins, T2 posts 10 and commits, T1 posts 5 and commits: then it was 15."""
    one = purse()
    began, posted_by_other = threading.Event(), threading.Event()

    def first() -> None:
        with transaction.atomic():
            _batch.fetch("SELECT now()")  # the transaction begins here
            began.set()
            assert posted_by_other.wait(30)
            actions.post_many([one.gets(5)])
        connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert began.wait(30)
    assert posted(one.gets(10)) == (Verdict.DONE,)
    between = clock.now()
    posted_by_other.set()
    thread.join()
    with one_transaction():
        permit = leave(one.person)
        assert queries.as_of(permit, one.account, clock.now()) == 15
        assert queries.as_of(permit, one.account, between) == 10
        page = queries.statement(permit, one.account)
    assert [entry.balance_after_fen for entry in page.entries] == [15, 10]
    assert page.entries[0].at > page.entries[1].at


@pytest.mark.timeout(120)
def test_as_of_is_a_replay_under_many_writers() -> None:
    """Every past instant of a busy account is the sum of what was there by then."""
    one = purse()
    instants = []

    def write() -> None:
        for _ in range(12):
            patiently(lambda: posted(one.gets(int.from_bytes(ids.random_bytes(1)) + 1)))
            instants.append(clock.now())

    at_once([write] * 6)
    with one_transaction():
        permit = leave(one.person)
        page = queries.statement(permit, one.account, limit=200)
        assert len(page.entries) == 72
        for at in instants[::3]:
            replayed = sum(entry.amount_fen for entry in page.entries if entry.at <= at)
            assert queries.as_of(permit, one.account, at) == replayed
    assert violations() == []


def test_a_clock_that_was_set_back_makes_no_entry_older_than_the_one_before() -> None:
    """The entry takes the last one's instant instead."""
    one = purse(100)
    with clock.shifted(-timedelta(hours=1)):
        assert posted(one.pays(10)) == (Verdict.DONE,)
    with one_transaction():
        newer, older = queries.statement(leave(one.person), one.account).entries
    assert newer.at == older.at
    assert violations() == []


@pytest.mark.timeout(120)
def test_a_backend_killed_in_the_middle_loses_and_doubles_nothing() -> None:
    """Callers repeat with the same ids until they are answered; then the books hold."""
    payers = [purse(1000) for _ in range(4)]
    sent = [payer.pays(1) for payer in payers for _ in range(240)]
    front = actions.Batcher(batch_max=20)
    front.start()
    over = threading.Event()

    def kill() -> int:
        count = _kill_one_writer()
        while not over.wait(0.05):
            count += _kill_one_writer()
        return count

    def send(transfer: Transfer) -> Verdict:
        return patiently(lambda: front.wait([transfer]))[0]

    with ThreadPoolExecutor(THREADS + 1) as threads:
        killer = threads.submit(kill)
        told = set(threads.map(send, sent))
        over.set()
        killed = killer.result()
    front.stop()
    assert told == {Verdict.DONE}
    assert killed > 0
    assert [payer.balance().posted_fen for payer in payers] == [760] * 4
    assert violations() == []


def _kill_one_writer() -> int:
    # As the operator would: the backend ends in the middle of whatever it does.
    params = roles.connection_params(
        settings.DATA_DIR, "xn_app", settings.DATABASES["default"]["NAME"]
    )
    with psycopg.connect(**params, autocommit=True) as killer:
        rows = killer.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            " AND usename = 'xn_app' AND datname = current_database()"
            " AND query LIKE '%%ledger_post%%' ORDER BY state = 'active' DESC LIMIT 1"
        ).fetchall()
    return len(rows)


def end_one(hold: Hold) -> Verdict:
    """Commit a hold by a transfer of its own."""
    return ended(commit(hold))[0]


def late(seconds: float, act: Callable[[], Any]) -> Any:
    """Act after a while."""
    time.sleep(seconds)
    return act()
