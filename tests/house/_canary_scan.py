"""Finding canaries in bytes: every form a value may hide in, over files of any size.

A canary is at least `SHORTEST` bytes long in every form, so that each hides a whole machine word at
an even place: one look at the words of a chunk tells whether anything is there at all.
"""

from __future__ import annotations

import base64
import hashlib
import sys
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

WORD = 8
STEP = 4
SHORTEST = WORD + STEP - 1
CHUNK = 8 * 1024 * 1024
OVERLAP = 512


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """A canary where it must not be."""

    sink: str
    canary: str
    form: str


def forms(value: str) -> Iterator[tuple[str, bytes]]:
    """Give every form of a value that somebody could have written down."""
    plain = value.encode()
    yield "plain", plain
    yield "upper", value.upper().encode()
    yield "reversed", value[::-1].encode()
    yield "hex", plain.hex().encode()
    yield "hex upper", plain.hex().upper().encode()
    yield "url", quote(value).encode()
    yield "sha256", hashlib.sha256(plain).hexdigest().encode()
    yield "sha256 bytes", hashlib.sha256(plain).digest()
    yield "md5", hashlib.md5(plain, usedforsecurity=False).hexdigest().encode()
    yield "gbk", value.encode("gbk", "replace")
    yield "utf-16", value.encode("utf-16-le")
    yield "utf-16 big", value.encode("utf-16-be")
    yield "json", value.encode("ascii", "backslashreplace")
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + plain)
        # The ends depend on what stands beside the value.
        kept = coded[(0, 2, 3)[shift] : len(coded) - 4]
        yield f"base64 +{shift}", kept
        yield f"base64url +{shift}", kept.translate(bytes.maketrans(b"+/", b"-_"))


class Needles:
    """All forms of all canaries, ready to be looked for."""

    def __init__(self, canaries: Mapping[str, str]) -> None:
        self.needles: dict[bytes, tuple[str, str]] = {}
        for name, value in canaries.items():
            for form, needle in forms(value):
                if len(needle) >= SHORTEST:
                    self.needles.setdefault(needle, (name, form))
            assert len(value.encode()) >= SHORTEST, name
        self._words = {
            int.from_bytes(needle[at : at + WORD], sys.byteorder)
            for needle in self.needles
            for at in range(STEP)
        }

    def find(self, sink: str, data: bytes) -> set[Hit]:
        """Give what stands in a piece of data."""
        if not self._may_hold(data):
            return set()
        return {Hit(sink, *told) for needle, told in self.needles.items() if needle in data}

    def _may_hold(self, data: bytes) -> bool:
        for start in (0, STEP):
            part = data[start : start + (len(data) - start) // WORD * WORD]
            if not self._words.isdisjoint(array("Q", part)):
                return True
        return False

    def find_all(self, parts: Iterable[tuple[str, bytes]]) -> set[Hit]:
        """Give what stands in named pieces of data."""
        return {hit for sink, data in parts for hit in self.find(sink, data)}

    def find_in_file(self, sink: str, path: Path) -> set[Hit]:
        """Give what stands in a file, a chunk at a time."""
        found: set[Hit] = set()
        tail = b""
        try:
            with path.open("rb") as file:
                while chunk := file.read(CHUNK):
                    # Whole words stay at even places, whatever the length of the tail.
                    found |= self.find(sink, tail + chunk)
                    tail = (tail + chunk)[-OVERLAP:]
        except FileNotFoundError:
            pass  # the server removes its temporary files and old WAL while we look
        return found
