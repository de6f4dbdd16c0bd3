"""Ways to be told that a person may choose, in a real browser: pushes, reminders, the way out."""

from __future__ import annotations

import json
import os
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from icalendar import Calendar
from playwright.sync_api import Page, expect

from tests import cast
from tests.web import here, walk
from tests.web.test_standing import browser_of
from xingnuo.doors.cli.scratch import Stack
from xingnuo.kit import ids
from xingnuo.kit.db import session
from xingnuo.people.notices import _calendar, _way_out, actions, queries
from xingnuo.people.notices.contracts import Channel, Reminder
from xingnuo.people.notices.models import MessageRow
from xingnuo.trust.gate import queries as standing

PUSH, REMINDERS = "/me/settings/push/", "/me/settings/reminders/"
PICTURES = os.environ.get("XN_PICTURES", "")
# A browser that may be pushed to: its service's answer is the sandbox's, its person says `answer`.
ABLE = """
Notification.requestPermission = async () => %(answer)s;
PushManager.prototype.subscribe = async (asked) => {
  sessionStorage.setItem("key", btoa(String.fromCharCode(...asked.applicationServerKey)));
  const made = %(made)s;
  const bytes = (text) => Uint8Array.from(
    atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0)).buffer;
  return {endpoint: made.endpoint, getKey: (name) => bytes(made.keys[name])};
};
"""


@pytest.fixture
def door(stack: Stack) -> Iterator[str]:
    """Give the address of this process's own web door, with the partners running."""
    with here.served() as address:
        yield address


@pytest.fixture
def alice(page: Page, door: str) -> cast.Person:
    """Give a person who is signed in in the browser."""
    person = cast.make_person()
    here.enter(page, door, browser_of(person))
    return person


def whole(page: Page, door: str, name: str) -> None:
    """Find nothing wrong with a page in any look."""
    for look in ("light", "dark", "elder"):
        walk.look(page, door, look)
        page.goto(page.url)
        assert Axe().run(page).response["violations"] == [], (page.url, look)
        assert page.locator(".btn:visible").count() <= 1
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/{name}-{look}.png", full_page=True)
    walk.look(page, door, "light")


def agree(page: Page, name: str) -> None:
    """Open the page's question and agree to it."""
    page.locator("[data-sheet]").click()
    page.locator("dialog[open]").get_by_role("button", name=name, exact=True).click()


def able(page: Page, made: dict[str, Any], answer: str = "granted") -> None:
    """Let the browser know pushes."""
    page.add_init_script(ABLE % {"made": json.dumps(made), "answer": json.dumps(answer)})


def kept(person: cast.Person) -> int:
    """Count the browsers that are kept of a person."""
    with cast.transaction():
        return queries.push_ends(person.subject_id)


def fetch(address: str, *, method: str = "GET") -> tuple[int, bytes]:
    """Ask for an address as a program without cookies does."""
    asked = urllib.request.Request(address, method=method)
    try:
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, b""


def is_on(person: cast.Person, purpose: str) -> bool:
    """Say whether a yes stands."""
    with cast.transaction():
        decisions = standing.standing(person.subject_id).decisions
    return any(one.purpose == purpose and one.decision == "grant" for one in decisions)


def test_a_browser_is_pushed_to_after_two_answers(
    page: Page, door: str, stack: Stack, alice: cast.Person
) -> None:
    """Our sheet, then the browser's own question; a push arrives; off forgets the browser."""
    made = walk.post_json(f"{stack.sandbox_url}/push/test/subscriptions", {})
    able(page, made)
    walk.agree_to_notice(page, door)
    page.goto(door + PUSH)
    expect(page.locator("form[data-push]")).to_have_count(0)
    whole(page, door, "push-off")
    agree(page, "同意推送")
    switch = page.get_by_role("switch", name="推送消息提醒")
    expect(switch).to_have_attribute("aria-checked", "true")
    assert kept(alice) == 0
    whole(page, door, "push-on")
    page.get_by_role("button", name="在这个浏览器里提醒").click()
    expect(page.get_by_text("这个浏览器会收到消息提醒")).to_be_visible()
    assert kept(alice) == 1
    key = page.evaluate("() => sessionStorage.getItem('key')")
    assert key.rstrip("=") == queries.push_key().replace("-", "+").replace("_", "/")
    assert _pushed(alice, made, stack)
    switch.click()
    expect(page.get_by_text("已撤回：在这台设备上推送消息")).to_be_visible()
    assert kept(alice) == 0


def _pushed(person: cast.Person, made: dict[str, Any], stack: Stack) -> bool:
    with cast.transaction():
        actions.tell(person.subject_id, "case_answered", key=str(ids.uuid7()))
    with cast.transaction():
        session.set_subject(person.subject_id)
        rows = MessageRow.objects.of(person.subject_id).filter(channel=Channel.PUSH.value)
        row = rows.order_by("-id").first()
    assert row is not None
    actions.deliver(subject_id=person.subject_id, message_id=row.id)
    _, inbox = fetch(f"{stack.sandbox_url}/push/inbox.json")
    return made["endpoint"].rpartition("/")[2] in inbox.decode()


@pytest.mark.parametrize(
    ("lacks", "said"),
    [
        ("leave", "浏览器没有允许通知"),
        ("pushes", "这个浏览器不能推送"),
        ("worker", "这个浏览器不能推送"),
    ],
)
def test_a_browser_that_will_not_is_told_the_other_way(
    page: Page, door: str, stack: Stack, alice: cast.Person, lacks: str, said: str
) -> None:
    """A no to the browser, no pushes in it, no worker: nothing is kept, the rest is as before."""
    made = walk.post_json(f"{stack.sandbox_url}/push/test/subscriptions", {})
    able(page, made, "denied" if lacks == "leave" else "granted")
    if lacks == "pushes":
        page.add_init_script("delete window.PushManager;")
    if lacks != "worker":  # the worker waits for the notice's answer
        walk.agree_to_notice(page, door)
    page.goto(door + PUSH)
    agree(page, "同意推送")
    page.get_by_role("button", name="在这个浏览器里提醒").click()
    expect(page.get_by_text(said)).to_be_visible(timeout=15_000)
    expect(page.get_by_text("只用短信和站内消息").first).to_be_visible()
    assert kept(alice) == 0


@pytest.fixture
def reminder() -> Iterator[Reminder]:
    """Let something remind for the length of a test."""
    one = Reminder(
        uid=str(ids.uuid7()), day=date(2027, 1, 31), title="证件到期", text="到期前记得更新"
    )
    _calendar.remind("test", lambda subject_id: [one])
    yield one
    _calendar._sources.pop("test")


def days(content: bytes) -> list[tuple[str, date]]:
    """Read the days of a calendar file."""
    events = Calendar.from_ical(content).walk("VEVENT")
    return [(str(one["SUMMARY"]), one.decoded("DTSTART")) for one in events]


@pytest.mark.promise("1.3.4")
def test_reminders_go_into_a_calendar_and_out_again(
    page: Page, door: str, alice: cast.Person, reminder: Reminder
) -> None:
    """After a yes: a file, an address shown once that any client reads, and an end to it."""
    page.goto(door + REMINDERS)
    expect(page.get_by_role("button", name="下载日历文件")).to_have_count(0)
    whole(page, door, "reminders-off")
    agree(page, "同意提醒")
    with page.expect_download() as taken:
        page.get_by_role("button", name="下载日历文件").click()
    assert taken.value.suggested_filename == "xingnuo.ics"
    expected = [(reminder.title, reminder.day)]
    assert days(Path(taken.value.path()).read_bytes()) == expected
    whole(page, door, "reminders-on")
    first = _address(page)
    assert Axe().run(page).response["violations"] == []
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/reminders-made.png", full_page=True)
    status, content = fetch(first)
    assert (status, days(content)) == (200, expected)
    page.goto(door + REMINDERS)
    expect(page.locator("#address")).to_have_count(0)
    assert first.encode() not in page.content().encode()
    page.get_by_role("button", name="停用以前的订阅地址").click()
    expect(page.get_by_text("已停用 1 个订阅地址")).to_be_visible()
    assert fetch(first) == (404, b"")
    second = _address(page)
    assert second != first
    page.goto(door + REMINDERS)
    page.get_by_role("switch", name="写进日历").click()
    expect(page.get_by_text("已撤回：把提醒写进日历")).to_be_visible()
    status, content = fetch(second)
    assert (status in (403, 404), content) == (True, b"")


def _address(page: Page) -> str:
    page.get_by_role("button", name="生成订阅地址").click()
    made = page.locator("#address").inner_text()
    assert re.fullmatch(r"http://localhost:\d+/calendar/[\w-]{40,}\.ics", made)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    return made


@pytest.mark.promise("1.6.1")
@pytest.mark.console_ok("404")
def test_the_link_of_a_letter_stops_promotions(page: Page, door: str) -> None:
    """Without signing in: looking changes nothing, one tap stops, a program's post stops too."""
    for post in ("person", "program"):
        alice = cast.make_person()
        cast.agree(alice, _way_out.PROMOTION)
        with cast.transaction():
            address = _way_out.link(alice.subject_id)
        assert fetch(address)[0] == 200
        assert is_on(alice, _way_out.PROMOTION)
        one_click = address.replace("/out/", "/hooks/email/out/").rstrip("/")
        if post == "program":
            assert fetch(address, method="POST")[0] == 403
            assert is_on(alice, _way_out.PROMOTION)
            assert fetch(one_click, method="POST")[0] == 204
        else:
            page.goto(address)
            whole(page, door, "way-out")
            page.get_by_role("button", name="退订", exact=True).click()
            expect(page.get_by_role("heading", name="已退订")).to_be_visible()
            if PICTURES:
                page.screenshot(path=f"{PICTURES}/way-out-done.png")
        assert not is_on(alice, _way_out.PROMOTION)
        assert fetch(one_click, method="POST")[0] == 204
    assert fetch(f"{door}/out/{'x' * 43}/")[0] == 404
    assert fetch(f"{door}/hooks/email/out/{'x' * 43}", method="POST")[0] == 404
