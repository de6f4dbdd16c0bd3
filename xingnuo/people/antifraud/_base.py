"""Version 0: the rules that hold until people release others. Mild, and never a closed door."""

from __future__ import annotations

import json
from functools import cache

from xingnuo.people.antifraud._facts import KEYS
from xingnuo.people.antifraud._rules import RuleSet, parse
from xingnuo.people.antifraud._states import ListField

NUMBER = 0
_MONEY = {"fact": "is_money", "eq": True}
_LISTED = [field.value for field in ListField if field is not ListField.NAME]
assert set(KEYS) - {"subject"} <= set(_LISTED), "a key that no list can name"

_RULES: list[dict[str, object]] = [
    {
        "id": "listed",
        "reason": "listed",
        "score": 100,
        "outcome": "refuse",
        "when": {"any": [{"fact": f"deny.{name}", "eq": True} for name in _LISTED]},
    },
    {
        "id": "watched",
        "reason": "watched",
        "score": 70,
        "outcome": "review",
        "when": {
            "all": [_MONEY, {"any": [{"fact": f"watch.{name}", "eq": True} for name in _LISTED]}]
        },
    },
    {
        "id": "new_device_burst",
        "reason": "new_device",
        "score": 40,
        "outcome": "step_up",
        "when": {
            "all": [
                {"fact": "kind", "eq": "sign_in"},
                {"fact": "device_known", "eq": False},
                {"fact": "count.sign_in.subject.1h", "ge": 4},
            ]
        },
    },
    {
        "id": "sign_in_burst",
        "reason": "burst",
        "score": 40,
        "outcome": "step_up",
        "when": {
            "all": [
                {"fact": "kind", "eq": "sign_in"},
                {"fact": "count.sign_in.subject.15m", "ge": 20},
            ]
        },
    },
    {
        "id": "card_burst",
        "reason": "burst",
        "score": 70,
        "outcome": "review",
        "when": {
            "all": [
                {"fact": "kind", "eq": "bind_card"},
                {"fact": "count.bind_card.subject.1d", "ge": 6},
            ]
        },
    },
    {
        "id": "shared_card",
        "reason": "shared_card",
        "score": 40,
        "outcome": "step_up",
        "when": {"fact": "distinct_subject.bind_card.card.30d", "ge": 3},
    },
    {
        "id": "shared_device",
        "reason": "shared_device",
        "score": 40,
        "outcome": "step_up",
        "when": {"all": [_MONEY, {"fact": "distinct_subject.any.device.30d", "ge": 6}]},
    },
    {
        "id": "no_signals",
        "reason": "no_signals",
        "score": 10,
        "outcome": "step_up",
        "when": {
            "all": [
                {"fact": "kind", "in": ["transfer", "withdraw"]},
                {"fact": "device_signals", "eq": False},
                {"fact": "amount_fen", "ge": 100_000},
            ]
        },
    },
    {
        "id": "large_amount",
        "reason": "amount",
        "score": 30,
        "outcome": "step_up",
        "when": {"all": [_MONEY, {"fact": "amount_fen", "ge": 2_000_000}]},
    },
    {
        "id": "money_burst",
        "reason": "burst",
        "score": 40,
        "outcome": "step_up",
        "when": {"all": [_MONEY, {"fact": "count.money.subject.5m", "ge": 15}]},
    },
    {
        "id": "large_sum",
        "reason": "sum",
        "score": 70,
        "outcome": "review",
        "when": {
            "all": [
                {"fact": "kind", "in": ["transfer", "withdraw"]},
                {"fact": "sum.money.subject.1d", "ge": 50_000_000},
            ]
        },
    },
    {
        "id": "many_payees",
        "reason": "many_payees",
        "score": 70,
        "outcome": "review",
        "when": {
            "all": [
                {"fact": "kind", "eq": "transfer"},
                {"fact": "distinct_counterparty.transfer.subject.1h", "ge": 10},
            ]
        },
    },
    {
        "id": "place",
        "reason": "place",
        "score": 30,
        "outcome": "step_up",
        "when": {"all": [_MONEY, {"fact": "place_match", "eq": False}]},
    },
]

DOCUMENT = json.dumps(
    {"step_up": 40, "review": 80, "refuse": 150, "rules": _RULES}, ensure_ascii=True
)


@cache
def rules() -> RuleSet:
    """Give the built-in version, checked like any other."""
    return parse(DOCUMENT)
