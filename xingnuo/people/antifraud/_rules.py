"""The rule language: a typed tree of comparisons over declared facts. Nothing is ever executed.

A rule set is a JSON document:

    {"step_up": 40, "review": 70, "refuse": 100, "rules": [
        {"id": "burst", "reason": "burst", "score": 40, "outcome": "step_up",
         "when": {"all": [{"fact": "count.transfer.subject.5m", "ge": 5},
                          {"not": {"fact": "device_known", "eq": true}}]}}]}

Scores of the rules that fire add up; a rule's `outcome` is the least that follows when it fires.
A fact that is not known makes its comparison neither true nor false, and fires nothing.
"""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from xingnuo.kit import ids
from xingnuo.people.antifraud import _limits
from xingnuo.people.antifraud._facts import Facts
from xingnuo.people.antifraud._languages import LANGUAGES, Language
from xingnuo.people.antifraud._states import Family
from xingnuo.people.antifraud.contracts import BadRules, Outcome

_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}
_ORDERED = frozenset({"lt", "le", "gt", "ge"})
_RULE_FIELDS = frozenset({"id", "reason", "score", "outcome", "when"})
_SET_FIELDS = frozenset({"rules", "step_up", "review", "refuse"})


@dataclass(frozen=True, slots=True)
class Compare:
    """A fact compared with a constant of its type."""

    fact: str
    op: str
    value: Any


@dataclass(frozen=True, slots=True)
class Group:
    """`all`, `any` or `not` of what stands under it."""

    op: str
    parts: tuple[Compare | Group, ...]


type Node = Compare | Group


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, checked."""

    id: str
    reason: str
    score: int
    outcome: Outcome
    when: Node


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A whole version, checked, with the facts that it asks for."""

    rules: tuple[Rule, ...]
    thresholds: Mapping[Outcome, int]
    facts: frozenset[str]
    digest: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a rule set says of one set of facts."""

    outcome: Outcome
    score: int
    fired: tuple[str, ...]
    reasons: tuple[str, ...]


def parse(document: str, family: Family = Family.RISK) -> RuleSet:
    """Read and check a document in a language; raises `BadRules` with every fault found."""
    if len(document.encode()) > _limits.DOCUMENT_BYTES_MAX:
        raise BadRules(("document: too large",))
    try:
        told = json.loads(document, parse_constant=_no_number, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise BadRules(("document: no JSON object",)) from None
    faults: list[str] = []
    found = _rule_set(told, LANGUAGES[family], faults)
    if faults or found is None:
        raise BadRules(tuple(faults) or ("document: no rule set",))
    return found


def canonical(document: str) -> str:
    """Write a document in its one form, so that equal sets have equal digests."""
    told = json.loads(document)
    return json.dumps(told, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def weigh(rule_set: RuleSet, facts: Facts) -> Weighed:
    """Decide by a rule set over facts; the same facts always give the same answer."""
    fired = [rule for rule in rule_set.rules if holds(rule.when, facts) is True]
    score = min(sum(rule.score for rule in fired), _limits.SCORE_MAX)
    outcome = max((rule.outcome for rule in fired), default=Outcome.ACCEPT)
    for step, least in rule_set.thresholds.items():
        if fired and score >= least:
            outcome = max(outcome, step)
    by_weight = sorted(fired, key=lambda rule: (-rule.outcome, -rule.score))
    return Weighed(
        outcome=outcome,
        score=score,
        fired=tuple(rule.id for rule in fired),
        reasons=tuple(dict.fromkeys(rule.reason for rule in by_weight)),
    )


def holds(node: Node, facts: Facts) -> bool | None:
    """Say whether a condition holds; None where a fact that it turns on is not known."""
    if isinstance(node, Compare):
        fact = facts.get(node.fact)
        if fact is None:
            return None
        return fact in node.value if node.op == "in" else _COMPARE[node.op](fact, node.value)
    found = [holds(part, facts) for part in node.parts]
    if node.op == "not":
        return None if found[0] is None else not found[0]
    decides = node.op == "any"
    if decides in found:
        return decides
    return None if None in found else not decides


def _no_number(_: str) -> None:
    raise ValueError("no finite number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def _rule_set(told: Any, language: Language, faults: list[str]) -> RuleSet | None:
    if not isinstance(told, dict) or set(told) - _SET_FIELDS:
        faults.append("document: unknown fields")
        return None
    rows = told.get("rules")
    if not isinstance(rows, list) or not 0 < len(rows) <= _limits.RULES_MAX:
        faults.append(f"rules: 1 to {_limits.RULES_MAX} are taken")
        return None
    read = (_rule(row, f"rules.{at}", language, faults) for at, row in enumerate(rows))
    rules = [rule for rule in read if rule]
    if len({rule.id for rule in rules}) != len(rules):
        faults.append("rules: an id stands twice")
    thresholds = _thresholds(told, faults)
    facts = frozenset(name for rule in rules for name in _named(rule.when))
    counters = sum(map(language.is_counted, facts))
    if counters > _limits.COUNTERS_MAX:
        faults.append(f"rules: {_limits.COUNTERS_MAX} counters at most")
    digest = ids.digest(canonical(json.dumps(told)))
    return RuleSet(tuple(rules), thresholds, facts, digest)


def _thresholds(told: dict[str, Any], faults: list[str]) -> dict[Outcome, int]:
    steps = (Outcome.STEP_UP, Outcome.REVIEW, Outcome.REFUSE)
    found = {step: told.get(step.code) for step in steps}
    given = [int(value) for value in found.values() if value is not None and _is_score(value)]
    if len(given) != len(steps) or given != sorted(set(given)):
        faults.append("step_up, review, refuse: whole numbers, each above the one before")
        return {}
    return {step: int(value) for step, value in found.items() if value is not None}


def _rule(row: Any, where: str, language: Language, faults: list[str]) -> Rule | None:
    if not isinstance(row, dict) or set(row) != _RULE_FIELDS:
        faults.append(f"{where}: needs exactly {', '.join(sorted(_RULE_FIELDS))}")
        return None
    wrong = {
        "id": not (isinstance(row["id"], str) and _ID.fullmatch(row["id"])),
        "reason": not (isinstance(row["reason"], str) and row["reason"] in language.reasons),
        "score": not _is_int(row["score"], 0, _limits.SCORE_MAX),
        "outcome": not (isinstance(row["outcome"], str) and row["outcome"] in language.outcomes),
    }
    faults += [f"{where}.{name}: not known" for name, is_wrong in wrong.items() if is_wrong]
    reading = _Reading(language, faults, _limits.NODES_MAX)
    when = _node(row["when"], f"{where}.when", reading, depth=1)
    if any(wrong.values()) or when is None:
        return None
    return Rule(row["id"], row["reason"], row["score"], language.outcomes[row["outcome"]], when)


@dataclass(slots=True)
class _Reading:
    """How far the reading of one condition has come."""

    language: Language
    faults: list[str]
    left: int  # nodes that may still follow


def _node(told: Any, where: str, reading: _Reading, *, depth: int) -> Node | None:
    faults = reading.faults
    reading.left -= 1
    if depth > _limits.DEPTH_MAX or reading.left < 0 or not isinstance(told, dict):
        faults.append(f"{where}: too deep, too large or no condition")
        return None
    if "fact" in told:
        return _compare(told, where, reading)
    if len(told) != 1:
        faults.append(f"{where}: one of all, any, not, fact")
        return None
    ((op, under),) = told.items()
    parts = [under] if op == "not" else under
    if op not in ("all", "any", "not") or not isinstance(parts, list) or not parts:
        faults.append(f"{where}: one of all, any, not, fact")
        return None
    found = []
    for at, part in enumerate(parts[: _limits.NODES_MAX + 1]):
        node = _node(part, f"{where}.{op}.{at}", reading, depth=depth + 1)
        if node is None:
            return None
        found.append(node)
    return Group(op, tuple(found))


def _compare(told: dict[str, Any], where: str, reading: _Reading) -> Compare | None:
    name, faults, language = told["fact"], reading.faults, reading.language
    known = language.type_of(name) if isinstance(name, str) else None
    ops = [op for op in told if op != "fact"]
    if known is None or len(ops) != 1:
        faults.append(f"{where}: " + ("one comparison" if known else "no declared fact"))
        return None
    (op,) = ops
    value = told[op]
    values = value if op == "in" and isinstance(value, list) else [value]
    fits = (
        (op in _COMPARE or (op == "in" and isinstance(value, list)))
        and not (op in _ORDERED and known is not int)
        and 0 < len(values) <= _limits.WORDS_MAX
        and all(_is_value(language, known, name, each) for each in values)
    )
    if not fits:
        faults.append(f"{where}: {op[:8]} does not fit {name}")
        return None
    return Compare(name, op, frozenset(values) if op == "in" else value)


def _is_value(language: Language, known: type, name: str, value: Any) -> bool:
    if known is bool:
        return isinstance(value, bool)
    if known is str:
        return isinstance(value, str) and value in language.words[name]
    return _is_int(value, 0, language.most(name))


def _is_score(value: Any) -> bool:
    return _is_int(value, 1, _limits.SCORE_MAX)


def _is_int(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _named(node: Node) -> Iterator[str]:
    if isinstance(node, Compare):
        yield node.fact
        return
    for part in node.parts:
        yield from _named(part)
