"""Cases by machine: opened once, read by their owner alone, bounded, closed and opened again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import cast
from tests.doors.api.conftest import Machine, machine_for
from tests.outside import Outside
from tests.people.support.cases import WEBM
from tests.pictures import picture
from xingnuo.kit import ids
from xingnuo.people.permissions import queries as permissions
from xingnuo.people.permissions.actions import answer


def agreed(machine: Machine) -> Machine:
    """Let the machine's person agree to write to the desk."""
    cast.agree(cast.Person(machine.subject_id, machine.actor), "support.messages")
    return machine


def test_a_case_by_machine(alice: Machine, bob: Machine) -> None:
    """Refused without a yes; then once for a key; another finds nothing; long texts are refused."""
    body, key = {"topic": "product", "text": "<b>还款日</b>不对"}, str(ids.uuid7())
    assert alice.ask("POST", "/support/cases", body).status_code == 403
    agreed(alice)
    made = [alice.ask("POST", "/support/cases", body, key=key).json()["id"] for _ in range(2)]
    assert made[0] == made[1]
    path = f"/support/cases/{UUID(made[0])}"
    told = alice.ask("GET", path).json()
    assert [one["text"] for one in told["messages"]] == ["<b>还款日</b>不对"]
    assert "12378" in told["ways_on"] and told["case"]["days_left"] >= 14
    for other in (bob.ask("GET", path), bob.ask("POST", f"{path}/close")):
        assert other.status_code == 404
    for wrong in ({**body, "text": "长" * 10_000}, {**body, "text": " "}):
        assert alice.ask("POST", "/support/cases", wrong).status_code == 422
    assert alice.ask("POST", "/support/cases", {**body, "topic": "none"}).status_code == 404
    assert alice.ask("POST", "/support/cases", {**body, "topic": "rights"}).status_code == 403
    assert alice.ask("POST", f"{path}/messages", {"text": "补充"}).status_code == 200
    assert alice.ask("POST", f"{path}/close").status_code == 200
    assert alice.ask("POST", f"{path}/close").status_code == 409
    assert alice.ask("POST", f"{path}/messages", {"text": "补充"}).status_code == 409
    assert alice.ask("POST", f"{path}/reopen").status_code == 200
    assert len(alice.ask("GET", "/support/cases").json()) == 1


def test_help_by_machine(alice: Machine) -> None:
    """Topics tell what they need; words find pages."""
    levels = {one["id"]: one["level"] for one in alice.ask("GET", "/support/topics").json()}
    assert levels["product"] == 0 and levels["rights"] == 2
    found = alice.ask("GET", "/support/articles?q=%E6%B3%A8%E9%94%80").json()
    assert found[0]["id"] == "close-account"


def send(
    machine: Machine, path: str, name: str, content: bytes, *, key: str = "", **more: str
) -> Any:
    """Send one file to the API."""
    headers = {
        "host": "localhost",
        "Authorization": f"Bearer {machine.token}",
        "Idempotency-Key": key or str(ids.uuid7()),
    }
    form = {name: SimpleUploadedFile("a.jpg", content, content_type="image/jpeg"), **more}
    return Client(headers=headers).post(f"/api/v1{path}", form)


def opened(machine: Machine, *, photo: bool = True) -> str:
    """Open a case of a machine's person; gives its path."""
    person = cast.Person(machine.subject_id, machine.actor)
    cast.agree(person, "support.messages", optional=("uploaded_photo",) if photo else ())
    made = machine.ask("POST", "/support/cases", {"topic": "product", "text": "看图"})
    return f"/support/cases/{made.json()['id']}"


@pytest.mark.promise("1.1.4", "1.2.15a")
def test_a_picture_by_machine(alice: Machine, bob: Machine) -> None:
    """Once for a key, remade from its pixels, fetched by its owner alone."""
    path, key = opened(alice), str(ids.uuid7())
    content = picture()
    first = send(alice, f"{path}/photos", "photo", content, key=key)
    assert first.status_code == 200, first.content
    again = send(alice, f"{path}/photos", "photo", content, key=key)
    assert again["Idempotent-Replay"] == "true"
    assert send(alice, f"{path}/photos", "photo", picture("PNG"), key=key).status_code == 409
    (shown,) = [m for m in alice.ask("GET", path).json()["messages"] if m["has_file"]]
    where = f"{path}/files/{shown['id']}"
    got = alice.ask("GET", where)
    assert got.status_code == 200 and got.content.startswith(b"\xff\xd8\xff")
    assert b"GPS" not in got.content and got["Content-Disposition"].startswith("attachment")
    for other in (bob.ask("GET", where), send(bob, f"{path}/photos", "photo", content)):
        assert other.status_code == 404
    assert alice.ask("GET", f"{path}/files/{ids.uuid7()}").status_code == 404


def test_pictures_that_are_none_or_not_agreed_to(alice: Machine, bob: Machine) -> None:
    """No picture, too large, not agreed to, or two at once: told, and nothing is kept."""
    path = opened(alice)
    assert send(alice, f"{path}/photos", "photo", b"%PDF-1.7").status_code == 422
    assert send(alice, f"{path}/photos", "photo", bytes(9 * 1024 * 1024)).status_code == 413
    assert send(alice, f"{path}/photos", "other", picture()).status_code == 422
    without = opened(bob, photo=False)
    assert send(bob, f"{without}/photos", "photo", picture()).status_code == 403
    for machine, one in ((alice, path), (bob, without)):
        assert not any(m["has_file"] for m in machine.ask("GET", one).json()["messages"])
    alice.ask("POST", f"{path}/close")
    assert send(alice, f"{path}/photos", "photo", picture()).status_code == 409


def test_a_recording_by_machine_needs_its_own_yes(alice: Machine) -> None:
    """As on the page: consent and microphone, then once; a sound that is none is refused."""
    path = opened(alice)
    assert send(alice, f"{path}/recordings", "voice", WEBM).status_code == 403
    person = cast.Person(alice.subject_id, alice.actor)
    cast.agree(person, "support.voice")
    assert send(alice, f"{path}/recordings", "voice", WEBM).status_code == 403
    with cast.transaction():
        asked = {"subject_id": alice.subject_id, "permission": "microphone"}
        known = permissions.one(alice.actor, **asked)
        answer(alice.actor, **asked, on=True, text_hash=known.text_hash)
    assert send(alice, f"{path}/recordings", "voice", b"not a sound").status_code == 422
    assert send(alice, f"{path}/recordings", "voice", WEBM).status_code == 200
    (shown,) = [m for m in alice.ask("GET", path).json()["messages"] if m["has_file"]]
    got = alice.ask("GET", f"{path}/files/{shown['id']}")
    assert got.content == WEBM and got["Content-Type"] == "audio/webm"


@pytest.mark.promise("5.2.1c")
def test_for_somebody_else_by_machine(outside: Outside) -> None:
    """The authority comes with the first words; a topic that needs none refuses it."""
    alice = agreed(machine_for(outside, proved=True))
    cast.agree(
        cast.Person(alice.subject_id, alice.actor), "support.messages", optional=("uploaded_photo",)
    )
    asked = {"topic": "rights", "text": "替母亲查询。"}
    weak = send(alice, "/support/requests", "authority", picture(), topic="product", text="x")
    assert weak.status_code == 422
    made = send(alice, "/support/requests", "authority", picture(), **asked)
    assert made.status_code == 200, made.content
    told = alice.ask("GET", f"/support/cases/{made.json()['id']}").json()
    assert [one["has_file"] for one in told["messages"]].count(True) == 1
