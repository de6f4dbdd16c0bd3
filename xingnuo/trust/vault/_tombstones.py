"""The log of tombstones: `<data>/tombstones.log`, appended only, each line hashing the one before.

It stands outside both databases, so that no restored backup can take a tombstone back. A line is
`{"at", "hash", "n", "prev", "subject"}`; a line cut short by a crash was never acknowledged.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from xingnuo.trust.vault.contracts import Tombstone, TombstonesBroken

NAME = "tombstones.log"
_START = "0" * 64


def append(data_dir: Path, stones: Iterable[Tombstone]) -> int:
    """Append tombstones that are not there yet, and reach the disk; gives how many were new."""
    path = data_dir / NAME
    is_new = not path.exists()
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        content = file.read()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            file.truncate(len(whole))
        known, number, last = _verify(whole)
        lines = b""
        fresh = 0
        for stone in stones:
            if stone.subject_id in known:
                continue
            known[stone.subject_id] = stone.erased_at
            number, fresh = number + 1, fresh + 1
            last, line = _line(number, stone, last)
            lines += line
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())
    if is_new:
        _sync_folder(data_dir)
    return fresh


def read(data_dir: Path) -> dict[UUID, datetime]:
    """Give every tombstone of the log; raises TombstonesBroken when a line was changed."""
    path = data_dir / NAME
    if not path.exists():
        return {}
    content = path.read_bytes()
    return _verify(content[: content.rfind(b"\n") + 1])[0]


def _verify(content: bytes) -> tuple[dict[UUID, datetime], int, str]:
    found: dict[UUID, datetime] = {}
    number, last = 0, _START
    for text in content.splitlines():
        try:
            told: dict[str, Any] = json.loads(text)
            stone = Tombstone(
                subject_id=UUID(told["subject"]), erased_at=datetime.fromisoformat(told["at"])
            )
            is_next = told["n"] == number + 1
            expected, _ = _line(number + 1, stone, last)
            if not is_next or not hmac.compare_digest(str(told["hash"]), expected):
                raise TombstonesBroken(f"line {number + 1}")
        except (ValueError, KeyError, TypeError, AttributeError):
            raise TombstonesBroken(f"line {number + 1}") from None
        found[stone.subject_id] = stone.erased_at
        number, last = number + 1, expected
    return found, number, last


def _line(number: int, stone: Tombstone, last: str) -> tuple[str, bytes]:
    said = {
        "at": stone.erased_at.isoformat(),
        "n": number,
        "prev": last,
        "subject": str(stone.subject_id),
    }
    hashed = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    return hashed, json.dumps({**said, "hash": hashed}, sort_keys=True).encode() + b"\n"


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
