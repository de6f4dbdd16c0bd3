"""What the code declares in this process: handed in by the rooms at start-up, kept in memory."""

from __future__ import annotations

from datetime import date

from xingnuo.trust.policy import _compile
from xingnuo.trust.policy.contracts import (
    BadDeclaration,
    Compiled,
    Declaration,
    Holding,
    Notice,
    Table,
)

# The declared policy is no version: it has no dates of its own.
UNDATED = Notice(version="declared", published_on=date.min, effective_on=date.min, summary=())

_declarations: dict[str, Declaration] = {}
_holdings: dict[str, Holding] = {}
_compiled: list[Compiled] = []  # at most one: what the present declarations compile to


def register(declaration: Declaration) -> None:
    """Take in a room's declaration; the same again is harmless, another one is refused."""
    known = _declarations.get(declaration.room)
    if known is not None and known != declaration:
        raise BadDeclaration((f"{declaration.room}: declares twice, and differently",))
    _declarations[declaration.room] = declaration
    _compiled.clear()


def hold(holding: Holding) -> None:
    """Take in how a room exports, erases and seals what it holds about people."""
    _holdings[holding.room] = holding


def declarations() -> tuple[Declaration, ...]:
    """Give every room's declaration, by room."""
    return tuple(_declarations[room] for room in sorted(_declarations))


def holdings() -> tuple[Holding, ...]:
    """Give every room's holding, by room."""
    return tuple(_holdings[room] for room in sorted(_holdings))


def tables() -> tuple[Table, ...]:
    """Give every table that the rooms account for."""
    return tuple(table for declaration in declarations() for table in declaration.tables)


def declared() -> Compiled:
    """Compile what the code declares, once per set of declarations."""
    if not _compiled:
        _compiled.append(_compile.compiled(_compile.document(declarations(), UNDATED)))
    return _compiled[0]
