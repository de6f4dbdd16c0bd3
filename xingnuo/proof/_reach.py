"""Which code each check runs, so that a fault is tried on the checks that could notice it.

A check that never enters a function runs the same with a fault in that function as without it;
and one that enters nothing which names a value never sees what stands under that name.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pkgutil import resolve_name
from types import CodeType, FunctionType

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
    found = inspect.unwrap(resolve_name(path))
    if isinstance(found, FunctionType):
        return found.__code__ in entered
    last = path.rsplit(".", 1)[-1]
    return any(last in code.co_names for code in entered)
