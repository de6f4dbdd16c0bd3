"""Pictures and voice: harmless, bounded, under their own consent; export, erasure, terms."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from tests import cast
from tests.people.support import cases
from tests.pictures import bomb, page_inside, picture, with_place, zipped_behind
from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput, NotFound
from xingnuo.people.permissions import queries as permissions
from xingnuo.people.permissions.actions import answer
from xingnuo.people.support import _thread, actions, queries
from xingnuo.people.support.contracts import BadVoice, Desk, VoiceTooLarge
from xingnuo.people.support.models import CaseRow, MessageRow
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import GateRefusal, Reason


def files(person: cast.Person, case_id: UUID) -> list[UUID]:
    """Give the ids of a case's files."""
    with cast.transaction():
        return [one.id for one in queries.thread(person.actor, case_id) if one.is_file]


@pytest.mark.parametrize("make", [with_place, page_inside, lambda: zipped_behind(picture())])
def test_only_the_pixels_of_a_picture_come_in(make: object) -> None:
    """Place, page and archive stay behind; the taker of the case sees the picture."""
    assert callable(make)
    person = cases.asker()
    case_id = cases.opened(person)
    try:
        with cast.transaction():
            actions.send_photo(person.actor, case_id=case_id, content=make(), key=ids.uuid7())
    except BadInput:
        assert files(person, case_id) == []
        return
    (message,) = files(person, case_id)
    who = cases.taken(case_id)
    with cast.transaction():
        content, kind = queries.file_at_desk(who, case_id, message)
    assert kind == "image/jpeg" and b"<script" not in content and b"PK\x03\x04" not in content
    other = cases.opened(person)
    with pytest.raises(NotFound), cast.transaction():
        queries.file(person.actor, other, message)


def test_bombs_and_wrong_files_are_no_pictures() -> None:
    """What is no picture changes nothing."""
    person = cases.asker()
    case_id = cases.opened(person)
    for content in (bomb(), b"", b"%PDF-1.7", cases.WEBM):
        with pytest.raises(BadInput), cast.transaction():
            actions.send_photo(person.actor, case_id=case_id, content=content, key=ids.uuid7())
    assert files(person, case_id) == []


def test_a_picture_needs_its_own_yes() -> None:
    """Who agreed to words alone sends no picture."""
    person = cases.asker(photo=False)
    case_id = cases.opened(person)
    with pytest.raises(GateRefusal) as no, cast.transaction():
        actions.send_photo(person.actor, case_id=case_id, content=picture(), key=ids.uuid7())
    assert no.value.reason is Reason.NO_CONSENT


@pytest.mark.promise("1.3.5")
def test_voice_needs_consent_and_the_microphone() -> None:
    """Without either nothing is kept; with both it is, for the taker of the case."""
    person = cases.asker()
    case_id = cases.opened(person)

    def send(content: bytes = cases.WEBM) -> None:
        with cast.transaction():
            actions.send_voice(person.actor, case_id=case_id, content=content, key=ids.uuid7())

    with pytest.raises(GateRefusal) as no:
        send()
    assert no.value.reason is Reason.NO_CONSENT
    cast.agree(person, "support.voice")
    with pytest.raises(GateRefusal) as off:
        send()
    assert off.value.reason is Reason.PERMISSION_OFF
    with cast.transaction():
        known = permissions.one(person.actor, subject_id=person.subject_id, permission="microphone")
        answer(
            person.actor,
            subject_id=person.subject_id,
            permission="microphone",
            on=True,
            text_hash=known.text_hash,
        )
    for wrong in (b"", b"RIFF0000WAVE", b"<html>", picture()):
        with pytest.raises(BadVoice):
            send(wrong)
    with pytest.raises(VoiceTooLarge):
        send(cases.WEBM + b"\x00" * _thread.VOICE_BYTES_MAX)
    assert files(person, case_id) == []
    for good in (cases.WEBM, b"OggS" + b"\x00" * 40, b"\x00\x00\x00\x20ftypmp42" + b"\x00" * 40):
        send(good)
    assert len(files(person, case_id)) == 3
    who = cases.taken(case_id)
    with cast.transaction():
        content, kind = queries.file_at_desk(who, case_id, files(person, case_id)[0])
    assert (content, kind) == (cases.WEBM, "audio/webm")
    with pytest.raises(GateRefusal), cast.transaction():
        queries.file_at_desk(cases.staff(case_id=case_id), case_id, files(person, case_id)[0])


@pytest.mark.promise("1.3.11")
def test_a_call_needs_a_yes_and_on_android_the_permission() -> None:
    """A call link in a browser needs the person's yes; on Android the permission as well."""
    person = cast.make_person()

    def call(actor: object = person.actor) -> None:
        with cast.transaction():
            gate.permit(
                actor,  # type: ignore[arg-type]
                subject_id=person.subject_id,
                purpose="support.call",
            )

    with pytest.raises(GateRefusal):
        call()
    cast.agree(person, "support.call")
    call()
    with pytest.raises(GateRefusal) as no:
        call(person.on("android", "14"))
    assert no.value.reason is Reason.PERMISSION_OFF


def test_a_withdrawn_yes_ends_the_running_cases() -> None:
    """Taking the consent back closes what runs and deletes what rests on it alone."""
    person = cases.asker()
    case_id = cases.opened(person)
    who = cases.taken(case_id)
    cases.withdraw(person, "support.messages")
    row = CaseRow.objects.get(id=case_id)
    assert (row.state, row.ground, row.taken_by) == ("closed", "withdrawn", "")
    with pytest.raises(GateRefusal), cast.transaction():
        queries.thread_at_desk(who, case_id)


def test_everything_of_a_person_is_exported_and_erased() -> None:
    """The copy holds case and messages without names of staff; erasing leaves no row."""
    person = cases.asker()
    case_id = cases.opened(person, "service_complaint")
    cases.answered(case_id, cases.taken(case_id, desk=Desk.COMPLAINTS))
    with cast.transaction():
        session.set_subject(person.subject_id)
        copy = queries.export(person.subject_id)
    assert [len(copy[name]) for name in copy] == [1, 2, 0]
    assert not {"taken_by", "staff_id"} & set().union(*(copy["support_message"]))
    with cast.transaction():
        session.set_subject(person.subject_id)
        assert actions.erase(person.subject_id) == 3
    assert not CaseRow.objects.filter(id=case_id).exists()


def test_cases_go_three_years_after_their_end() -> None:
    """The sweep takes rows and sealed words of what closed long ago, and nothing younger."""
    person = cases.asker()
    old, young = cases.opened(person), cases.opened(person)
    with cast.transaction():
        actions.close_own(person.actor, case_id=old)
    CaseRow.objects.filter(id=old).update(closed_at=clock.now() - timedelta(days=1097))
    assert actions.sweep() >= 2
    assert not CaseRow.objects.filter(id=old).exists()
    with cast.transaction():
        session.set_subject(person.subject_id)
        left = MessageRow.objects.of(person.subject_id)
        assert {one.case_id for one in left} == {young}
        permit = gate.permit(person.actor, subject_id=person.subject_id, purpose="support.messages")
        assert gate_queries.holds(permit).get("complaint_content") == 1
