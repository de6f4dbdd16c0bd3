"""Sealing: every line ends in exactly one signed block, whoever commits when."""

from __future__ import annotations

import json
import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction

from tests.trust.evidence.conftest import Say, fetch, owner
from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.trust.evidence import _heads, _seal, actions, queries
from xingnuo.trust.evidence.contracts import EvidenceFault, Kind, Line, NotSealed
from xingnuo.trust.evidence.policy import BLOCK_LINES_MAX

WRITERS, TURNS = 5, 25


def sealed() -> Counter[UUID]:
    """Count how often each line id stands in a block."""
    found: Counter[UUID] = Counter()
    for (leaves,) in fetch("SELECT leaves FROM evidence_block ORDER BY number"):
        packed = bytes(leaves)
        found.update(UUID(bytes=packed[at : at + 16]) for at in range(0, len(packed), 48))
    return found


def standing() -> set[UUID]:
    """Give the ids of all lines."""
    return {row[0] for row in fetch("SELECT id FROM evidence_line")}


def heads() -> list[dict[str, object]]:
    """Read the anchored heads."""
    return [json.loads(line) for line in _heads.path().read_text().splitlines()]


def write(chance: random.Random) -> None:
    """Write some lines in a transaction that stays open a while, and sometimes rolls back."""
    subject_id = ids.uuid7()
    try:
        with transaction.atomic():
            session.set_subject(subject_id)
            for _ in range(chance.randint(1, 3)):
                actions.record(Line(kind=Kind.PERMIT, subject_id=subject_id))
                with transaction.atomic():
                    actions.record(Line(kind=Kind.OPERATOR))
                threading.Event().wait(chance.random() * 0.01)
            if chance.random() < 0.2:
                raise ZeroDivisionError
    except ZeroDivisionError:
        return


def closing(work: Callable[[], None]) -> Callable[[], None]:
    """Give the thread's connection back when its work is over."""

    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    return run


def test_every_line_ends_in_exactly_one_block() -> None:
    """Writers commit out of order while two sealers run all the time."""
    over = threading.Event()

    def writing(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(TURNS):
            write(chance)

    def sealing() -> None:
        while not over.is_set():
            actions.seal_blocks()

    with ThreadPoolExecutor(WRITERS + 2) as pool:
        sealers = [pool.submit(closing(sealing)) for _ in range(2)]
        writers = [pool.submit(closing(lambda seed=seed: writing(seed))) for seed in range(WRITERS)]
        for writer in writers:
            writer.result()
        over.set()
        for sealer in sealers:
            sealer.result()
    while actions.seal_blocks():
        pass
    found = sealed()
    assert set(found) == standing()
    assert set(found.values()) == {1}
    report = queries.verify()
    assert report.whole, report
    assert report.lines == len(found) and report.unsealed == 0
    assert report.anchored == report.blocks > 1


def test_an_open_transaction_is_waited_for(say: Say) -> None:
    """A line that commits late is neither lost nor sealed before its neighbours are known."""
    late, early = ids.uuid7(), ids.uuid7()
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            actions.record(Line(kind=Kind.OPERATOR, id=late))
            begun.set()
            go_on.wait(20)

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(closing(slow))
        begun.wait(20)
        say(id=early)
        actions.seal_blocks()
        assert not {late, early} & set(sealed())
        go_on.set()
        waiting.result()
    actions.seal_blocks()
    assert sealed()[late] == sealed()[early] == 1


def test_a_full_block_is_followed_by_the_next(alice: UUID) -> None:
    """More lines than fit one block go on in the next; nothing is left or taken twice."""
    actions.seal_blocks()
    blocks = queries.verify().blocks
    lines = [Line(kind=Kind.PURGED, subject_id=alice) for _ in range(2 * BLOCK_LINES_MAX)]
    with transaction.atomic():
        session.set_subject(alice)
        actions.record_many(lines)
    assert actions.seal_blocks() == len(lines)
    assert actions.seal_blocks() == 0
    report = queries.verify()
    assert report.whole and report.blocks == blocks + 2
    found = sealed()
    assert all(found[line.id] == 1 for line in lines)


def test_the_database_and_the_verifier_write_one_canonical_form(say: Say) -> None:
    """Odd but lawful columns hash alike in SQL and in Python."""
    say(items=())
    say(items=("name",), ref=ids.uuid7(), permit_id=ids.uuid7(), session_id=ids.uuid7(), count=0)
    say(at=clock.now().replace(microsecond=0))
    say(at=clock.now().replace(year=1999, microsecond=7))
    say(at=clock.now().replace(year=9999, microsecond=999999), count=2**31 - 1)
    line = say()
    odd = 'é"\\\b\f\n\r\t\x01\x7f/星\U0001f600'
    owner("UPDATE evidence_line SET reason = %s, items = %s WHERE id = %s", odd, [odd, ""], line.id)
    actions.seal_blocks()
    report = queries.verify()
    assert report.whole, report


def test_a_line_is_proved_without_the_others(say: Say) -> None:
    """A proof holds by itself, its key is the published one, and any change breaks it."""
    lines = [say(Kind.SHARE, items=("name",), recipient="bank_a") for _ in range(5)]
    with pytest.raises(NotSealed):
        queries.prove(lines[2].id)
    actions.seal_blocks()
    proof = queries.prove(lines[2].id)
    assert queries.holds(proof)
    assert proof.line["id"] == str(lines[2].id)
    public = Path(settings.DATA_DIR, "evidence.pub").read_text().split()[1]
    assert proof.public_key == public
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(
        bytes.fromhex(proof.signature), bytes.fromhex(proof.hash)
    )
    proof.line["recipient"] = "bank_b"
    assert not queries.holds(proof)
    with pytest.raises(NotSealed):
        queries.prove(ids.uuid7())


def test_the_key_is_its_owners_alone(say: Say) -> None:
    """The private key is readable by nobody else, and never in the database or the heads."""
    say()
    actions.seal_blocks()
    key = Path(settings.DATA_DIR, "secrets", "evidence.key")
    assert key.stat().st_mode & 0o077 == 0
    assert key.read_text().strip() not in _heads.path().read_text()


def test_another_key_is_announced_by_the_one_before(say: Say) -> None:
    """After a rotation the chain verifies over both keys; a cut-short rotation is finished."""
    say()
    actions.seal_blocks()
    first = heads()[-1]["key"]
    second = actions.rotate_key()
    say()
    actions.seal_blocks()
    assert heads()[-1]["key"] == second != first
    assert queries.verify().whole
    with transaction.atomic():
        last = _seal._begin()
        assert last is not None
        coming = _seal._keys.make_successor()
        _seal._append(last, leaves=[], place=last.place, next_key=coming.public)
    say()
    actions.seal_blocks()
    assert heads()[-1]["key"] == coming.id
    assert queries.verify().whole


def test_a_statement_is_signed_but_never_a_block(say: Say) -> None:
    """A certificate verifies by the published key, and its signature can pass for no block's."""
    say()
    actions.seal_blocks()
    digest = bytes(fetch("SELECT hash FROM evidence_block ORDER BY number DESC LIMIT 1")[0][0])
    for text in (b"{}", digest):
        signature, key_id = actions.sign(text)
        assert queries.signed(text, signature=signature, key_id=key_id)
        assert not queries.signed(text + b" ", signature=signature, key_id=key_id)
        assert not queries.signed(text, signature=signature, key_id="0" * 16)
        public = _seal._keys.public_of(key_id)
        assert not _seal._keys.signed_by(public, digest, signature)


def test_a_missing_key_is_never_replaced_by_a_new_one(say: Say) -> None:
    """Without its key the sealer stops; the lines wait."""
    say()
    actions.seal_blocks()
    key = Path(settings.DATA_DIR, "secrets", "evidence.key")
    text = key.read_text()
    key.unlink()
    line = say()
    try:
        with pytest.raises(EvidenceFault):
            actions.seal_blocks()
        key.write_text("00" * 32)
        with pytest.raises(EvidenceFault):
            actions.seal_blocks()
    finally:
        key.write_text(text)
        key.chmod(0o600)
    actions.seal_blocks()
    assert sealed()[line.id] == 1


def test_heads_that_were_not_written_follow_later(say: Say) -> None:
    """A crash between block and head, or in the middle of a head, is mended by the next run."""
    say()
    actions.seal_blocks()
    say()
    actions.seal_blocks()
    whole = _heads.path().read_bytes()
    _heads.path().write_bytes(whole[: whole.rstrip().rindex(b"\n") + 30])
    report = queries.verify()
    assert report.whole and report.anchored == report.blocks - 1 and report.remarks
    actions.seal_blocks()
    assert _heads.path().read_bytes() == whole
    assert queries.verify().whole


def test_the_app_role_sees_no_line_through_the_sealers_door(say: Say) -> None:
    """What the sealer's function gives is places and hashes."""
    say()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM evidence_leaves(0::smallint, '0', %s, 32767::smallint, 10)",
            [UUID(int=0)],
        )
        assert [column[0] for column in cursor.description] == [
            "epoch",
            "txid",
            "id",
            "leaf",
            "horizon",
        ]
        assert cursor.fetchall()
    with pytest.raises(DatabaseError), transaction.atomic():
        session.read_only()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT evidence_leaves(0::smallint, '0', %s, 1::smallint, 1)", [UUID(int=0)]
            )
