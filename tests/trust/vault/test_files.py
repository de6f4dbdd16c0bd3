"""Files: whole and in order, or not at all."""

import os
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trust.vault.conftest import Leave, entered, put, sealable
from xingnuo.kit.errors import XingnuoError
from xingnuo.trust.vault import actions, queries
from xingnuo.trust.vault.contracts import TooLarge, Unreadable, WrongForm
from xingnuo.trust.vault.policy import FILE_BYTES_MAX, PART_BYTES

PHOTO = "document_photo"


def keep(leave: Leave, content: bytes, *, slot: str = "", item: str = PHOTO) -> UUID:
    """Write a file in a transaction of its own."""
    with entered(leave):
        return actions.put_file(leave, item=item, key_class="documents", content=content, slot=slot)


def read(leave: Leave, *, slot: str = "") -> bytes | None:
    """Open a file in a transaction of its own."""
    with entered(leave):
        return queries.open_file(leave, item=PHOTO, slot=slot)


def change(leave: Leave, statement: str, *values: Any) -> None:
    """Change the table as somebody with the table could."""
    with entered(leave), connection.cursor() as cursor:
        cursor.execute(statement, [*values])
        assert cursor.rowcount > 0


def rows(leave: Leave) -> int:
    """Count the parts that rest."""
    with entered(leave):
        return queries.residue(leave.subject_id)["vault_blob"]


@pytest.mark.parametrize(
    ("size", "parts"),
    [
        (0, 1),
        (1, 1),
        (PART_BYTES, 1),
        (PART_BYTES + 1, 2),
        (PART_BYTES * 16, 16),
        (PART_BYTES * 17 + 5, 18),
        (PART_BYTES * 33, 33),
    ],
)
@pytest.mark.parametrize("cipher", ["aes-256-gcm", "sm4-gcm"])
def test_a_file_comes_back(alice: Leave, settings: Any, cipher: str, size: int, parts: int) -> None:
    """In as many parts as it takes, by both ciphers."""
    settings.CIPHER = cipher
    content = os.urandom(size)
    keep(alice, content)
    assert read(alice) == content
    assert rows(alice) == parts
    with entered(alice):
        (shown,) = queries.open_many(alice, [PHOTO])
    assert (shown.is_file, shown.size_bytes, shown.plain) == (True, size, b"")


@settings(max_examples=15, deadline=None)
@given(st.binary(max_size=200_000))
def test_any_bytes_come_back(content: bytes) -> None:
    """From a stream that is read part by part."""
    leave = Leave()
    with entered(leave):
        actions.put_file(leave, item=PHOTO, key_class="documents", content=BytesIO(content))
        assert b"".join(queries.stream_file(leave, item=PHOTO)) == content


def test_nothing_of_a_file_rests_in_the_clear(alice: Leave) -> None:
    """No part holds a piece of the picture."""
    keep(alice, b"CNRY-photo " * 20_000)
    with entered(alice), connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM vault_blob WHERE subject_id = %s", [alice.subject_id])
        assert not any(b"CNRY" in bytes(sealed) for (sealed,) in cursor.fetchall())


def test_a_file_that_is_not_there_is_none(alice: Leave) -> None:
    """And so is the one in another slot."""
    keep(alice, b"x", slot="front")
    assert read(alice, slot="front") == b"x"
    assert read(alice, slot="back") is None


def test_a_newer_file_leaves_no_part_of_the_older(alice: Leave) -> None:
    """The older one's parts go in the same transaction."""
    keep(alice, os.urandom(PART_BYTES * 3))
    keep(alice, b"small")
    assert read(alice) == b"small"
    assert rows(alice) == 1
    with entered(alice):
        assert actions.drop(alice, [PHOTO]) == 1
    assert rows(alice) == 0


PARTS = "subject_id = %s AND file_id = %s"


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        ("last part cut off", f"DELETE FROM vault_blob WHERE {PARTS} AND part = 2"),
        ("first part gone", f"DELETE FROM vault_blob WHERE {PARTS} AND part = 0"),
        ("all parts gone", f"DELETE FROM vault_blob WHERE {PARTS}"),
        (
            "two parts swapped",
            "UPDATE vault_blob SET sealed = (SELECT o.sealed FROM vault_blob AS o"
            " WHERE o.subject_id = vault_blob.subject_id AND o.file_id = vault_blob.file_id"
            f" AND o.part = 1 - vault_blob.part) WHERE {PARTS} AND part < 2",
        ),
        (
            "a part twice",
            "UPDATE vault_blob SET sealed = (SELECT o.sealed FROM vault_blob AS o"
            " WHERE o.subject_id = vault_blob.subject_id AND o.file_id = vault_blob.file_id"
            f" AND o.part = 0) WHERE {PARTS} AND part = 1",
        ),
        (
            "a bit flipped",
            "UPDATE vault_blob SET sealed = set_byte(sealed, 100, 255 - get_byte(sealed, 100))"
            f" WHERE {PARTS} AND part = 1",
        ),
        (
            "a part added",
            "INSERT INTO vault_blob (subject_id, id, file_id, part, sealed)"
            " SELECT subject_id, gen_random_uuid(), file_id, 3, sealed FROM vault_blob"
            f" WHERE {PARTS} AND part = 0",
        ),
        ("renumbered", f"UPDATE vault_blob SET part = part + 1 WHERE {PARTS} AND part = 2"),
    ],
)
def test_a_changed_file_gives_nothing(alice: Leave, name: str, statement: str) -> None:
    """Cut, reordered, doubled, changed or longer: refused as a whole."""
    file_id = keep(alice, os.urandom(PART_BYTES * 2 + 77))
    change(alice, statement, alice.subject_id, file_id)
    with entered(alice), pytest.raises(Unreadable):
        queries.open_file(alice, item=PHOTO)


def test_a_file_cut_behind_its_last_flag_is_refused(alice: Leave) -> None:
    """Even when the head of a shorter file is put before the parts of a longer one."""
    longer = keep(alice, os.urandom(PART_BYTES * 2))
    shorter = keep(alice, os.urandom(PART_BYTES), slot="other")
    change(
        alice,
        f"DELETE FROM vault_blob WHERE {PARTS} AND part = 1",
        alice.subject_id,
        longer,
    )
    change(
        alice,
        "UPDATE vault_value SET sealed = (SELECT o.sealed FROM vault_value AS o"
        " WHERE o.subject_id = vault_value.subject_id AND o.id = %s)"
        " WHERE subject_id = %s AND id = %s",
        shorter,
        alice.subject_id,
        longer,
    )
    assert read(alice, slot="other") is not None
    with entered(alice), pytest.raises(Unreadable):
        queries.open_file(alice, item=PHOTO)


def test_an_older_file_does_not_come_back_under_a_newer_head(alice: Leave) -> None:
    """The head names its file, so pointing the row at other parts is refused."""
    keep(alice, os.urandom(10))
    with entered(alice), connection.cursor() as cursor:
        cursor.execute("SELECT id, sealed FROM vault_blob WHERE part = 0")
        ((part_id, old),) = cursor.fetchall()
    keep(alice, os.urandom(10))
    change(alice, "UPDATE vault_blob SET sealed = %s WHERE subject_id = %s", old, alice.subject_id)
    with entered(alice), pytest.raises(Unreadable):
        queries.open_file(alice, item=PHOTO)
    change(
        alice,
        "UPDATE vault_value SET id = %s WHERE subject_id = %s",
        part_id,
        alice.subject_id,
    )
    with entered(alice), pytest.raises(Unreadable):
        queries.open_file(alice, item=PHOTO)


def test_a_file_too_large_leaves_nothing(alice: Leave) -> None:
    """It is refused while it streams, and what was written of it goes."""
    keep(alice, b"before")

    class Endless(BytesIO):
        given = 0

        def read(self, size: int | None = -1, /) -> bytes:
            Endless.given += size or 0
            return b"x" * (size or 0)

    with entered(alice), pytest.raises(TooLarge):
        actions.put_file(alice, item=PHOTO, key_class="documents", content=Endless())
    assert Endless.given <= FILE_BYTES_MAX + 2 * PART_BYTES
    assert read(alice) == b"before"
    assert rows(alice) == 1


def test_a_value_and_a_file_do_not_take_each_others_place(alice: Leave) -> None:
    """Parts would be left behind, or a head be shown as a value."""
    keep(alice, b"x")
    with pytest.raises(WrongForm):
        put(alice, sealable(PHOTO, "text"))
    put(alice, sealable("name", "text"))
    with pytest.raises(XingnuoError):
        keep(alice, b"x", item="name")
    assert read(alice) == b"x"
