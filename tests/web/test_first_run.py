"""The first-run notice: told first, two answers, nothing kept that tells browsers apart."""

from __future__ import annotations

import pytest
from django.core import signing

from tests.web import knock
from xingnuo.doors.cli.scratch import Stack
from xingnuo.doors.porch import cookies
from xingnuo.doors.web import _notice
from xingnuo.trust.policy import queries as policy

NO_ID = {"xn_notice", "xn_ui", "xn_messages"}


def test_the_notice_comes_before_home() -> None:
    """Whoever never answered is shown the notice first, with the policy one tap away."""
    client = knock.guest()
    first = client.get("/")
    assert (first.status_code, first["Location"]) == (303, "/welcome/")
    notice = client.get("/welcome/")
    text = notice.content.decode()
    assert notice.status_code == 200
    assert 'href="/policy/"' in text
    assert text.index("不同意</button>") < text.index(">同意</button>")


@pytest.mark.promise("2.1")
@pytest.mark.parametrize(
    "path",
    ["/", "/welcome/", "/policy/", "/policy/versions/", "/support/", "/me/", "/me/settings/",
     "/me/settings/storage/", "/me/settings/display/", "/services/loans/", "/sign-in/", "/nope/"],
)  # fmt: skip
def test_no_cookie_before_an_answer(path: str) -> None:
    """Before consent the browser is given nothing at all, not even a form's token."""
    client = knock.guest()
    client.get(path, follow=True)
    assert not client.cookies


@pytest.mark.promise("2.1")
def test_a_refusal_leads_to_browsing_without_an_id() -> None:
    """After 不同意 everything open stays open, and no cookie tells this browser from another."""
    client = knock.guest()
    refused = knock.answer_notice(client, "refuse")
    assert refused["Location"] == "/guest/"
    assert "不登录也能用" in client.get("/guest/").content.decode()
    for path in (
        "/",
        "/wealth/",
        "/benefits/",
        "/me/",
        "/policy/",
        "/support/",
        "/services/loans/",
    ):
        assert client.get(path).status_code == 200, path
    client.post("/display/", {"mode": "elder", "next": "/"})
    assert set(client.cookies) <= NO_ID
    other = knock.guest()
    knock.answer_notice(other, "refuse")
    said = [
        signing.loads(one.cookies["xn_notice"].value, salt=_notice.SALT) for one in (client, other)
    ]
    assert said[0] == said[1]


def test_who_refused_is_asked_again_only_at_sign_in() -> None:
    """Browsing asks no more; signing in, which needs the answer, does."""
    client = knock.guest()
    knock.answer_notice(client, "refuse")
    assert client.get("/").status_code == 200
    asked = client.get("/sign-in/")
    assert asked.status_code == 303
    assert asked["Location"].startswith("/welcome/")


def test_an_agreement_keeps_version_and_hash_signed() -> None:
    """What was agreed to is the very text in force, and nobody can write it by hand."""
    client = knock.guest()
    knock.answer_notice(client)
    said = signing.loads(knock.cookie(client, "xn_notice"), salt=_notice.SALT)
    compiled = policy.in_force()
    assert said == {"v": compiled.version, "h": compiled.hash, "a": True}
    client.cookies["xn_notice"] = knock.cookie(client, "xn_notice")[:-3] + "abc"
    assert client.get("/")["Location"] == "/welcome/"


def test_a_stale_text_is_not_agreed_to() -> None:
    """An answer to another text than the one in force is a conflict, not a consent."""
    client = knock.guest()
    answer = client.post("/welcome/", {"answer": "agree", "text_hash": "0" * 64})
    assert answer.status_code == 409
    assert "xn_notice" not in client.cookies


@pytest.mark.promise("8.1")
def test_a_material_change_is_told_again() -> None:
    """An answer to the earlier version does not cover the one that widens it."""
    client = knock.guest()
    old = policy.versions()[0]
    said = {"v": old.version, "h": old.hash, "a": True}
    client.cookies["xn_notice"] = signing.dumps(said, salt=_notice.SALT)
    assert client.get("/")["Location"] == "/welcome/"


@pytest.mark.parametrize("path", ["/welcome/", "/display/", "/me/settings/storage/clear/"])
def test_forms_without_a_token_are_taken_only_from_here(path: str) -> None:
    """Where no token cookie may be set, the browser's word about the sender counts."""
    client = knock.guest()
    for headers in (
        {"origin": "https://elsewhere.example"},
        {"origin": "", "sec-fetch-site": "cross-site"},
        {"origin": "", "sec-fetch-site": "same-site"},
        {"origin": ""},
        {"origin": "null"},
    ):
        refused = client.post(path, {"answer": "agree", "mode": "elder"}, headers=headers)
        assert refused.status_code == 403, headers
        assert "页面已过期" in refused.content.decode()
    assert not client.cookies


@pytest.mark.promise("2.1")
def test_what_signing_in_keeps_is_all_in_the_register(stack: Stack) -> None:
    """The cookies of a person's browser are those of the register and no other."""
    client = knock.person(stack.sandbox_url)
    for path in ("/", "/me/", "/me/settings/privacy/", "/me/settings/devices/"):
        client.get(path)
    assert set(client.cookies) <= cookies.REGISTER
    assert {"xn_session", "xn_device", "xn_seen"} <= set(client.cookies)
