"""The published versions: files that are read, checked against their hash, and never changed.

One file that cannot be read makes the whole register unreadable: which version is in force
could then not be told for sure.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from xingnuo.trust.policy import _compile
from xingnuo.trust.policy.contracts import Compiled, NoPolicy

_FOLDER = str(Path(__file__).resolve().parents[3] / "policies")
_cache: dict[tuple[str, int], tuple[Compiled, ...]] = {}


def folder() -> Path:
    """Name the folder of the published versions."""
    return Path(_place())


def _place() -> str:
    return os.environ.get("XN_POLICIES_DIR") or _FOLDER


def versions() -> tuple[Compiled, ...]:
    """Give every published version, oldest first; `NoPolicy` when one cannot be read."""
    place = _place()
    try:
        # Asked for each permit, so by plain text: a `Path` costs ten times the question.
        key = (place, os.stat(place).st_mtime_ns)
    except OSError as fault:
        raise NoPolicy("policies") from fault
    if key not in _cache:
        found = [read(path) for path in sorted(Path(place).glob("*.json"))]
        _cache.clear()
        _cache[key] = tuple(sorted(found, key=lambda one: (one.effective_on, one.published_on)))
    return _cache[key]


def read(path: Path) -> Compiled:
    """Read one published file; `NoPolicy` if its content is not what its hash says."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        version = _compile.compiled(held["document"])
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise NoPolicy(path.name) from fault
    if version.hash != held["hash"] or path.name != f"{version.version}.json":
        raise NoPolicy(path.name)
    return version


def write(version: Compiled) -> Path:
    """Write a version's file once; an existing file is never written over."""
    path = folder() / f"{version.version}.json"
    held = {"hash": version.hash, "document": json.loads(version.document)}
    text = json.dumps(held, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
    return path


def choose(published: Iterable[Compiled], day: date) -> Compiled:
    """Tell which version binds on a Beijing day: the last to take effect by then."""
    effective = [one for one in published if one.effective_on <= day]
    if not effective:
        raise NoPolicy("before_first_version")
    return max(effective, key=lambda one: (one.effective_on, one.published_on))


def parse(held: bytes) -> Compiled:
    """Read a canonical document as the database keeps it."""
    try:
        return _compile.compiled(json.loads(held))
    except (ValueError, KeyError, TypeError) as fault:
        raise NoPolicy("document") from fault
