"""Letters that ask for sealed data: registered by one, released by another, shown nowhere here."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests import cast
from tests.doors.console import crew
from xingnuo.kit import ids
from xingnuo.people.permissions import queries as staff
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.policy.contracts import SubjectState

NAME = "欧阳封存"


def sealed() -> cast.Person:
    """Give a person whose values were sealed when they left."""
    person = cast.make_person()
    cast.agree(person, "profile.manage", optional=("name",))
    cast.fill(person, "profile.manage", {"name": NAME})
    with cast.transaction():
        gate.change_state(
            cast.SYSTEM, subject_id=person.subject_id, to=SubjectState.CLOSING, cause="test"
        )
        gate.seal(cast.SYSTEM, subject_id=person.subject_id)
    return person


def letter(person: cast.Person) -> dict[str, str]:
    """Fill the form of a letter."""
    return {
        "subject": str(person.subject_id),
        "purpose": "court.request",
        "demand": "court_order",
        "letter": "（2026）沪01民初12号",
    }


@pytest.mark.promise("5.2.2d")
def test_a_letter_is_registered_by_one_and_released_by_another() -> None:
    """The author is refused; after the release the page tells how the two open it."""
    person, one, two = sealed(), crew.hire(["compliance"]), crew.hire(["compliance"])
    made = one.post("/ops/legal/", letter(person))
    assert made.status_code == 303
    here = made["Location"]
    step = f"/ops/releases/legal/{here.split('/')[3]}/"
    assert one.post(step, {"answer": "release"}).status_code == 403
    assert "xingnuo legal open" not in one.get(here).content.decode()
    assert two.post(step, {"answer": "release"})["Location"] == here
    page = two.get(here).content.decode()
    assert f"--case {here.split('/')[3]}" in page and str(person.subject_id) in page
    assert NAME not in page and "还没有开启过" in page
    with cast.transaction():
        assert staff.release(UUID(here.split("/")[3])).state.value == "released"
    told = [line.reason for line in evidence.acted(actor_ref=two.member.code)]
    assert "release.released:legal.open" in told


def test_what_is_not_sealed_or_not_there_looks_the_same() -> None:
    """A customer of today, nobody at all and no number get one answer; wrong fields are told."""
    boss, person = crew.hire(["compliance"]), sealed()
    alive = letter(cast.make_person())
    pages = [
        boss.post("/ops/legal/", {**letter(person), "subject": subject})
        for subject in (alive["subject"], str(ids.uuid7()), "x")
    ]
    assert {answer.status_code for answer in pages} == {422}
    assert all("没有这个封存的帐号" in answer.content.decode() for answer in pages)
    for wrong in ({"purpose": "loans.credit_query"}, {"demand": "curiosity"}, {"letter": ""}):
        assert boss.post("/ops/legal/", {**letter(person), **wrong}).status_code == 422
    with cast.transaction():
        assert staff.of_ref("legal.open", person.subject_id) is None


def test_only_compliance_comes_here() -> None:
    """Other roles find a missing page, as does who has not signed and learnt."""
    person = sealed()
    for role in ("agent", "aml", "risk", "reviewer", "auditor", "admin"):
        member = crew.hire([role])
        assert member.get("/ops/legal/").status_code == 404
        assert member.post("/ops/legal/", letter(person)).status_code == 404
    new = crew.hire(["compliance"], cleared=False)
    assert new.post("/ops/legal/", letter(person)).status_code == 404
