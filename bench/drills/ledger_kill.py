"""Killing the database under the ledger: nothing acknowledged is lost, nothing is done twice.

`xingnuo drill ledger-kill --seed N`. Callers post, hold and end through the batching front and by
transactions of their own, while one backend after the other is killed (-9), each time in the middle
of whatever it does: the server drops everybody, recovers from its log, and goes on. Who got no
answer repeats with the same ids. In the end every transfer is in the books once, balances are
what the callers were told, and every invariant holds.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import psutil
from django.db import DatabaseError, connection, transaction

from bench import _ledger, report
from bench.drills import drill
from xingnuo.kit import clock, ids
from xingnuo.kit.db.embedded import EmbeddedCluster
from xingnuo.kit.errors import XingnuoError
from xingnuo.money.ledger import actions, queries
from xingnuo.money.ledger.contracts import End, Hold, HoldEnd, HouseKind, Transfer, Verdict, house

CALLERS, ACCOUNTS = 6, 24
KILLS = 8
CALM_SECONDS = 1.0
START_FEN = 100_000
CLEARING = house(HouseKind.CLEARING)


type Act = Callable[[], tuple[Verdict, ...]]


class Caller:
    """One caller with a few accounts of its own, who knows what it was told."""

    def __init__(self, told: drill.Drill, seed: int, pairs: list[_ledger.Pair]) -> None:
        self.told, self.chance, self.pairs = told, random.Random(seed), pairs
        self.spent: dict[UUID, int] = {account: 0 for _, account in pairs}
        self.acknowledged = self.resent = 0

    def run(self, front: actions.Batcher, over: threading.Event) -> None:
        """Move money until it is over, each step until it is answered."""
        while not over.is_set():
            subject, account = self.chance.choice(self.pairs)
            fen = self.chance.randint(1, 9)
            way = self.chance.choice(("batched", "alone", "held"))
            if way == "held":
                self._hold(subject, account, fen)
            else:
                moved = Transfer(
                    id=ids.uuid7(),
                    subject_id=subject,
                    from_id=account,
                    to_id=CLEARING,
                    amount_fen=fen,
                    kind="drill",
                )
                post = front.wait if way == "batched" else _alone
                verdict = self._until_answered(partial(post, [moved]))
                self._note(account, fen, verdict)
        connection.close()

    def _hold(self, subject: UUID, account: UUID, fen: int) -> None:
        hold = Hold(
            id=ids.uuid7(),
            subject_id=subject,
            from_id=account,
            to_id=CLEARING,
            amount_fen=fen,
            expires_at=clock.now() + timedelta(hours=1),
            kind="drill",
        )
        if self._until_answered(lambda: _in_one(lambda: actions.place_many([hold]))) != "done":
            return
        how = self.chance.choice((End.COMMIT, End.VOID))
        end = HoldEnd(
            hold_id=hold.id,
            subject_id=subject,
            how=how,
            transfer_id=ids.uuid7() if how is End.COMMIT else None,
        )
        verdict = self._until_answered(lambda: _in_one(lambda: actions.end_many([end])))
        self._note(account, fen if how is End.COMMIT else 0, verdict)

    def _note(self, account: UUID, fen: int, verdict: Verdict) -> None:
        self.acknowledged += 1
        if verdict is Verdict.DONE:
            self.spent[account] += fen

    def _until_answered(self, act: Act) -> Verdict:
        while True:
            try:
                return act()[0]
            except (XingnuoError, DatabaseError):
                self.resent += 1
                connection.close()
                time.sleep(0.02)


def main() -> None:
    """Let callers work while the database is killed under them, then look."""
    told = drill.begin("ledger-kill")
    chance = random.Random(told.seed)
    pairs = _ledger.purses(ACCOUNTS, fen=START_FEN)
    share = ACCOUNTS // CALLERS
    callers = [
        Caller(told, told.seed + number, pairs[number * share : (number + 1) * share])
        for number in range(CALLERS)
    ]
    over, front = threading.Event(), actions.Batcher()
    front.start()
    with ThreadPoolExecutor(CALLERS) as threads:
        running = [threads.submit(caller.run, front, over) for caller in callers]
        while told.counts.get("killed", 0) < KILLS:
            time.sleep(CALM_SECONDS + chance.random())
            kill(told, chance)
        time.sleep(CALM_SECONDS)
        over.set()
        for each in running:
            each.result()
    front.stop()
    connection.close()
    look(told, callers)
    told.end()


def look(told: drill.Drill, callers: list[Caller]) -> None:
    """Compare the books with what the callers were told."""
    for caller in callers:
        told.count("acknowledged", caller.acknowledged)
        told.count("resent", caller.resent)
    with connection.cursor() as cursor, transaction.atomic():
        for caller in callers:
            for subject, account in caller.pairs:
                cursor.execute(f"SET LOCAL xn.subject = '{subject}'")
                cursor.execute(
                    "SELECT posted_fen, held_fen FROM ledger_balance WHERE account_id = %s",
                    [account],
                )
                left = START_FEN - caller.spent[account]
                told.hold("balances_are_what_was_told", cursor.fetchone() == (left, 0))
    actions.roll_up()
    actions.seal_blocks()
    found = queries.check()
    for each in found:
        report.say(f"{each.invariant} {each.what}: {each.count}")
    told.hold("the_books_hold", found == ())
    told.hold("the_ledgers_sum_to_zero", queries.trial_balance().is_balanced)
    told.hold("someone_had_to_repeat", told.counts["resent"] > 0)


def kill(told: drill.Drill, chance: random.Random) -> None:
    """Kill one backend of the callers; the whole server recovers from it."""
    file = EmbeddedCluster(Path(os.environ["XN_DATA_DIR"])).place.pgdata / "postmaster.pid"
    keeper = psutil.Process(int(file.read_text().splitlines()[0]))
    backends = [each for each in keeper.children() if " xn_app " in " ".join(each.cmdline())]
    if backends:
        chance.choice(backends).send_signal(signal.SIGKILL)
        told.count("killed")


def _alone(transfers: list[Transfer]) -> tuple[Verdict, ...]:
    return _in_one(lambda: actions.post_many(transfers))


def _in_one(act: Act) -> tuple[Verdict, ...]:
    with transaction.atomic():
        return act()


if __name__ == "__main__":
    main()
