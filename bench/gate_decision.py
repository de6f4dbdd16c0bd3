"""Gate decision: CPU time on the compiled policy, and its verdict against two engines.

`xingnuo bench gate_decision [--json]`. Bar: at most 3 µs of CPU, no I/O; verdicts equal to
Cedar's and regorus's over the full product of purposes, items and consent states.
"""

from __future__ import annotations

import json
import statistics
import time
from uuid import UUID

import cedarpy
import regorus

from bench import engines, report
from xingnuo.kit import clock
from xingnuo.trust.consent.contracts import Decided, Decision
from xingnuo.trust.gate._decide import Facts, decide
from xingnuo.trust.gate._rules import Rule, Rules, build
from xingnuo.trust.gate.contracts import Outcome, Reason, Strength
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import ActorKind, Compiled

BAR_US = 3.0
BATCH = 2000


def facts_of(rules: Rules, rule: Rule, question: engines.Question) -> Facts:
    """Build the subject's facts that a question describes."""
    decision = {
        "granted": Decision.GRANT,
        "other_meaning": Decision.GRANT,
        "other_items": Decision.GRANT,
        "refused": Decision.REFUSE,
        "withdrawn": Decision.WITHDRAW,
    }.get(question.consent)
    decisions = {}
    if decision is not None:
        items = () if question.consent == "other_items" else (question.item,)
        decisions[question.purpose] = Decided(
            id=UUID(int=1),
            scope=question.purpose,
            decision=decision,
            items=items,
            meaning="another" if question.consent == "other_meaning" else rule.meaning,
            version=rules.compiled.version,
            text_hash="",
            channel="h5",
            actor_kind="self",
            at=clock.now(),
        )
    accepted = "" if question.consent == "not_accepted" else rules.compiled.version
    return Facts(state=question.state, accepted=accepted, decisions=decisions, tier=question.tier)


def ours(rules: Rules, question: engines.Question) -> bool:
    """Give the gate's own verdict on one item."""
    rule = rules.rules[question.purpose]
    verdict = decide(
        rule,
        facts_of(rules, rule, question),
        ActorKind(question.actor),
        Strength.SIGNED_IN,
        asked=rule.mask((question.item,)),
    )
    return not isinstance(verdict, Reason) and verdict[question.item] is not Outcome.DENY


def by_cedar(compiled: Compiled, asked: list[engines.Question]) -> list[bool]:
    """Give Cedar's verdicts."""
    text, answers = engines.cedar(compiled), []
    for start in range(0, len(asked), BATCH):
        requests = [
            {
                "principal": 'Actor::"someone"',
                "action": f"Action::{json.dumps(question.purpose)}",
                "resource": 'Item::"item"',
                "context": engines.context(compiled, question),
            }
            for question in asked[start : start + BATCH]
        ]
        answers += [result.allowed for result in cedarpy.is_authorized_batch(requests, text, [])]
    return answers


def by_regorus(compiled: Compiled, asked: list[engines.Question]) -> list[bool]:
    """Give regorus's verdicts."""
    engine = regorus.Engine()
    rule, data = engines.rego(compiled)
    engine.add_policy("xingnuo.rego", rule)
    engine.add_data_json(data)
    answers = []
    for question in asked:
        engine.set_input_json(json.dumps(engines.context(compiled, question)))
        answers.append(bool(engine.eval_rule("data.xingnuo.allow")))
    return answers


def cpu_us(rules: Rules) -> float:
    """Measure one decision over all items of each purpose a person may ask for, in µs of CPU."""
    cases = []
    for rule in rules.rules.values():
        if ActorKind.SELF in rule.actors and rule.everything:
            names = rule.names(rule.everything)
            question = engines.Question(
                rule.purpose.id, names[0], "granted", rule.purpose.in_states[0], "self"
            )
            facts = facts_of(rules, rule, question)
            cases.append((rule, facts, names))
    rounds = []
    for _ in range(30):
        start = time.process_time_ns()
        for _ in range(50):
            for rule, facts, names in cases:
                decide(rule, facts, ActorKind.SELF, Strength.SIGNED_IN, asked=rule.mask(names))
        rounds.append((time.process_time_ns() - start) / (50 * len(cases)) / 1000)
    return statistics.median(rounds)


def main() -> None:
    """Compare all verdicts, then measure."""
    compiled = policy.in_force()
    rules = build(compiled)
    asked = list(engines.questions(compiled))
    mine = [ours(rules, question) for question in asked]
    differ = {
        "cedar": sum(a != b for a, b in zip(mine, by_cedar(compiled, asked), strict=True)),
        "regorus": sum(a != b for a, b in zip(mine, by_regorus(compiled, asked), strict=True)),
    }
    report.say(f"verdicts compared: {len(asked)} ({sum(mine)} allowed); differing: {differ}")
    value = cpu_us(rules)
    report.result(
        name="gate_decision",
        value=round(value, 3),
        unit="µs CPU",
        bar=f"<= {BAR_US}, verdicts equal",
        holds=value <= BAR_US and not any(differ.values()),
    )


if __name__ == "__main__":
    main()
