"""What changed in the readable text, paragraph by paragraph and then character by character."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from xingnuo.trust.policy._address import plainly
from xingnuo.trust.policy._readable import readable
from xingnuo.trust.policy.contracts import Compiled, Edit, EditedSection, EditKind, Section

# Below this likeness two paragraphs are two paragraphs, not one that was edited.
SAME_PARAGRAPH = 0.4


def text_diff(old: Compiled, new: Compiled) -> tuple[EditedSection, ...]:
    """Give every section that reads otherwise, in the order of the new policy."""
    before = {section.id: section for section in readable(old)}
    after = {section.id: section for section in readable(new)}
    order = [*after, *(place for place in before if place not in after)]
    found = []
    for place in order:
        edited = _section(before.get(place), after.get(place))
        if any(edit.kind is not EditKind.SAME for edits in edited.paragraphs for edit in edits):
            found.append(edited)
    return tuple(found)


def _section(old: Section | None, new: Section | None) -> EditedSection:
    named = new or old
    assert named is not None  # a place comes from one of the two
    was = [plainly(one.text) for one in old.paragraphs] if old else []
    now = [plainly(one.text) for one in new.paragraphs] if new else []
    return EditedSection(id=named.id, title=named.title, paragraphs=tuple(_paragraphs(was, now)))


def _paragraphs(was: Sequence[str], now: Sequence[str]) -> Iterator[tuple[Edit, ...]]:
    matcher = SequenceMatcher(None, was, now, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            yield from ((Edit(kind=EditKind.SAME, text=text),) for text in now[c:d])
        elif tag == "replace":
            yield from _replaced(was[a:b], now[c:d])
        else:
            yield from ((Edit(kind=EditKind.DELETED, text=text),) for text in was[a:b])
            yield from ((Edit(kind=EditKind.INSERTED, text=text),) for text in now[c:d])


def _replaced(was: Sequence[str], now: Sequence[str]) -> Iterator[tuple[Edit, ...]]:
    left = list(was)
    for text in now:
        alike = max(left, key=lambda one: _likeness(one, text), default="")
        if alike and _likeness(alike, text) >= SAME_PARAGRAPH:
            left.remove(alike)
            yield tuple(_characters(alike, text))
        else:
            yield (Edit(kind=EditKind.INSERTED, text=text),)
    yield from ((Edit(kind=EditKind.DELETED, text=text),) for text in left)


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).quick_ratio()


def _characters(was: str, now: str) -> Iterator[Edit]:
    for tag, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Edit(kind=EditKind.SAME, text=now[c:d])
            continue
        if b > a:
            yield Edit(kind=EditKind.DELETED, text=was[a:b])
        if d > c:
            yield Edit(kind=EditKind.INSERTED, text=now[c:d])
