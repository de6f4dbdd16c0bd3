"""Small parts of faults."""

from __future__ import annotations

from collections.abc import Callable
from pkgutil import resolve_name
from typing import Any

from xingnuo.proof import _version
from xingnuo.trust.policy import queries as policy

DECLARED = "xingnuo.trust.policy._declarations.declared"


def right(path: str) -> Callable[..., Any]:
    """Give what stands at a path before the fault is switched in."""
    found: Callable[..., Any] = resolve_name(path)
    return found


def nothing(*_: object, **__: object) -> Any:
    """Do nothing and find nothing."""
    return ()


def drifted(**parts: Any) -> dict[str, object]:
    """Let the code declare something else than was promised."""
    changed = _version.remade(policy.declared(), **parts)
    return {DECLARED: lambda: changed}
