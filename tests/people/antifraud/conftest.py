"""Every test of the room begins with the built-in rules in force."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.people.antifraud.officers import officer
from xingnuo.people.antifraud import _base, _versions, actions, queries
from xingnuo.people.antifraud.contracts import RuleState


@pytest.fixture(autouse=True)
def built_in_rules() -> Iterator[None]:
    """Let the built-in rules in again where a test released others, and end what it proposed."""
    yield
    found = queries.rule_sets()
    for each in found:
        if each.state in (RuleState.PROPOSED, RuleState.REPROPOSED):
            actions.withdraw_rules(officer(), number=each.number)
    _versions.forget()
    if _versions.live()[1].digest != _base.rules().digest:
        first = officer()
        number = actions.draft_rules(first, document=_base.DOCUMENT).number
        actions.propose_rules(first, number=number)
        actions.release_rules(officer(), number=number)
