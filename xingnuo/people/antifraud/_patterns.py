"""Version 0 of the patterns: what is looked for until compliance lets others in."""

from __future__ import annotations

import json
from functools import cache

from xingnuo.people.antifraud._rules import RuleSet, parse
from xingnuo.people.antifraud._states import Family

_RULES: list[dict[str, object]] = [
    {
        "id": "parts_below_limit",
        "reason": "structuring",
        "score": 70,
        "outcome": "review",
        "when": {"fact": "near_count.7d", "ge": 3},
    },
    {
        "id": "days_below_limit",
        "reason": "structuring",
        "score": 70,
        "outcome": "review",
        "when": {"fact": "near_days.7d", "ge": 3},
    },
    {
        "id": "in_and_out",
        "reason": "rapid_in_out",
        "score": 70,
        "outcome": "review",
        "when": {
            "all": [
                {"fact": "in_fen.3d", "ge": 10_000_000},
                {"fact": "through_pct.3d", "ge": 90},
                {"fact": "out_count.3d", "ge": 3},
            ]
        },
    },
    {
        "id": "dormant_then_busy",
        "reason": "dormant_busy",
        "score": 70,
        "outcome": "review",
        "when": {
            "all": [
                {"fact": "quiet_days", "ge": 180},
                {
                    "any": [
                        {"fact": "in_fen.7d", "ge": 10_000_000},
                        {"fact": "out_fen.7d", "ge": 10_000_000},
                    ]
                },
                {
                    "any": [
                        {"fact": "in_count.7d", "ge": 5},
                        {"fact": "out_count.7d", "ge": 5},
                    ]
                },
            ]
        },
    },
]

DOCUMENT = json.dumps(
    {"step_up": 40, "review": 70, "refuse": 1000, "rules": _RULES}, ensure_ascii=True
)


@cache
def rules() -> RuleSet:
    """Give the built-in patterns, checked like any other."""
    return parse(DOCUMENT, Family.AML)
