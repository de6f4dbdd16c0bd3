"""What the policy says: declared, published, in force, and the difference between versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS

from xingnuo.kit import clock
from xingnuo.trust.policy import (
    _declarations,
    _diff,
    _dpv,
    _fideslang,
    _kinds,
    _lint,
    _lists,
    _memo,
    _readable,
    _register,
    _resolution,
    _rows,
    _textdiff,
)
from xingnuo.trust.policy.contracts import (
    Compiled,
    Diff,
    Direction,
    EditedSection,
    Governed,
    Holding,
    Layer,
    Lists,
    NoPolicy,
    Pair,
    RetentionRule,
    Section,
    Table,
)

LASTING_DAYS = 365


def declared() -> Compiled:
    """Give what the code declares; it decides nothing until it is published."""
    return _declarations.declared()


def versions() -> tuple[Compiled, ...]:
    """Give every published version, oldest first; `NoPolicy` when one cannot be read."""
    return _register.versions()


def version(number: str) -> Compiled:
    """Give one published version; `NoPolicy` when there is none of that number."""
    for one in versions():
        if one.version == number:
            return one
    raise NoPolicy(number)


def in_force(at: datetime | None = None) -> Compiled:
    """Give the version that binds at an instant: a pure function of the published versions."""
    return _register.choose(versions(), clock.beijing(at or clock.now()).date())


def coming(*, material: bool = False) -> tuple[Compiled, ...]:
    """Give what is published and not yet in force, next first; if asked, what is material alone."""
    now = clock.now()
    today = clock.beijing(now).date()
    current = in_force(now)
    found = tuple(v for v in versions() if v.published_on <= today < v.effective_on)
    return tuple(v for v in found if _is_material(current, v)) if material else found


def _is_material(old: Compiled, new: Compiled) -> bool:
    return _memo.once(new, f"material {old.hash}", lambda one: _diff.diff(old, one).material)


def holdings() -> tuple[Holding, ...]:
    """Give what every room handed in about the rows it holds."""
    return _declarations.holdings()


def tables() -> tuple[Table, ...]:
    """Give every table that the rooms account for."""
    return _declarations.tables()


def lasting(compiled: Compiled) -> dict[str, RetentionRule]:
    """Give by table the rule by which its rows outlive their person's erasure, with its law.

    Only a law keeps anything for years after the end; what has no such term goes with the person.
    """
    return {
        table.name: compiled.retention[table.retention]
        for table in tables()
        if compiled.retention[table.retention].days >= LASTING_DAYS
        and "subject_id" in table.columns
    }


def diff(old: Compiled, new: Compiled) -> Diff:
    """Tell every difference between two versions, with its direction and what becomes due."""
    return _diff.diff(old, new)


def due_pairs(old: Compiled, new: Compiled) -> frozenset[Pair]:
    """Name exactly the pairs for which a consent given under the old version no longer counts."""
    return _diff.diff(old, new).due


def unpublished() -> frozenset[str]:
    """Name the purposes that the code declares wider than, or other than, the version in force."""
    return frozenset(
        change.subject
        for change in unpublished_changes().changes
        if change.kind == "purpose" and change.direction in (Direction.WIDER, Direction.OTHER)
    )


def unpublished_changes() -> Diff:
    """Tell how the code's declarations differ from the version in force."""
    return _diff.diff(in_force(), declared())


def faults() -> tuple[str, ...]:
    """Name everything that forbids publishing what the code declares."""
    policy = declared()
    found = _lint.faults(policy, clock.today())
    return (*found, *_lint.manners(policy), *_lint.table_faults(policy, tables()))


def row_differences(*, using: str = DEFAULT_DB_ALIAS) -> tuple[str, ...]:
    """Name every published version whose row in the database is not equal to its file."""
    return _rows.differences(versions(), using=using)


def readable(policy: Compiled) -> tuple[Section, ...]:
    """Write the policy in Chinese, sections one to nine, with its sensitive runs emphasised."""
    return _memo.once(policy, "readable", _readable.readable)


def contents(policy: Compiled) -> tuple[Section, ...]:
    """Give the sections that stand in the table of contents."""
    return _readable.contents(readable(policy))


def summary(policy: Compiled) -> tuple[str, ...]:
    """Give the few sentences that come before the policy."""
    return _readable.summary(policy)


def plain_text(policy: Compiled) -> str:
    """Write the policy as plain text, for saving."""
    return _readable.plain_text(policy)


def text_diff(old: Compiled, new: Compiled) -> tuple[EditedSection, ...]:
    """Give every section that reads otherwise, with what came and what went."""
    return _memo.once(new, f"text_diff {old.hash}", lambda one: _textdiff.text_diff(old, one))


def lists(policy: Compiled) -> Lists:
    """Give the two published lists: items by function, and recipients."""
    return _memo.once(policy, "lists", _lists.lists)


def dpv(policy: Compiled) -> dict[str, Any]:
    """Give the policy as JSON-LD in the W3C Data Privacy Vocabulary."""
    return _dpv.dpv(policy)


def fideslang(policy: Compiled) -> dict[str, Any]:
    """Give the policy as a Fideslang manifest."""
    return _fideslang.fideslang(policy)


def govern(clause: str, layers: Sequence[Layer]) -> Governed:
    """Tell which text answers a clause: the product's, else the platform's, else the group's."""
    return _resolution.govern(clause, layers)


def normalise(kind: str, text: str) -> str:
    """Give a value of a kind in its one form; `BadInput` says what to do instead."""
    return _kinds.normalise(kind, text)


def choices(kind: str) -> tuple[str, ...]:
    """Give the words of a kind that is a closed list, or nothing."""
    return _kinds.choices(kind)


def birth_date(document_number: str) -> date | None:
    """Read the birth date in a mainland identity number; None for other documents."""
    return _kinds.birth_date(document_number)
