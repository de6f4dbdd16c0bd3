"""Document photos: sealed, read as a help, confirmed by hand, decided by a person, expiring."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from tests import cast
from tests.outside import Outside
from tests.people.identity import residents
from tests.people.identity.residents import (
    VALIDITY,
    Resident,
    photo,
    resident,
    reviewer,
    uploaded,
)
from xingnuo.kit import clock, ids
from xingnuo.kit.errors import BadInput
from xingnuo.people.identity import _clocks, _marks, _reading, actions, queries
from xingnuo.people.identity.contracts import Check, Ground, NotTheDocument, Side, State
from xingnuo.people.identity.models import CaseRow
from xingnuo.people.notices import queries as notices
from xingnuo.trust.policy.contracts import Tier

pytestmark = pytest.mark.promise("1.2.3a")


@pytest.fixture
def one(outside: Outside) -> Resident:
    """Give a named person who agreed to document photos."""
    made = resident(outside, tier=Tier.NAMED)
    cast.agree(made.person, "identity.document_photo")
    return made


def confirmed(one: Resident, check: Check, **told: str) -> Check:
    """Confirm what stands on the document."""
    asked = {"name": one.name, "number": one.number, "validity": VALIDITY, **told}
    with cast.transaction():
        return actions.confirm_photos(one.actor, check_id=check.id, **asked)


def kept(one: Resident, check: Check) -> bytes | None:
    """Give the front as it is kept."""
    with cast.transaction():
        return queries.own_photo(one.actor, check_id=check.id, side=Side.FRONT)


def test_photos_are_confirmed_and_looked_at(one: Resident) -> None:
    """The tier rises by a person's decision, never by what a machine read."""
    check = uploaded(one)
    assert one.tier is Tier.NAMED
    assert confirmed(one, check).state is State.REVIEWING
    case_id = residents.case_of(one, "document_photo")
    with cast.transaction():
        actions.take(reviewer(case_id), case_id=case_id)
    with cast.transaction():
        looking = replace(reviewer(case_id), reason="identity_review")
        seen = queries.case_photo(looking, case_id=case_id, side=Side.BACK)
    assert seen and Image.open(io.BytesIO(seen)).format == "JPEG"
    with cast.transaction():
        actions.decide(reviewer(case_id), case_id=case_id, approve=True)
    assert (one.tier, one.status().valid_until is not None) == (Tier.CHECKED, True)
    assert kept(one, check)


def test_a_no_deletes_the_photos(one: Resident) -> None:
    """What did not count is not kept."""
    check = uploaded(one)
    confirmed(one, check)
    case_id = residents.case_of(one, "document_photo")
    residents.decided(case_id, approve=False, ground=Ground.UNREADABLE)
    assert (one.status().checks[0].ground, kept(one, check)) == (Ground.UNREADABLE, None)


@pytest.mark.parametrize("told", [{"name": "别人"}, {"number": "fresh"}])
def test_another_persons_document_is_refused(one: Resident, told: dict[str, str]) -> None:
    """Only the document of who stands confirmed."""
    if "number" in told:
        told = {"number": cast.document_number()}
    check = uploaded(one)
    with pytest.raises(NotTheDocument):
        confirmed(one, check, **told)


def test_a_lapsed_document_ends_the_check(one: Resident) -> None:
    """It is told at once, and no person needs to look."""
    check = confirmed(one, uploaded(one), validity="2010-01-01/2020-01-01")
    assert (check.state, check.ground) == (State.REFUSED, Ground.DOCUMENT_EXPIRED)


def test_where_a_photo_was_taken_does_not_come_in(one: Resident) -> None:
    """A picture keeps its pixels alone."""
    image, out = Image.open(io.BytesIO(photo(7))), io.BytesIO()
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (31.0, 13.0, 0.0), 3: "E", 4: (121.0, 28.0, 0.0)}
    exif[0x010F] = "SECRETCAMERA"
    image.save(out, "JPEG", exif=exif)
    check = actions.upload_photos(one.actor, front=out.getvalue(), back=photo(8), key=ids.uuid7())
    stored = kept(one, check)
    assert stored and b"SECRETCAMERA" not in stored
    assert not Image.open(io.BytesIO(stored)).getexif()


def test_bad_files_are_told_by_side(one: Resident) -> None:
    """A bomb, a page, an empty or a doubled file begins nothing."""
    bomb = io.BytesIO()
    Image.new("1", (9000, 9000)).save(bomb, "PNG")
    for front, back, side in (
        (bomb.getvalue(), photo(1), "front"),
        (photo(1), b"%PDF-1.7 <script>", "back"),
        (b"", photo(1), "front"),
        (photo(1), photo(1), "back"),
    ):
        with pytest.raises(BadInput) as bad:
            actions.upload_photos(one.actor, front=front, back=back, key=ids.uuid7())
        assert list(bad.value.fields) == [side]
    assert len(one.status().checks) == 1


def test_a_photo_that_another_used_is_noticed(outside: Outside, one: Resident) -> None:
    """Saved anew and scaled it is still the same picture; the case comes first in the queue."""
    other = resident(outside, tier=Tier.NAMED)
    cast.agree(other.person, "identity.document_photo")
    seed = int.from_bytes(ids.random_bytes(4))
    confirmed(one, uploaded(one, front=seed))
    again = actions.upload_photos(
        other.actor, front=photo(seed, quality=60, edge=480), back=photo(4), key=ids.uuid7()
    )
    confirmed(other, again)
    assert CaseRow.objects.get(id=residents.case_of(other, "document_photo")).level == 2
    assert CaseRow.objects.get(id=residents.case_of(one, "document_photo")).level == 0


def test_different_cards_are_not_taken_for_one(one: Resident) -> None:
    """Marks of other pictures of the same layout differ."""
    bands = [_marks._bands(photo(seed)) for seed in (11, 12)]
    alike = sum(a == b for a, b in zip(*bands, strict=True))
    assert alike < 6


def test_what_a_machine_read_is_shown_and_not_trusted(
    one: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job reads, the person sees it, and what they confirm is what counts."""
    check = uploaded(one)
    lines = ["姓名欧阳明日", f"公民身份号码{one.number}", "2020.01.01-2040.01.01"]
    monkeypatch.setattr(_reading, "_lines", lambda _: lines)
    assert actions.read_document(subject_id=one.subject_id, check_id=check.id)
    with cast.transaction():
        read = queries.read_values(one.actor, check_id=check.id)
    assert (read.name, read.number, read.validity) == ("欧阳明日", one.number, VALIDITY)
    with pytest.raises(NotTheDocument):
        confirmed(one, check, name=read.name)
    assert confirmed(one, check).state is State.REVIEWING
    assert not actions.read_document(subject_id=one.subject_id, check_id=check.id)


def test_two_runs_at_once_remind_once(one: Resident, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another run took up in between is not told again."""
    soon = clock.today() + timedelta(days=100)
    confirmed(one, uploaded(one), validity=f"2020-01-01/{soon.isoformat()}")
    residents.decided(residents.case_of(one, "document_photo"))
    taken = _clocks._take_up

    def twice(*told: Any) -> None:
        taken(*told)
        taken(*told)

    monkeypatch.setattr(_clocks, "_take_up", twice)
    residents.take_up(after=timedelta(days=11))
    with cast.transaction():
        titles = [message.title for message in notices.messages(one.actor)]
    assert titles.count("证件快到期了") == 1


def test_a_document_that_runs_out_is_told_of_and_then_counts_no_more(one: Resident) -> None:
    """Reminders come before the end; at the end the tier falls, and a new check restores it."""
    soon = clock.today() + timedelta(days=60)
    confirmed(one, uploaded(one), validity=f"2020-01-01/{soon.isoformat()}")
    residents.decided(residents.case_of(one, "document_photo"))
    assert one.tier is Tier.CHECKED
    with cast.transaction():
        before = len(notices.messages(one.actor))
    residents.take_up(after=timedelta(days=31))
    with cast.transaction():
        assert len(notices.messages(one.actor)) == before + 1
    residents.take_up(after=timedelta(days=62))
    assert one.tier is Tier.NONE
    assert {check.state for check in one.status().checks} == {State.EXPIRED}
    assert one.name_check().is_in_force
