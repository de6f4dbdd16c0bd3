"""Without a real name exactly the services of the promise are closed (1.2.3d), each with a way."""

from __future__ import annotations

import pytest

from tests import cast
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import GateRefusal, Reason
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import ActorKind, Basis, Tier

pytestmark = pytest.mark.promise("1.2.3d")
WAITING = {
    "wealth": Tier.NAMED,
    "credit_cards": Tier.NAMED,
    "explorer_card": Tier.NAMED,
    "insurance": Tier.NAMED,
    "loans": Tier.CHECKED,
    "small_business": Tier.CHECKED,
    "payments": Tier.CHECKED,
    "payment_service": Tier.CHECKED,
    "wallet_card": Tier.PRESENT,
    "merchant_collection": Tier.PRESENT,
}
FUNCTIONS = tuple(policy.declared().functions)
BY_WILL = (Basis.CONSENT, Basis.SEPARATE_CONSENT, Basis.CONTRACT)


def reason_of(person: cast.Person, purpose: str) -> Reason | None:
    """Give why the gate refuses a purpose, or None."""
    items = policy.in_force().purposes[purpose].items or None
    try:
        with cast.transaction():
            gate.permit(person.actor, subject_id=person.subject_id, purpose=purpose, items=items)
    except GateRefusal as refusal:
        if refusal.reason is Reason.NO_REAL_NAME:
            assert "实名认证" in refusal.remedy_text
        return refusal.reason
    return None


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_service_waits_for_its_tier_and_for_no_more(function: str) -> None:
    """Below the tier it is closed by that reason, from the tier on it is not."""
    needed = WAITING.get(function, Tier.NONE)
    purposes = [
        one.id
        for one in policy.in_force().purposes.values()
        if one.function == function and ActorKind.SELF in one.actors and one.basis in BY_WILL
    ]
    for tier in Tier:
        person = cast.make_person(tier=tier)
        for purpose in purposes:
            closed = reason_of(person, purpose) is Reason.NO_REAL_NAME
            assert closed == (tier < needed), (purpose, tier)
