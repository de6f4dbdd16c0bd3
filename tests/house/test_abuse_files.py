"""Files that people and machines should not send: refused plainly, on record, nothing half done."""

from __future__ import annotations

import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections, transaction
from django.http import HttpResponse

from tests import cast, pictures
from tests.house import sweep
from tests.house.sweep import Knocker, Route
from tests.house.test_abuse import LEFT, page, record
from xingnuo.duties.rights import actions as rights
from xingnuo.kit import ids
from xingnuo.people.accounts import queries as accounts
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, Filed, Strength
from xingnuo.trust.policy.contracts import ActorKind

API = Route("api/v1/avatar", "", None)
BOUNDARY = "xn-boundary"
FORM = f"multipart/form-data; boundary={BOUNDARY}"


def somebody() -> Knocker:
    """Give a fresh person who agreed that a picture of theirs is kept."""
    person = cast.make_person()
    cast.agree(person, "profile.manage", optional=("avatar",))
    return sweep.session_for(person.subject_id, "alice")


def kept(who: Knocker) -> list[Filed]:
    """List the files that are kept of somebody."""
    person = _person(who)
    with transaction.atomic():
        return gate_queries.files(cast.permit(person, "rights.plain_view", ("avatar",)))


def _person(who: Knocker) -> cast.Person:
    assert who.subject_id is not None
    with transaction.atomic():
        found = accounts.resolve(who.token, seen=who.seen)
    assert found is not None
    actor = Actor(
        kind=ActorKind.SELF,
        subject_id=who.subject_id,
        session_id=found.id,
        strength=found.strength,
    )
    return cast.Person(who.subject_id, actor)


def file(content: bytes, name: str = "a.jpg", kind: str = "image/jpeg") -> SimpleUploadedFile:
    """Make a file as a form sends it."""
    return SimpleUploadedFile(name, content, content_type=kind)


def upload(who: Knocker, content: bytes, **told: str) -> HttpResponse:
    """Choose a file on the page."""
    route = page("avatar")
    return who.ask(route, "POST", route.path(), {"picture": file(content, **told)})


def upload_api(who: Knocker, content: bytes, *, key: str = "") -> HttpResponse:
    """Send a file as a machine does."""
    headers = {"Authorization": f"Bearer {who.token}", "Idempotency-Key": key or str(ids.uuid7())}
    return who.client(API).post("/api/v1/avatar", {"picture": file(content)}, headers=headers)


def post_raw(who: Knocker, body: bytes, kind: str = FORM, *, checks: bool = False) -> HttpResponse:
    """Send exactly these bytes to the page, with the form's own token where it is checked."""
    route = page("avatar")
    client: Any = who.client(route, checks=checks)
    headers = {}
    if checks:
        client.get(route.path())
        headers["Host"] = urlsplit(settings.BASE_URL).netloc
        headers["X-CSRFToken"] = client.cookies["xn_csrf"].value
    answer: HttpResponse = client.generic(
        "POST", route.path(), body, content_type=kind, headers=headers
    )
    return answer


def is_refused(who: Knocker, answer: HttpResponse, *statuses: int) -> None:
    """Check that it was refused in words, repeats nothing, is on record once, and left nothing."""
    told = answer.content
    assert answer.status_code in statuses, (answer.status_code, told[:300])
    assert pictures.CANARY not in told
    if answer["Content-Type"] == "application/problem+json":
        problem = json.loads(told)
        assert problem["title"] and problem["remedy"] and problem["code"]
    else:
        assert b"<h1" in told and b"Bad Request" not in told
    assert "Content-Security-Policy" in answer
    lines = [line for line in record(who) if line.kind in LEFT]
    assert len(lines) == 1 and lines[0].outcome == "refused", lines
    assert pictures.CANARY.decode() not in str(lines)
    assert kept(who) == []


@pytest.mark.parametrize("what", pictures.REFUSED)
def test_a_hostile_file_is_turned_away(what: str) -> None:
    """At the page and at the API: the file's own status, one line each, nothing kept."""
    make, status = pictures.REFUSED[what]
    content = make()
    if what != "nothing":  # a browser sends an empty file where none was chosen
        alice = somebody()
        is_refused(alice, upload(alice, content), status)
    bob = somebody()
    is_refused(bob, upload_api(bob, content), status)


@pytest.mark.parametrize("what", pictures.CLEANED)
def test_what_hides_in_a_picture_stays_outside(what: str) -> None:
    """The picture is kept; what it carried is nowhere in what is kept, shown or copied."""
    alice = somebody()
    assert upload(alice, pictures.CLEANED[what]()).status_code == 303
    (one,) = kept(alice)
    assert (one.item, one.slot, one.source) == ("avatar", "own", "self")
    route = page("avatar_picture")
    shown = alice.ask(route, "GET", route.path())
    assert shown.status_code == 200 and shown.content.startswith(b"\xff\xd8\xff")
    with transaction.atomic():
        copy = rights.copy(_person(alice).actor, subject_id=_person(alice).subject_id)
    with zipfile.ZipFile(io.BytesIO(copy.content)) as archive:
        assert archive.read("文件/avatar-own.jpg") == shown.content
    for seen in (shown.content, copy.content):
        assert pictures.CANARY not in seen and pictures.PLACE.encode() not in seen


@pytest.mark.promise("5.2.1a")
def test_the_picture_is_shown_to_its_person_alone_and_goes_when_told() -> None:
    """Strict headers; nobody and a peer see none; deleted it is gone from the vault."""
    alice, bob = somebody(), somebody()
    assert upload(alice, pictures.picture()).status_code == 303
    route = page("avatar_picture")
    shown = alice.ask(route, "GET", route.path())
    assert shown["Content-Type"] == "image/jpeg" and shown["Cache-Control"] == "no-store"
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert shown["Content-Security-Policy"].startswith("default-src 'none'")
    assert "sandbox" in shown["Content-Security-Policy"]
    assert bob.ask(route, "GET", route.path()).status_code == 404
    assert sweep.NOBODY.ask(route, "GET", route.path()).status_code == 303
    gone = page("avatar_delete")
    assert alice.ask(gone, "POST", gone.path()).status_code == 303
    assert kept(alice) == [] and blobs(alice.subject_id) == 0
    assert alice.ask(route, "GET", route.path()).status_code == 404


def blobs(subject_id: UUID | None) -> int:
    """Count the sealed parts of files that the database holds of somebody."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM vault_blob WHERE subject_id = %s", [subject_id])
        return int(cursor.fetchone()[0])


def test_closing_the_account_takes_the_picture_along() -> None:
    """Erasure leaves no part of the file."""
    alice = somebody()
    assert upload(alice, pictures.picture()).status_code == 303
    assert blobs(alice.subject_id) == 1
    person = _person(alice)
    assert alice.subject_id is not None
    proved = person.with_strength(Strength.REVERIFIED)
    with transaction.atomic():
        closing = rights.close(proved, subject_id=alice.subject_id, key=ids.uuid7())
    rights.carry_out_erasure(cast.SYSTEM, case_id=closing.case.id)
    assert blobs(alice.subject_id) == 0


def test_neither_name_nor_type_is_believed() -> None:
    """A picture under any name is one; a page under a picture's name is none."""
    for told in ({"name": "../../evil.html"}, {"kind": "text/html"}, {"name": "a.exe", "kind": ""}):
        alice = somebody()
        assert upload(alice, pictures.picture("PNG"), **told).status_code == 303
        assert len(kept(alice)) == 1
    alice = somebody()
    is_refused(alice, upload(alice, b"<html>", name="a.png", kind="image/png"), 422)


def test_without_consent_nothing_is_taken() -> None:
    """The page leads to the sheet, the API says why; both are on record, nothing is kept."""
    alice = sweep.session_for(cast.make_person().subject_id, "alice")
    answer = upload(alice, pictures.picture())
    assert answer.status_code == 303 and "/consent/profile.manage/" in answer["Location"]
    assert kept(alice) == []
    bob = sweep.session_for(cast.make_person().subject_id, "bob")
    is_refused(bob, upload_api(bob, pictures.picture()), 403)


def part(head: str, content: bytes = b"x") -> bytes:
    """Make one part of a multipart body."""
    return f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode() + content + b"\r\n"


NAMED = 'Content-Disposition: form-data; name="picture"; filename="'
END = f"--{BOUNDARY}--\r\n".encode()
BODIES: dict[str, tuple[bytes, str, tuple[int, ...]]] = {
    "a name of 10,000 letters": (
        part(f'{NAMED}{"a" * 10_000}.jpg"', pictures.picture()) + END, FORM, (400,)),
    "no boundary": (part(f'{NAMED}a.jpg"') + END, "multipart/form-data", (400,)),
    "an endless boundary": (b"x", f"multipart/form-data; boundary={'b' * 5000}", (400,)),
    "a boundary that is no boundary": (b"x", "multipart/form-data; boundary=\xe9", (400, 422)),
    "another boundary": (b"--other\r\n\r\nx\r\n--other--", FORM, (422,)),
    "no end": (part(f'{NAMED}a.jpg"', pictures.picture()[:99])[:-2], FORM, (400, 422)),
    "nothing at all": (b"", FORM, (400, 422)),
    "NULs": (part(f'{NAMED}a\0.jpg"\0', b"\0" * 999) + END, FORM, (400, 422)),
    "a bad length of base64": (
        part(f'{NAMED}a.jpg"\r\nContent-Transfer-Encoding: base64', b"a!=") + END, FORM,
        (400, 422)),
    "a header split in two": (
        part(f'{NAMED}a.jpg"\r\nSet-Cookie: a=b\r\nX: y', b"x") + END, FORM, (422,)),
    "250 fields": (
        b"".join(part(f'Content-Disposition: form-data; name="f{n}"') for n in range(250)) + END,
        FORM, (400, 413)),
    "250 files": (
        b"".join(part(NAMED.replace("picture", f"p{n}") + 'a.jpg"') for n in range(250)) + END,
        FORM, (400, 413)),
    "two files": (part(f'{NAMED}a.jpg"', pictures.picture()) * 2 + END, FORM, (422,)),
    "a file in another field": (
        part(NAMED.replace("picture", "other") + 'a.jpg"', pictures.picture()) + END, FORM,
        (422,)),
    "a text where a file belongs": (
        part('Content-Disposition: form-data; name="picture"', b"x") + END, FORM, (422,)),
    "an unknown charset": (part(f'{NAMED}a.jpg"') + END, f"{FORM}; charset=martian", (400, 422)),
    "JSON": (b'{"picture": "x"}', "application/json", (422,)),
    "12 MB": (part(f'{NAMED}a.jpg"', bytes(12_000_000)) + END, FORM, (413,)),
}  # fmt: skip


@pytest.mark.parametrize("checks", [False, True], ids=["view", "token"])
@pytest.mark.parametrize("what", BODIES)
def test_a_broken_form_is_turned_away(what: str, checks: bool) -> None:
    """Whether the form's token is looked for first or the view reads it: told, on record once."""
    body, kind, statuses = BODIES[what]
    alice = somebody()
    is_refused(alice, post_raw(alice, body, kind, checks=checks), *statuses)


def test_no_other_door_takes_a_file() -> None:
    """A file sent to any other route is looked at by nobody."""
    told = sweep.document()["paths"]
    takers = {path for path, one in told.items() if "multipart" in json.dumps(one)}
    of_a_case = "/api/v1/support/cases/{case}"
    assert takers == {
        "/api/v1/avatar",
        "/api/v1/identity/face",
        "/api/v1/identity/guardian",
        "/api/v1/identity/photos",
        "/api/v1/support/requests",
        f"{of_a_case}/photos",
        f"{of_a_case}/recordings",
    }
    for route in sweep.routes():
        if "POST" not in (sweep.allowed(route) or ()) or route.name in ("avatar", "sign_out"):
            continue
        alice = somebody()
        missing = dict.fromkeys(sweep.OWNED | sweep.BEARER, str(ids.uuid7()))
        form = {"value": file(pictures.zipped_behind(pictures.picture()))}
        path = route.path(missing)
        headers = {"Authorization": f"Bearer {alice.token}"} if route.is_api else {}
        answer = alice.client(route).post(path, form, headers=headers)
        assert answer.status_code < 500 or answer.status_code == 503, (path, answer.status_code)
        assert blobs(alice.subject_id) == 0, path


def test_many_at_once_leave_one_whole_picture() -> None:
    """Eight uploads of two pictures at once: each told plainly, one of them is what is kept."""
    alice = somebody()
    colours = [pictures.picture("PNG", colour) for colour in ("red", "blue")] * 4

    def send(content: bytes) -> int:
        try:
            return upload(alice, content).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(send, colours))
    assert set(statuses) <= {303, 409, 503} and 303 in statuses, statuses
    (one,) = kept(alice)
    assert blobs(alice.subject_id) == 1
    shown = alice.ask(page("avatar_picture"), "GET", page("avatar_picture").path())
    assert len(shown.content) == one.size_bytes


def test_a_repeated_call_takes_effect_once() -> None:
    """The same key with the same file gives the first answer, with another file 409."""
    alice, key = somebody(), str(ids.uuid7())
    first = upload_api(alice, pictures.picture(), key=key)
    assert first.status_code == 200, first.content
    again = upload_api(alice, pictures.picture(), key=key)
    assert again.content == first.content and again["Idempotent-Replay"] == "true"
    assert upload_api(alice, pictures.picture("PNG"), key=key).status_code == 409
