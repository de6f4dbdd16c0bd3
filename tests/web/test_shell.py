"""What the shell keeps and serves: the look, the offline page, the service worker, clearing."""

from __future__ import annotations

import re

import pytest

from tests.web import knock
from xingnuo.doors.cli.scratch import Stack
from xingnuo.doors.porch import cookies


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"mode": "elder"}, "auto.elder.0"),
        ({"theme": "dark"}, "dark.standard.0"),
        ({"hide_amounts": "1"}, "auto.standard.1"),
        ({"theme": "dark", "mode": "elder-xl"}, "dark.elder-xl.0"),
        ({"theme": "pink", "mode": "<script>", "hide_amounts": "7"}, "auto.standard.0"),
    ],
)
def test_the_look_is_kept(sent: dict[str, str], kept: str) -> None:
    """A setting goes into the cookie; what is no setting changes nothing."""
    client = knock.guest()
    answer = client.post("/display/", {**sent, "next": "/support/"})
    assert (answer.status_code, answer["Location"]) == (303, "/support/")
    assert knock.cookie(client, "xn_ui") == kept
    assert client.cookies["xn_ui"]["httponly"]


@pytest.mark.parametrize(
    "to",
    ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", "javascript:1",
     "/nope/", "/api/v1/me", "/auth/callback", "/sw.js", "/" + "a" * 2000, "me/", ""],
)  # fmt: skip
def test_a_step_leads_only_to_a_page_of_ours(to: str) -> None:
    """Another site, a machine's door or a missing page is never gone to."""
    answer = knock.guest().post("/display/", {"mode": "elder", "next": to})
    assert answer["Location"] == "/"


def test_one_setting_leaves_the_others() -> None:
    """The look is one cookie of three fields."""
    client = knock.guest()
    client.post("/display/", {"theme": "dark", "mode": "elder"})
    client.post("/display/", {"hide_amounts": "1"})
    assert knock.cookie(client, "xn_ui") == "dark.elder.1"
    client.post("/display/", {"mode": "standard"})
    assert knock.cookie(client, "xn_ui") == "dark.standard.1"


def test_the_worker_is_ours_and_not_kept() -> None:
    """The worker stands at the root, as a script, and is asked for anew."""
    answer = knock.guest().get("/sw.js")
    assert answer["Content-Type"] == "text/javascript"
    assert answer["Cache-Control"] == "no-cache"
    assert b"/offline/" in answer.content


def test_nothing_is_registered_before_an_answer() -> None:
    """The service worker too waits for the notice."""
    client = knock.guest()
    assert "data-worker" not in client.get("/welcome/").content.decode()
    knock.answer_notice(client, "refuse")
    assert 'data-worker="/sw.js"' in client.get("/").content.decode()


@pytest.mark.promise("2.4")
def test_the_register_is_shown_and_what_is_kept_can_be_cleared(stack: Stack) -> None:
    """Every name of the register is on the page; the button clears, and the sign-in stays."""
    client = knock.person(stack.sandbox_url)
    client.post("/display/", {"mode": "elder"})
    text = client.get("/me/settings/storage/").content.decode()
    for kept in (one for one in cookies.KEPT if not one.for_staff):
        assert kept.name in text, kept.name
        assert kept.purpose in text, kept.name
    answer = client.post("/me/settings/storage/clear/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert not knock.cookie(client, "xn_ui")
    assert not knock.cookie(client, "xn_device")
    assert client.get("/me/settings/privacy/").status_code == 200


def test_personal_pages_are_never_cached(stack: Stack) -> None:
    """Every page that may hold something of a person says no-store."""
    client = knock.person(stack.sandbox_url)
    for path in ("/", "/me/", "/me/settings/privacy/collected/", "/notices/"):
        assert client.get(path)["Cache-Control"] == "no-store"


def test_a_form_without_its_token_is_told_plainly(stack: Stack) -> None:
    """A form that comes without its token changes nothing and says so."""
    client = knock.person(stack.sandbox_url)
    client.handler.enforce_csrf_checks = True
    answer = client.post("/me/settings/devices/sign-out-all/")
    assert answer.status_code == 403
    assert "页面已过期，没有提交" in answer.content.decode()
    assert client.get("/me/settings/privacy/").status_code == 200


def test_device_features_are_open_only_where_a_page_needs_them(stack: Stack) -> None:
    """The camera is open on the camera's own page and nowhere else."""
    client = knock.person(stack.sandbox_url)
    closed = re.compile(r"camera=\(\)")
    assert closed.search(client.get("/")["Permissions-Policy"])
    own = client.get("/me/settings/privacy/permissions/camera/")["Permissions-Policy"]
    assert "camera=(self)" in own
    assert "microphone=()" in own
