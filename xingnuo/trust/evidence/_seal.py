"""Sealing: lines of finished transactions become signed, chained blocks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from xingnuo.kit import clock, log
from xingnuo.trust.evidence import _canonical, _heads, _keys, _merkle, _sql
from xingnuo.trust.evidence.contracts import EvidenceFault
from xingnuo.trust.evidence.policy import (
    BLOCK_LINES_MAX,
    BLOCKS_PER_RUN_MAX,
    KEEP_DAYS,
    PRUNED_BLOCKS_MAX,
)

_LAST_ID = UUID(int=2**128 - 1)
_log = log.get("evidence")


@dataclass(frozen=True, slots=True)
class Last:
    """The last block, from which the next one goes on."""

    number: int = 0
    epoch: int = 0
    txid: int = 0
    id: UUID = UUID(int=0)
    pruned_to: int = 0
    key_id: str = ""
    next_key: str = ""
    hash: bytes = bytes(32)

    @property
    def place(self) -> tuple[int, str, UUID]:
        """Give the place up to which lines are sealed."""
        return self.epoch, str(self.txid), self.id


def run() -> int:
    """Seal block after block until nothing is left, each in a transaction of its own."""
    total = 0
    for _ in range(BLOCKS_PER_RUN_MAX):
        count = _seal_next()
        total += count
        if count < BLOCK_LINES_MAX:
            break
    _heads.anchor()
    return total


def sign(text: bytes) -> tuple[str, str]:
    """Sign a statement with the key that signs the next block."""
    with transaction.atomic():
        # The first signature makes the key, which two processes must not do at once.
        _fetch(_sql.SEALER_WAIT)
        rows = _fetch(_sql.LAST_BLOCK)
        last_key, next_key = (rows[0][5], rows[0][6]) if rows else ("", "")
        signer = _keys.signer(last_key=last_key, next_key=next_key)
    return signer.sign(_keys.statement(text)).hex(), signer.id


def rotate() -> str:
    """Announce the next key in a block without lines, then go over to it."""
    with transaction.atomic():
        last = _begin()
        if last is None:
            raise EvidenceFault("sealer_busy")
        successor = _keys.make_successor()
        _append(last, leaves=[], place=last.place, next_key=successor.public)
    with transaction.atomic():
        last = _begin()
        if last is not None:
            _keys.signer(last_key=last.key_id, next_key=last.next_key)
    _heads.anchor()
    return successor.id


def restart() -> int:
    """Begin the next epoch after a restore; gives its number, to be set as `xn.epoch`."""
    with transaction.atomic():
        last = _begin(after_restore=True)
        if last is None:
            raise EvidenceFault("sealer_busy")
        if last.number == 0:
            _heads.begin()
        key = _keys.signer(last_key=last.key_id, next_key=last.next_key)
        epoch = int(max(last.epoch, _fetch(_sql.EPOCH_NOW)[0][0])) + 1
        _heads.note_restored(number=last.number, epoch=epoch, key=key)
    return epoch


def prune() -> int:
    """Delete lines past their term, whole blocks at a time; gives how many lines.

    The block that says so and the deletion are one transaction; heads and hashes stay.
    """
    before = clock.now() - timedelta(days=KEEP_DAYS)
    with transaction.atomic():
        last = _begin()
        if last is None:
            return 0
        rows = _fetch(_sql.PRUNABLE, last.pruned_to, before, last.pruned_to + PRUNED_BLOCKS_MAX)
        if not rows[0][0]:
            return 0
        _append(replace(last, pruned_to=rows[0][0]), leaves=[], place=last.place)
        deleted = int(_fetch(_sql.PRUNE)[0][0])
    _heads.anchor()
    _log.info("pruned", block=rows[0][0], count=deleted)
    return deleted


def _seal_next() -> int:
    with transaction.atomic():
        last = _begin()
        if last is None:
            return 0
        epoch_now = _fetch(_sql.EPOCH_NOW)[0][0]
        rows = _fetch(_sql.LEAVES, *last.place, epoch_now, BLOCK_LINES_MAX)
        if not rows:
            return 0
        epoch, txid, line_id, _, horizon = rows[-1]
        full = len(rows) == BLOCK_LINES_MAX
        # A block that is not full covers all there ever can be below the horizon.
        place = (epoch, txid, line_id) if full else (epoch_now, str(int(horizon) - 1), _LAST_ID)
        _append(last, leaves=[(row[2], bytes(row[3])) for row in rows], place=place)
    _log.info("sealed", block=last.number + 1, count=len(rows))
    return len(rows)


def _begin(*, after_restore: bool = False) -> Last | None:
    """Take the sealer's lock and read the last block; `None` when another process seals."""
    if not _fetch(_sql.SEALER_LOCK)[0][0]:
        return None
    rows = _fetch(_sql.LAST_BLOCK)
    if not rows:
        return Last()
    number, epoch, txid, line_id, pruned_to, key_id, next_key, digest = rows[0]
    last = Last(number, epoch, int(txid), line_id, pruned_to, key_id, next_key, bytes(digest))
    epoch_now, horizon = _fetch(_sql.HORIZON)[0]
    # After a restore, transaction ids begin again: without a new epoch they would sort as sealed.
    if not after_restore and (epoch_now, int(horizon)) <= (last.epoch, last.txid):
        raise EvidenceFault("epoch_behind")
    return last


def _append(
    last: Last,
    *,
    leaves: list[tuple[UUID, bytes]],
    place: tuple[int, str, UUID],
    next_key: str = "",
) -> None:
    if last.number == 0:
        _heads.begin()
    key = _keys.signer(last_key=last.key_id, next_key=last.next_key)
    packed = b"".join(line_id.bytes + leaf for line_id, leaf in leaves)
    root = _merkle.root([leaf for _, leaf in leaves])
    sealed_at = clock.now()
    block: dict[str, Any] = {
        "count": len(leaves),
        "key_id": key.id,
        "leaves": sha256(packed).hexdigest(),
        "next_key": next_key,
        "number": str(last.number + 1),
        "prev": last.hash.hex(),
        "pruned_to": str(last.pruned_to),
        "root": root.hex(),
        "sealed_at": sealed_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "upto_epoch": place[0],
        "upto_id": str(place[2]),
        "upto_txid": place[1],
    }
    digest = _canonical.block_hash(block)
    row: list[Any] = [last.number + 1, *place, len(leaves), packed, root, last.hash, last.pruned_to]
    with connection.cursor() as cursor:
        cursor.execute(
            _sql.INSERT_BLOCK, [*row, key.id, next_key, sealed_at, digest, key.sign(digest)]
        )


def _fetch(statement: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall())
