"""Which code each check runs, so that a fault is tried on the checks that could notice it.

A check that never enters a function runs the same with a fault in that function as without it, and
one that enters no code which asks for a name never sees what stands under that name.
"""

from __future__ import annotations

import dis
import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pkgutil import resolve_name
from types import CodeType, FunctionType, ModuleType

from xingnuo.proof.contracts import Mutation

_TOOL = 3  # free among the ids that the interpreter lends to tools
_HOUSE = "/xingnuo/"


class Reach:
    """What every check entered while it ran without a fault."""

    def __init__(self) -> None:
        self._entered: dict[str, set[CodeType]] = {}

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        """Note which functions of the house are entered inside."""
        entered = self._entered.setdefault(name, set())

        def enter(code: CodeType, _: int) -> object:
            if _HOUSE in code.co_filename:
                entered.add(code)
            return sys.monitoring.DISABLE  # once is enough until events are restarted

        events = sys.monitoring.events
        sys.monitoring.use_tool_id(_TOOL, "xingnuo.proof")
        sys.monitoring.restart_events()
        sys.monitoring.register_callback(_TOOL, events.PY_START, enter)
        sys.monitoring.set_events(_TOOL, events.PY_START)
        try:
            yield
        finally:
            sys.monitoring.set_events(_TOOL, events.NO_EVENTS)
            sys.monitoring.register_callback(_TOOL, events.PY_START, None)
            sys.monitoring.free_tool_id(_TOOL)

    def touches(self, name: str, mutation: Mutation) -> bool:
        """Say whether a check could notice a fault."""
        return any(_could_see(self._entered[name], path) for path in mutation.faults())


def _could_see(entered: set[CodeType], path: str) -> bool:
    owner_path, _, name = path.rpartition(".")
    found = inspect.unwrap(resolve_name(path))
    if isinstance(found, FunctionType) and found.__code__ not in entered:
        return False
    if name.startswith("__"):
        return True  # called by the language, without its name
    owner = resolve_name(owner_path)
    home = owner.__file__ if isinstance(owner, ModuleType) else None
    return any(
        name in _attributes(code) or (code.co_filename == home and name in _globals(code))
        for code in entered
    )


@cache
def _attributes(code: CodeType) -> frozenset[str]:
    return _asked(code, "LOAD_ATTR", "LOAD_METHOD", "LOAD_SUPER_ATTR", "IMPORT_FROM")


@cache
def _globals(code: CodeType) -> frozenset[str]:
    return _asked(code, "LOAD_GLOBAL", "LOAD_NAME")


def _asked(code: CodeType, *operations: str) -> frozenset[str]:
    return frozenset(
        str(one.argval) for one in dis.get_instructions(code) if one.opname in operations
    )
