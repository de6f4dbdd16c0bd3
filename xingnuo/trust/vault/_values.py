"""Values at rest: one statement reads and checks, one writes; keys come from the ring."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection

from xingnuo.kit import clock, ids
from xingnuo.kit.db import planned
from xingnuo.kit.db.faults import told_plainly
from xingnuo.kit.db.planned import Asked
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.vault import _cipher, _keyring
from xingnuo.trust.vault._keyring import Ring
from xingnuo.trust.vault._passage import MARKED, NAMED, judge, write_under
from xingnuo.trust.vault.contracts import (
    Cipher,
    KeysClosed,
    Leave,
    Opened,
    Sealable,
    TooLarge,
    WrongForm,
)
from xingnuo.trust.vault.policy import ROWS_MAX, SWEEP_ROWS_MAX, VALUE_BYTES_MAX

_CIPHERS = {"aes-256-gcm": Cipher.AES_256_GCM, "sm4-gcm": Cipher.SM4_GCM}

# Items travel as one text: a list of 54 costs the driver more than their decryption.
_ITEMS_APART = "\x1f"
_READ = f"""
SELECT v.item, v.slot, v.sealed, v.key_class, v.written_at, v.source, v.is_file,
       CASE WHEN v.is_file THEN v.id END, door.named, door.marked
FROM (SELECT {NAMED} AS named, {MARKED} AS marked) AS door
LEFT JOIN vault_value AS v ON v.subject_id = %s AND v.item = ANY(string_to_array(%s, E'\\x1f'))
"""
_READ_SLOT = _READ + "AND v.slot = %s"
_COLUMNS = (
    "subject_id, item, slot, id, sealed, key_class, alg, key_version, is_file, source, written_at"
)
_ONE = f"({', '.join(['%s'] * 11)})"
# A value never takes the place of a file, whose parts would be left behind.
_UPSERT = """
ON CONFLICT (subject_id, item, slot) DO UPDATE SET sealed = excluded.sealed, id = excluded.id,
    key_class = excluded.key_class, alg = excluded.alg, key_version = excluded.key_version,
    source = excluded.source, written_at = excluded.written_at
WHERE vault_value.is_file = excluded.is_file
"""


class Row(NamedTuple):
    """A row of vault_value as read under a permit, and what the transaction names and marks."""

    item: str
    slot: str
    sealed: bytes
    key_class: str
    written_at: datetime
    source: str
    is_file: bool
    file_id: UUID | None
    is_named: bool
    is_marked: bool


def cipher_in_use() -> Cipher:
    """Give the cipher for new values (`XN_CIPHER`); reads take both. An unknown one is refused."""
    cipher = _CIPHERS.get(settings.CIPHER)
    if cipher is None:
        raise KeysClosed("XN_CIPHER", remedy=f"XN_CIPHER 只能是 {' 或 '.join(_CIPHERS)}。")
    return cipher


@lru_cache(maxsize=4096)
def place(item: str, slot: str) -> bytes:
    """Give the place that a value is bound to, besides subject, class and versions."""
    return _cipher.bound("value", item, slot)


def rows(leave: Leave, items: Sequence[str], slot: str | None) -> list[Row]:
    """Read sealed rows and check subject, permit and mark in the same statement."""
    return list(map(Row._make, read(leave, items, slot)))


def read(leave: Leave, items: Sequence[str], slot: str | None) -> list[tuple[Any, ...]]:
    """Give the rows as they come, with the columns of `Row`, by item and slot."""
    statement, values, _ = asked(leave, items, slot)
    return judged(planned.rows(statement, values))


def asked(leave: Leave, items: Sequence[str], slot: str | None) -> Asked:
    """Give the one statement that reads and checks, to travel with others."""
    subject = str(leave.subject_id)
    values = [subject, str(leave.id), subject, subject, _ITEMS_APART.join(items)]
    return Asked(_READ, values) if slot is None else Asked(_READ_SLOT, [*values, slot])


def judged(found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Refuse rows of another subject or permit, or of an erased one; gives them in order."""
    *_, is_named, is_marked = found[0]
    judge(is_named=is_named, is_marked=is_marked)
    # The check alone gives one row, of no item.
    return [] if found[0][0] is None else sorted(found)


def open_rows(subject_id: UUID, found: list[tuple[Any, ...]], ring: Ring) -> list[Opened]:
    """Open rows; a file shows its size alone."""
    opened = []
    keys: dict[tuple[str, bytes], _cipher.SubjectKey] = {}
    for item, slot, sealed, key_class, written_at, source, is_file, _, _, _ in found:
        head = sealed[: _cipher.NONCE_AT]
        key = keys.get((key_class, head))
        if key is None:
            version = _cipher.version_of(sealed)
            key = keys[key_class, head] = _keyring.reading(subject_id, ring, key_class, version)
        plain = key.open(sealed, place(item, slot))
        if is_file:
            size = int.from_bytes(plain[:8])
            opened.append(Opened(item, slot, b"", written_at, source, True, size))
        else:
            opened.append(Opened(item, slot, plain, written_at, source))
    return opened


def put(leave: Leave, values: Sequence[Sealable]) -> None:
    """Seal values and write them in one statement; an older value of a place is replaced."""
    if len({(value.item, value.slot) for value in values}) < len(values):
        raise WrongForm("twice")
    if len(values) > ROWS_MAX or any(len(value.plain) > VALUE_BYTES_MAX for value in values):
        raise TooLarge("value")
    if not values:
        return
    write_under(leave)
    keys = _keyring.writing(leave.subject_id, {value.key_class for value in values})
    write(leave, [(value, keys[value.key_class], ids.uuid7(), False) for value in values])


def write(leave: Leave, sealing: Sequence[tuple[Sealable, _cipher.SubjectKey, UUID, bool]]) -> None:
    """Write sealed rows: (value, key, row id, whether it is the head of a file)."""
    cipher, written_at = cipher_in_use(), clock.now()
    flat: list[Any] = []
    for value, key, row_id, is_file in sealing:
        sealed = key.seal(value.plain, place(value.item, value.slot), cipher)
        flat += [leave.subject_id, value.item, value.slot, row_id, sealed, value.key_class]
        flat += [cipher.value, key.version, is_file, value.source, written_at]
    lists = ", ".join([_ONE] * len(sealing))
    with told_plainly(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO vault_value ({_COLUMNS}) VALUES {lists} {_UPSERT}", flat)
        if cursor.rowcount != len(sealing):
            raise WrongForm("file")


def sweep() -> int:
    """Delete values of items whose own term, counted from their writing, is over."""
    compiled = policy.in_force()
    gone = 0
    for rule in compiled.retention.values():
        if rule.event == "created" and rule.days:
            named = [item.id for item in compiled.items.values() if item.retention == rule.id]
            before = clock.now() - timedelta(days=rule.days)
            with connection.cursor() as cursor:
                cursor.execute("SELECT vault_sweep(%s, %s, %s)", [named, before, SWEEP_ROWS_MAX])
                gone += int(cursor.fetchone()[0])
    return gone


def delete(leave: Leave, items: Sequence[str], slot: str | None) -> int:
    """Delete values with their file parts and look-ups; gives how many values went."""
    write_under(leave)
    where = "subject_id = %s AND item = ANY(%s) AND (%s::text IS NULL OR slot = %s)"
    named: list[Any] = [leave.subject_id, list(items), slot, slot]
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM vault_blob WHERE subject_id = %s AND file_id IN"
            f" (SELECT id FROM vault_value WHERE is_file AND {where})",
            [leave.subject_id, *named],
        )
        cursor.execute(f"DELETE FROM vault_value WHERE {where}", named)
        return int(cursor.rowcount)
