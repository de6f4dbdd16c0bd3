"""Name and number: confirmed by the authority in three steps, each safe to repeat."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import pytest

from tests import cast
from tests.outside import Outside
from tests.people.identity import residents
from tests.people.identity.residents import resident
from xingnuo.kit import ids
from xingnuo.kit.errors import BadInput, TooMany
from xingnuo.people.identity import _asking, actions
from xingnuo.people.identity.contracts import (
    Ground,
    IsMinor,
    NoSuchCheck,
    NumberTaken,
    Rule,
    State,
    StillOpen,
)
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.gate.contracts import GateRefusal, Reason
from xingnuo.trust.policy.contracts import SubjectState, Tier

pytestmark = pytest.mark.promise("1.2.3a")


def held(one: residents.Resident) -> dict[str, str]:
    """Give what the vault holds of name and number, by place."""
    with cast.transaction():
        permit = cast.permit(one.person, "identity.real_name")
        return {f"{s.item}/{s.slot}": s.text for s in gate.read(permit)}


def test_a_match_names_the_person(outside: Outside) -> None:
    """The authority's yes makes the values the person's own and raises the tier to named."""
    one = resident(outside)
    check = one.name_check()
    assert (check.state, check.source) == (State.MATCHED, "population_service")
    assert one.tier is Tier.NAMED
    assert held(one) == {"name/": one.name, "document_number/": one.number}


@pytest.mark.parametrize(
    ("told", "state", "ground"),
    [
        ({"name": "欧阳明日"}, State.MISMATCHED, Ground.NOT_THE_SAME),
        ({"number": "fresh"}, State.MISMATCHED, Ground.NOT_FOUND),
    ],
)
def test_a_no_leaves_nothing(
    outside: Outside, told: dict[str, str], state: State, ground: Ground
) -> None:
    """What did not match is dropped, and the tier stays."""
    one = resident(outside)
    if "number" in told:
        told = {"number": cast.document_number()}
    check = one.name_check(**told)
    assert (check.state, check.ground) == (state, ground)
    assert (one.tier, held(one)) == (Tier.NONE, {})


@pytest.mark.parametrize(
    ("told", "ground"),
    [
        ({"valid_until": "2024-01-01"}, Ground.DOCUMENT_EXPIRED),
        ({"cancelled": True}, Ground.DOCUMENT_CANCELLED),
        ({"deceased": True}, Ground.DECEASED),
    ],
)
def test_a_lapsed_document_confirms_nobody(
    outside: Outside, told: dict[str, object], ground: Ground
) -> None:
    """A match of a document that no longer counts is a refusal."""
    one = resident(outside, **told)
    check = one.name_check()
    assert (check.state, check.ground, one.tier) == (State.REFUSED, ground, Tier.NONE)


def test_the_same_key_begins_nothing_twice(outside: Outside) -> None:
    """A double submit gives the first answer, and the authority is asked once."""
    one, key = resident(outside), ids.uuid7()
    first = one.name_check(key=key)
    with patch.object(_asking, "named", side_effect=AssertionError("asked again")):
        assert one.name_check(key=key) == first


@pytest.mark.parametrize("fault", ["reset", "5xx", "bad_signature", "timeout_after(7000)"])
def test_an_answer_that_is_none_stays_unknown_until_proof(outside: Outside, fault: str) -> None:
    """Neither a yes nor a no is made of it; asking by the key ends it."""
    one = resident(outside)
    outside.script("authority", "verify", fault, match=one.number)
    check = one.name_check()
    assert (check.state, one.tier) == (State.UNKNOWN, Tier.NONE)
    with pytest.raises(StillOpen):
        one.name_check()
    state = actions.resume(subject_id=one.subject_id, check_id=check.id)
    assert (state, one.tier) == (State.MATCHED, Tier.NAMED)


def test_whoever_dies_before_the_call_is_taken_up(outside: Outside) -> None:
    """A process that ends after the commit leaves a state that the job goes on from."""
    one = resident(outside)
    with (
        patch.object(_asking, "named", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        one.name_check()
    assert one.status().checks[0].state is State.SENT
    residents.take_up(after=timedelta(minutes=3))
    assert one.tier is Tier.NAMED


def test_whoever_dies_before_the_answer_is_put_down_is_taken_up(outside: Outside) -> None:
    """A process that ends after the call does not make the source do anything twice."""
    one = resident(outside)
    with (
        patch("xingnuo.people.identity._routes.settle", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        one.name_check()
    residents.take_up(after=timedelta(minutes=3))
    assert one.tier is Tier.NAMED


def test_a_consent_taken_back_meanwhile_holds(outside: Outside) -> None:
    """The yes of a source is worth nothing where the person has said no since."""
    from xingnuo.trust.consent.contracts import Decision, Scope
    from xingnuo.trust.gate import actions as gate_actions

    one = resident(outside)
    outside.script("authority", "verify", "5xx", match=one.number)
    check = one.name_check()
    with cast.transaction():
        gate_actions.decide(
            one.actor,
            subject_id=one.subject_id,
            scope=Scope(purpose="identity.real_name"),
            decision=Decision.WITHDRAW,
            text_hash=gate.sheet("identity.real_name").text_hash,
        )
    state = actions.resume(subject_id=one.subject_id, check_id=check.id)
    assert state in (State.REFUSED, State.UNKNOWN)
    assert one.tier is Tier.NONE


def test_without_the_consent_nothing_is_asked(outside: Outside) -> None:
    """Name and number go out under the person's own yes to this recipient alone."""
    one = resident(outside, agreed=False)
    with pytest.raises(GateRefusal) as refused:
        one.name_check()
    assert refused.value.reason is Reason.NO_CONSENT
    assert one.status().checks == ()


def test_a_number_of_another_account_is_refused_without_a_word_of_whose(outside: Outside) -> None:
    """The way out is a case; nothing tells who holds it."""
    alice = resident(outside, tier=Tier.NAMED)
    bob = resident(outside, number=alice.number, registered=False)
    with pytest.raises(NumberTaken) as taken:
        bob.name_check(number=alice.number)
    assert str(alice.subject_id) not in repr(taken.value.__dict__)
    with cast.transaction():
        actions.ask_reused(bob.actor)
    assert residents.case_of(bob, "reused_number")
    assert (alice.tier, bob.tier) == (Tier.NAMED, Tier.NONE)


def test_tries_of_a_day_are_counted(outside: Outside) -> None:
    """Nobody tries names for a number until one fits."""
    one = resident(outside)
    for _ in range(5):
        one.name_check(name="另一个人")
    with pytest.raises(TooMany):
        one.name_check()


def test_a_stranger_sees_no_check(outside: Outside) -> None:
    """Another's check and a missing one look the same."""
    from xingnuo.people.identity import queries

    alice, charlie = resident(outside), resident(outside)
    check = alice.name_check()
    for unknown in (check.id, ids.uuid7()):
        with cast.transaction(), pytest.raises(NoSuchCheck):
            queries.check(charlie.actor, check_id=unknown)


@pytest.mark.promise("6.1")
@pytest.mark.parametrize("years", [17, 13, 3])
def test_a_minors_number_closes_the_gate(outside: Outside, years: int) -> None:
    """What was typed is not kept, nobody is asked, no promotion is possible."""
    one = resident(outside, registered=False)
    with pytest.raises(IsMinor):
        one.name_check(number=residents.minor_number(years))
    stands = one.status()
    assert (stands.state, stands.tier, stands.checks) == (SubjectState.MINOR, Tier.NONE, ())
    with pytest.raises(GateRefusal) as refused, cast.transaction():
        cast.permit(one.person, "identity.real_name")
    assert refused.value.reason is Reason.MINOR


@pytest.mark.promise("6.1")
def test_the_authority_may_know_a_minor_too(outside: Outside) -> None:
    """A document whose number tells no age still closes the gate by the authority's word."""
    one = resident(outside, registered=False)
    from xingnuo.people.identity.contracts import Verdict

    young = Verdict(
        state=State.MATCHED, ground=Ground.CONFIRMED, source="population_service", is_adult=False
    )
    with patch.object(_asking, "named", return_value=young):
        check = one.name_check(number="E12345678", rule=Rule.PASSPORT)
    assert (check.state, check.ground) == (State.REFUSED, Ground.MINOR)
    assert one.status().state is SubjectState.MINOR


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("number", {"number": "110105199001011231"}),
        ("number", {"number": "110105199002301230"}),
        ("number", {"number": "11010519900101"}),
        ("name", {"name": "a" * 10_000}),
        ("name", {"name": "欧阳\u202e明月"}),
        ("name", {"name": ""}),
    ],
)
def test_bad_input_is_told_by_field(outside: Outside, field: str, told: dict[str, str]) -> None:
    """Nothing begins, and the words never repeat what was typed."""
    one = resident(outside, registered=False)
    with pytest.raises(BadInput) as bad:
        one.name_check(**told)
    assert list(bad.value.fields) == [field]
    assert one.status().checks == ()
