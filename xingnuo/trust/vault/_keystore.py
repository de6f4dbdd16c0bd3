"""The keys database: every statement on wrapped keys and tombstones, told without driver text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple
from uuid import UUID

from django.db import DatabaseError, connections, transaction

from xingnuo.kit import clock
from xingnuo.trust.policy.contracts import KeyClass
from xingnuo.trust.vault.contracts import KeysClosed, Tombstone

ALIAS = "keys"


class WrappedKey(NamedTuple):
    """A row of vault_subject_key, or the trace of a sealed one (class_version 0)."""

    key_class: str
    version: int
    class_version: int
    wrapped: bytes


@contextmanager
def answering() -> Iterator[None]:
    """Turn any fault of the keys database into one refusal without its text."""
    try:
        yield
    except DatabaseError:
        raise KeysClosed("keys database") from None


def lock_number(subject_id: UUID) -> int:
    """Give the advisory lock that orders a subject's key making and key destroying."""
    return int.from_bytes(blake2b(subject_id.bytes, digest_size=8).digest(), signed=True)


def load(subject_id: UUID) -> list[WrappedKey]:
    """Give a subject's wrapped keys in one query; sealed ones only by name."""
    rows = _rows(
        "SELECT key_class, version, class_version, wrapped FROM vault_subject_key"
        " WHERE subject_id = %s UNION ALL SELECT key_class, version, 0, ''::bytea"
        " FROM vault_sealed_key WHERE subject_id = %s",
        [subject_id, subject_id],
    )
    return [WrappedKey(row[0], row[1], row[2], bytes(row[3])) for row in rows]


def add(subject_id: UUID, keys: Sequence[WrappedKey]) -> None:
    """Keep new wrapped keys, unless the subject was erased or sealed meanwhile.

    Where another process was first, its keys stand.
    """
    made_at = clock.now()
    one = "(%s::uuid, %s, %s::int, %s::smallint, %s::bytea, %s::timestamptz)"
    values = ", ".join([one] * len(keys))
    flat = [field for key in keys for field in (subject_id, *key, made_at)]
    with answering(), transaction.atomic(ALIAS), connections[ALIAS].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock_number(subject_id)])
        cursor.execute(
            "INSERT INTO vault_subject_key"
            " (subject_id, key_class, version, class_version, wrapped, made_at)"
            f" SELECT * FROM (VALUES {values}) AS made"
            " WHERE NOT EXISTS (SELECT FROM vault_tombstone WHERE subject_id = %s)"
            " AND NOT EXISTS (SELECT FROM vault_sealed_key WHERE subject_id = %s)"
            " ON CONFLICT DO NOTHING",
            [*flat, subject_id, subject_id],
        )


def is_tombstoned(subject_id: UUID) -> bool:
    """Tell whether the subject's keys were destroyed."""
    return bool(_rows("SELECT 1 FROM vault_tombstone WHERE subject_id = %s", [subject_id]))


def destroy(subject_id: UUID, *, erased_at: datetime) -> Tombstone:
    """Delete every key of the subject and leave the tombstone, in one transaction."""
    with answering(), transaction.atomic(ALIAS), connections[ALIAS].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock_number(subject_id)])
        cursor.execute(
            "INSERT INTO vault_tombstone (subject_id, erased_at) VALUES (%s, %s)"
            " ON CONFLICT DO NOTHING",
            [subject_id, erased_at],
        )
        cursor.execute("DELETE FROM vault_subject_key WHERE subject_id = %s", [subject_id])
        cursor.execute("DELETE FROM vault_sealed_key WHERE subject_id = %s", [subject_id])
        cursor.execute("SELECT erased_at FROM vault_tombstone WHERE subject_id = %s", [subject_id])
        return Tombstone(subject_id=subject_id, erased_at=cursor.fetchone()[0])


def mark_purged(subject_id: UUID) -> None:
    """Note that the rows of an erased subject are gone as well."""
    _execute(
        "UPDATE vault_tombstone SET purged_at = %s WHERE subject_id = %s AND purged_at IS NULL",
        [clock.now(), subject_id],
    )


def tombstones() -> dict[UUID, tuple[datetime, bool]]:
    """Give every tombstone: subject → (when, whether the rows were purged)."""
    rows = _rows("SELECT subject_id, erased_at, purged_at IS NOT NULL FROM vault_tombstone", [])
    return {row[0]: (row[1], row[2]) for row in rows}


def holders_among(subjects: Iterable[UUID]) -> set[UUID]:
    """Give those of the subjects that have any key."""
    wanted = list(subjects)
    rows = _rows(
        "SELECT subject_id FROM vault_subject_key WHERE subject_id = ANY(%s)"
        " UNION SELECT subject_id FROM vault_sealed_key WHERE subject_id = ANY(%s)",
        [wanted, wanted],
    )
    return {row[0] for row in rows}


def counts(subject_id: UUID) -> dict[str, int]:
    """Count a subject's rows in each table of keys."""
    rows = _rows(
        "SELECT (SELECT count(*) FROM vault_subject_key WHERE subject_id = %s),"
        " (SELECT count(*) FROM vault_sealed_key WHERE subject_id = %s)",
        [subject_id, subject_id],
    )
    return {"vault_subject_key": rows[0][0], "vault_sealed_key": rows[0][1]}


def class_key(key_class: str, version: int) -> bytes | None:
    """Give a wrapped class key."""
    rows = _rows(
        "SELECT wrapped FROM vault_class_key WHERE key_class = %s AND version = %s",
        [key_class, version],
    )
    return bytes(rows[0][0]) if rows else None


def class_versions() -> dict[str, tuple[int, datetime]]:
    """Give each class's newest version and when it was made."""
    rows = _rows(
        "SELECT DISTINCT ON (key_class) key_class, version, made_at FROM vault_class_key"
        " ORDER BY key_class, version DESC",
        [],
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def add_class_key(key_class: KeyClass, *, version: int, wrapped: bytes, provider: str) -> None:
    """Keep a new class key; where another process was first, its key stands."""
    _execute(
        "INSERT INTO vault_class_key (key_class, version, wrapped, provider, made_at)"
        " VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [key_class.value, version, wrapped, provider, clock.now()],
    )


def older_keys(key_class: KeyClass, *, below: int, limit: int) -> list[tuple[UUID, WrappedKey]]:
    """Give a batch of subject keys that stand under an older class key."""
    rows = _rows(
        "SELECT subject_id, key_class, version, class_version, wrapped FROM vault_subject_key"
        " WHERE key_class = %s AND class_version < %s ORDER BY class_version, subject_id LIMIT %s",
        [key_class.value, below, limit],
    )
    return [(row[0], WrappedKey(row[1], row[2], row[3], bytes(row[4]))) for row in rows]


def rewrap(changes: Sequence[tuple[UUID, WrappedKey, WrappedKey]]) -> None:
    """Replace wrapped keys by the same keys under another class key, each only if still as read."""
    with answering(), transaction.atomic(ALIAS), connections[ALIAS].cursor() as cursor:
        cursor.executemany(
            "UPDATE vault_subject_key SET class_version = %s, wrapped = %s WHERE subject_id = %s"
            " AND key_class = %s AND version = %s AND class_version = %s",
            [
                (new.class_version, new.wrapped, who, old.key_class, old.version, old.class_version)
                for who, old, new in changes
            ],
        )


def lookup_keys() -> list[tuple[int, bytes]]:
    """Give the wrapped look-up keys, newest first."""
    rows = _rows("SELECT version, wrapped FROM vault_lookup_key ORDER BY version DESC", [])
    return [(row[0], bytes(row[1])) for row in rows]


def lookup_versions() -> list[int]:
    """Give the versions of the look-up keys, newest first."""
    return [row[0] for row in _rows("SELECT version FROM vault_lookup_key ORDER BY 1 DESC", [])]


def add_lookup_key(version: int, wrapped: bytes) -> None:
    """Keep a new look-up key."""
    _execute(
        "INSERT INTO vault_lookup_key (version, wrapped, made_at) VALUES (%s, %s, %s)"
        " ON CONFLICT DO NOTHING",
        [version, wrapped, clock.now()],
    )


def legal_key() -> tuple[int, bytes]:
    """Give the newest legal public key and its version; raises KeysClosed when there is none."""
    rows = _rows(
        "SELECT version, public_key FROM vault_legal_key ORDER BY version DESC LIMIT 1", []
    )
    if not rows:
        raise KeysClosed("legal key")
    return rows[0][0], bytes(rows[0][1])


def replace_by_sealed(subject_id: UUID, sealed: Sequence[tuple[WrappedKey, int, bytes]]) -> None:
    """Keep sealed keys and delete what running services could open, in one transaction."""
    sealed_at = clock.now()
    with answering(), transaction.atomic(ALIAS), connections[ALIAS].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock_number(subject_id)])
        for key, legal_version, text in sealed:
            cursor.execute(
                "INSERT INTO vault_sealed_key"
                " (subject_id, key_class, version, legal_version, sealed, sealed_at)"
                " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                [subject_id, key.key_class, key.version, legal_version, text, sealed_at],
            )
            cursor.execute(
                "DELETE FROM vault_subject_key"
                " WHERE subject_id = %s AND key_class = %s AND version = %s",
                [subject_id, key.key_class, key.version],
            )


def sealed_keys(subject_id: UUID) -> list[tuple[str, int, int, bytes]]:
    """Give a subject's sealed keys: class, version, legal version, sealed bytes."""
    rows = _rows(
        "SELECT key_class, version, legal_version, sealed FROM vault_sealed_key"
        " WHERE subject_id = %s",
        [subject_id],
    )
    return [(row[0], row[1], row[2], bytes(row[3])) for row in rows]


def _rows(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with answering(), connections[ALIAS].cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _execute(statement: str, values: list[Any]) -> None:
    with answering(), connections[ALIAS].cursor() as cursor:
        cursor.execute(statement, values)
