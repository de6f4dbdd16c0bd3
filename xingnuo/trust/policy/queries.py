"""What the policy says: declared, published, in force, and the difference between versions."""

from __future__ import annotations

from datetime import datetime

from xingnuo.kit import clock
from xingnuo.trust.policy import _declarations, _register
from xingnuo.trust.policy.contracts import Compiled, Holding, NoPolicy, Table


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
