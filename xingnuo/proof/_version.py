"""Versions of the policy that exist in memory alone: for checks that publish, and for faults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any
from unittest.mock import patch

from xingnuo.kit import ids
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Compiled

_VERSIONS = "xingnuo.trust.policy._register.versions"
_DECLARED = "xingnuo.trust.policy._declarations.declared"
_NEW_MEANING = ("sentence", "basis", "automated")


def remade(
    compiled: Compiled,
    *,
    version: str = "",
    effective_on: date | None = None,
    **parts: Mapping[str, Any],
) -> Compiled:
    """Give a version with some parts changed: `items={"phone": {"mask": …}}`, or a new object
    whole.
    """
    changed: dict[str, Any] = {}
    meanings = dict(compiled.meanings)
    for part, changes in parts.items():
        known = dict(getattr(compiled, part))
        for one, fields in changes.items():
            known[one] = replace(known[one], **fields) if isinstance(fields, dict) else fields
            if part == "purposes" and (
                not isinstance(fields, dict) or set(fields) & set(_NEW_MEANING)
            ):
                meanings[one] = ids.digest(f"{one} {known[one].sentence} {known[one].basis}")
        changed[part] = MappingProxyType(known)
    number = version or compiled.version
    return replace(
        compiled,
        version=number,
        effective_on=effective_on or compiled.effective_on,
        meanings=MappingProxyType(meanings),
        hash=ids.digest(f"{compiled.hash} {number} {effective_on} {parts!r}"),
        **changed,
    )


@contextmanager
def published(*added: Compiled) -> Iterator[None]:
    """Let versions count as published after the real ones, and the last as what the code
    declares.
    """
    with _standing((*policy.versions(), *added)):
        yield


@contextmanager
def instead(changed: Compiled) -> Iterator[None]:
    """Let a changed version stand in place of the one in force, published and declared alike."""
    kept = tuple(one for one in policy.versions() if one.version != changed.version)
    with _standing((*kept, changed)):
        yield


@contextmanager
def _standing(versions: tuple[Compiled, ...]) -> Iterator[None]:
    with ExitStack() as stack:
        stack.enter_context(patch(_VERSIONS, lambda: versions))
        stack.enter_context(patch(_DECLARED, lambda: versions[-1]))
        yield


@contextmanager
def declaring(changed: Compiled) -> Iterator[None]:
    """Let the code declare something else than what is published; built rules go before and
    after.
    """
    gate.forget_rules()
    with patch(_DECLARED, lambda: changed):
        yield
    gate.forget_rules()


def whole[T](known: T, **fields: Any) -> T:
    """Give another object like a known one."""
    return replace(known, **fields)  # type: ignore[type-var]
