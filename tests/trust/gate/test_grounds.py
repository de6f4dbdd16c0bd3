"""Nothing is kept that nothing stands behind: consents, contracts in use, duties and laws."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import cast
from xingnuo.kit import ids
from xingnuo.trust.consent.contracts import POLICY, Decision, Scope
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries
from xingnuo.trust.gate.contracts import GateRefusal, Kept, Reason
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Tier

# Three consents that share items, and what each may hold in this test.
CONSENTS = {
    "profile.manage": ("nickname", "email", "name"),
    "feed.personal": ("device_model", "browsing"),
    "analytics.usage": ("usage_frequency", "app_events"),
}
VALUES = {
    "nickname": "小爱",
    "email": "alice@example.com",
    "name": "韩梅梅",
    "device_model": "PIXEL 9",
    "browsing": "看过理财页",
    "usage_frequency": "12",
    "app_events": "打开首页",
}


def held(subject_id: UUID) -> dict[str, int]:
    """Count a subject's values by item, past row security."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT item, count(*) FROM vault_value WHERE subject_id = %s GROUP BY item",
            [subject_id],
        )
        return dict(cursor.fetchall())


def withdraw(person: cast.Person, purpose: str) -> None:
    """Take a yes back as any door would."""
    with cast.transaction():
        gate.decide(
            person.actor,
            subject_id=person.subject_id,
            scope=Scope(purpose=purpose),
            decision=Decision.WITHDRAW,
            text_hash=queries.sheet(purpose).text_hash,
        )


def stake(person: cast.Person, purpose: str):  # type: ignore[no-untyped-def]
    """Ask what a withdrawal would delete."""
    with cast.transaction():
        return queries.at_stake(person.actor, subject_id=person.subject_id, purpose=purpose)


def keeper() -> cast.Person:
    """Make Alice, who lets three items be kept, one of them in two slots."""
    alice = cast.make_person()
    cast.agree(alice, "profile.manage", optional=("nickname", "email", "name"))
    cast.fill(alice, "profile.manage", {item: VALUES[item] for item in ("nickname", "email")})
    cast.fill(alice, "profile.manage", {"email": "work@example.com"}, slot="work")
    return alice


@pytest.mark.promise("5.2.2a")
def test_withdrawing_deletes_what_rested_on_the_consent_alone() -> None:
    """Every slot goes in the same transaction, it was said before, and it is on record."""
    alice, bob = keeper(), keeper()
    assert stake(alice, "profile.manage").going == ("email", "nickname")
    withdraw(alice, "profile.manage")
    assert held(alice.subject_id) == {}
    assert held(bob.subject_id) == {"email": 2, "nickname": 1}
    with cast.transaction():
        queries.standing(alice.subject_id)
        dropped = evidence.of_subject(alice.subject_id, kinds=[Kind.DROP])
    assert [(one.items, one.reason, one.count) for one in dropped] == [
        (("email", "nickname"), "consent_ended", 3)
    ]


@pytest.mark.promise("5.2.2a")
def test_what_the_contract_uses_stays_and_is_named() -> None:
    """The name that sign-in took goes on for the account; the rest goes."""
    alice = keeper()
    account = f"alice-{ids.token()[:8]}"
    cast.fill(
        alice,
        "accounts.sign_in",
        {"account_id": account, "nickname": "小爱", "phone": cast.phone()},
    )
    assert stake(alice, "profile.manage").staying == (
        Kept(item="nickname", purpose="accounts.sign_in"),
    )
    withdraw(alice, "profile.manage")
    assert held(alice.subject_id) == {"account_id": 1, "nickname": 1, "phone": 1}


def test_one_look_at_a_value_is_no_reason_to_keep_it() -> None:
    """The person's own copy and page read everything; neither holds anything."""
    alice = keeper()
    for purpose in ("rights.copy", "rights.plain_view", "rights.correct", "rights.erase"):
        with cast.transaction():
            cast.permit(alice, purpose)
    withdraw(alice, "profile.manage")
    assert held(alice.subject_id) == {}


def test_what_a_licensed_institution_used_is_kept_by_law() -> None:
    """The lender's duty keeps the name after every consent went, and says by which rule."""
    alice = keeper()
    cast.fill(alice, "profile.manage", {"name": VALUES["name"]})
    lender = next(purpose for purpose, items in _lender_purposes() if "name" in items)
    with cast.transaction():
        gate.set_tier(cast.SYSTEM, subject_id=alice.subject_id, tier=Tier.PRESENT, cause="test")
    cast.agree(alice, lender, optional=())
    with cast.transaction():
        cast.permit(alice, lender, ("name",))
    withdraw(alice, lender)
    withdraw(alice, "profile.manage")
    assert held(alice.subject_id) == {"name": 1}


def _lender_purposes() -> list[tuple[str, tuple[str, ...]]]:
    from xingnuo.trust.policy.contracts import ActorKind, Basis, Role

    compiled = policy.in_force()
    return [
        (one.id, one.items)
        for one in compiled.purposes.values()
        if one.basis is Basis.SEPARATE_CONSENT
        and ActorKind.SELF in one.actors
        and compiled.controller_of(one.id).role is Role.OBLIGOR
    ]


def leave_policy(person: cast.Person) -> None:
    """Take consent to the policy back."""
    with cast.transaction():
        gate.withdraw_policy(person.actor, subject_id=person.subject_id, text_hash="")


@pytest.mark.promise("5.2.2a", "4.3.1")
def test_without_the_policy_no_consent_keeps_anything_and_the_way_back_stays() -> None:
    """What was said before goes, the account and what a law keeps stay, others are untouched."""
    alice, bob = keeper(), keeper()
    with cast.transaction():
        gate.set_tier(cast.SYSTEM, subject_id=alice.subject_id, tier=Tier.PRESENT, cause="test")
    cast.fill(alice, "profile.manage", {"name": VALUES["name"]})
    lender = next(purpose for purpose, items in _lender_purposes() if "name" in items)
    cast.agree(alice, lender, optional=())
    with cast.transaction():
        cast.permit(alice, lender, ("name",))
    cast.fill(alice, "accounts.sign_in", {"nickname": "小爱", "phone": cast.phone()})
    told = stake(alice, POLICY)
    assert told.going == ("email",)
    assert {(one.item, one.purpose, bool(one.law)) for one in told.staying} == {
        ("name", "", True),
        ("nickname", "accounts.sign_in", False),
        ("phone", "accounts.sign_in", False),
    }
    leave_policy(alice)
    assert held(alice.subject_id) == {"name": 1, "nickname": 1, "phone": 1}
    assert held(bob.subject_id) == {"email": 2, "nickname": 1}


@pytest.mark.promise("5.2.2a")
def test_who_comes_back_is_asked_anew_for_every_purpose() -> None:
    """Accepting the policy again brings no consent back; giving it again works."""
    alice = keeper()
    leave_policy(alice)
    compiled = policy.in_force()
    with cast.transaction():
        gate.accept_policy(
            alice.actor,
            subject_id=alice.subject_id,
            version=compiled.version,
            text_hash=compiled.hash,
        )
    with pytest.raises(GateRefusal) as refused:
        cast.fill(alice, "profile.manage", {"email": VALUES["email"]})
    assert refused.value.reason is Reason.NO_CONSENT
    cast.agree(alice, "profile.manage", optional=("nickname", "email"))
    cast.fill(alice, "profile.manage", {"email": VALUES["email"]})
    assert held(alice.subject_id) == {"email": 1}


def test_refusing_some_of_it_again_deletes_those() -> None:
    """A narrower yes is a withdrawal of the rest."""
    alice = keeper()
    cast.agree(alice, "profile.manage", optional=("nickname",))
    assert held(alice.subject_id) == {"nickname": 1}


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("agree"), st.sampled_from(sorted(CONSENTS)), st.integers(0, 7)),
        st.tuples(st.just("withdraw"), st.sampled_from(sorted(CONSENTS)), st.just(0)),
        st.tuples(st.just("fill"), st.sampled_from(sorted(CONSENTS)), st.integers(0, 2)),
        st.tuples(st.just("sign_in"), st.just(""), st.just(0)),
    ),
    max_size=12,
)


@pytest.mark.promise("4.3.1", "5.2.2a")
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_after_any_decisions_nothing_is_kept_without_a_ground(
    steps: list[tuple[str, str, int]],
) -> None:
    """A model of consents and of the account says what may be there; the vault holds no more."""
    alice = cast.make_person()
    granted: dict[str, frozenset[str]] = {}
    filled: set[str] = set()
    taken: set[str] = set()
    for step, purpose, number in steps:
        if step == "agree":
            chosen = [item for place, item in enumerate(CONSENTS[purpose]) if number >> place & 1]
            cast.agree(alice, purpose, optional=tuple(chosen))
            granted[purpose] = frozenset(chosen)
        elif step == "withdraw":
            withdraw(alice, purpose)
            granted.pop(purpose, None)
        elif step == "sign_in":
            cast.fill(alice, "accounts.sign_in", {"nickname": "小爱"})
            taken.add("nickname")
            filled.add("nickname")
        else:
            item = CONSENTS[purpose][number % len(CONSENTS[purpose])]
            if item not in granted.get(purpose, ()):
                continue
            cast.fill(alice, purpose, {item: VALUES[item]})
            filled.add(item)
        allowed = taken.union(*granted.values()) if granted else set(taken)
        filled &= allowed
        assert set(held(alice.subject_id)) == filled
