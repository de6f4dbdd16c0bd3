"""The heads of blocks, anchored outside the database in `<data>/heads.log`.

A line is a JSON object: a head, or a note that the database went back to an older block when a
backup was restored. The file is made with the first key and never made again: when it is gone,
heads cannot be anchored and the verifier says so. Ship it elsewhere to be safe from its own host.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

from django.conf import settings
from django.db import connection

from xingnuo.kit import clock
from xingnuo.trust.evidence import _canonical, _keys
from xingnuo.trust.evidence.contracts import EvidenceFault

_UNANCHORED: Final = """
    SELECT number, hash, signature, key_id, upto_epoch FROM evidence_block
    WHERE number > %s ORDER BY number LIMIT 1000
"""


def path() -> Path:
    """Name the file."""
    return Path(settings.DATA_DIR) / "heads.log"


def begin() -> None:
    """Make the file for the very first block."""
    path().touch(mode=0o644)


def anchor() -> int:
    """Append the heads of all blocks that are not in the file yet; gives how many."""
    if not path().exists():
        return 0
    written = 0
    with path().open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        last = _last_number(file)
        while rows := _blocks_after(last):
            for number, digest, signed, key, epoch in rows:
                head = {
                    "epoch": epoch,
                    "hash": bytes(digest).hex(),
                    "key": key,
                    "number": number,
                    "signature": bytes(signed).hex(),
                }
                file.write(_canonical.canonical(head) + b"\n")
                last, written = number, written + 1
        _to_disk(file)
    return written


def note_restored(*, number: int, epoch: int, key: _keys.Signer) -> None:
    """Note, signed, that the database went back to block `number` and begins an epoch."""
    at = clock.now().isoformat()
    note: dict[str, Any] = {"at": at, "epoch": epoch, "key": key.id, "restored_to": number}
    signed = key.sign(_canonical.block_hash(note))
    with path().open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        _last_number(file)
        file.write(_canonical.canonical({**note, "signature": signed.hex()}) + b"\n")
        _to_disk(file)


def extent() -> int:
    """Give the file's size: a verifier reads no further, since later blocks are not in its view."""
    return path().stat().st_size if path().exists() else 0


def notes(extent: int) -> list[tuple[int, dict[str, Any]]]:
    """Give every note of a restored backup with its place in the file."""
    return [(place, head) for place, head in _entries(extent) if "restored_to" in head]


def heads(extent: int, restored: list[tuple[int, int]]) -> Iterator[dict[str, Any]]:
    """Give the anchored heads that count: those a later restore went back behind do not."""
    for place, head in _entries(extent):
        if "restored_to" in head:
            continue
        number = head.get("number", 0)
        if not any(at > place and number > back_to for at, back_to in restored):
            yield head


def _entries(extent: int) -> Iterator[tuple[int, dict[str, Any]]]:
    if not extent:
        return
    with path().open("rb") as file:
        for place, line in enumerate(file):
            extent -= len(line)
            if extent < 0 or not line.endswith(b"\n"):
                return  # the last write was cut short; the next one mends it
            try:
                head = json.loads(line)
            except ValueError:
                head = {}
            number = head.get("number", head.get("restored_to")) if isinstance(head, dict) else None
            yield place, head if type(number) is int else {}


def _last_number(file: IO[bytes]) -> int:
    # Reads back from the end, mends a line that was cut short, and leaves the file at its end.
    file.seek(0, os.SEEK_END)
    start, tail = file.tell(), b""
    while start > 0 and tail.count(b"\n") < 2:
        step = min(start, 4096)
        start -= step
        file.seek(start)
        tail = file.read(step) + tail
    whole, _, cut = tail.rpartition(b"\n")
    file.seek(-len(cut), os.SEEK_END)
    file.truncate()
    if not whole:
        return 0
    try:
        head = json.loads(whole.rpartition(b"\n")[2])
        return int(head["restored_to"] if "restored_to" in head else head["number"])
    except (ValueError, KeyError, TypeError):
        raise EvidenceFault("heads_damaged") from None


def _blocks_after(number: int) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(_UNANCHORED, [number])
        return list(cursor.fetchall())


def _to_disk(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())
