"""Nobody reaches what is another person's: every route, every method, every id, every visitor.

The negative controls plant a leaking route, one that tells a foreign thing from a missing one, and
one with a parameter that no table knows: the sweep finds each.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connections, transaction
from django.http import HttpResponse
from django.test import override_settings

from tests import cast
from tests.house import planted, sweep
from tests.house._alice import Alice, bob, made_alice
from tests.house.sweep import NOBODY, Knocker, Route
from tests.outside import Outside
from tests.people.conftest import outside, sandbox_process
from xingnuo.duties.rights import actions as rights
from xingnuo.kit import clock, ids
from xingnuo.partners.account_provider import client
from xingnuo.people.accounts import queries as accounts
from xingnuo.people.accounts.models import SessionRow, Token
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate.contracts import Strength

__all__ = ["outside", "sandbox_process"]

ROUTES_MIN = 80
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')
LEFT = frozenset({Kind.REFUSAL, Kind.ACCESS_DENIED, Kind.BAD_INPUT})
# What stands in a form or body whatever the route: the most that somebody could send.
FORM = {
    "answer": "agree", "value": "我", "sure": "1", "on": "0", "decision": "refuse",
    "version": "2.0", "next": "/me/", "text_hash": "0" * 64,
}  # fmt: skip


@pytest.fixture(scope="module")
def alice(sandbox_process: Outside) -> Alice:
    """Give a person with values, sessions, notices, decisions and a request of their own."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in sandbox_process.variables.items():
            patch.setenv(name, value)
        client.forget()
        try:
            return made_alice(sandbox_process)
        finally:
            client.forget()


@pytest.fixture(scope="module")
def others(alice: Alice) -> dict[str, Callable[[], Knocker]]:
    """Give everyone who has no business with what is Alice's, an ended session of hers included."""
    assert alice.me.subject_id is not None
    expired = sweep.session_for(alice.me.subject_id, "expired")
    past = clock.now() - timedelta(seconds=1)
    with transaction.atomic():
        found = accounts.resolve(expired.token, seen=expired.seen)
        assert found is not None
        SessionRow.objects.of(alice.me.subject_id).filter(id=found.id).update(expires_at=past)
        Token.objects.filter(session_id=found.id).update(expires_at=past)
    closed = _closed()

    def withdrawn() -> Knocker:
        person = cast.make_person()
        with transaction.atomic():
            rights.withdraw_policy(
                person.actor, subject_id=person.subject_id, text_hash=ids.digest("shown")
            )
        return sweep.session_for(person.subject_id, "withdrawn")

    return {
        "anonymous": lambda: NOBODY,
        "bob": bob,
        "expired": lambda: expired,
        "withdrawn": withdrawn,
        "closed": lambda: closed,
    }


def _closed() -> Knocker:
    person = cast.make_person(state_strength=Strength.REVERIFIED)
    ended = sweep.session_for(person.subject_id, "closed")
    with transaction.atomic():
        rights.close(person.actor, subject_id=person.subject_id, key=ids.uuid7())
    return ended


@dataclass(frozen=True, slots=True)
class Try:
    """One request aimed at Alice, and its twin aimed at nothing."""

    route: Route
    method: str
    aimed: dict[str, str]
    missing: dict[str, str]


def tries(route: Route, methods: tuple[str, ...], alice: Alice) -> list[Try]:
    """Give a try for every parameter and method, and one where nothing is aimed at."""
    found = [Try(route, method, {}, {}) for method in methods if not _owned(route)]
    for name in route.parameters:
        target = alice.ids.get(name, alice.ids["subject"])
        if name in sweep.BEARER:
            target = alice.ids["subject"]
        rest = {one: alice.ids[one] for one in _owned(route) if one != name}
        for method in methods:
            missing = str(ids.uuid7())
            found.append(Try(route, method, {**rest, name: target}, {**rest, name: missing}))
    return found


def _owned(route: Route) -> list[str]:
    return [name for name in route.parameters if name in sweep.OWNED | sweep.BEARER]


def complaints(alice: Alice, who: Callable[[], Knocker], routes: list[Route]) -> list[str]:
    """Try everything as somebody and tell what went wrong."""
    told = sweep.document()
    wrong = [f"no entry for {each}" for each in sweep.unknown_parameters(routes)]
    known = [r for r in routes if not sweep.unknown_parameters([r])]
    for route in known:
        methods = sweep.allowed(route)
        if methods is None:
            wrong.append(f"{route.pattern} takes any method")
            continue
        for each in tries(route, methods, alice):
            wrong += [f"{route.pattern} {each.method}: {w}" for w in _wrong(alice, who, each, told)]
    return wrong


def _wrong(alice: Alice, who: Callable[[], Knocker], each: Try, told: dict[str, Any]) -> list[str]:
    aimed, sent = _ask(alice, who(), each, each.aimed, told)
    wrong = [f"tells {secret}" for secret in alice.seen_in(aimed, sent)]
    if aimed.status_code >= 500:
        wrong.append(f"answers {aimed.status_code}")
    if each.aimed:
        other, _ = _ask(alice, who(), each, each.missing, told)
        if aimed.status_code != other.status_code:
            wrong.append(f"{aimed.status_code} for hers, {other.status_code} for none")
        elif _plain(aimed, each.aimed) != _plain(other, each.missing):
            wrong.append("another body for hers than for none")
    return wrong


def _ask(
    alice: Alice, who: Knocker, each: Try, values: dict[str, str], told: dict[str, Any]
) -> tuple[HttpResponse, str]:
    address = each.route.path(values)
    if each.route.is_api:
        body = sweep.json_body(told, each.route, each.method, FORM)
    else:
        body = {**FORM, "key": str(ids.uuid7()), "request": f"subject={alice.ids['subject']}"}
    query = f"before={alice.ids['line']}" if not each.aimed else ""
    answer = who.ask(each.route, each.method, address, body, query=query)
    return answer, f"{address}?{query}{body}"


def _plain(answer: HttpResponse, values: dict[str, str]) -> bytes:
    body = TOKEN.sub(b"", sweep.all_bytes(answer))
    for value in values.values():
        body = body.replace(value.encode(), b"ID")
    # The stamp of the last use, and ids made for this very answer.
    body = re.sub(rb"\d{10}\.[0-9a-f]{64}", b"STAMP", body)
    return re.sub(rb"xn_csrf=[^;\n]*;[^\n]*", b"CSRF", body)


def lines_about(subject_id: UUID) -> int:
    """Count a person's record over the audit connection."""
    with connections["audit"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM evidence_line WHERE subject_id = %s", [subject_id])
        return int(cursor.fetchone()[0])


@pytest.mark.timeout(280)
@pytest.mark.parametrize("name", ["anonymous", "bob", "expired", "withdrawn", "closed"])
def test_nobody_reaches_what_is_alices(
    alice: Alice, others: dict[str, Callable[[], Knocker]], outside: Outside, name: str
) -> None:
    """Nothing of hers in any answer, hers looks like none, no 5xx, no line in her record."""
    assert alice.me.subject_id is not None
    routes = sweep.routes()
    assert len(routes) >= ROUTES_MIN
    before = lines_about(alice.me.subject_id)
    wrong = complaints(alice, others[name], routes)
    assert not wrong, "\n".join(wrong)
    assert lines_about(alice.me.subject_id) == before


def test_alice_reaches_what_is_hers(alice: Alice, outside: Outside) -> None:
    """The positive control: the ids that look like none to others are really there."""
    shown = alice.me.ask(_route("devices"), "GET", _route("devices").path())
    assert alice.ids["session"] in shown.content.decode()
    read = _route("notice_read")
    taken = alice.me.ask(read, "POST", read.path({"notice": alice.ids["notice"]}))
    assert taken.status_code == 303
    device = _route("unlock_device")
    assert alice.me.ask(device, "GET", device.path(alice.ids)).status_code == 200
    receipt = _route("receipt")
    got = NOBODY.ask(receipt, "GET", receipt.path({"code": alice.ids["code"]}))
    assert got.status_code == 200


def _route(name: str) -> Route:
    return next(route for route in sweep.routes() if route.name == name)


def test_a_try_is_left_in_the_record_of_whoever_tried(alice: Alice, outside: Outside) -> None:
    """Every refused try at an id of hers leaves one line under Bob, none of it naming her."""
    found, told = 0, sweep.document()
    for route in sweep.routes():
        if route.is_console:  # no customer is known there: staff's tries are left under staff
            continue
        owned = [name for name in route.parameters if name in sweep.OWNED]
        for method in (sweep.allowed(route) or ()) if owned else ():
            peer = bob()
            assert peer.subject_id is not None
            values = {name: alice.ids[name] for name in owned}
            body = sweep.json_body(told, route, method, {})
            answer = peer.ask(route, method, route.path(values), body)
            assert answer.status_code == 404, (route.pattern, method)
            with transaction.atomic():
                from xingnuo.kit.db import session

                session.set_subject(peer.subject_id)
                lines = evidence.of_subject(peer.subject_id)
            left = [line for line in lines if line.kind in LEFT]
            assert len(left) == 1, (route.pattern, method)
            assert all(secret.decode() not in str(left[0]) for secret in alice.secrets)
            found += 1
    assert found >= 3


def test_every_form_needs_its_token(alice: Alice, outside: Outside) -> None:
    """An unsafe method on a page without its token is 403; only doors of machines need none."""
    machines = ("api/", "hooks/", "oauth/token", "oauth/revoke")
    peer = sweep.session_for(cast.make_person().subject_id, "bob")
    for route in sweep.routes():
        if route.pattern.startswith(machines):
            continue
        for method in set(sweep.allowed(route) or ()) - set(sweep.SAFE):
            path_ = route.path(alice.ids)
            browser = peer.client(route, checks=True)
            for origin in ("", "https://elsewhere.example", "null"):
                told = browser.generic(method, path_, headers={"origin": origin})
                assert told.status_code == 403, (route.pattern, method, origin)
    assert accounts_live(peer)


def accounts_live(who: Knocker) -> bool:
    """Say whether a session still lives."""
    with transaction.atomic():
        return accounts.resolve(who.token, seen=who.seen) is not None


def test_the_api_knows_no_cookie(alice: Alice, outside: Outside) -> None:
    """A browser's cookie opens nothing in the API, so no page elsewhere can borrow it."""
    told = sweep.document()
    for path_, methods in told["paths"].items():
        for method, operation in methods.items():
            if not operation.get("security"):
                continue
            route = Route(path_.lstrip("/").replace("{", "<").replace("}", ">"), "", None)
            browser = Knocker("cookie").client(route)
            browser.cookies["xn_session"] = alice.me.token
            browser.cookies["xn_seen"] = alice.me.seen
            body = sweep.json_body(told, route, method, FORM)
            answer = browser.generic(
                method.upper(), route.path(alice.ids), str(body), content_type="application/json"
            )
            assert answer.status_code == 401, (method, path_, answer.status_code)


def test_each_route_takes_its_methods_and_no_other(alice: Alice, outside: Outside) -> None:
    """Every other method of nine is 405."""
    peer = sweep.session_for(cast.make_person().subject_id, "bob")
    for route in sweep.routes():
        methods = sweep.allowed(route)
        assert methods, f"{route.pattern} takes any method"
        for method in set(sweep.METHODS) - set(methods):
            answer = peer.ask(route, method, route.path(alice.ids))
            assert answer.status_code == 405, (route.pattern, method, answer.status_code)


def test_the_sweep_finds_what_it_looks_for(alice: Alice, outside: Outside) -> None:
    """Each planted fault is found, by its name."""
    planted.PLANTED.update(value=alice.secrets[0].decode(), session=alice.ids["session"])
    with override_settings(ROOT_URLCONF=planted.__name__):
        found = "\n".join(complaints(alice, bob, sweep.routes()))
    for expected in (
        f"leaks/ GET: tells {planted.PLANTED['value']}",
        "apart/<uuid:session>/ GET: 403 for hers, 404 for none",
        "breaks/<uuid:session>/ GET: answers 500",
        "any/ takes any method",
        "no entry for new/<uuid:parcel>/: parcel",
    ):
        assert expected in found, found
