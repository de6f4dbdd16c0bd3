"""The lock at the door: who passes, where it leads back to, and what machines are told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from tests import cast
from tests.outside import Outside
from tests.people.conftest import outside, sandbox_process
from tests.people.unlock.members import PASSWORD, Member, make_member
from tests.web import knock
from xingnuo.kit import clock, ids
from xingnuo.people.accounts import _sessions
from xingnuo.people.accounts import queries as accounts
from xingnuo.people.unlock import queries
from xingnuo.people.unlock.contracts import State, Way
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Strength
from xingnuo.trust.policy.contracts import SubjectState

__all__ = ["outside", "sandbox_process"]
pytestmark = pytest.mark.promise("1.2.2")


class Visitor:
    """A person's browser without a screen, whose session the test can reach."""

    def __init__(self) -> None:
        self.member: Member = make_member()
        self.client = knock.guest()
        self.show()

    def show(self) -> None:
        """Carry the member's token into the browser."""
        self.client.cookies[settings.SESSION_COOKIE] = self.member.token

    def locked(self) -> Visitor:
        """Set a password and come back later."""
        self.member.set_password()
        self.member.lock()
        return self

    def post(self, path: str, **fields: str) -> Any:
        """Send a form; a new token of the answer is kept by the browser."""
        answer = self.client.post(path, fields)
        fresh = self.client.cookies[settings.SESSION_COOKIE].value
        self.member.token = fresh or self.member.token
        return answer


@pytest.fixture
def alice() -> Visitor:
    """Give Alice's browser."""
    return Visitor()


def test_a_locked_session_is_led_to_the_lock_and_back(alice: Visitor) -> None:
    """Any page leads to unlock with itself as next; a right password leads on, with a new token."""
    alice.locked()
    answer = alice.client.get("/me/settings/privacy/?a=1")
    assert answer.status_code == 303
    assert answer["Location"] == "/unlock/?next=%2Fme%2Fsettings%2Fprivacy%2F%3Fa%3D1"
    old = alice.member.token
    answer = alice.post("/unlock/", way="password", password=PASSWORD, next="/me/settings/")
    assert (answer.status_code, answer["Location"]) == (303, "/me/settings/")
    assert alice.member.token != old
    cookie = answer.cookies[settings.SESSION_COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["max-age"] > 86_400
    assert alice.client.get("/me/settings/").status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/me/", "/me/settings/unlock/", "/me/personal/", "/notices/"]
)
def test_every_page_is_behind_the_lock(alice: Visitor, path: str) -> None:
    """GET and POST alike; a form that was sent is not sent again after unlocking."""
    alice.locked()
    assert alice.client.get(path)["Location"].startswith("/unlock/?next=")
    assert alice.client.post("/me/settings/unlock/password/first/")["Location"] == "/unlock/"


@pytest.mark.parametrize("path", ["/unlock/", "/reverify/", "/policy/", "/support/", "/offline/"])
def test_a_few_pages_stand_before_the_lock(alice: Visitor, path: str) -> None:
    """The unlock pages, the policy, and help."""
    alice.locked()
    assert alice.client.get(path).status_code == 200


def test_signing_out_needs_no_unlocking(alice: Visitor) -> None:
    """The way out is never locked."""
    alice.locked()
    assert alice.client.post("/sign-out/").status_code == 303
    with transaction.atomic():
        assert accounts.resolve(alice.member.token) is None


def test_ten_idle_minutes_lock_for_good(alice: Visitor) -> None:
    """The request that finds the session idle locks it, so asking again does not open it."""
    alice.member.set_password()
    alice.show()
    assert alice.client.get("/me/").status_code == 200
    with clock.shifted(timedelta(minutes=9)):
        assert alice.client.get("/me/").status_code == 200
    with clock.shifted(timedelta(minutes=18)):
        assert alice.client.get("/me/").status_code == 200
    with clock.shifted(timedelta(minutes=29)):
        assert alice.client.get("/me/").status_code == 303
        assert alice.client.get("/me/").status_code == 303
    assert alice.member.session.unlocked_at is None


BAD_NEXT = [
    "//evil.example", "///evil.example", "////evil.example/%2f..", "http://evil.example",
    "https:evil.example", "https:/evil.example", "https:///evil.example", "/\\evil.example",
    "\\\\evil.example", "\\/evil.example", "/\t/evil.example", "/\n/evil.example",
    "\t//evil.example",
    "javascript:alert(1)", "JavaScript://%0aalert(1)", "data:text/html,x", "vbscript:x",
    "evil.example", "@evil.example", "//user@evil.example", "//localhost@evil.example",
    "http://localhost@evil.example", "http://localhost.evil.example", "//[::1]", "/%5cevil.example",
    "/%2f/evil.example", "/%09/evil.example", "/api/v1/me", "/hooks/x", "/auth/callback", "/sw.js",
    "/oauth/token", "/nowhere/", "/static/xn/app.js", "//evil.example/me/",
    "/me/../..//evil.example",
    "?next=//evil.example", "#//evil.example", "/" + "a" * 2000, " //evil.example",
    "/;@evil.example",
    "http:localhost", "ftp://localhost/me/", "/me/\r\nSet-Cookie: a=b",
]  # fmt: skip


@pytest.mark.parametrize("bad", BAD_NEXT)
def test_next_leads_to_our_own_pages_alone(alice: Visitor, bad: str) -> None:
    """Forty ways to lead elsewhere end at home."""
    assert len(BAD_NEXT) >= 40
    alice.locked()
    answer = alice.post("/unlock/", way="password", password=PASSWORD, next=bad)
    assert (answer.status_code, answer["Location"]) == (303, "/")


def test_wrong_tries_are_told_in_numbers_with_the_right_status(alice: Visitor) -> None:
    """422 while tries are left, 429 with Retry-After while waiting, 403 once it is locked."""
    alice.locked()
    at = clock.now()
    for count in range(1, 11):
        with clock.frozen(at):
            answer = alice.post("/unlock/", way="password", password="wrong lamp", next="/me/")
            wait = int(answer.headers.get("Retry-After", "0"))
            assert answer.status_code == (403 if count == 10 else 422)
            body = answer.content.decode()
            assert f"已错 {count} 次" in body and "有问题" in body and "wrong lamp" not in body
            if wait:
                assert wait == 30 << (count - 5)
                early = alice.post("/unlock/", way="password", password=PASSWORD, next="/me/")
                assert early.status_code == 429 and early["Retry-After"] == str(wait)
                at += timedelta(seconds=wait)


def test_bad_forms_are_told_and_not_counted(alice: Visitor) -> None:
    """Nothing typed, typed twice, too long, an unknown way."""
    alice.locked()
    assert alice.post("/unlock/", way="password").status_code == 422
    assert (
        alice.client.post("/unlock/", {"way": "password", "password": ["a", "b"]}).status_code
        == 422
    )
    assert alice.post("/unlock/", way="password", password="a" * 201).status_code == 422
    assert alice.post("/unlock/", way="biometric").status_code == 422
    assert alice.post("/unlock/", way="retina", password="x").status_code == 404
    assert alice.post("/unlock/").status_code == 404
    with cast.transaction():
        assert queries.one(alice.member.actor, way=Way.PASSWORD).wrong_count == 0


def test_machines_are_told_with_a_code(alice: Visitor) -> None:
    """The API answers 401 with `locked` as a problem; ending the session stays open."""
    alice.locked()
    machine = Client(headers={"host": "localhost", "authorization": f"Bearer {alice.member.token}"})
    answer = machine.get("/api/v1/me")
    assert answer.status_code == 401 and answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "locked"
    assert machine.get("/api/v1/policy").status_code == 200
    ended = machine.delete("/api/v1/session", headers={"idempotency-key": str(ids.uuid7())})
    assert ended.status_code == 200


def test_a_guest_is_led_to_sign_in(outside: Outside) -> None:
    """Nobody signed in is never asked to unlock."""
    guest = knock.guest()
    for path in ("/unlock/", "/reverify/", "/me/settings/unlock/", "/me/settings/unlock/password/"):
        assert guest.get(path)["Location"].startswith("/sign-in/")


def test_who_has_no_way_passes_and_is_sent_to_the_provider_to_prove(alice: Visitor) -> None:
    """No way, no lock; the re-verification offers the account provider."""
    assert alice.client.get("/me/").status_code == 200
    assert alice.client.get("/unlock/")["Location"] == "/"
    page = alice.client.get("/reverify/?next=/me/")
    assert page.status_code == 200
    assert 'action="/me/verify/"' in page.content.decode()
    answer = alice.post("/reverify/", way="password", password=PASSWORD)
    assert answer.status_code == 422


def test_a_frozen_person_sees_the_provider_alone(alice: Visitor) -> None:
    """The lock holds, and the ways are not used."""
    alice.locked()
    with cast.transaction():
        gate.change_state(
            alice.member.actor,
            subject_id=alice.member.subject_id,
            to=SubjectState.FROZEN,
            cause="test",
        )
    assert alice.client.get("/me/").status_code == 303
    page = alice.client.get("/unlock/").content.decode()
    assert "用星号帐号验证" in page and 'name="password"' not in page
    assert alice.post("/unlock/", way="password", password=PASSWORD).status_code == 403


def test_consent_and_proof_come_before_the_form(alice: Visitor) -> None:
    """Asked for the form, the door leads to the sheet, then to the proof, never in a ring."""
    form = "/me/settings/unlock/password/set/"
    assert alice.client.get(form)["Location"].startswith("/consent/unlock.password/?next=")
    assert not alice.client.get(form)["Location"].endswith("set%2F")
    alice.member.agree(Way.PASSWORD)
    assert alice.client.get(form)["Location"] == f"/reverify/?next={form.replace('/', '%2F')}"
    assert alice.post(form, password=PASSWORD)["Location"].startswith("/reverify/")
    with cast.transaction():
        assert queries.one(alice.member.actor, way=Way.PASSWORD).state is State.OFF
        _sessions.raise_strength(alice.member.session, Strength.REVERIFIED)
    weak = alice.post(form, password="Password2026")
    assert weak.status_code == 422 and "常见" in weak.content.decode()
    assert "Password2026" not in weak.content.decode()
    assert alice.post(form, password=PASSWORD).status_code == 303
    again = alice.post(form, password=PASSWORD)
    assert again.status_code == 422 and "用过" in again.content.decode()


def test_foreign_and_missing_devices_look_the_same(alice: Visitor) -> None:
    """Charlie's browser finds no more of Alice's device than of one that never was."""
    from tests.people.unlock.test_webauthn import known, shown

    device = known()
    foreign = shown(device).credentials[0].id
    alice.member.prove()
    for each in (foreign, ids.uuid7()):
        for step in ("", "off/"):
            path = f"/me/settings/unlock/device/{each}/{step}"
            got = alice.client.post(path, {"label": "work"})
            assert got.status_code == 404, path
    assert alice.client.get("/me/settings/unlock/retina/").status_code == 404
    assert len(shown(device).credentials) == 1


@pytest.mark.parametrize(
    "path",
    ["/unlock/", "/reverify/", "/unlock/options/", "/me/settings/unlock/password/set/",
     "/me/settings/unlock/password/off/", "/me/settings/unlock/options/"],
)  # fmt: skip
def test_every_form_needs_its_token(alice: Visitor, path: str) -> None:
    """A form of another site is refused before anything is looked at."""
    alice.locked()
    strict = Client(enforce_csrf_checks=True, headers=knock.HERE)
    strict.cookies = alice.client.cookies
    answer = strict.post(path, {"way": "password", "password": PASSWORD})
    assert answer.status_code == 403
    assert alice.member.session.strength is Strength.SIGNED_IN


def test_options_are_given_to_a_post_alone(alice: Visitor) -> None:
    """A challenge is a change, so a safe method does not make one."""
    assert alice.client.get("/unlock/options/").status_code == 405
    assert alice.client.get("/me/settings/unlock/options/").status_code == 405
    assert alice.client.post("/me/settings/unlock/options/").status_code == 403


def test_taking_consent_back_under_grants_deletes_at_once(alice: Visitor) -> None:
    """授权管理 is as good as 解锁方式: the digest goes in the same step."""
    alice.member.set_password()
    alice.show()
    answer = alice.client.post("/consent/unlock.password/withdraw/")
    assert answer.status_code == 303
    with cast.transaction():
        copy = queries.export(alice.member.subject_id)
    assert copy["unlock_way"] == [] and copy["unlock_digest"] == []
