"""The real-name tier closes the services that need it, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests import cast
from tests.trust.gate.test_gate import refusal
from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries
from xingnuo.trust.gate._decide import Facts, decide
from xingnuo.trust.gate._load import rules_in_force
from xingnuo.trust.gate.contracts import Actor, Reason, Strength
from xingnuo.trust.policy.contracts import ActorKind, Basis, SubjectState, Tier

BY_WILL = (Basis.CONSENT, Basis.SEPARATE_CONSENT, Basis.CONTRACT)


@pytest.mark.promise("1.2.3d")
@pytest.mark.parametrize("needs", list(Tier))
def test_a_service_is_closed_exactly_below_its_tier(needs: Tier) -> None:
    """For every purpose and tier: refused for want of a real name below it, never at it."""
    rules = rules_in_force()
    for rule in rules.rules.values():
        bound = replace(rule, tier=needs, masks={}, shapes={}, accepted={})
        for has in Tier:
            facts = Facts(SubjectState.ACTIVE, rules.compiled.version, {}, has)
            kind = rule.purpose.actors[0]
            got = decide(bound, facts, kind, Strength.SIGNED_IN, asked=rule.everything)
            closed = got is Reason.NO_REAL_NAME
            runs = SubjectState.ACTIVE in rule.states and rule.published
            assert closed == (runs and rule.accepts and has < needs), (rule.purpose.id, has)


@pytest.mark.promise("1.2.3d")
def test_a_duty_or_a_right_never_waits_for_a_real_name() -> None:
    """Only purposes by consent or contract carry their service's tier."""
    rules = rules_in_force()
    for rule in rules.rules.values():
        service = rules.compiled.functions[rule.purpose.function]
        expected = service.tier if rule.purpose.basis in BY_WILL else Tier.NONE
        assert rule.tier is expected, rule.purpose.id


def test_only_the_house_or_a_reviewer_sets_a_tier() -> None:
    """A person cannot raise their own tier; what is set stands, with its line of evidence."""
    alice = cast.make_person(tier=Tier.NONE)
    got = refusal(
        lambda: gate.set_tier(
            alice.actor, subject_id=alice.subject_id, tier=Tier.PRESENT, cause="mine"
        )
    )
    assert got.reason is Reason.ACTOR_NOT_ALLOWED
    with cast.transaction():
        assert queries.standing(alice.subject_id).tier is Tier.NONE
        before = gate.set_tier(
            cast.SYSTEM, subject_id=alice.subject_id, tier=Tier.NAMED, cause="authority"
        )
        assert before is Tier.NONE
    with cast.transaction():
        assert queries.standing(alice.subject_id).tier is Tier.NAMED
        told = evidence.of_subject(alice.subject_id, kinds=(Kind.STATE,))
    assert told[0].reason == "tier:0:1:authority"


@pytest.mark.promise("1.2.15a")
def test_staff_look_for_an_open_case_only() -> None:
    """Without a case a member of staff sees nothing; with one the case stands in the evidence."""
    alice = cast.make_person()
    agent = Actor(
        kind=ActorKind.AGENT,
        staff_id="staff.one",
        strength=Strength.UNLOCKED,
        channel="console",
        undertaking_until=clock.now() + timedelta(days=1),
    )

    def look(actor: Actor) -> None:
        gate.permit(
            actor, subject_id=alice.subject_id, purpose="support.case", items=("account_id",)
        )

    assert refusal(lambda: look(agent)).reason is Reason.NO_CASE
    case_id = ids.uuid7()
    cast.agree(alice, "support.case")
    with cast.transaction():
        look(replace(agent, case_id=case_id))
    with cast.transaction():
        session.set_subject(alice.subject_id)
        told = evidence.of_subject(alice.subject_id, kinds=(Kind.PERMIT, Kind.VIEW, Kind.REVEAL))
    assert [one.ref for one in told if one.actor_ref == "staff.one"] == [case_id]


@pytest.mark.promise("1.3.4", "1.3.11")
@pytest.mark.parametrize(
    ("purpose", "permission"), [("notices.reminder", "calendar"), ("support.call", "call_phone")]
)
def test_a_purpose_without_items_asks_all_the_same(purpose: str, permission: str) -> None:
    """Ringing and reminding touch no item; they wait for consent and for the device's yes."""
    alice = cast.make_person()
    known = rules_in_force().compiled.permissions[permission].bounds
    actor = alice.on(known[0].os, known[0].min_version) if known else alice.actor

    def ask() -> None:
        gate.permit(actor, subject_id=alice.subject_id, purpose=purpose)

    assert refusal(ask).reason is Reason.NO_CONSENT
    cast.agree(alice, purpose)
    with cast.transaction():  # a browser knows no such permission, so there is nothing to ask
        gate.permit(alice.actor, subject_id=alice.subject_id, purpose=purpose)
    assert refusal(ask).reason is Reason.PERMISSION_OFF
    with cast.transaction():
        gate.set_permission(
            alice.actor,
            subject_id=alice.subject_id,
            permission=permission,
            on=True,
            text_hash="shown",
        )
    with cast.transaction():
        ask()
    with cast.transaction():
        gate.set_permission(
            alice.actor,
            subject_id=alice.subject_id,
            permission=permission,
            on=False,
            text_hash="shown",
        )
    assert refusal(ask).reason is Reason.PERMISSION_OFF
