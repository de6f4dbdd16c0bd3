"""The published policy said once more in Cedar and in Rego, for engines that are not ours.

Written from the document alone, without the gate's masks, so that agreement means something.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from xingnuo.trust.policy.contracts import Basis, Compiled, Purpose, SubjectState, Tier

CONSENT_STATES = (
    "none",
    "granted",
    "refused",
    "withdrawn",
    "other_meaning",
    "other_items",
    "not_accepted",
)


# States in which only what was agreed before goes on, so that acceptance is not asked again.
GOING_ON = ("minor", "withdrawn", "closing", "sealed", "erasing", "erased", "deceased")

# From the request to erase on, nothing is allowed for any purpose, whatever its published states.
GONE = (SubjectState.ERASING, SubjectState.ERASED)


@dataclass(frozen=True, slots=True)
class Question:
    """May this kind of actor touch this item for this purpose, as subject and consent stand?"""

    purpose: str
    item: str
    consent: str
    state: SubjectState
    actor: str
    tier: Tier = Tier.PRESENT


def questions(compiled: Compiled) -> Iterator[Question]:
    """Give purposes × items × consent states, then subject states, actors and tiers."""
    for purpose in compiled.purposes.values():
        actor = purpose.actors[0].value
        state = purpose.in_states[0]
        for item in compiled.items:
            for consent in CONSENT_STATES:
                yield Question(purpose.id, item, consent, state, actor)
        for any_state in SubjectState:
            for item in (*purpose.items[:1], *purpose.optional[:1]):
                yield Question(purpose.id, item, "granted", any_state, actor)
        for other in (
            "self",
            "guardian",
            "system",
            "agent",
            "reviewer",
            "auditor",
            "sibling",
            "partner",
        ):
            for item in (*purpose.items[:1], *purpose.optional[:1]):
                yield Question(purpose.id, item, "granted", state, other)
        for tier in Tier:
            for any_state in SubjectState:
                for item in (*purpose.items[:1], *purpose.optional[:1]):
                    yield Question(purpose.id, item, "granted", any_state, actor, tier)


def _own(compiled: Compiled, purpose: Purpose) -> list[str]:
    everything = [*purpose.items, *purpose.optional]
    if purpose.basis is Basis.SEPARATE_CONSENT or purpose.own_consent:
        return everything
    if purpose.basis in (Basis.CONSENT, Basis.CONTRACT):
        return [item for item in everything if compiled.items[item].sensitive]
    return []


def _facts(compiled: Compiled, purpose: Purpose) -> dict[str, object]:
    by_will = purpose.basis in (Basis.CONSENT, Basis.SEPARATE_CONSENT, Basis.CONTRACT)
    return {
        "items": sorted({*purpose.items, *purpose.optional}),
        "own": sorted(set(_own(compiled, purpose))),
        "accepts": by_will,
        "tier": compiled.functions[purpose.function].tier.value if by_will else 0,
        "states": [state.value for state in purpose.in_states if state not in GONE],
        "actors": [actor.value for actor in purpose.actors],
    }


def cedar(compiled: Compiled) -> str:
    """Write the policy in Cedar: one permit for each purpose, denial by default."""
    rules = []
    for purpose in compiled.purposes.values():
        facts = _facts(compiled, purpose)
        going_on = json.dumps(list(GOING_ON))
        accepts = (
            f"(context.accepted || {going_on}.contains(context.state))"
            if facts["accepts"]
            else "true"
        )
        rules.append(
            f"permit(principal, action == Action::{json.dumps(purpose.id)}, resource) when {{\n"
            f"  {json.dumps(facts['items'])}.contains(context.item) &&\n"
            f"  {json.dumps(facts['states'])}.contains(context.state) &&\n"
            f"  {json.dumps(facts['actors'])}.contains(context.actor) &&\n"
            f"  {accepts} &&\n"
            f"  (context.tier >= {facts['tier']} || {going_on}.contains(context.state)) &&\n"
            f"  (!{json.dumps(facts['own'])}.contains(context.item)"
            " || context.granted.contains(context.item))\n};"
        )
    return "\n".join(rules)


def rego(compiled: Compiled) -> tuple[str, str]:
    """Write the policy as data and one Rego rule, denial by default."""
    data = {purpose.id: _facts(compiled, purpose) for purpose in compiled.purposes.values()}
    rule = """package xingnuo
import rego.v1
default allow := false
p := data.purposes[input.purpose]
accepted if not p.accepts
accepted if input.accepted
accepted if input.state in data.going_on
known if input.tier >= p.tier
known if input.state in data.going_on
consented if not input.item in p.own
consented if input.item in input.granted
allow if {
    input.item in p.items
    input.state in p.states
    input.actor in p.actors
    accepted
    known
    consented
}
"""
    return rule, json.dumps({"purposes": data, "going_on": list(GOING_ON)})


def context(compiled: Compiled, question: Question) -> dict[str, object]:
    """Give a question's facts as the engines read them."""
    granted = [question.item] if question.consent == "granted" else []
    return {
        "purpose": question.purpose,
        "item": question.item,
        "state": question.state.value,
        "actor": question.actor,
        "accepted": question.consent != "not_accepted",
        "granted": granted,
        "tier": question.tier.value,
    }
