"""Verifying: any changed byte is found, and what was changed is named."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import IntegrityError, transaction

from tests.trust.evidence.conftest import cut_after, fetch, owner
from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.trust.evidence import _canonical, _heads, _seal, _sql, _verify, actions, queries
from xingnuo.trust.evidence.contracts import FaultKind, Kind, Line, Report

BLOCKS, LINES_PER_BLOCK, FLIPS = 6, 5, 200
SEED = 20261123
WIDTHS = {"smallint": 2, "integer": 4, "bigint": 8, "xid8": 8}


def line(subject_id: UUID) -> Line:
    """Make a line with a value in every column."""
    return Line(
        kind=Kind.VIEW, subject_id=subject_id, outcome="done", reason="shown", actor_kind="self",
        actor_ref="person", session_id=ids.uuid7(), channel="h5", purpose="profile.manage",
        items=("name", "phone"), recipient="bank_a", policy_version="2.0", permit_id=ids.uuid7(),
        ref=ids.uuid7(), count=2, coalesce=True,
    )  # fmt: skip


def add_block() -> None:
    """Record some lines of one person and seal them."""
    subject_id = ids.uuid7()
    with transaction.atomic():
        session.set_subject(subject_id)
        actions.record_many([line(subject_id) for _ in range(LINES_PER_BLOCK)])
    actions.seal_blocks()


@pytest.fixture(scope="module", autouse=True)
def a_chain(own_database: Path) -> Iterator[None]:
    """Build a chain, then take the constraint away: the verifier has to find it all alone."""
    for _ in range(BLOCKS):
        add_block()
    owner("ALTER TABLE evidence_block DROP CONSTRAINT evidence_block_shape")
    assert queries.verify().whole
    yield
    assert queries.verify().whole


def columns(table: str) -> dict[str, str]:
    """Give the columns of a table and their types."""
    return dict(
        fetch(
            "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            table,
        )
    )


def flipped(value: Any, kind: str, chance: random.Random) -> Any:
    """Give the value with a single bit of a single byte changed; None where there is no byte."""
    if kind == "text[]":
        at = chance.randrange(len(value))
        return [*value[:at], flipped(value[at], "text", chance), *value[at + 1 :]]
    if kind in ("text", "character varying"):
        raw = bytearray(value.encode())
        at = chance.randrange(len(raw)) if raw else -1
        # A NUL cannot stand in a text.
        bits = [bit for bit in range(7) if raw and raw[at] ^ (1 << bit)]
        return None if not raw else _flip(raw, at, chance.choice(bits)).decode()
    if kind in WIDTHS:
        number = _flip_any(
            bytearray(int(value).to_bytes(WIDTHS[kind], signed=kind != "xid8")), chance
        )
        changed = int.from_bytes(number, signed=kind != "xid8")
        return str(changed) if kind == "xid8" else changed
    if kind == "timestamp with time zone":
        return _moment(value, chance)
    raw = bytearray(value.bytes if kind == "uuid" else bytes(value))
    if not raw:
        return None
    return UUID(bytes=_flip_any(raw, chance)) if kind == "uuid" else _flip_any(raw, chance)


def _moment(value: datetime, chance: random.Random) -> datetime:
    start = clock.now().replace(year=2000, month=1, day=1)
    ticks = (value - start) // timedelta(microseconds=1)
    return start + timedelta(microseconds=ticks ^ (1 << chance.randrange(48)))


def _flip(raw: bytearray, at: int, bit: int) -> bytes:
    raw[at] ^= 1 << bit
    return bytes(raw)


def _flip_any(raw: bytearray, chance: random.Random) -> bytes:
    return _flip(raw, chance.randrange(len(raw)), chance.randrange(8))


def change(table: str, column: str, ctid: str, value: Any) -> str:
    """Change one column of one row behind everybody's back; give where the row stands now."""
    cast = "::text::xid8" if isinstance(value, str) and column in ("txid", "upto_txid") else ""
    statement = f"UPDATE {table} SET {column} = %s{cast} WHERE ctid = %s::tid RETURNING ctid::text"
    with transaction.atomic(using="owner"):
        return str(fetch(statement, value, ctid)[0][0])


def rows(table: str) -> list[str]:
    """Give where each row of a table stands."""
    return [row[0] for row in fetch(f"SELECT ctid::text FROM {table} ORDER BY 1")]


def test_two_hundred_flipped_bytes_are_all_found() -> None:
    """Any byte of any column of lines and blocks, one at a time; after mending all is whole."""
    chance, done, seen = random.Random(SEED), 0, set()
    kinds = {table: columns(table) for table in ("evidence_line", "evidence_block")}
    every = [(table, column) for table, told in kinds.items() for column in told]
    while done < FLIPS:
        table, column = every[done % len(every)]
        ctid = chance.choice(rows(table))
        value = fetch(f"SELECT {column} FROM {table} WHERE ctid = %s::tid", ctid)[0][0]
        other = None if value is None else flipped(value, kinds[table][column], chance)
        if other is None:
            done += column == "next_key"  # empty where no key was announced
            continue
        try:
            moved = change(table, column, ctid, other)
        except IntegrityError:
            continue  # another block has this number
        report = queries.verify()
        change(table, column, moved, str(value) if "txid" in column else value)
        assert not report.whole, (SEED, done, table, column, value, other)
        seen.add((table, column))
        done += 1
    assert set(every) - seen == {("evidence_block", "next_key")}
    assert queries.verify().whole


@pytest.mark.parametrize("column", ["purpose", "at", "items", "count", "permit_id", "recipient"])
def test_it_names_the_changed_line_and_its_block(column: str) -> None:
    """One line was changed: one fault, with its block and its id."""
    number = 3
    (packed,) = fetch("SELECT leaves FROM evidence_block WHERE number = %s", number)[0]
    line_id = UUID(bytes=bytes(packed)[48:64])
    ctid, value = fetch(f"SELECT ctid::text, {column} FROM evidence_line WHERE id = %s", line_id)[0]
    other = flipped(value, columns("evidence_line")[column], random.Random(SEED))
    moved = change("evidence_line", column, ctid, other)
    (fault,) = queries.verify().faults
    change("evidence_line", column, moved, value)
    assert (fault.kind, fault.block, fault.line_id) == (FaultKind.CHANGED, number, line_id)


def backed_up(work: Callable[[], None]) -> Report:
    """Verify after some work on the tables and files, then put everything back."""
    heads, public = _heads.path(), Path(settings.DATA_DIR, "evidence.pub")
    kept = heads.read_bytes(), public.read_bytes()
    for table in ("evidence_line", "evidence_block"):
        owner(f"CREATE TABLE kept_{table} AS TABLE {table}")
    try:
        work()
        return queries.verify()
    finally:
        for table in ("evidence_line", "evidence_block"):
            owner(f"DELETE FROM {table}")
            owner(f"INSERT INTO {table} SELECT * FROM kept_{table}")
            owner(f"DROP TABLE kept_{table}")
        heads.write_bytes(kept[0])
        public.write_bytes(kept[1])


def first(report: Report) -> tuple[FaultKind, int, UUID | None]:
    """Give the first fault."""
    fault = report.faults[0]
    return fault.kind, fault.block, fault.line_id


def a_line(number: int) -> UUID:
    """Give the id of the second line of a block."""
    return UUID(
        bytes=bytes(fetch("SELECT leaves FROM evidence_block WHERE number = %s", number)[0][0])[
            48:64
        ]
    )


def test_it_names_a_missing_line() -> None:
    """A line was deleted."""
    line_id = a_line(2)
    report = backed_up(lambda: owner("DELETE FROM evidence_line WHERE id = %s", line_id))
    assert first(report) == (FaultKind.MISSING, 2, line_id)
    assert report.faults_total == 1


def test_it_names_an_added_line() -> None:
    """A line was slipped into a sealed span, between blocks or between lines."""
    added = ids.uuid7()
    report = backed_up(
        lambda: owner(
            "CREATE TEMP TABLE forged AS SELECT * FROM evidence_line WHERE id = %s;"
            "UPDATE forged SET id = %s, coalesce_key = NULL;"
            " INSERT INTO evidence_line TABLE forged; DROP TABLE forged",
            a_line(4), added,
        )
    )  # fmt: skip
    assert first(report) == (FaultKind.ADDED, 4, added)
    assert report.faults_total == 1


def test_it_names_lines_in_another_order() -> None:
    """A block signed over another order than the table's is named, though each line is there."""

    def work() -> None:
        actions.seal_blocks()
        with transaction.atomic():
            session.set_subject(subject)
            actions.record_many([line(subject) for _ in range(3)])
        with transaction.atomic():
            last = _seal._begin()
            assert last is not None
            got = _seal._fetch(_sql.LEAVES, *last.place, 1, 10)
            leaves = [(row[2], bytes(row[3])) for row in reversed(got)]
            _seal._append(last, leaves=leaves, place=(got[-1][0], got[-1][1], got[-1][2]))

    subject = ids.uuid7()
    assert first(backed_up(work))[:2] == (FaultKind.REORDERED, BLOCKS + 1)


def test_it_names_a_missing_block() -> None:
    """A block in the middle is gone, with or without its lines; the others are not blamed."""
    report = backed_up(lambda: owner("DELETE FROM evidence_block WHERE number = 3"))
    assert first(report)[:2] == (FaultKind.BLOCK_MISSING, 3)
    assert {fault.kind for fault in report.faults} == {
        FaultKind.BLOCK_MISSING,
        FaultKind.HEAD_DIFFERS,
    }


def test_it_finds_a_cut_tail_by_the_anchored_heads() -> None:
    """The newest blocks and lines are gone: only the heads outside the database tell."""

    report = backed_up(lambda: cut_after(4))
    assert first(report) == (FaultKind.TRUNCATED, 5, None)
    assert report.faults_total == BLOCKS - 4


def test_it_finds_a_cut_tail_that_was_sealed_over() -> None:
    """New blocks took the old numbers, signed by the right key: their heads differ."""

    def work() -> None:
        owner("DELETE FROM evidence_line")
        owner("DELETE FROM evidence_block")
        for _ in range(BLOCKS):
            add_block()

    assert FaultKind.HEAD_DIFFERS in {fault.kind for fault in backed_up(work).faults}


def test_it_finds_two_blocks_swapped() -> None:
    """Order is part of what is signed."""
    report = backed_up(
        lambda: owner(
            "UPDATE evidence_block SET number = -number WHERE number IN (2, 3);"
            "UPDATE evidence_block SET number = 5 + number WHERE number < 0"
        )
    )
    assert first(report)[1] == 2


def rehash(number: int, key: Ed25519PrivateKey, **changed: Any) -> None:
    """Change a block and make its hash and signature fit, with a key of the attacker's."""
    for column, value in changed.items():
        owner(f"UPDATE evidence_block SET {column} = %s WHERE number = %s", value, number)
    row = next(
        row
        for row in fetch(_sql.ALL_BLOCKS)
        if row[list(_canonical.BLOCK_AS_TEXT).index("number")] == str(number)
    )
    digest = _canonical.block_hash(_verify.block_of(row).told)
    owner(
        "UPDATE evidence_block SET hash = %s, signature = %s WHERE number = %s",
        digest,
        key.sign(digest),
        number,
    )


def test_it_finds_a_block_signed_by_another_key() -> None:
    """A forger can make hashes fit, but not signatures, nor name a key of their own."""
    forger = Ed25519PrivateKey.generate()
    report = backed_up(lambda: rehash(BLOCKS, forger, sealed_at=clock.now()))
    assert first(report)[:2] == (FaultKind.BAD_SIGNATURE, BLOCKS)
    report = backed_up(lambda: rehash(BLOCKS, forger, key_id="0" * 16))
    assert first(report)[:2] == (FaultKind.UNKNOWN_KEY, BLOCKS)

    def announce() -> None:
        rehash(BLOCKS - 1, forger, next_key=forger.public_key().public_bytes_raw().hex())

    assert first(backed_up(announce))[:2] == (FaultKind.BAD_SIGNATURE, BLOCKS - 1)


def test_it_says_when_the_heads_are_gone() -> None:
    """Without anchored heads a cut tail could not be seen, so that is a fault itself."""
    assert first(backed_up(lambda: _heads.path().unlink()))[0] is FaultKind.NO_HEADS


def test_it_says_when_the_public_key_is_gone_or_another() -> None:
    """The published key is the anchor of trust."""
    public = Path(settings.DATA_DIR, "evidence.pub")
    assert first(backed_up(public.unlink))[0] is FaultKind.UNKNOWN_KEY
    other = f"{'0' * 16} {Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()}\n"
    assert first(backed_up(lambda: public.write_text(other) and None))[0] is FaultKind.UNKNOWN_KEY


def test_every_flipped_byte_of_the_heads_is_found() -> None:
    """The file outside the database is covered too."""
    chance, kept = random.Random(SEED), _heads.path().read_bytes()
    for _ in range(60):
        raw = bytearray(kept)
        # Past the last line's end a cut-short write is mended, so it is no fault.
        at, bit = chance.randrange(len(raw) - 1), chance.randrange(8)
        _heads.path().write_bytes(_flip(raw, at, bit))
        report = queries.verify()
        _heads.path().write_bytes(kept)
        assert not report.whole, (SEED, at, bit)


def test_a_forged_note_of_a_restore_excuses_nothing() -> None:
    """Only the house's key may say that blocks were lost to a restore."""

    def work() -> None:
        owner("DELETE FROM evidence_block WHERE number > 4")
        note = {"at": "2026", "epoch": 2, "key": "0" * 16, "restored_to": 4, "signature": "00" * 64}
        with _heads.path().open("a") as file:
            file.write(json.dumps(note) + "\n")

    assert FaultKind.TRUNCATED in {fault.kind for fault in backed_up(work).faults}


def test_a_line_of_an_epoch_to_come_is_found() -> None:
    """It would otherwise wait unsealed for ever."""
    line_id = a_line(BLOCKS)
    report = backed_up(lambda: owner("UPDATE evidence_line SET epoch = 7 WHERE id = %s", line_id))
    assert (FaultKind.AHEAD, line_id) in {(fault.kind, fault.line_id) for fault in report.faults}


def test_it_is_not_alarmed_by_what_is_sealed_meanwhile() -> None:
    """Blocks that appear while it walks are beyond its view, and so are their heads."""

    def meanwhile(done: int, total: int) -> None:
        if done == 1:
            add_block()

    assert queries.verify(progress=meanwhile).whole
