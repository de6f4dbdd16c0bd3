"""The wiring: declarations go to the policy, and what is prepared before doors open."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from xingnuo.config import rooms
from xingnuo.trust.policy import actions as policy
from xingnuo.trust.policy.contracts import Declaration
from xingnuo.trust.vault import actions as vault

# Run once, in order, after migrations and before a door opens.
PREPARE: tuple[Callable[[], object], ...] = (
    policy.record_versions,
    vault.prepare_keys,
    vault.refuse_undone_erasures,
)


def register_all() -> None:
    """Register the declaration of every room that has a `policy.py`.

    Refuses to start (`BadDeclaration`) when together they are no policy, e.g. without a controller.
    """
    for declaration in declarations():
        policy.register(declaration)
    policy.check()


def declarations() -> list[Declaration]:
    """Read the declaration of every room that has one."""
    return [import_module(module).DECLARATION for module in rooms.having("policy")]


def prepare() -> tuple[Callable[[], object], ...]:
    """Give what runs once, in order, after migrations and before a door opens."""
    return PREPARE
