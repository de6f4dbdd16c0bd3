"""Erasure: keys destroyed, rows purged, tombstones kept, and erasures replayed after a restore.

Each step may be repeated and resumed at any point. The order is: mark in the data database,
keys and tombstone in the keys database, line in the log, cache of this process; then the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import batched
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection, connections, transaction

from xingnuo.kit import clock, ids
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.vault import _keyring, _keystore, _passage, _tombstones
from xingnuo.trust.vault.contracts import ErasuresUndone, Tombstone
from xingnuo.trust.vault.policy import GUARD_BATCH

_DATA_TABLES = ("vault_value", "vault_blob", "vault_lookup")
_OWNER = "owner"


def destroy_keys(subject_id: UUID) -> None:
    """Make every value, file and backup of the subject unreadable for ever. Safe to repeat.

    The mark shuts reads and writes on every process when the caller's transaction commits; the
    keys are gone from their own database before this returns, whatever becomes of the caller's.
    """
    erased_at = clock.now()
    with _passage.upkeep(subject_id):
        _passage.shut(subject_id)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO vault_closed (subject_id, id, closed_at) VALUES (%s, %s, %s)"
                " ON CONFLICT DO NOTHING",
                [subject_id, ids.uuid7(), erased_at],
            )
    stone = _keystore.destroy(subject_id, erased_at=erased_at)
    _tombstones.append(_data_dir(), [stone])
    _keyring.forget(subject_id)


def purge(subject_id: UUID) -> int:
    """Delete a subject's values, files and look-ups; gives how many rows went."""
    gone = 0
    with _passage.upkeep(subject_id), connection.cursor() as cursor:
        for table in _DATA_TABLES:
            cursor.execute(f"DELETE FROM {table} WHERE subject_id = %s", [subject_id])
            gone += cursor.rowcount
        # Only once the deletion stands may a later reappearance be called a restored backup.
        transaction.on_commit(lambda: _keystore.mark_purged(subject_id))
    return gone


def residue(subject_id: UUID) -> dict[str, int]:
    """Count what is left of a subject: values, file parts, look-ups, keys and sealed keys."""
    found = {}
    with _passage.upkeep(subject_id), connection.cursor() as cursor:
        for table in _DATA_TABLES:
            cursor.execute(f"SELECT count(*) FROM {table} WHERE subject_id = %s", [subject_id])
            found[table] = int(cursor.fetchone()[0])
    return found | _keystore.counts(subject_id)


def unreplayed(*, whole: bool = False) -> tuple[UUID, ...]:
    """Give the erased subjects that a restored backup brought back, wholly or in part.

    An erasure that was under way when the house stopped is not one: its job goes on by itself.
    After a restore (`whole`) that cannot be told apart, and it is counted too.
    """
    kept = _keystore.tombstones()
    logged = _tombstones.read(_data_dir())
    everybody = sorted({*kept, *logged})
    # A tombstone known to the log alone: the keys database is older than the erasure.
    back = {who for who in logged if who not in kept}
    done = [who for who in everybody if whole or who not in kept or kept[who][1]]
    for some in batched(everybody, GUARD_BATCH):
        back |= _keystore.holders_among(some)
    for some in batched(done, GUARD_BATCH):
        back |= set(some) - _marked_and_empty(some)
    return tuple(sorted(back))


def replay() -> tuple[UUID, ...]:
    """Erase again whoever a restored backup brought back, in every room; gives who it was."""
    subjects = unreplayed(whole=True)
    for subject_id in subjects:
        destroy_keys(subject_id)
        with transaction.atomic():
            for holding in policy.holdings():
                with _passage.upkeep(subject_id):
                    holding.erase(subject_id)
            purge(subject_id)
    _complete_log()
    return subjects


def guard() -> None:
    """Refuse to open a door while an erased subject is back; complete the log of tombstones."""
    back = unreplayed()
    if back:
        raise ErasuresUndone(f"{len(back)} subjects")
    _complete_log()


def _marked_and_empty(subjects: Sequence[UUID]) -> set[UUID]:
    wanted = list(subjects)
    with connections[_OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT subject_id FROM vault_closed AS mark WHERE subject_id = ANY(%s)"
            + "".join(
                f" AND NOT EXISTS (SELECT FROM {table} WHERE subject_id = mark.subject_id)"
                for table in _DATA_TABLES
            ),
            [wanted],
        )
        return {row[0] for row in cursor.fetchall()}


def _complete_log() -> None:
    stones = [
        Tombstone(subject_id=who, erased_at=at) for who, (at, _) in _keystore.tombstones().items()
    ]
    _tombstones.append(_data_dir(), sorted(stones, key=lambda stone: stone.erased_at))


def _data_dir() -> Path:
    return Path(settings.DATA_DIR)
