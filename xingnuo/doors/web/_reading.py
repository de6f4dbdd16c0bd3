"""The policy as a text to read: how long it takes, its contents, and two versions side by side."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Compiled, EditKind, Section

CHARS_PER_MINUTE = 450
OPENING = "0"
NUMERAL = re.compile("^[一二三四五六七八九十]+、")  # the contents count by themselves
OPERATIONS = {EditKind.SAME: "equal", EditKind.INSERTED: "insert", EditKind.DELETED: "delete"}
type Parts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One section in two versions; the parts are what the diff tag draws."""

    id: str
    title: str
    word: str  # 新增 | 删去 | 修改
    paragraphs: tuple[Parts, ...]


@lru_cache(maxsize=8)
def sections_of(compiled_hash: str, version: str) -> tuple[Section, ...]:
    """Give a version's readable sections; kept, for a published text never changes."""
    return policy.readable(policy.version(version))


def sections(compiled: Compiled) -> tuple[Section, ...]:
    """Give the readable sections of a version."""
    return sections_of(compiled.hash, compiled.version)


def minutes(compiled: Compiled) -> int:
    """Estimate how long reading takes, in whole minutes."""
    count = sum(len(p.text) for section in sections(compiled) for p in section.paragraphs)
    return max(1, round(count / CHARS_PER_MINUTE))


def contents(compiled: Compiled) -> list[dict[str, object]]:
    """Give the table of contents: chapters, and the sections under them."""
    found: list[dict[str, object]] = []
    children: list[dict[str, str]] = []
    for section in sections(compiled):
        # The opening sentences stand right below the contents.
        if section.id == OPENING:
            continue
        entry = {"href": f"#s{section.id}", "title": NUMERAL.sub("", section.title)}
        if section.level <= 1 or not found:
            children = []
            found.append({**entry, "children": children})
        elif section.level == 2:
            children.append(entry)
    return found


@lru_cache(maxsize=4)
def _compared(old: str, new: str) -> tuple[Compared, ...]:
    left, right = policy.version(old), policy.version(new)
    before = {section.id for section in policy.readable(left)}
    after = {section.id for section in policy.readable(right)}
    return tuple(
        Compared(
            id=one.id,
            title=one.title,
            word="修改" if one.id in before & after else "新增" if one.id in after else "删去",
            paragraphs=tuple(
                tuple((OPERATIONS[edit.kind], edit.text) for edit in edits)
                for edits in one.paragraphs
            ),
        )
        for one in policy.text_diff(left, right)
    )


def compared(old: Compiled, new: Compiled) -> tuple[Compared, ...]:
    """Give every section whose text differs, with its additions and removals."""
    return _compared(old.version, new.version)
