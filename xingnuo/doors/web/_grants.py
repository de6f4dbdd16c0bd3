"""授权管理: every purpose that was asked or may be asked, as rows by function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from xingnuo.doors.web import _asking
from xingnuo.doors.web._pages import with_query
from xingnuo.doors.web._when import moment
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate.contracts import Granted, Standing
from xingnuo.trust.policy.contracts import ActorKind, Compiled, Function
from xingnuo.trust.policy.contracts import Standing as Position

USES = (Kind.PERMIT, Kind.VIEW, Kind.REVEAL, Kind.LOOKUP, Kind.COLLECT, Kind.CORRECT, Kind.SHARE)
LINES_READ_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One purpose, or one recipient of it, with how it stands."""

    title: str
    sub: str
    word: str
    tone: str
    href: str
    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The rows of one function."""

    name: str
    controller: str
    rows: tuple[Row, ...]

    @property
    def on(self) -> int:
        """Count what is agreed to."""
        return sum(one.on for one in self.rows)


def last_used(subject_id: UUID) -> dict[str, datetime]:
    """Give when each purpose was last used, as far as the newest lines tell."""
    found: dict[str, datetime] = {}
    for entry in evidence.of_subject(subject_id, kinds=USES, limit=LINES_READ_MAX):
        found.setdefault(entry.purpose, entry.at)
    return found


def groups(compiled: Compiled, standing: Standing, used: Mapping[str, datetime]) -> list[Group]:
    """Give all purposes that people decide on, those with a decision first in each function."""
    found = []
    for function in sorted(compiled.functions.values(), key=_place):
        rows = [
            row(compiled, standing, used, purpose.id)
            for purpose in compiled.purposes.values()
            if purpose.function == function.id
            and _asking.may_be_asked(compiled, purpose.id)
            and ActorKind.SELF in purpose.actors
        ]
        if rows:
            rows.sort(key=lambda one: not one.on)
            controller = compiled.controllers[function.controller].name
            found.append(Group(name=function.name, controller=controller, rows=tuple(rows)))
    found.sort(key=lambda group: not group.on)
    return found


def _place(function: Function) -> list[int]:
    return [int(part) for part in function.section.split(".")]


def row(
    compiled: Compiled,
    standing: Standing,
    used: Mapping[str, datetime],
    purpose: str,
    recipient: str = "",
) -> Row:
    """Give one row: since when, under which version, last used."""
    decided = _asking.decided_on(standing, purpose, recipient)
    word, tone = state(decided)
    title = compiled.purposes[purpose].title
    if recipient:
        title = compiled.recipients[recipient].name
    return Row(
        title=title,
        sub=_line(decided, used.get(purpose)) or compiled.purposes[purpose].sentence,
        word=word,
        tone=tone,
        href=with_query(reverse("grant", args=[purpose]), recipient=recipient),
        on=word == "已同意",
    )


def state(decided: Granted | None) -> tuple[str, str]:
    """Say how a decision stands, as a word and a tone."""
    if decided is None:
        return ("没问过", "")
    if decided.due_again:
        return ("要重新决定", "warn")
    words = {"grant": ("已同意", "good"), "refuse": ("不同意", ""), "withdraw": ("已撤回", "")}
    return words[decided.decision]


def _line(decided: Granted | None, used_at: datetime | None) -> str:
    if decided is None:
        return ""
    line = f"{moment(decided.at)}，第 {decided.version} 版"
    if decided.decision == "grant":
        line += f"；最近使用：{moment(used_at) or '还没有'}"
    return line


def recipients(
    compiled: Compiled, standing: Standing, used: Mapping[str, datetime], purpose: str
) -> list[Row]:
    """Give the parties that each need the person's own yes for a purpose (PIPL 23)."""
    return [
        row(compiled, standing, used, purpose, party.id)
        for party in compiled.recipients_of(purpose)
        if party.standing is Position.HANDLER
    ]
