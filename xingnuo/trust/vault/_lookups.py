"""Exact look-up: HMAC-SHA-256 of a value under a key of its kind, in a table of its own."""

from __future__ import annotations

import hmac
import unicodedata
from uuid import UUID

from django.db import connection

from xingnuo.kit import clock
from xingnuo.trust.vault import _cipher, _keyring, _keystore
from xingnuo.trust.vault._passage import write_under
from xingnuo.trust.vault.contracts import KeysClosed, Leave, LookupTaken, TooLarge
from xingnuo.trust.vault.policy import SLOTS_MAX, VALUE_BYTES_MAX

# One row per value: who holds it, and in which of their places.
_ADD = """
INSERT INTO vault_lookup AS mine (kind, digest, subject_id, slots, key_version, written_at)
VALUES (%s, %s, %s, ARRAY[%s]::varchar[], %s, %s)
ON CONFLICT (kind, digest) DO UPDATE
    SET slots = array_append(array_remove(mine.slots, %s), %s), written_at = excluded.written_at
    WHERE mine.subject_id = excluded.subject_id
RETURNING cardinality(slots)
"""

# (version, kind) → key; few, and renewed when a version is missed.
_keys: dict[tuple[int, str], bytes] = {}
_roots: list[tuple[int, bytes]] = []


def digests(kind: str, value: str) -> list[tuple[int, bytes]]:
    """Give the keyed digests of a value under every key version, newest first."""
    text = unicodedata.normalize("NFC", value).encode()
    if len(text) > VALUE_BYTES_MAX:
        raise TooLarge("look-up")
    return [
        (version, hmac.digest(_key(version, root, kind), text, "sha256"))
        for version, root in _root_keys()
    ]


def find(kind: str, value: str) -> UUID | None:
    """Give who is found by an exact value, under whichever key version it was written."""
    found = _holder(kind, digests(kind, value))
    if found is None and _are_stale():
        # Another process made a newer look-up key and may have written under it.
        forget_keys()
        found = _holder(kind, digests(kind, value))
    return found


def add(leave: Leave, *, kind: str, value: str, slot: str) -> None:
    """Let a subject be found by a value; what the place held before finds nobody any more.

    Raises LookupTaken when the value already finds another subject.
    """
    write_under(leave)
    subject_id = leave.subject_id
    if _are_stale():
        forget_keys()
    found = digests(kind, value)
    older = [digest for _, digest in found[1:]]
    version, digest = found[0]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM vault_lookup WHERE kind = %s AND digest = ANY(%s) AND subject_id <> %s",
            [kind, older, subject_id],
        )
        if cursor.fetchone():
            raise LookupTaken(kind)
        remove(subject_id, [kind], slot)
        cursor.execute(_ADD, [kind, digest, subject_id, slot, version, clock.now(), slot, slot])
        row = cursor.fetchone()
    if row is None:
        raise LookupTaken(kind)
    if row[0] > SLOTS_MAX:
        raise TooLarge("look-up")


def remove(subject_id: UUID, kinds: list[str], slot: str | None) -> None:
    """Take places out of a subject's look-ups; a look-up without a place is deleted."""
    mine = "subject_id = %s AND kind = ANY(%s)"
    with connection.cursor() as cursor:
        if slot is None:
            cursor.execute(f"DELETE FROM vault_lookup WHERE {mine}", [subject_id, kinds])
            return
        cursor.execute(
            f"DELETE FROM vault_lookup WHERE {mine} AND slots = ARRAY[%s]::varchar[]",
            [subject_id, kinds, slot],
        )
        cursor.execute(
            f"UPDATE vault_lookup SET slots = array_remove(slots, %s) WHERE {mine}"
            " AND %s = ANY(slots)",
            [slot, subject_id, kinds, slot],
        )


def remove_all(subject_id: UUID) -> int:
    """Delete every look-up of a subject; gives how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM vault_lookup WHERE subject_id = %s", [subject_id])
        return int(cursor.rowcount)


def forget_keys() -> None:
    """Drop the look-up keys of this process, so that the next use reads them anew."""
    _keys.clear()
    _roots.clear()


def context(version: int) -> bytes:
    """Give what a wrapped look-up key is bound to."""
    return _cipher.bound("lookup key", version.to_bytes(2))


def _holder(kind: str, found: list[tuple[int, bytes]]) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject_id FROM vault_lookup WHERE kind = %s AND digest = ANY(%s)",
            [kind, [digest for _, digest in found]],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _are_stale() -> bool:
    return [version for version, _ in _roots] != _keystore.lookup_versions()


def _root_keys() -> list[tuple[int, bytes]]:
    if not _roots:
        kept = [
            (version, _keyring.root().unwrap(wrapped, context(version)))
            for version, wrapped in _keystore.lookup_keys()
        ]
        if not kept:
            raise KeysClosed("look-up key")
        _roots[:] = kept
    return _roots


def _key(version: int, root: bytes, kind: str) -> bytes:
    known = _keys.get((version, kind))
    if known is None:
        known = _keys[version, kind] = _cipher.derive(root, f"lookup.{kind}")
    return known
