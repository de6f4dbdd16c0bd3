"""A gate that was closed as a minor's opens to who came of age, and not to who knows a number."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests import cast
from tests.outside import Outside
from tests.people.identity import residents
from tests.people.identity.residents import Resident, resident, reviewer
from xingnuo.kit import ids
from xingnuo.people.identity import actions, queries
from xingnuo.people.identity.contracts import (
    Check,
    Ground,
    IsMinor,
    Kind,
    NamedFirst,
    NoSuchCase,
    PresentFirst,
    Rule,
    State,
    StillOpen,
)
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.gate.contracts import GateRefusal, Reason
from xingnuo.trust.policy.contracts import SubjectState, Tier

pytestmark = pytest.mark.promise("6.1")


@pytest.fixture
def one(outside: Outside) -> Resident:
    """Give a person whose gate was closed, and who is grown up by the authority's books."""
    made = resident(outside)
    with pytest.raises(IsMinor):
        made.name_check(number=residents.minor_number())
    return made


def aged(one: Resident) -> Check:
    """Have the age confirmed by the authority."""
    return actions.prove_age(
        one.actor, name=one.name, number=one.number, rule=Rule.RESIDENT, key=ids.uuid7()
    )


def reopened(one: Resident) -> None:
    """Open the gate by the person's own act."""
    with cast.transaction():
        actions.reopen(one.actor)


def kept(one: Resident) -> list[str]:
    """Name the items that are held of a person's name and number."""
    with cast.transaction():
        permit = cast.permit(one.person, "identity.age_gate", ("name", "document_number"))
        return sorted(shown.item for shown in gate.read(permit))


def test_name_and_number_alone_open_nothing(one: Resident) -> None:
    """They may be anybody's: without being seen the gate stays closed."""
    with pytest.raises(NamedFirst):
        reopened(one)
    assert aged(one).state is State.MATCHED
    with pytest.raises(PresentFirst):
        reopened(one)
    assert (one.status().state, one.tier) == (SubjectState.MINOR, Tier.NONE)


def test_being_seen_opens_it_by_the_persons_own_act(one: Resident) -> None:
    """The reviewer sees name and number masked; what opened it counts for nothing else."""
    aged(one)
    with cast.transaction():
        assert actions.ask_video(one.actor, key=ids.uuid7()).state is State.REVIEWING
    case_id = residents.case_of(one, "grown_up")
    with cast.transaction():
        actions.take(reviewer(case_id), case_id=case_id)
    with cast.transaction():
        shown = queries.case_values(reviewer(case_id), case_id=case_id)
    assert {row.item for row in shown} == {"name", "document_number"}
    assert one.number not in repr(shown)
    with cast.transaction():
        actions.decide(reviewer(case_id), case_id=case_id, approve=True)
    assert one.status().state is SubjectState.MINOR
    reopened(one)
    stands = one.status()
    assert (stands.state, stands.tier) == (SubjectState.ACTIVE, Tier.NONE)
    assert {check.ground for check in stands.checks} == {Ground.SPENT}
    assert kept(one) == []
    assert one.name_check().is_in_force
    assert one.tier is Tier.NAMED


def test_a_counter_code_does_it_too(one: Resident) -> None:
    """The code finds the case; one way at a time."""
    aged(one)
    with cast.transaction():
        given = actions.ask_counter(one.actor, key=ids.uuid7())
    with pytest.raises(StillOpen), cast.transaction():
        actions.ask_video(one.actor, key=ids.uuid7())
    with cast.transaction():
        case_id = actions.case_by_code(reviewer(), code=given.code)
    residents.decided(case_id)
    with cast.transaction(), pytest.raises(NoSuchCase):
        actions.case_by_code(reviewer(), code=given.code)
    reopened(one)
    assert one.status().state is SubjectState.ACTIVE


def test_a_no_keeps_it_closed(one: Resident) -> None:
    """Somebody else in front of the camera opens nothing; they may ask again."""
    aged(one)
    with cast.transaction():
        actions.ask_video(one.actor, key=ids.uuid7())
    residents.decided(residents.case_of(one, "grown_up"), approve=False, ground=Ground.NOT_THE_SAME)
    with pytest.raises(PresentFirst):
        reopened(one)
    with cast.transaction():
        assert actions.ask_video(one.actor, key=ids.uuid7()).state is State.REVIEWING


def test_no_face_is_taken_from_who_may_be_a_child(one: Resident) -> None:
    """The gate refuses it, whatever was confirmed."""
    aged(one)
    with pytest.raises((GateRefusal, NamedFirst)):
        actions.check_face(one.actor, image=residents.photo(5), key=ids.uuid7())
    assert {check.kind for check in one.status().checks} == {Kind.AGE}


def test_what_was_typed_goes_when_nobody_comes(one: Resident) -> None:
    """After its fortnight the age must be confirmed anew, and nothing of it is left."""
    aged(one)
    assert kept(one) == ["document_number", "name"]
    residents.take_up(after=timedelta(days=14, minutes=1))
    assert kept(one) == []
    assert one.status().checks[0].ground is Ground.GIVEN_UP
    with pytest.raises(NamedFirst):
        reopened(one)


def test_an_open_gate_needs_no_opening(outside: Outside) -> None:
    """Nobody else has a use for this way."""
    made = resident(outside)
    for act in (aged, reopened):
        with pytest.raises(GateRefusal) as refused:
            act(made)
        assert refused.value.reason is Reason.ACTOR_NOT_ALLOWED
