"""A guardian tells of a minor: proof, a case, deletion and closure (6.1)."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from tests import cast
from tests.outside import Outside
from tests.people.identity import residents
from tests.people.identity.residents import photo, resident
from xingnuo.duties.rights import actions as rights
from xingnuo.kit.errors import BadInput, Conflict
from xingnuo.people.identity import actions
from xingnuo.people.identity.contracts import Ground, IsMinor, Relation
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.gate.contracts import GateRefusal
from xingnuo.trust.policy.contracts import SubjectState, Tier

pytestmark = pytest.mark.promise("6.1")


def told(one: residents.Resident) -> None:
    """Tell of a minor from the account's own session."""
    with cast.transaction():
        actions.tell_of_minor(
            one.actor, subject_id=one.subject_id, relation=Relation.MOTHER, proof=photo(3)
        )


def test_an_approved_case_erases_and_closes(outside: Outside) -> None:
    """From the reviewer's yes to the certificate; nothing of the child is left."""
    one = resident(outside, tier=Tier.NAMED)
    told(one)
    case_id = residents.case_of(one, "guardian")
    residents.decided(case_id)
    assert one.status().state is SubjectState.MINOR
    with cast.transaction():
        case = rights.close_for_minor(cast.SYSTEM, subject_id=one.subject_id, key=case_id)
    with cast.transaction():
        again = rights.close_for_minor(cast.SYSTEM, subject_id=one.subject_id, key=case_id)
    assert again.id == case.id
    rights.carry_out_erasure(cast.SYSTEM, case_id=case.id)
    with cast.transaction():
        assert gate.state_of(one.subject_id) is SubjectState.ERASED
    with cast.transaction():
        assert not any(gate.residue(one.subject_id).values())


def test_a_refused_case_keeps_no_proof(outside: Outside) -> None:
    """The account goes on, and the guardian's paper is gone."""
    one = resident(outside)
    told(one)
    case_id = residents.case_of(one, "guardian")
    residents.decided(case_id, approve=False, ground=Ground.NOT_PROVEN)
    assert one.status().state is SubjectState.ACTIVE
    with cast.transaction():
        permit = cast.permit(one.person, "identity.guardian")
        assert not gate.holds(permit).get("document_photo")


def test_it_also_works_where_the_gate_is_closed(outside: Outside) -> None:
    """A minor that was turned away has a guardian too; one case at a time."""
    one = resident(outside, registered=False)
    with pytest.raises(IsMinor):
        one.name_check(number=residents.minor_number(11))
    told(one)
    with pytest.raises(Conflict):
        told(one)


def test_a_proof_is_a_picture(outside: Outside) -> None:
    """Anything else opens no case."""
    one = resident(outside)
    with cast.transaction(), pytest.raises(BadInput):
        actions.tell_of_minor(
            one.actor, subject_id=one.subject_id, relation=Relation.OTHER, proof=b"%PDF"
        )


def test_a_stranger_tells_of_nobody(outside: Outside) -> None:
    """Another person's account is out of reach."""
    alice, charlie = resident(outside), resident(outside)
    with pytest.raises(GateRefusal), cast.transaction():
        actions.tell_of_minor(
            charlie.actor, subject_id=alice.subject_id, relation=Relation.OTHER, proof=photo(1)
        )


def test_the_job_that_erases_is_put_in_with_the_decision(outside: Outside) -> None:
    """A rollback of the decision takes the job back with it."""
    one = resident(outside)
    told(one)
    case_id = residents.case_of(one, "guardian")
    with patch("xingnuo.people.identity._guardian.jobs.defer") as defer:
        residents.decided(case_id)
    assert defer.call_args.args == ("identity.erase_minor",)
