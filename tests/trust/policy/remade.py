"""Policies that differ from the shipped ones in one place, made the way every policy is made."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import date
from typing import Any

from xingnuo.trust.policy import _compile, queries
from xingnuo.trust.policy.contracts import Compiled

Document = dict[str, Any]


def document(policy: Compiled | None = None) -> Document:
    """Give the document of a version (the one the code declares), free to be edited."""
    made: Document = json.loads((policy or queries.declared()).document)
    return made


def remade(edit: Callable[[Document], object], policy: Compiled | None = None) -> Compiled:
    """Give the policy as it would be after an edit of its document."""
    made = copy.deepcopy(document(policy))
    edit(made)
    return _compile.compiled(made)


def entry(made: Document, part: str, one: str) -> Document:
    """Find one entry of a part."""
    found: Document = next(each for each in made[part] if each["id"] == one)
    return found


def setting(part: str, one: str, **fields: Any) -> Callable[[Document], object]:
    """Make an edit that sets fields of one entry."""
    return lambda made: entry(made, part, one).update(fields)


def dated(number: str, effective_on: date) -> Compiled:
    """Give a version of another number and day."""
    told = date(effective_on.year - 1, 1, 1)
    return remade(
        lambda made: made.update(
            version=number,
            published_on=told.isoformat(),
            effective_on=effective_on.isoformat(),
        )
    )
