"""What people and machines should not send: refused plainly, left in the record, nothing half done.

Forged tokens, replayed sign-ins, brute force, tampered ciphertext and evidence are tried where
those rooms are tested, files in `test_abuse_files`; here is what the doors themselves must hold.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse

from tests import cast
from tests.house import sweep
from tests.house.sweep import Knocker, Route
from xingnuo.kit import ids
from xingnuo.kit.db import session
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.evidence.contracts import Entry, Kind
from xingnuo.trust.gate import queries as gate

LEFT = frozenset({Kind.REFUSAL, Kind.ACCESS_DENIED, Kind.BAD_INPUT})
CANARY = "cnry-abuse-4711"
DEEP = '{"value": ' + "[" * 10_000 + "]" * 10_000 + "}"


def somebody(*, proved: bool = True) -> Knocker:
    """Give a fresh person who is signed in."""
    return sweep.session_for(cast.make_person().subject_id, "alice", proved=proved)


def record(who: Knocker) -> list[Entry]:
    """Give a person's record."""
    assert who.subject_id is not None
    with transaction.atomic():
        session.set_subject(who.subject_id)
        return evidence.of_subject(who.subject_id, limit=200)


def state(who: Knocker) -> Any:
    """Give everything that a person decided."""
    assert who.subject_id is not None
    with transaction.atomic():
        return gate.standing(who.subject_id)


def call(who: Knocker, method: str, path: str, body: str, **headers: str) -> HttpResponse:
    """Call the API with exactly these bytes."""
    client = Knocker("machine").client(Route("api/", "", None))
    told = {"Authorization": f"Bearer {who.token}", "Idempotency-Key": str(ids.uuid7()), **headers}
    return client.generic(
        method, f"/api/v1{path}", body, content_type="application/json", headers=told
    )


def is_turned_away(who: Knocker, answer: HttpResponse, *statuses: int) -> None:
    """Check that a try was refused in words, repeats nothing, and stands in the record once."""
    assert answer.status_code in statuses, (answer.status_code, answer.content[:300])
    assert CANARY not in answer.content.decode()
    if answer["Content-Type"] == "application/problem+json":
        told = json.loads(answer.content)
        assert told["title"] and told["remedy"] and told["code"]
    else:
        assert "<h1" in answer.content.decode() and "Bad Request" not in answer.content.decode()
    lines = [line for line in record(who) if line.kind in LEFT]
    assert len(lines) == 1 and lines[0].outcome == "refused", lines
    assert CANARY not in str(lines)


BODIES = {
    "an undeclared item": ("PUT", "/personal/soul", {"value": CANARY}, 404),
    "a file's item as a text": ("PUT", "/personal/avatar", {"value": CANARY}, 404),
    "an item that is not the person's to write": ("PUT", "/personal/imei", {"value": CANARY}, 404),
    "an undeclared field": ("PUT", "/personal/nickname", {"value": "x", "role": CANARY}, 422),
    "a purpose nobody declared": (
        "PUT", f"/consents/{CANARY}", {"decision": "grant", "text_hash": "x"}, 404),
    "an undeclared decision": (
        "PUT", "/consents/profile.manage", {"decision": CANARY, "text_hash": "x"}, 422),
    "a stale sheet": (
        "PUT", "/consents/profile.manage", {"decision": "grant", "text_hash": "0" * 64}, 409),
    "an item that is not on the sheet": (
        "PUT", "/consents/profile.manage",
        {"decision": "grant", "text_hash": "0" * 64, "optional": ["imei"]}, 422),
    "a stale explanation": ("PUT", "/permissions/camera", {"on": True, "text_hash": "0" * 64}, 409),
    "an undeclared permission": ("PUT", "/permissions/soul", {"on": True, "text_hash": "x"}, 404),
    "a closure under no key": ("POST", "/closure", None, 422),
    "duplicate keys": ("PUT", "/personal/nickname", '{"value": "a", "value": "b"}', 400, 422),
    "half a body": ("PUT", "/personal/nickname", '{"value": "' + CANARY, 400, 422),
    "a deep body": ("PUT", "/personal/nickname", DEEP, 400, 422),
    "no number": ("PUT", "/personal/nickname", '{"value": NaN}', 400, 422),
    "a list": ("PUT", "/personal/nickname", "[]", 400, 422),
    "a lone surrogate": ("PUT", "/personal/nickname", '{"value": "\\ud800"}', 400, 422),
    "a NUL": ("PUT", "/personal/nickname", '{"value": "a\\u0000b"}', 400, 403, 422),
    "a body of 3 MB": ("PUT", "/personal/nickname", '{"value": "' + "x" * 3_000_000, 400, 413, 422),
}  # fmt: skip


@pytest.mark.parametrize("what", BODIES)
def test_the_api_turns_it_away(what: str) -> None:
    """One refusal, one line in the record, the person's choices as they were."""
    method, path, body, *statuses = BODIES[what]
    alice = somebody()
    before = state(alice)
    text = body if isinstance(body, str) else json.dumps(body) if body is not None else ""
    key = {"Idempotency-Key": "not-a-uuid"} if path == "/closure" else {}
    is_turned_away(alice, call(alice, method, path, text, **key), *statuses)
    assert state(alice) == before


def page(name: str) -> Route:
    """Give a page by its name."""
    return next(route for route in sweep.routes() if route.name == name)


MANAGE = {"purpose": "profile.manage"}
FORMS: dict[str, tuple[str, dict[str, str], dict[str, Any], tuple[int, ...]]] = {
    "a consent on a stale sheet": (
        "consent", MANAGE, {"answer": "agree", "text_hash": "0" * 64}, (409,)),
    "a consent without an answer": ("consent", MANAGE, {}, (422,)),
    "a purpose nobody is asked about": (
        "consent", {"purpose": CANARY}, {"answer": "agree"}, (404,)),
    "an item not on the sheet": (
        "consent", MANAGE, {"answer": "agree", "optional": ["imei"]}, (422,)),
    "the same field twice": (
        "consent", MANAGE, {"answer": ["agree", "refuse"]}, (422,)),
    "an item nobody declared": ("personal_item", {"item_id": "soul"}, {"value": "x"}, (404,)),
    "an older policy": (
        "policy_agree", {}, {"answer": "agree", "version": "1.0", "text_hash": "0" * 64}, (409,)),
    "a withdrawal of other words": ("withdraw_policy", {}, {"text_hash": "0" * 64}, (422,)),
    "a recipient nobody declared": ("set_sharing", {"recipient": "soul"}, {"on": "0"}, (404,)),
}  # fmt: skip


@pytest.mark.parametrize("what", FORMS)
def test_the_pages_turn_it_away(what: str) -> None:
    """The same at the pages."""
    name, values, form, statuses = FORMS[what]
    alice, route = somebody(), page(name)
    before = state(alice)
    is_turned_away(alice, alice.ask(route, "POST", route.path(values), form), *statuses)
    assert state(alice) == before


def test_a_page_refuses_a_flood_of_fields_and_bytes() -> None:
    """More fields or bytes than any form of ours has: told plainly, with the house's headers."""
    for form in ({f"f{n}": "1" for n in range(300)}, {"answer": "x" * 3_000_000}):
        alice, route = somebody(), page("consent")
        answer = alice.ask(route, "POST", route.path({"purpose": "profile.manage"}), form)
        is_turned_away(alice, answer, 400, 413)
        assert "Content-Security-Policy" in answer


def test_a_replayed_step_has_no_second_effect() -> None:
    """The same key with the same words gives the first answer; a later decision stays."""
    alice = somebody()
    path = "/consents/notices.promotion"
    text_hash = json.loads(call(alice, "GET", f"{path}/sheet", "").content)["text_hash"]
    key = str(ids.uuid7())
    grant = json.dumps({"decision": "grant", "text_hash": text_hash})
    first = call(alice, "PUT", path, grant, **{"Idempotency-Key": key})
    assert first.status_code == 200, first.content
    withdrawn = json.dumps({"decision": "withdraw", "text_hash": text_hash})
    assert call(alice, "PUT", path, withdrawn).status_code == 200
    again = call(alice, "PUT", path, grant, **{"Idempotency-Key": key})
    assert again.content == first.content and again["Idempotent-Replay"] == "true"
    (decided,) = [one for one in state(alice).decisions if one.purpose == "notices.promotion"]
    assert decided.decision == "withdraw"
