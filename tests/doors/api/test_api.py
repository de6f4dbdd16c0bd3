"""The API: the same as the pages, for machines; problem+json, keys, nothing undeclared."""

from __future__ import annotations

import io
import json
import re
import zipfile

import pytest
from django.test import Client

from tests.doors.api.conftest import Machine, machine_for
from tests.outside import Outside
from xingnuo.kit import ids

OPEN = {"/session/begin", "/session/finish", "/policy", "/receipts/{code}"}


def document() -> dict:  # type: ignore[type-arg]
    """Give the OpenAPI document as a client reads it."""
    return json.loads(Client(headers={"host": "localhost"}).get("/api/v1/openapi.json").content)


def test_the_document_is_openapi_and_tells_every_fault_as_a_problem() -> None:
    """OpenAPI 3.1, and every operation that needs a person declares its problems."""
    told = document()
    assert told["openapi"].startswith("3.1")
    for path, methods in told["paths"].items():
        for operation in methods.values():
            if path.removeprefix("/api/v1") not in OPEN:
                assert "403" in operation["responses"], path
                assert operation["security"], path


def test_every_operation_but_the_open_ones_needs_a_person() -> None:
    """Without a token each answers 401 as a problem, and nothing else."""
    nobody = Machine()
    for path, methods in document()["paths"].items():
        short = path.removeprefix("/api/v1")
        if short in OPEN:
            continue
        for method in methods:
            filled = short
            filled = re.sub(r"\{\w+\}", lambda _: str(ids.uuid7()), filled)
            got = nobody.ask(method.upper(), filled, {})
            assert got.status_code in (401, 422), (method, short)
            assert got["Content-Type"] == "application/problem+json"


@pytest.mark.promise("1.2.1a", "5.2.1a")
def test_a_person_sees_their_values_masked_and_takes_a_copy(alice: Machine) -> None:
    """What sign-in collected is there, masked, in the list, and in the copy."""
    shown = {row["item"]: row for row in alice.ask("GET", "/personal").json()}
    assert {"account_id", "phone", "nickname"} <= set(shown)
    assert alice.ask("GET", "/avatar").content.startswith(b"\xff\xd8\xff")
    assert shown["phone"]["outcome"] == "masked" and "****" in shown["phone"]["text"]
    collected = {row["item"] for row in alice.ask("GET", "/lists/collected").json()}
    assert {"account_id", "phone", "avatar"} <= collected
    copy = alice.ask("GET", "/copy")
    assert copy.status_code == 200
    assert "个人信息.json" in zipfile.ZipFile(io.BytesIO(copy.content)).namelist()


@pytest.mark.promise("1.0.1")
def test_a_new_item_waits_for_its_consent(alice: Machine) -> None:
    """Without consent 403 with the reason; with it the item is kept, masked."""
    got = alice.ask("PUT", "/personal/email", {"value": "alice@example.com"})
    assert got.status_code == 403 and got.json()["reason"] == "no_consent"
    sheet = alice.ask("GET", "/consents/profile.manage/sheet").json()
    decide = {"decision": "grant", "text_hash": sheet["text_hash"], "optional": ["email"]}
    assert alice.ask("PUT", "/consents/profile.manage", decide).status_code == 200
    got = alice.ask("PUT", "/personal/email", {"value": "alice@example.com"})
    assert got.json() == {"id": "email", "state": "kept"}
    texts = [row["text"] for row in alice.ask("GET", "/personal").json() if row["item"] == "email"]
    assert texts == ["a***@example.com"]


def test_the_same_key_acts_once_and_other_content_is_refused(alice: Machine) -> None:
    """A replay gives the first answer with its mark; other content is a conflict."""
    sheet = alice.ask("GET", "/consents/profile.manage/sheet").json()
    decide = {"decision": "grant", "text_hash": sheet["text_hash"], "optional": ["email"]}
    key = str(ids.uuid7())
    first = alice.ask("PUT", "/consents/profile.manage", decide, key=key)
    again = alice.ask("PUT", "/consents/profile.manage", decide, key=key)
    assert first.json() == again.json() and again["Idempotent-Replay"] == "true"
    other = decide | {"optional": []}
    assert alice.ask("PUT", "/consents/profile.manage", other, key=key).status_code == 409
    decided = [r for r in alice.ask("GET", "/record").json() if r["kind"] == "consent"]
    assert len([r for r in decided if r["purpose"] == "profile.manage"]) == 1


@pytest.mark.parametrize(
    "body",
    [
        '{"value": "a", "value": "b"}',
        '{"value": "a", "admin": true}',
        '{"value": ' + "[" * 2000 + "]" * 2000 + "}",
        "not json",
        '{"value": "' + "长" * 3000 + '"}',
        '{"value": 1e400}',
        "[]",
    ],
)
def test_bad_bodies_are_told_plainly_and_change_nothing(alice: Machine, body: str) -> None:
    """Malformed, nested, oversized, undeclared: 4xx with fields, and the record is unchanged."""
    before = len(alice.ask("GET", "/personal").json())
    got = alice.ask("PUT", "/personal/nickname", body)
    assert got.status_code in (400, 422), got.content
    assert got["Content-Type"] == "application/problem+json"
    assert len(alice.ask("GET", "/personal").json()) == before


def test_another_persons_session_looks_like_a_missing_one(alice: Machine, bob: Machine) -> None:
    """Ending a foreign session and a missing one give the same answer; the session lives on."""
    (theirs,) = bob.ask("GET", "/sessions").json()
    foreign = alice.ask("DELETE", f"/sessions/{theirs['id']}")
    missing = alice.ask("DELETE", f"/sessions/{ids.uuid7()}")
    assert foreign.status_code == missing.status_code
    assert foreign.json()["code"] == missing.json()["code"]
    assert bob.ask("GET", "/me").status_code == 200


@pytest.mark.promise("5.2.2a", "5.2.2b")
def test_withdraw_and_close_over_the_api(outside: Outside) -> None:
    """Withdrawal stops use; closure needs a proof, ends the session and leaves a receipt."""
    weak = machine_for(outside)
    assert weak.ask("POST", "/withdrawal", {"text_hash": ids.digest("shown")}).status_code == 200
    got = weak.ask("PUT", "/permissions/location", {"on": True, "text_hash": "x"})
    assert got.status_code in (403, 409)
    assert weak.ask("POST", "/closure").json()["code"] == "needs_proof"
    proved = machine_for(outside, proved=True)
    done = proved.ask("POST", "/closure").json()
    assert done["state"] == "working"
    assert proved.ask("GET", "/me").status_code == 401
    receipt = Machine().ask("GET", f"/receipts/{done['receipt']}").json()
    assert receipt["case"]["id"] == done["id"]
