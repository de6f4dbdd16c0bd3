"""What the three bill formats share: bounded lines out of a zip, amounts, totals; no network."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from xingnuo.kit.clock import BEIJING
from xingnuo.partners.channel import wire
from xingnuo.partners.channel.contracts import BillBroken, BillLine

LINE_BYTES_MAX = 4096
PART_BYTES = 256 * 1024
UNZIPPED_BYTES_MAX = 2 * 1024**3
ENTRIES_MAX = 8
_DIGITS_MAX = 13  # as many as the wire's own reading takes


@dataclass(frozen=True, slots=True)
class Totals:
    """What the file itself says that its lines come to."""

    count: int
    paid_fen: int
    refunded_fen: int


type Read = Iterator[BillLine | Totals]


def texts(file: IO[bytes], *, encoding: str) -> Iterator[str]:
    """Give lines without their ends; one too long, or a file too large, is broken."""
    size, rest = 0, b""
    # Many lines at once: none of the encodings uses the byte that ends a line in anything else.
    while part := file.read(PART_BYTES):
        size += len(part)
        whole, ended, rest = (rest + part).rpartition(b"\n")
        if len(rest) > LINE_BYTES_MAX or size > UNZIPPED_BYTES_MAX:
            raise BillBroken("size")
        if ended:
            yield from _texts(whole, encoding)
    if rest:
        yield from _texts(rest, encoding)


def _texts(raw: bytes, encoding: str) -> list[str]:
    if max(map(len, raw.split(b"\n"))) > LINE_BYTES_MAX:
        raise BillBroken("size")
    try:
        return [text.rstrip("\r") for text in raw.decode(encoding).split("\n")]
    except UnicodeDecodeError:
        raise BillBroken("encoding") from None


def cells(line: str) -> list[str]:
    """Split one line of comma separated values."""
    if '"' not in line:
        return line.split(",")
    try:
        return next(csv.reader([line], strict=True))
    except (csv.Error, StopIteration):
        raise BillBroken("line") from None


@contextmanager
def unzipped(path: Path) -> Iterator[tuple[zipfile.ZipFile, list[str]]]:
    """Open a zip with few entries; a damaged one is broken."""
    try:
        with zipfile.ZipFile(path, metadata_encoding="gb18030") as whole:
            names = whole.namelist()
            if len(names) > ENTRIES_MAX or len(set(names)) != len(names):
                raise BillBroken("entries")
            yield whole, names
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, UnicodeDecodeError):
        raise BillBroken("zip") from None


def yuan(text: str) -> int:
    """Read yuan with a sign as fen; raises `BillBroken`."""
    bare = text.removeprefix("-")
    # As nearly every line has it: digits, a point, two digits.
    digits = bare[:-3] + bare[-2:]
    plain = bare[-3:-2] == "." and 3 <= len(digits) <= _DIGITS_MAX
    if plain and digits.isascii() and digits.isdigit():
        found: int | None = int(digits)
    else:
        found = wire.fen_of_yuan(bare)
    if found is None:
        raise BillBroken("amount")
    return found if bare == text else -found


def at(text: str) -> datetime:
    """Read a Beijing time; raises `BillBroken`."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BillBroken("time") from None
    if found.tzinfo is not None:
        raise BillBroken("time")
    return found.replace(tzinfo=BEIJING)


def name(text: str) -> str:
    """Give a number of a bill, bounded and printable; raises `BillBroken`."""
    if len(text) > wire.TEXT_CHARS_MAX or not text.isprintable():
        raise BillBroken("number")
    return text
