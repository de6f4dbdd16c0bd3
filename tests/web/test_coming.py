"""A policy version that is coming, as a person sees it: told in time, tapped away, asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import transaction
from django.test import Client
from playwright.sync_api import Page, expect

from tests import cast, coming
from tests.web import here, knock, walk
from tests.web.test_standing import browser_of
from xingnuo.doors.cli.scratch import Stack
from xingnuo.trust.gate import queries as standing

TITLE = "隐私政策将有变化"
PICTURES = os.environ.get("XN_PICTURES", "")


def test_it_is_told_where_a_person_goes_about_and_tapped_away_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shown on home and under Me, never in the middle of a question; one tap and it is gone."""
    alice = cast.make_person()
    client = browser_of(alice)
    assert TITLE not in client.get("/").content.decode()
    version = coming.publish(tmp_path, monkeypatch, coming.wider)
    for path in ("/", "/me/", "/me/settings/privacy/", "/notices/"):
        page = client.get(path).content.decode()
        assert TITLE in page, path
        assert "/policy/diff/2.0/3.0/" in page
        assert version.summary[0] in page
    for path in (
        "/policy/",
        "/policy/3.0/",
        "/consent/notices.promotion/",
        "/policy/diff/2.0/3.0/",
    ):
        answer = client.get(path)
        assert answer.status_code == 200
        assert 'class="card announce"' not in answer.content.decode(), path
    assert "第 3.0 版已公布" in client.get("/policy/").content.decode()
    done = client.post("/policy/3.0/seen/", {"next": "/me/"})
    assert (done.status_code, done["Location"]) == (303, "/me/")
    assert TITLE not in client.get("/").content.decode()
    with transaction.atomic():
        assert not standing.standing(alice.subject_id).policy_due


def test_it_blocks_nothing_and_is_nobodys_agreement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the day every page and form works as before, and seeing it accepts nothing."""
    alice = cast.make_person()
    client = browser_of(alice)
    coming.publish(tmp_path, monkeypatch, coming.wider)
    told = {"answer": "agree", "text_hash": standing.sheet("notices.promotion").text_hash}
    assert client.post("/consent/notices.promotion/", told).status_code == 303
    client.post("/policy/3.0/seen/")
    with transaction.atomic():
        assert standing.standing(alice.subject_id).accepted_version == "2.0"
    for number in ("2.0", "9.9"):
        assert client.post(f"/policy/{number}/seen/").status_code == 404


def test_a_small_change_stands_on_the_page_of_the_policy_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stack: Stack
) -> None:
    """Wording that changes nothing for anybody is announced, and disturbs nobody."""
    client = browser_of(cast.make_person())
    coming.publish(tmp_path, monkeypatch, coming.wording)
    assert TITLE not in client.get("/").content.decode()
    guest: Client = knock.guest()
    for each in (client, guest):
        assert "第 3.0 版已公布" in each.get("/policy/").content.decode()


@pytest.fixture
def door() -> Iterator[str]:
    """Give the address of this process's own web door."""
    with here.served() as address:
        yield address


@pytest.mark.promise("0.1", "8.1")
@pytest.mark.parametrize("look", ["light", "dark", "elder"])
def test_a_person_in_a_browser_is_told_and_later_asked(
    page: Page, door: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, look: str
) -> None:
    """The notice is prominent and one tap ends it; on the day a new yes is asked for."""
    alice = cast.make_person()
    version = coming.publish(tmp_path, monkeypatch, coming.wider)
    here.enter(page, door, browser_of(alice))
    walk.look(page, door, look)
    page.goto(door)
    expect(page.get_by_role("heading", name=TITLE)).to_be_in_viewport()
    _whole(page, f"coming-{look}")
    page.get_by_role("link", name="看改了什么").click()
    expect(page.get_by_text("帐号安全").first).to_be_visible()
    _picture(page, f"coming-diff-{look}")
    page.goto(door)
    page.get_by_role("button", name="知道了").click()
    expect(page.get_by_role("heading", name="我的信息，我做主")).to_be_visible()
    expect(page.get_by_role("heading", name=TITLE)).to_have_count(0)
    with coming.binding(version):
        here.enter(page, door, browser_of(alice))  # a month has passed, and the session with it
        page.goto(door)
        page.get_by_role("link", name="看变化").click()
        expect(page.get_by_text("和你同意过的相比，放宽了")).to_be_visible()
        _whole(page, f"coming-asked-{look}")
        page.get_by_role("button", name="同意", exact=True).click()
        expect(page.get_by_text("已同意现行版隐私政策")).to_be_visible()


def _whole(page: Page, name: str) -> None:
    assert Axe().run(page).response["violations"] == []
    assert page.locator(".btn:visible").count() <= 1
    _picture(page, name)


def _picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png")
