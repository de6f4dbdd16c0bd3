"""The gate's verdict equals Cedar's and regorus's over the full product."""

from __future__ import annotations

import pytest

from bench import engines, gate_decision
from xingnuo.trust.gate._rules import build
from xingnuo.trust.policy import queries as policy


@pytest.mark.promise("1.0.1", "1.6.3")
def test_three_engines_give_one_verdict() -> None:
    """Purposes × items × consent states, then states and actors: no verdict differs."""
    compiled = policy.in_force()
    asked = list(engines.questions(compiled))
    rules = build(compiled)
    mine = [gate_decision.ours(rules, question) for question in asked]
    assert any(mine) and not all(mine)
    assert mine == gate_decision.by_cedar(compiled, asked)
    assert mine == gate_decision.by_regorus(compiled, asked)


def test_a_changed_rule_is_noticed() -> None:
    """The comparison can fail: one item taken from one purpose makes the engines differ."""
    compiled = policy.in_force()
    rules = build(compiled)
    purpose = next(p for p in compiled.purposes.values() if p.items and not p.own_consent)
    rules.rules[purpose.id].needed = 0
    rules.rules[purpose.id].optional = 0
    asked = [q for q in engines.questions(compiled) if q.purpose == purpose.id]
    mine = [gate_decision.ours(rules, question) for question in asked]
    assert mine != gate_decision.by_cedar(compiled, asked)
