"""What the vault gives back, always under a permit; and counts, which open nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection

from xingnuo.kit.db.planned import Asked
from xingnuo.trust.vault import _backup, _erasure, _files, _keyring, _lookups, _passage, _values
from xingnuo.trust.vault._backup import Backup
from xingnuo.trust.vault._erasure import residue
from xingnuo.trust.vault._legal import LegalKey
from xingnuo.trust.vault.contracts import Leave, Opened

__all__ = [
    "asked",
    "backups",
    "export",
    "find",
    "open_file",
    "open_many",
    "open_sealed",
    "open_sealed_file",
    "opened",
    "residue",
    "stream_file",
    "unreplayed",
    "written",
]


def open_many(permit: Leave, items: Iterable[str], slot: str | None = None) -> list[Opened]:
    """Open the values of items, in one slot or in all; items never given are left out.

    One statement reads the values, one the keys where they are not cached. Raises NoLeave, Erased,
    SealedAway, Unreadable, KeysClosed.
    """
    return _opened(permit, _values.read(permit, list(items), slot))


def asked(permit: Leave, items: Sequence[str], slot: str | None = None) -> Asked:
    """Give the statement of `open_many`, to travel with others; `opened` takes its rows."""
    return _values.asked(permit, items, slot)


def opened(permit: Leave, found: list[tuple[Any, ...]]) -> list[Opened]:
    """Check and open the rows that `asked` gave; as `open_many`."""
    return _opened(permit, _values.judged(found))


def _opened(permit: Leave, found: list[tuple[Any, ...]]) -> list[Opened]:
    if not found:
        return []
    return _values.open_rows(permit.subject_id, found, _keyring.of(permit.subject_id))


def open_file(permit: Leave, *, item: str, slot: str = "") -> bytes | None:
    """Open a whole file, or give None when there is none; one part amiss gives nothing."""
    try:
        return b"".join(_files.stream(permit, item=item, slot=slot))
    except FileNotFoundError:
        return None


def stream_file(permit: Leave, *, item: str, slot: str = "") -> Iterator[bytes]:
    """Open a file part by part; raises FileNotFoundError when there is none."""
    return _files.stream(permit, item=item, slot=slot)


def open_sealed(
    legal_key: LegalKey, permit: Leave, items: Iterable[str], slot: str | None = None
) -> list[Opened]:
    """Open sealed values with the legal key, for a legal purpose; nothing is cached."""
    found = _values.read(permit, list(items), slot)
    return _values.open_rows(permit.subject_id, found, legal_key.ring(permit.subject_id))


def open_sealed_file(
    legal_key: LegalKey, permit: Leave, *, item: str, slot: str = ""
) -> Iterator[bytes]:
    """Open a sealed file part by part with the legal key."""
    ring = legal_key.ring(permit.subject_id)
    return _files.stream(permit, item=item, slot=slot, ring=ring)


def find(kind: str, value: str) -> UUID | None:
    """Give the subject that an exact value of a kind finds."""
    return _lookups.find(kind, value)


def written(permit: Leave) -> dict[str, int]:
    """Count the values and files held of each item, without opening any."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT door.named, door.marked, v.item, count(v.item) FROM (SELECT {_passage.NAMED}"
            f" AS named, {_passage.MARKED} AS marked) AS door"
            " LEFT JOIN vault_value AS v ON v.subject_id = %s GROUP BY 1, 2, 3",
            [str(permit.subject_id), str(permit.id), permit.subject_id, permit.subject_id],
        )
        rows = cursor.fetchall()
    _passage.judge(is_named=rows[0][0], is_marked=rows[0][1])
    return {item: count for _, _, item, count in rows if item is not None}


def export(subject_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Give the rows held of a subject without their ciphertext; values come by the gate."""
    columns = {
        "vault_value": ("id, item, slot, key_class, alg, key_version, is_file, source, written_at"),
        "vault_blob": "id, file_id, part, length(sealed) AS sealed_bytes",
        "vault_lookup": "kind, slots, key_version, written_at",
    }
    told: dict[str, list[dict[str, Any]]] = {}
    with _passage.upkeep(subject_id), connection.cursor() as cursor:
        for table, names in columns.items():
            cursor.execute(f"SELECT {names} FROM {table} WHERE subject_id = %s", [subject_id])
            heads = [column.name for column in cursor.description]
            told[table] = [dict(zip(heads, row, strict=True)) for row in cursor.fetchall()]
    return told


def unreplayed() -> tuple[UUID, ...]:
    """Give the erased subjects that a restored backup brought back."""
    return _erasure.unreplayed()


def backups(folder: Path) -> list[Backup]:
    """Give the backups in a folder, newest first."""
    return _backup.present(folder)
