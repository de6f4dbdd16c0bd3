"""Parcels with what passes through: a picture for the face service, a code for the bank."""

from __future__ import annotations

import pytest

from tests.cast import Person, agree, document_number, fill, make_person, phone, transaction
from tests.partners import outer
from tests.sandbox.outside import Process, post
from xingnuo.kit.db import session
from xingnuo.partners.face import client as face
from xingnuo.partners.face.contracts import RECIPIENT, Outcome
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.evidence.contracts import Shared
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import GateRefusal, Strength
from xingnuo.trust.sharing import actions as sharing
from xingnuo.trust.sharing import queries
from xingnuo.trust.sharing.contracts import NotSealed, Parcel, TooLarge
from xingnuo.trust.sharing.policy import PARCEL_FILE_BYTES_MAX

PURPOSE = "identity.face_check"
ITEMS = ("name", "document_number")


@pytest.fixture
def alice() -> Person:
    """Give a person who agreed to the face check and gave name and number."""
    person = make_person(state_strength=Strength.REVERIFIED)
    agree(person, "identity.real_name")
    agree(person, PURPOSE, recipient="")
    fill(person, "identity.real_name", {"name": "测试人", "document_number": document_number()})
    return person


def pack(person: Person, **more: dict[str, bytes] | dict[str, str]) -> Parcel:
    """Pack for the face service and commit."""
    with transaction():
        permit = gate.permit(
            person.actor, subject_id=person.subject_id, purpose=PURPOSE, recipient=RECIPIENT,
            items=(*ITEMS, "face_image"),
        )  # fmt: skip
        parcel = sharing.pack(permit, ITEMS, **more)  # type: ignore[arg-type]
        with pytest.raises(NotSealed):
            queries.files(parcel, recipient=RECIPIENT)
    return parcel


def shared(person: Person) -> list[Shared]:
    """Give what the face service got of a person, by the record."""
    with transaction():
        session.set_subject(person.subject_id)
        return [row for row in evidence.shared(person.subject_id) if row.recipient == RECIPIENT]


@pytest.mark.promise("1.2.3b")
def test_a_picture_passes_through_on_record(sandbox: Process, alice: Person) -> None:
    """Packed, recorded, compared; the vault holds no picture."""
    parcel = pack(alice, passing_files={"face_image": outer.picture(sandbox, "match")})
    assert parcel.items == ("document_number", "face_image", "name")
    told = queries.contents(parcel, recipient=RECIPIENT)
    known = {"number": told["document_number"], "name": told["name"], "phone": phone()}
    post(sandbox, "/authority/test/people", known, status=201)
    assert face.compare(parcel, key=outer.key()).outcome is Outcome.MATCH
    assert [row.items for row in shared(alice)] == [parcel.items]


def test_a_picture_as_text_or_text_as_a_file_is_refused(alice: Person) -> None:
    """Each passes in its own form; what rests as readable text comes from the vault alone."""
    for more in (
        {"passing": {"face_image": "aGk="}},
        {"passing": {"name": "别的人"}},
        {"passing_files": {"name": b"x"}},
        {"passing_files": {"document_photo": b"x"}},
    ):
        with pytest.raises(GateRefusal):
            pack(alice, **more)


def test_a_file_over_the_limit_is_refused(alice: Person) -> None:
    """Before anything is recorded."""
    with pytest.raises(TooLarge) as refused:
        pack(alice, passing_files={"face_image": b"x" * (PARCEL_FILE_BYTES_MAX + 1)})
    assert str(refused.value) == "too_large (face_image)"
    assert shared(alice) == []
