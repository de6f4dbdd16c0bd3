"""Posting in batches: 1,000 and 8,000 transfers a call, on one hot account and over 8,000 people.

`xingnuo bench ledger_batch [--json]`. Bars: 8,000 a call at least 0.3 of a COPY of the same rows
with their keys over 8,000 accounts, and 0.4 on a hot one; 1,000 a call on a hot account at least 5
times pgledger, when `XN_PGLEDGER` names its public SQL files (parted by a colon, loaded in order
into a database of their own), else that part is left out with a message.

COPY is the least that writes the same transfers and entries: the texts are made beforehand, the
tables are plain copies with the same keys and indexes, without row security, guards, locks,
verdicts or balances. Ours is `actions.post_many` as the worker calls it, arrays made on the way,
with its commit on disk. Turns of both alternate, and the ratio is the median of paired turns,
since other programs disturb both; that of the best turns of each is printed beside it.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from django.db import transaction
from psycopg import sql

from bench import _ledger, report
from xingnuo.kit import ids
from xingnuo.kit.db import cluster
from xingnuo.money.ledger import actions
from xingnuo.money.ledger.contracts import Transfer, Verdict

TURNS = 7
LARGE, SMALL = 8000, 1000
UNIFORM_BAR, HOT_BAR, PGLEDGER_BAR = 0.3, 0.4, 5.0
PGLEDGER = "XN_PGLEDGER"
COPIES = """
    DROP TABLE IF EXISTS bench_transfer, bench_entry;
    CREATE TABLE bench_transfer (LIKE ledger_transfer INCLUDING ALL);
    CREATE TABLE bench_entry (LIKE ledger_entry INCLUDING ALL);
"""


def main() -> None:
    """Measure each shape and print the closing line."""
    report.say(f"{LARGE} and {SMALL} transfers a call; {TURNS} turns of each")
    crowd, hot = _ledger.purses(LARGE), _ledger.purses(1)
    writer = Copier()
    uniform = against_copy("uniform", crowd, writer)
    steep = against_copy("hot", hot, writer)
    small = best(lambda: post(_ledger.payments(hot, SMALL)), SMALL, f"ours N={SMALL} hot")
    peer = pgledger()
    ratio = round(small / peer, 1) if peer else None
    if ratio is not None:
        report.say(f"N={SMALL} hot: {ratio} times pgledger")
    report.result(
        name="ledger_batch",
        value=round(small),
        unit=f"transfers/s at N={SMALL} on one account",
        bar=f"N={LARGE}: >= {UNIFORM_BAR} of COPY uniform ({uniform:.2f}), >= {HOT_BAR} hot"
        f" ({steep:.2f}); N={SMALL} hot >= {PGLEDGER_BAR} times pgledger",
        holds=uniform >= UNIFORM_BAR
        and steep >= HOT_BAR
        and (ratio is None or ratio >= PGLEDGER_BAR),
        ratio_to="pgledger" if peer else "COPY",
        ratio=ratio if peer else round(uniform, 2),
    )


def post(transfers: list[Transfer]) -> None:
    """Post as the worker does."""
    with transaction.atomic():
        told = actions.post_many(transfers)
    if set(told) != {Verdict.DONE}:
        raise SystemExit(f"not all done: {set(told)}")


def against_copy(name: str, pairs: list[Any], writer: Copier) -> float:
    """Give our rate over that of COPY."""
    ours, theirs = [], []
    for _ in range(TURNS):
        transfers = _ledger.payments(pairs, LARGE)
        ours.append(_ledger.seconds(partial(post, transfers)))
        writer.prepare(transfers)
        theirs.append(_ledger.seconds(writer.write))
    ratio = statistics.median(their / our for their, our in zip(theirs, ours, strict=True))
    report.say(
        f"N={LARGE} {name}: {LARGE / min(ours):,.0f}/s, COPY {LARGE / min(theirs):,.0f}/s;"
        f" ratio {ratio:.2f}, of the best turns {min(theirs) / min(ours):.2f}"
    )
    return ratio


def best(act: Callable[[], object], count: int, name: str) -> float:
    """Give the rate of the best turn."""
    rate = count / min(_ledger.seconds(act) for _ in range(TURNS * 2))
    report.say(f"{name}: {rate:,.0f}/s")
    return rate


class Copier:
    """Writes the rows that a batch made once more, into plain copies of the tables."""

    def __init__(self) -> None:
        self.owner = _ledger.connect("xn_owner")
        self.owner.execute(COPIES)
        self.transfers = self.entries = b""

    def prepare(self, transfers: list[Transfer]) -> None:
        """Read what a batch wrote, as the text that COPY takes."""
        named = sql.SQL(",").join(sql.Literal(each.id) for each in transfers)
        people = {each.subject_id for each in transfers}
        subjects = sql.SQL(",").join(sql.Literal(each) for each in people)
        self.transfers = self._text("ledger_transfer", "id", subjects, named)
        self.entries = self._text("ledger_entry", "transfer_id", subjects, named)

    def write(self) -> None:
        """Copy both in one transaction."""
        with self.owner.transaction(), self.owner.cursor() as cursor:
            for table, text in (("bench_transfer", self.transfers), ("bench_entry", self.entries)):
                with cursor.copy(
                    sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
                ) as stream:
                    stream.write(text)

    def _text(self, table: str, key: str, subjects: sql.Composed, named: sql.Composed) -> bytes:
        asked = sql.SQL("COPY (SELECT * FROM {} WHERE subject_id IN ({}) AND {} IN ({})) TO STDOUT")
        statement = asked.format(sql.Identifier(table), subjects, sql.Identifier(key), named)
        with self.owner.cursor() as cursor, cursor.copy(statement) as stream:
            return b"".join(bytes(part) for part in stream)


def pgledger() -> float | None:
    """Give pgledger's rate at the small batch on a hot account, or None where it is left out."""
    files = [Path(each) for each in os.environ.get(PGLEDGER, "").split(":") if each]
    missing = [each.name for each in files if not each.is_file()]
    if not files or missing:
        report.say(f"pgledger left out: {PGLEDGER} names no file of its SQL {missing or ''}")
        return None
    server = cluster.provide(Path(os.environ["XN_DATA_DIR"]))
    with psycopg.connect(server.superuser_dsn("postgres"), autocommit=True) as maker:
        maker.execute("CREATE DATABASE pgledger")
    with psycopg.connect(server.superuser_dsn("pgledger"), autocommit=True) as peer:
        for file in files:
            peer.execute(file.read_bytes())
        source, target = (_pgledger_account(peer, name) for name in ("one", "other"))
        wanted = [f'("{source}","{target}",1)'] * SMALL
        asked = "{" + ",".join('"' + each.replace('"', '\\"') + '"' for each in wanted) + "}"
        call = "SELECT count(*) FROM pgledger_create_transfers(transfer_requests => %s)"
        return best(lambda: peer.execute(call, [asked]), SMALL, f"pgledger N={SMALL} hot")


def _pgledger_account(peer: psycopg.Connection[Any], name: str) -> str:
    row = peer.execute(
        "SELECT id FROM pgledger_create_account(%s, 'CNY')", [f"{name}.{ids.uuid7()}"]
    ).fetchone()
    assert row is not None
    return str(row[0])


if __name__ == "__main__":
    main()
