"""Comparing versions of the rules: beside the live one as events come, and over stored facts."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta

from django.db import connection

from xingnuo.kit import clock
from xingnuo.kit.errors import NotFound
from xingnuo.people.antifraud import _base, _limits, _rules, _versions
from xingnuo.people.antifraud._rules import RuleSet
from xingnuo.people.antifraud._states import Family
from xingnuo.people.antifraud.contracts import BackTest, DryRun, Outcome
from xingnuo.people.antifraud.models import RuleSetRow

_DAYS_MAX = 30


def dry_run(number: int) -> DryRun:
    """Count how a proposal decided beside the live rules, event by event."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM antifraud_dry_run(%s)", [number])
        rows = cursor.fetchall()
    pairs: Counter[tuple[str, str]] = Counter()
    for _, before, after, count in rows:
        pairs[before, after] += count
    lived = max((row[0] for row in rows), default=0)
    return _compared(number, lived, pairs)


def back_test(number: int, *, days: int = 7) -> BackTest:
    """Run a version over the facts of past decisions; facts that were not kept count as unknown."""
    rules = _rules_of(number)
    since = clock.now() - timedelta(days=max(1, min(days, _DAYS_MAX)))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM antifraud_facts_since(%s, %s)", [since, _limits.DECISIONS_TESTED_MAX]
        )
        rows = cursor.fetchall()
    pairs: Counter[tuple[str, str]] = Counter()
    missing: set[str] = set()
    fired: Counter[str] = Counter()
    for kept, before in rows:
        facts = json.loads(kept) if isinstance(kept, str) else kept
        missing |= rules.facts - facts.keys()
        weighed = _rules.weigh(rules, facts)
        fired.update(weighed.fired)
        pairs[before, weighed.outcome.code] += 1
    return BackTest(
        run=_compared(number, _versions.live(fresh=True)[0], pairs),
        missing=tuple(sorted(missing)),
        fired=dict(fired),
    )


def _rules_of(number: int) -> RuleSet:
    if number == _base.NUMBER:
        return _base.rules()
    row = RuleSetRow.objects.filter(number=number, family=Family.RISK.value).first()
    if row is None:
        raise NotFound
    return _versions.rules_of(row)


def _compared(number: int, lived: int, pairs: Counter[tuple[str, str]]) -> DryRun:
    def differ(by: int) -> int:
        return sum(
            count
            for (before, after), count in pairs.items()
            if (Outcome[after.upper()] - Outcome[before.upper()]) * by > 0
        )

    return DryRun(
        number=number,
        live_number=lived,
        compared=sum(pairs.values()),
        differing=differ(1) + differ(-1),
        stricter=differ(1),
        milder=differ(-1),
        pairs={f"{before}>{after}": count for (before, after), count in sorted(pairs.items())},
    )
