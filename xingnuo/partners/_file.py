"""Files that partners give: fetched into a temporary file in bounded memory, with their hash."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import httpx

from xingnuo.partners import _line, _signing
from xingnuo.partners._day import DayFile, DayFileBroken, DayFileNotReady, Fetched, objects
from xingnuo.partners._line import Line

FILE_BYTES_MAX = 512 * 1024 * 1024
FILE_SECONDS_MAX = 120.0


def fetch(address: str, *, headers: Mapping[str, str] | None = None) -> Fetched | None:
    """Fetch a file; None for no answer, a refusal, too large or too slow a one."""
    digest, until, size = hashlib.sha256(), time.monotonic() + FILE_SECONDS_MAX, 0
    with tempfile.NamedTemporaryFile(prefix="xn-", delete=False) as file:
        fetched = Fetched(Path(file.name), "")
        try:
            with _line.client().stream("GET", address, headers=headers) as answer:
                whole = answer.status_code == 200
                for part in answer.iter_bytes(64 * 1024):
                    size += len(part)
                    whole = whole and size <= FILE_BYTES_MAX and time.monotonic() < until
                    if not whole:
                        break
                    digest.update(part)
                    file.write(part)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            whole = False
    fetched.sha256 = digest.hexdigest()
    if not whole:
        fetched.close()
        return None
    return fetched


@dataclass(slots=True)
class _Sums:
    """What the lines of a file come to, and which keys come more than once."""

    count: int = 0
    total: int = 0
    seen: set[int] = field(default_factory=set)
    twice: set[str] = field(default_factory=set)


def _sums[L](fetched: Fetched, read: Callable[[Mapping[str, Any]], L | None]) -> _Sums:
    sums = _Sums()
    for one in objects(fetched):
        if read(one) is None:
            raise DayFileBroken("line")
        key = _signing.text(one, "key")
        # A number a line is held, not the line.
        if key and hash(key) in sums.seen:
            sums.twice.add(key)
        sums.seen.add(hash(key))
        sums.count += 1
        sums.total += _signing.whole(one, "amount_fen", most=10**15) or 0
    return sums


def day_file[L](
    line: Line, path: str, day: date, *, read: Callable[[Mapping[str, Any]], L | None]
) -> DayFile[L]:
    """Fetch a partner's file of a day: JSON lines under a signed head; checked before it is given.

    Raises `DayFileNotReady` where there is none yet, `DayFileBroken` where it does not hold.
    """
    told = line.post(path, {"day": day.isoformat()})
    head = told.fields
    if not told.signed or told.status != 200 or head.get("day") != day.isoformat():
        raise DayFileNotReady(line.partner)
    count = _signing.whole(head, "count", most=10**9)
    total = _signing.whole(head, "total_fen", most=10**17)
    address = f"{line.base()}{_signing.text(head, 'path', chars_max=200)}"
    fetched = fetch(address)
    if fetched is None:
        raise DayFileNotReady(line.partner)
    try:
        if count is None or total is None or fetched.sha256 != head.get("sha256"):
            raise DayFileBroken(line.partner)
        sums = _sums(fetched, read)
        if (sums.count, sums.total) != (count, total):
            raise DayFileBroken(line.partner)
    except DayFileBroken:
        fetched.close()
        raise
    return DayFile(
        day=day, count=count, total_fen=total, sha256=fetched.sha256,
        repeated=frozenset(sums.twice), _fetched=fetched, _read=read,
    )  # fmt: skip
