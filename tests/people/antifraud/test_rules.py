"""The rule language: what it takes, what it turns away, and that it only ever compares."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.people.antifraud.officers import document
from xingnuo.people.antifraud import _base, _facts, _limits, _rules
from xingnuo.people.antifraud.contracts import BadRules, Outcome

MONEY = {"fact": "amount_fen", "ge": 100}


def parsed(when: Any) -> _rules.RuleSet:
    """Parse a set with one rule."""
    return _rules.parse(document({"when": when}))


def test_the_built_in_rules_are_checked_like_any_other() -> None:
    """Version 0 parses, and asks for declared facts alone."""
    assert all(_facts.type_of(name) for name in _base.rules().facts)


@pytest.mark.parametrize(
    "when",
    [
        {"fact": "salary", "ge": 1},
        {"fact": "__class__", "eq": True},
        {"fact": "count.payment.subject.2h", "ge": 1},
        {"fact": "amount_fen", "ge": "100"},
        {"fact": "amount_fen", "ge": -1},
        {"fact": "amount_fen", "ge": 1.5},
        {"fact": "amount_fen", "ge": True},
        {"fact": "amount_fen", "like": 1},
        {"fact": "amount_fen", "ge": 1, "le": 2},
        {"fact": "device_known", "ge": True},
        {"fact": "kind", "eq": "gamble"},
        {"fact": "kind", "in": []},
        {"fact": "count.money.subject.1d", "ge": _limits.COUNTED_ROWS_MAX + 1},
        {"all": []},
        {"not": [MONEY]},
        {"all": [MONEY], "any": [MONEY]},
        {"exec": "print"},
        [],
        "amount_fen >= 1",
        None,
        {"all": [MONEY] * (_limits.NODES_MAX + 1)},
        {"not": {"not": {"not": {"not": {"not": {"not": MONEY}}}}}},
    ],
)
def test_a_condition_that_means_nothing_is_refused(when: Any) -> None:
    """Unknown facts, wrong types, unknown words, and what is too deep or too large."""
    with pytest.raises(BadRules) as refused:
        parsed(when)
    assert refused.value.faults[0].startswith("rules.0.when")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"rules": NaN}',
        '{"rules": [], "rules": []}',
        "[" * 100_000,
        " " * (_limits.DOCUMENT_BYTES_MAX + 1),
        json.dumps({"rules": [{}], "step_up": 1, "review": 2, "refuse": 3}),
        document({"when": MONEY}, step_up=70, review=70),
        document({"when": MONEY}, step_up=0),
        document(*[{"when": MONEY}] * (_limits.RULES_MAX + 1)),
        document({"when": MONEY, "id": "same"}, {"when": MONEY, "id": "same"}),
        document({"when": MONEY, "reason": "aml_hit"}),
        document({"when": MONEY, "score": -5}),
        document({"when": MONEY, "outcome": "arrest"}),
        document({"when": MONEY, "extra": 1}),
    ],
    ids=range(16),
)
def test_a_document_that_is_no_rule_set_is_refused(text: str) -> None:
    """Not-a-number, doubled keys, deep nesting, oversize, unordered thresholds, unknown words."""
    with pytest.raises(BadRules):
        _rules.parse(text)


def test_too_many_counters_are_refused() -> None:
    """Each counter costs a window, so a set may ask for so many and no more."""
    names = [
        f"{measure}.any.{key}.{window}"
        for measure in _facts.MEASURES
        for key in _facts.KEYS
        for window in _facts.WINDOWS
    ]
    rules = [{"when": {"fact": name, "ge": 1}} for name in names[: _limits.COUNTERS_MAX + 1]]
    with pytest.raises(BadRules):
        _rules.parse(document(*rules))
    assert len(_rules.parse(document(*rules[:-1])).facts) == _limits.COUNTERS_MAX


def test_scores_add_up_and_a_rules_own_outcome_is_the_least() -> None:
    """Two weak rules together reach a step that neither reaches alone."""
    rules = _rules.parse(
        document(
            {"when": MONEY, "score": 40, "reason": "amount"},
            {"when": {"fact": "hour", "lt": 6}, "score": 30, "reason": "night"},
            {"when": {"fact": "deny.card", "eq": True}, "outcome": "refuse", "reason": "listed"},
        )
    )
    assert _rules.weigh(rules, {"amount_fen": 5, "hour": 12}).outcome is Outcome.ACCEPT
    assert _rules.weigh(rules, {"amount_fen": 100, "hour": 12}).outcome is Outcome.STEP_UP
    both = _rules.weigh(rules, {"amount_fen": 100, "hour": 3})
    assert both.outcome is Outcome.REVIEW and both.reasons == ("amount", "night")
    assert _rules.weigh(rules, {"deny.card": True, "amount_fen": 1}).outcome is Outcome.REFUSE


def test_what_is_not_known_fires_nothing() -> None:
    """Neither a comparison with a missing fact nor its contrary holds."""
    for when in (
        {"fact": "device_known", "eq": False},
        {"not": {"fact": "device_known", "eq": 1 > 0}},
    ):
        assert _rules.weigh(parsed(when), {"device_known": None}).fired == ()


LEAVES = st.sampled_from(
    [
        {"fact": "device_known", "eq": True},
        {"fact": "amount_fen", "ge": 50},
        {"fact": "hour", "in": [1, 2, 3]},
        {"fact": "kind", "ne": "payment"},
    ]
)
NODES = st.recursive(
    LEAVES,
    lambda under: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(under, min_size=1, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(under, min_size=1, max_size=3)),
        st.builds(lambda part: {"not": part}, under),
    ),
    max_leaves=8,
)
FACTS = st.fixed_dictionaries(
    {
        "device_known": st.sampled_from([True, False, None]),
        "amount_fen": st.one_of(st.none(), st.integers(0, 100)),
        "hour": st.one_of(st.none(), st.integers(0, 23)),
        "kind": st.sampled_from(["payment", "transfer"]),
    }
)


def naive(when: dict[str, Any], facts: dict[str, Any]) -> set[bool]:
    """Give every answer that is possible when unknown facts may be anything."""
    if "fact" in when:
        known = facts[when["fact"]]
        if known is None:
            return {True, False}
        (op,) = set(when) - {"fact"}
        value = when[op]
        return {
            {
                "eq": known == value,
                "ge": op == "ge" and known >= value,
                "ne": known != value,
                "in": op == "in" and known in value,
            }[op]
        }
    ((op, under),) = when.items()
    if op == "not":
        return {not each for each in naive(under, facts)}
    parts = [naive(part, facts) for part in under]
    if op == "all":
        return ({True} if all(True in p for p in parts) else set()) | (
            {False} if any(False in p for p in parts) else set()
        )
    return ({True} if any(True in p for p in parts) else set()) | (
        {False} if all(False in p for p in parts) else set()
    )


@given(NODES, FACTS)
def test_conditions_mean_what_a_naive_reader_says(
    when: dict[str, Any], facts: dict[str, Any]
) -> None:
    """A condition holds or fails only where every possible value of the unknown says so."""
    try:
        (rule,) = parsed(when).rules
    except BadRules:
        return  # deeper than is taken
    found = _rules.holds(rule.when, facts)
    possible = naive(when, facts)
    assert found is None if len(possible) == 2 else {found} == possible


@given(FACTS)
def test_the_same_facts_always_give_the_same_answer(facts: dict[str, Any]) -> None:
    """A decision can be replayed from what was stored."""
    first = _rules.weigh(_base.rules(), facts)
    assert first == _rules.weigh(_base.rules(), json.loads(json.dumps(facts)))
