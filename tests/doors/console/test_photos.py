"""Document photos at the console: by reveal alone, marked in their pixels, told to their person."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from PIL import Image, ImageChops

from tests import cast
from tests.doors.console import crew
from tests.doors.console.test_day import lines
from tests.people.identity.residents import photo
from xingnuo.kit import clock, ids, pictures
from xingnuo.kit.db import session
from xingnuo.people.identity import _values
from xingnuo.people.identity.models import CaseRow
from xingnuo.people.permissions import _staff_looks, _staff_rules
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import actions as gate

WHY = {"reason": "match_document", "note": crew.NOTE}
PICTURE = pictures.clean(photo(7)).content


def waiting() -> tuple[cast.Person, UUID]:
    """Give a person whose document waits to be looked at, and the case."""
    person, check = cast.make_person(), ids.uuid7()
    cast.agree(person, "identity.document_photo")
    now = clock.now()
    with cast.transaction():
        permit = cast.permit(person, "identity.document_photo")
        for side in ("front", "back"):
            place = _values.slot(check, side)
            gate.collect_file(permit, "document_photo", content=PICTURE, slot=place)
    with cast.transaction():
        row = CaseRow.objects.create(
            subject_id=person.subject_id,
            check_id=check,
            kind="document_photo",
            opened_at=now,
            due_at=now + timedelta(days=3),
        )
    return person, row.id


@pytest.fixture
def work() -> Iterator[tuple[crew.Crew, cast.Person, str]]:
    """Give a reviewer who took the case of a person's photos."""
    person, case = waiting()
    member, base = crew.hire(["reviewer"]), f"/ops/q/identity/{case}/"
    assert member.post(f"{base}take/").status_code == 303
    yield member, person, base


@pytest.mark.promise("4.1.4", "4.1.5")
def test_a_photo_is_shown_by_a_reveal_alone(work: tuple[crew.Crew, cast.Person, str]) -> None:
    """Reason first, on record before; marked, in no cache, over after minutes, told in words."""
    member, person, base = work
    page = member.get(base).content.decode()
    assert '<img src="/ops' not in page and f"{base}reveal/document_photo/" in page
    assert not lines(person, Kind.REVEAL)
    assert member.post(f"{base}reveal/document_photo/", {**WHY, "note": "短"}).status_code == 422
    assert not lines(person, Kind.REVEAL)
    there = member.post(f"{base}reveal/document_photo/", WHY)["Location"]
    page = member.get(there).content.decode()
    assert f'src="{there}front/"' in page and f'src="{there}back/"' in page
    assert not lines(person, Kind.REVEAL)
    answer = member.get(f"{there}front/")
    assert answer["Cache-Control"] == "no-store" and "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Type"] == "image/jpeg"
    (line,) = lines(person, Kind.REVEAL)
    assert (line.items, line.reason, line.actor_ref, str(line.ref)) == (
        ("document_photo",),
        "match_document",
        member.member.code,
        base.split("/")[4],
    )
    with cast.transaction():
        session.set_subject(person.subject_id)
        looked = [one for one in evidence.looked(person.subject_id) if one.plain]
    assert [one.items for one in looked] == [("document_photo",)]
    for path in (f"{there}front/", there, f"{there}nowhere/"):
        assert crew.hire(["reviewer"]).get(path).status_code == 404
    assert member.get(f"{there}nowhere/").status_code == 404
    with clock.shifted(timedelta(minutes=5)):
        assert member.get(f"{there}front/").status_code == 404


def test_the_mark_is_in_the_pixels(work: tuple[crew.Crew, cast.Person, str]) -> None:
    """What is served differs all over from what is kept, and two members get two pictures."""
    member, _, base = work
    there = member.post(f"{base}reveal/document_photo/", WHY)["Location"]
    served = Image.open(io.BytesIO(member.get(f"{there}front/").content)).convert("L")
    kept = Image.open(io.BytesIO(PICTURE)).convert("L")
    assert served.size == kept.size
    changed = ImageChops.difference(served, kept).point(lambda value: 255 if value > 40 else 0)
    wide, high = kept.size
    for left in (0, wide // 2):
        for top in (0, high // 2):
            part = changed.crop((left, top, left + wide // 2, top + high // 2))
            assert part.getbbox() is not None, (left, top)
    one = pictures.marked(PICTURE, "a.one-0001 2026-11-23 20:31").content
    assert one != pictures.marked(PICTURE, "b.two-0002 2026-11-23 20:31").content
    assert one != pictures.marked(PICTURE, "a.one-0001 2026-11-23 20:32").content


def test_the_budget_holds_for_photos_too(
    work: tuple[crew.Crew, cast.Person, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last look of the day is the last; the try beyond it is on record."""
    member, person, base = work
    monkeypatch.setattr(_staff_looks, "REVEALS_A_DAY", 1)
    assert _staff_rules.REVEALS_A_DAY > 1
    assert member.post(f"{base}reveal/document_photo/", WHY).status_code == 303
    assert member.post(f"{base}reveal/document_photo/", WHY).status_code == 429
    told = [one.reason for one in evidence.acted(actor_ref=member.member.code)]
    assert "over_budget:ops_reveal" in told
    assert not lines(person, Kind.REVEAL)


def test_cases_without_photos_show_none() -> None:
    """A case of another kind has no such page, nor has another queue."""
    from tests.doors.console.test_queues import identity_case

    member = crew.hire(["reviewer"])
    base = f"/ops/q/identity/{identity_case()}/"
    assert member.post(f"{base}take/").status_code == 303
    assert member.get(f"{base}reveal/document_photo/").status_code == 404
    assert member.get(f"{base}reveal/face_image/").status_code == 404
