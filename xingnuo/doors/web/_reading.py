"""The policy as a text to read: how long it takes, its contents, and two versions side by side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Change, Compiled, Direction, EditKind, Section

CHARS_PER_MINUTE = 450
OPERATIONS = {EditKind.SAME: "equal", EditKind.INSERTED: "insert", EditKind.DELETED: "delete"}
DIRECTIONS = {
    Direction.WIDER: ("放宽", "warn"),
    Direction.NARROWER: ("收紧", "good"),
    Direction.OTHER: ("改变", "info"),
    Direction.SAME: ("文字", ""),
}
KINDS = {
    "purpose": "用途",
    "item": "信息项",
    "recipient": "接收方",
    "permission": "系统权限",
    "retention": "保存期限",
    "controller": "公司",
    "prose": "文字",
    "function": "功能",
    "exception": "例外",
    "law": "法律依据",
}

type Parts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One section in two versions; the parts are what the diff tag draws."""

    id: str
    title: str
    word: str  # 新增 | 删去 | 修改
    paragraphs: tuple[Parts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One change of meaning, in words."""

    kind: str
    title: str
    word: str
    tone: str
    before: str
    after: str
    again: bool  # consent is due again


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
        entry = {"href": f"#s{section.id}", "title": section.title}
        if section.level <= 1 or not found:
            children = []
            found.append({**entry, "children": children})
        elif section.level == 2:
            children.append(entry)
    return found


def told(old: Compiled, new: Compiled) -> list[Told]:
    """Say every change of meaning between two versions, widenings first."""
    order = list(DIRECTIONS)
    changes = [c for c in policy.diff(old, new).changes if c.direction is not Direction.SAME]
    changes.sort(key=lambda change: order.index(change.direction))
    return [_told(old, new, change) for change in changes]


def _told(old: Compiled, new: Compiled, change: Change) -> Told:
    word, tone = DIRECTIONS[change.direction]
    return Told(
        kind=KINDS.get(change.kind, "内容"),
        title=_name(new, change) or _name(old, change) or change.subject,
        word=word,
        tone=tone,
        before=change.before,
        after=change.after,
        again=bool(change.pairs),
    )


def _name(compiled: Compiled, change: Change) -> str:
    for known in (
        compiled.purposes,
        compiled.items,
        compiled.recipients,
        compiled.permissions,
        compiled.retention,
        compiled.controllers,
        compiled.functions,
        compiled.exceptions,
        compiled.laws,
    ):
        if change.subject in known:
            entry = known[change.subject]
            return str(getattr(entry, "title", "") or getattr(entry, "name", ""))
    return ""


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
