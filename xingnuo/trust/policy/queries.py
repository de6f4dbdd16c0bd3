"""What the policy says: declared, published, in force, and the difference between versions."""

from __future__ import annotations

from datetime import datetime

from django.db import DEFAULT_DB_ALIAS

from xingnuo.kit import clock
from xingnuo.trust.policy import _declarations, _diff, _lint, _register, _rows
from xingnuo.trust.policy.contracts import (
    Compiled,
    Diff,
    Direction,
    Holding,
    NoPolicy,
    Pair,
    Table,
)


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


def holdings() -> tuple[Holding, ...]:
    """Give what every room handed in about the rows it holds."""
    return _declarations.holdings()


def tables() -> tuple[Table, ...]:
    """Give every table that the rooms account for."""
    return _declarations.tables()


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
    return (*found, *_lint.table_faults(policy, tables()))


def row_differences(*, using: str = DEFAULT_DB_ALIAS) -> tuple[str, ...]:
    """Name every published version whose row in the database is not equal to its file."""
    return _rows.differences(versions(), using=using)
