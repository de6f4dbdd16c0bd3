"""Real name by machine: every way that the pages offer, with the same refusals."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import cast
from tests.doors.api.conftest import Machine, machine_for
from tests.outside import Outside
from tests.people.identity import residents
from tests.people.identity.residents import minor_number, photo
from tests.people.identity.test_presence import picture
from xingnuo.kit import ids
from xingnuo.trust.policy.contracts import SubjectState

NAME = "欧阳明月"
CONSENTS = (
    ("identity.real_name", ""), ("identity.real_name", "population_service"),
    ("identity.phone_check", ""), ("identity.phone_check", "telecom_check"),
    ("identity.document_photo", ""), ("identity.face_check", ""), ("identity.review", ""),
    ("identity.supplement", ""),
)  # fmt: skip


class Person:
    """A machine, the person whose token it holds, and the same one at the sources."""

    def __init__(self, world: Outside) -> None:
        self.machine: Machine = machine_for(world, proved=True)
        self.world, self.number, self.phone = world, cast.document_number(), cast.phone()
        told = {"name": NAME, "number": self.number, "phone": self.phone}
        world.ask("POST", "/authority/test/people", told)
        self.person = cast.Person(self.machine.subject_id, self.machine.actor)

    def agreed(self) -> Person:
        """Agree to every way."""
        for purpose, recipient in CONSENTS:
            cast.agree(self.person, purpose, recipient=recipient)
        return self

    def ask(self, method: str, path: str, body: object = None, *, key: str = "") -> Any:
        """Call an operation of identity."""
        return self.machine.ask(method, f"/identity{path}", body, key=key)

    def send(self, path: str, *, key: str = "", **files: Any) -> Any:
        """Send files in a form."""
        headers = {"host": "localhost", "authorization": f"Bearer {self.machine.token}"}
        headers["idempotency-key"] = key or str(ids.uuid7())
        data = {
            name: SimpleUploadedFile("x.jpg", value) if isinstance(value, bytes) else value
            for name, value in files.items()
        }
        return Client(headers=headers).post(f"/api/v1/identity{path}", data)

    def named(self) -> Person:
        """Have name and number confirmed."""
        got = self.ask("POST", "/name", {"name": NAME, "number": self.number})
        assert got.json()["state"] == "matched", got.content
        return self

    @property
    def tier(self) -> int:
        """Give the tier."""
        found: int = self.ask("GET", "").json()["tier"]
        return found


@pytest.fixture
def one(outside: Outside) -> Person:
    """Give a named person who agreed to every way."""
    return Person(outside).agreed().named()


def problem(answer: Any, status: int) -> Any:
    """Read a refusal as RFC 9457 tells it."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    return answer.json()


@pytest.mark.promise("1.2.3a")
def test_photos_go_the_whole_way(one: Person) -> None:
    """Sent twice by one key they begin one check; confirmed by hand they wait for a person."""
    sides, key = {"front": photo(1), "back": photo(2)}, str(ids.uuid7())
    first = one.send("/photos", key=key, **sides).json()
    assert one.send("/photos", key=key, **sides).json() == first
    assert (first["kind"], first["state"], one.tier) == ("document_photo", "started", 1)
    read = one.ask("GET", f"/photos/{first['id']}").json()
    assert read.keys() == {"is_done", "name", "number", "validity"}
    other = cast.document_number()
    told = {"name": NAME, "number": other, "validity": residents.VALIDITY}
    wrong = problem(one.ask("POST", f"/photos/{first['id']}", told), 403)
    assert wrong["code"] == "not_the_document"
    told["number"] = one.number
    done = one.ask("POST", f"/photos/{first['id']}", told)
    assert done.json()["state"] == "reviewing", done.content
    (case,) = one.ask("GET", "/cases").json()
    assert (case["kind"], case["state"]) == ("document_photo", "waiting")
    assert case.keys() == {"id", "kind", "state", "opened_at", "due_at"}


@pytest.mark.promise("1.2.3a")
def test_bad_photos_are_told_by_side(one: Person) -> None:
    """A page, an empty file, one file for both: nothing is begun."""
    for front, back, side in (
        (b"<html>", photo(1), "front"),
        (photo(1), b"", "back"),
        (photo(1), photo(1), "back"),
    ):
        assert side in problem(one.send("/photos", front=front, back=back), 422)["fields"]
    assert problem(one.send("/photos", front=photo(1)), 422)["fields"]
    assert len(one.ask("GET", "").json()["checks"]) == 1


@pytest.mark.promise("1.2.3b")
def test_a_face_and_what_weighs_the_same(one: Person) -> None:
    """Three ways reach the last tier; a face is compared once and kept nowhere."""
    ways = {way["tier"]: set(way["kinds"]) for way in one.ask("GET", "/ways").json()}
    assert ways[3] == {"face", "video", "counter"} and ways[2] == {"card", "document_photo"}
    made = residents.Resident(one.person, NAME, one.number, one.phone, one.world)
    raw, key = picture(made, "match"), str(ids.uuid7())
    assert "picture" in problem(one.send("/face", face=b"%PDF"), 422)["fields"]
    first = one.send("/face", key=key, face=raw).json()
    assert one.send("/face", key=key, face=raw).json() == first
    assert (first["state"], one.tier) == ("matched", 3)


@pytest.mark.promise("1.2.3b")
def test_the_ways_without_a_face(one: Person) -> None:
    """A video and a counter code each open a case; asked twice by one key they open one."""
    key = str(ids.uuid7())
    video = one.ask("POST", "/video", key=key).json()
    assert one.ask("POST", "/video", key=key).json() == video
    code = one.ask("POST", "/counter").json()
    assert len(code["code"]) == 10
    assert {case["kind"] for case in one.ask("GET", "/cases").json()} == {"video", "counter"}
    gone = one.ask("DELETE", f"/checks/{video['id']}")
    assert (gone.json()["state"], gone.json()["ground"]) == ("lapsed", "given_up")
    assert one.ask("GET", f"/checks/{video['id']}").json()["state"] == "lapsed"


@pytest.mark.promise("1.2.3a")
def test_a_phone_becomes_the_persons(one: Person) -> None:
    """By the telecoms' word alone; a number of another stays theirs."""
    assert problem(one.ask("POST", "/phone", {"phone": "12"}), 422)["fields"].keys() == {"phone"}
    assert one.ask("POST", "/phone", {"phone": cast.phone()}).json()["ground"] == "not_found"
    done = one.ask("POST", "/phone", {"phone": one.phone}).json()
    assert (done["kind"], done["state"]) == ("phone", "matched")
    again = one.ask("POST", f"/checks/{done['id']}/again").json()
    assert again["state"] == "matched"


@pytest.mark.promise("1.2.3a")
def test_a_name_that_no_machine_matches_goes_before_a_person(outside: Outside) -> None:
    """With its case; a number that another account holds has a way too."""
    first = Person(outside).agreed().named()
    one = Person(outside).agreed()
    told = {"name": "𠮷野明月", "number": one.number}
    assert one.ask("POST", "/review", told).json()["state"] == "reviewing"
    other = Person(outside).agreed()
    taken = problem(other.ask("POST", "/name", {"name": NAME, "number": first.number}), 409)
    assert taken["code"] == "number_taken"
    key = str(ids.uuid7())
    done = other.ask("POST", "/reused", key=key)
    assert done.json()["state"] == "waiting"
    assert other.ask("POST", "/reused", key=key)["Idempotent-Replay"] == "true"
    assert [case["kind"] for case in other.ask("GET", "/cases").json()] == ["reused_number"]


@pytest.mark.promise("1.2.3a")
def test_what_the_law_asks_for_more(one: Person) -> None:
    """What is lacking is named by service, and taken item by item."""
    lacking = {each["function"]: each["items"] for each in one.ask("GET", "/lacking").json()}
    assert "occupation" in lacking["loans"] and "document_photo" in lacking["merchant_collection"]
    assert problem(one.ask("PUT", "/more", {}), 422)
    assert problem(one.ask("PUT", "/more", {"sex": "不知道"}), 422)["fields"].keys() == {"sex"}
    assert one.ask("PUT", "/more", {"occupation": "教师", "sex": "女"}).json()["state"] == "kept"
    lacking = {each["function"]: each["items"] for each in one.ask("GET", "/lacking").json()}
    assert "occupation" not in lacking["loans"]


@pytest.mark.promise("6.1")
def test_a_minor_has_a_guardian_and_a_way_back(outside: Outside) -> None:
    """Turned away with a reason; one guardian's case; grown up is confirmed, then being seen."""
    one = Person(outside).agreed()
    told = problem(one.ask("POST", "/name", {"name": NAME, "number": minor_number()}), 403)
    assert told["code"] == "minor"
    assert one.ask("GET", "").json()["state"] == SubjectState.MINOR.value
    key, proof = str(ids.uuid7()), photo(3)
    assert "proof" in problem(one.send("/guardian", relation="mother", proof=b"x"), 422)["fields"]
    problem(one.send("/guardian", relation="aunt", proof=proof), 422)
    first = one.send("/guardian", key=key, relation="mother", proof=proof)
    assert first.json()["state"] == "waiting", first.content
    again = one.send("/guardian", key=key, relation="mother", proof=proof)
    assert again.json() == first.json() and again["Idempotent-Replay"] == "true"
    problem(one.send("/guardian", relation="mother", proof=proof), 409)
    grown = {"name": NAME, "number": one.number}
    assert one.ask("POST", "/adult", grown).json()["state"] == "matched"
    assert problem(one.ask("POST", "/reopen"), 403)["code"] == "present_first"
    assert one.ask("POST", "/video").json()["state"] == "reviewing"


@pytest.mark.promise("1.2.3a")
def test_another_persons_check_looks_missing(one: Person, outside: Outside) -> None:
    """Whatever the operation, and nothing of it is told."""
    other = Person(outside).agreed().named()
    check = other.send("/photos", front=photo(4), back=photo(5)).json()["id"]
    told = {"name": NAME, "number": one.number, "validity": residents.VALIDITY}
    for method, path, body in (
        ("GET", f"/checks/{check}", None),
        ("DELETE", f"/checks/{check}", None),
        ("POST", f"/checks/{check}/again", None),
        ("GET", f"/photos/{check}", None),
        ("POST", f"/photos/{check}", told),
        ("POST", f"/bank/{check}", {"code": "123456"}),
    ):
        foreign, missing = (
            one.ask(method, path.replace(check, each), body) for each in (check, str(ids.uuid7()))
        )
        assert problem(foreign, 404)["code"] == problem(missing, 404)["code"], path
        assert check not in json.dumps(foreign.json()).replace(foreign.json()["type"], "")


def test_every_unsafe_call_needs_its_key(one: Person) -> None:
    """Without one nothing happens, and the problem says which header is missing."""
    headers = {"host": "localhost", "authorization": f"Bearer {one.machine.token}"}
    client = Client(headers=headers)
    for path, body in (("phone", {"phone": one.phone}), ("video", {}), ("reused", {})):
        got = client.post(f"/api/v1/identity/{path}", body, content_type="application/json")
        assert "Idempotency-Key" in problem(got, 422)["fields"], path
