"""What a partner's file of a day is: on disk while it is open, read line by line; no network."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from io import BufferedReader
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from xingnuo.kit.errors import Unavailable

LINE_BYTES_MAX = 4096


class DayFileNotReady(Unavailable):
    """The partner has no file of this day yet, or did not answer: ask again later."""

    code = "day_file_not_ready"


class DayFileBroken(Unavailable):
    """The file is not what the partner signed for: short, altered, or of another day."""

    code = "day_file_broken"


@dataclass(slots=True)
class Fetched:
    """A file on disk for as long as this is open; nobody else can read it."""

    path: Path
    sha256: str

    def open(self) -> BufferedReader:
        """Open the file from its beginning."""
        return self.path.open("rb")

    def digest(self, kind: str) -> str:
        """Give another digest of the whole file, in hex."""
        with self.open() as file:
            return hashlib.file_digest(file, kind).hexdigest()

    def close(self) -> None:
        """Remove the file."""
        with suppress(FileNotFoundError):
            self.path.unlink()


@dataclass(slots=True, kw_only=True)
class DayFile[L]:
    """One day's lines, already held against the partner's own count, total and hash."""

    day: date
    count: int
    total_fen: int
    sha256: str
    repeated: frozenset[str]  # keys that are listed more than once
    _fetched: Fetched = field(repr=False)
    _read: Callable[[Mapping[str, Any]], L | None] = field(repr=False)

    def lines(self) -> Iterator[L]:
        """Give the lines in the order of the file; as often as wanted."""
        for told in objects(self._fetched):
            line = self._read(told)
            if line is None:
                raise DayFileBroken("line")
            yield line

    def close(self) -> None:
        """Remove the file."""
        self._fetched.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()


def text_lines(file: BinaryIO) -> Iterator[bytes]:
    """Give the lines of a file, each of bounded length; a longer one is broken."""
    while line := file.readline(LINE_BYTES_MAX + 1):
        if len(line) > LINE_BYTES_MAX:
            raise DayFileBroken("line")
        yield line


def objects(fetched: Fetched) -> Iterator[Mapping[str, Any]]:
    """Give the JSON objects of a file, one a line; raises `DayFileBroken`."""
    with fetched.open() as file:
        for line in text_lines(file):
            try:
                told = json.loads(line)
            except (ValueError, RecursionError):
                raise DayFileBroken("line") from None
            if not isinstance(told, dict):
                raise DayFileBroken("line")
            yield told
