"""Files in sealed parts of 64 KiB, each bound to its file, its number and whether it is the last.

The head is an ordinary sealed value, `size(8) | parts(4) | file id(16)`. A file whose parts are
fewer, more, moved or changed gives nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO
from uuid import UUID

from django.db import connection, transaction

from xingnuo.kit import ids
from xingnuo.trust.vault import _cipher, _keyring, _values
from xingnuo.trust.vault._cipher import SubjectKey
from xingnuo.trust.vault._keyring import Ring
from xingnuo.trust.vault._passage import write_under
from xingnuo.trust.vault.contracts import Leave, Sealable, TooLarge, Unreadable
from xingnuo.trust.vault.policy import FILE_BYTES_MAX, PART_BYTES

# A statement carries at most a mebibyte of parts.
_PARTS_AT_ONCE = 16


def put(leave: Leave, value: Sealable, content: bytes | BinaryIO) -> UUID:
    """Seal a file part by part in place of what stood there; gives its id."""
    source = BytesIO(content) if isinstance(content, bytes) else content
    with transaction.atomic():
        write_under(leave)
        one_at_a_time(leave.subject_id)
        key = _keyring.writing(leave.subject_id, [value.key_class])[value.key_class]
        _delete_parts(leave.subject_id, value.item, value.slot)
        file_id, size, parts = ids.uuid7(), 0, 0
        waiting: list[tuple[UUID, UUID, UUID, int, bytes]] = []
        for part, is_last, plain in _cut(source):
            place = _place(value.item, value.slot, file_id, part, is_last=is_last)
            sealed = key.seal(plain, place, _values.cipher_in_use())
            waiting.append((leave.subject_id, ids.uuid7(), file_id, part, sealed))
            size, parts = size + len(plain), parts + 1
            if len(waiting) == _PARTS_AT_ONCE or is_last:
                _insert(waiting)
                waiting = []
        head = size.to_bytes(8) + parts.to_bytes(4) + file_id.bytes
        sealable = Sealable(
            item=value.item,
            slot=value.slot,
            plain=head,
            key_class=value.key_class,
            source=value.source,
        )
        _values.write(leave, [(sealable, key, file_id, True)])
    return file_id


def one_at_a_time(subject_id: UUID) -> None:
    """Wait until nobody else writes or drops files of the subject, until the transaction ends.

    Two at once would each see the parts of the file that stood there, and not each other's: the
    parts of one would stay behind for ever.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"vault.files:{subject_id}"]
        )


def stream(leave: Leave, *, item: str, slot: str, ring: Ring | None = None) -> Iterator[bytes]:
    """Give a file's plain parts in order; raises FileNotFoundError when there is none.

    Whether all parts are there is known before the first one is given.
    """
    rows = [row for row in _values.rows(leave, [item], slot) if row.is_file]
    if not rows:
        raise FileNotFoundError
    row = rows[0]
    assert row.file_id is not None, "a file without an id"
    ring = ring or _keyring.of(leave.subject_id)
    version = _cipher.version_of(row.sealed)
    key = _keyring.reading(leave.subject_id, ring, row.key_class, version)
    head = key.open(row.sealed, _values.place(item, slot))
    parts = int.from_bytes(head[8:12])
    if head[12:] != row.file_id.bytes or _count(leave.subject_id, row.file_id) != parts:
        raise Unreadable("file")
    yield from _parts(leave.subject_id, row, row.file_id, parts=parts, key=key, ring=ring)


def _parts(
    subject_id: UUID,
    row: _values.Row,
    file_id: UUID,
    *,
    parts: int,
    key: SubjectKey,
    ring: Ring,
) -> Iterator[bytes]:
    for start in range(0, parts, _PARTS_AT_ONCE):
        found = _select(subject_id, file_id, start)
        if [part for part, _ in found] != list(range(start, min(start + _PARTS_AT_ONCE, parts))):
            raise Unreadable("file")
        for part, sealed in found:
            version = _cipher.version_of(sealed)
            if version != key.version:
                key = _keyring.reading(subject_id, ring, row.key_class, version)
            place = _place(row.item, row.slot, file_id, part, is_last=part == parts - 1)
            yield key.open(sealed, place)


def _place(item: str, slot: str, file_id: UUID, part: int, *, is_last: bool) -> bytes:
    return _cipher.bound(
        "part", item, slot, file_id.bytes, part.to_bytes(4), b"\x01" if is_last else b"\x00"
    )


def _cut(source: BinaryIO) -> Iterator[tuple[int, bool, bytes]]:
    part, size = 0, 0
    chunk = source.read(PART_BYTES)
    while True:
        following = source.read(PART_BYTES) if len(chunk) == PART_BYTES else b""
        size += len(chunk)
        if size > FILE_BYTES_MAX:
            raise TooLarge("file")
        yield part, not following, chunk
        if not following:
            return
        part, chunk = part + 1, following


def _insert(rows: list[tuple[UUID, UUID, UUID, int, bytes]]) -> None:
    lists = ", ".join(["(%s, %s, %s, %s, %s)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO vault_blob (subject_id, id, file_id, part, sealed) VALUES {lists}",
            [field for row in rows for field in row],
        )


def _delete_parts(subject_id: UUID, item: str, slot: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM vault_blob WHERE subject_id = %s AND file_id IN (SELECT id"
            " FROM vault_value WHERE subject_id = %s AND item = %s AND slot = %s AND is_file)",
            [subject_id, subject_id, item, slot],
        )


def _count(subject_id: UUID, file_id: UUID) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM vault_blob WHERE subject_id = %s AND file_id = %s",
            [subject_id, file_id],
        )
        return int(cursor.fetchone()[0])


def _select(subject_id: UUID, file_id: UUID, start: int) -> list[tuple[int, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT part, sealed FROM vault_blob WHERE subject_id = %s AND file_id = %s"
            " AND part >= %s AND part < %s ORDER BY part",
            [subject_id, file_id, start, start + _PARTS_AT_ONCE],
        )
        return list(cursor.fetchall())
