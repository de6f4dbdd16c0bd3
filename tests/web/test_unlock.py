"""Unlocking in a real browser: the four ways, the lock, re-verification, and the pages' looks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, expect

from tests.web import walk
from tests.web.conftest import Opens
from tests.web.devices import Reader
from xingnuo.doors.cli.scratch import Stack

PASSWORD = "tangerine lamp 九月 42"
SETTINGS = "/me/settings/unlock/"
STATUS = "Failed to load resource: the server responded with a status of 4"
pytestmark = [pytest.mark.promise("1.2.2"), pytest.mark.timeout(600)]


class Phone:
    """A person's phone: its page, its account at the provider, and what its pages sent."""

    def __init__(self, page: Page, stack: Stack) -> None:
        self.page, self.base = page, stack.base_url
        self.account = walk.make_account(stack.sandbox_url)
        self.sent: list[tuple[str, str]] = []
        page.on("request", self._note)
        walk.sign_in(page, self.base, self.account)

    def _note(self, request: Request) -> None:
        self.sent.append((request.url, request.post_data or ""))

    def goto(self, path: str) -> None:
        """Go to a page of ours."""
        self.page.goto(self.base + path)

    def prove(self) -> None:
        """Prove oneself at the provider, from the page that asks for it."""
        self.page.get_by_role("button", name="用星号帐号验证").click()
        self.page.get_by_label("手机号").fill(self.account.phone)
        self.page.get_by_label("密码").fill(self.account.password)
        self.page.get_by_role("button", name="登录", exact=True).click()
        expect(self.page).to_have_url(re.compile(re.escape(self.base)))

    def open_form(self, way: str, agree: str = "同意设置") -> None:
        """Walk from the list of ways to the form: sheet, yes, proof."""
        self.goto(f"{SETTINGS}{way}/")
        self.page.get_by_role("link", name="开启").click()
        self.page.get_by_role("button", name=agree).click()
        self.page.get_by_role("link", name="去设置").click()
        if "/reverify/" in self.page.url:
            self.prove()

    def set_password(self) -> None:
        """Set a password from nothing."""
        self.open_form("password")
        self.page.get_by_label("密码", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="设好密码").click()
        expect(self.page.get_by_text("密码已设好")).to_be_visible()

    def set_fingerprint(self) -> Reader:
        """Let this device unlock, from nothing."""
        reader = Reader(self.page)
        self.open_form("biometric", "同意开启")
        self.page.get_by_role("button", name="添加这台设备").click()
        expect(self.page.get_by_text("这台设备可以用指纹或面容解锁了")).to_be_visible()
        return reader

    def come_back_later(self) -> None:
        """Sign out and in again: the session is new and proved nothing."""
        self.goto("/me/settings/")
        self.page.get_by_role("button", name="退出登录").click()
        self.goto("/sign-in/?next=/me/")
        self.page.get_by_role("button", name="用星号帐号登录").click()
        if "/account/" in self.page.url and self.page.get_by_label("手机号").is_visible():
            walk.pass_provider(self.page, self.account)
        expect(self.page).to_have_url(re.compile("/unlock/"))


@pytest.fixture
def phone(page: Page, stack: Stack) -> Phone:
    """Give a phone whose person has just signed in."""
    return Phone(page, stack)


def strokes(page: Page, board: int, dots: str) -> None:
    """Draw a gesture with one stroke on a board of the page."""
    places = []
    for dot in dots:
        box = page.locator(".pattern").nth(board).locator(f"[data-dot='{dot}']").bounding_box()
        assert box is not None
        places.append((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=6)
    page.mouse.up()


def draw(page: Page, board: int, dots: str) -> None:
    """Bring a board into view and draw on it."""
    page.locator(".pattern").nth(board).scroll_into_view_if_needed()
    strokes(page, board, dots)


def test_fingerprint_unlocks_and_only_its_result_travels(phone: Phone) -> None:
    """Real WebAuthn: the key is made, the finger opens, and no request carries a template."""
    phone.set_fingerprint()
    phone.come_back_later()
    phone.sent.clear()
    expect(phone.page.get_by_text("不会传给我们").first).to_be_visible()
    phone.page.get_by_role("button", name="解锁", exact=True).click()
    expect(phone.page).to_have_url(f"{phone.base}/me/")
    (answer,) = [body for _, body in phone.sent if "credential=" in body]
    told = json.loads(parse_qs(answer)["credential"][0])
    assert set(told["response"]) <= {
        "clientDataJSON", "authenticatorData", "signature", "userHandle",
    }  # fmt: skip
    assert not any("credential" in url for url, _ in phone.sent)


def test_a_finger_that_is_refused_sends_nothing(phone: Phone) -> None:
    """The device says no: the page names another way, and the server hears nothing."""
    reader = phone.set_fingerprint()
    phone.come_back_later()
    reader.accepts(False)
    phone.sent.clear()
    phone.page.get_by_role("button", name="解锁", exact=True).click()
    expect(phone.page.get_by_text("没有完成验证")).to_be_visible()
    assert not [body for _, body in phone.sent if "credential=" in body]
    reader.accepts(True)
    phone.page.get_by_role("button", name="解锁", exact=True).click()
    expect(phone.page).to_have_url(f"{phone.base}/me/")


@pytest.mark.console_ok(STATUS)
def test_a_copied_key_is_refused(phone: Phone) -> None:
    """A second device with the same key and an older count does not open."""
    reader = phone.set_fingerprint()
    phone.come_back_later()
    phone.page.get_by_role("button", name="解锁", exact=True).click()
    expect(phone.page).to_have_url(f"{phone.base}/me/")
    phone.come_back_later()
    reader.become_a_copy(0)
    phone.page.get_by_role("button", name="解锁", exact=True).click()
    expect(phone.page.get_by_text("指纹或面容不对，已错 1 次").first).to_be_visible()
    assert "/unlock/" in phone.page.url


@pytest.mark.console_ok(STATUS)
def test_a_replayed_answer_is_refused(phone: Phone) -> None:
    """The very bytes that opened once do not open again."""
    phone.set_fingerprint()
    phone.come_back_later()
    phone.sent.clear()
    phone.page.get_by_role("button", name="解锁", exact=True).click()
    expect(phone.page).to_have_url(f"{phone.base}/me/")
    (sent,) = [body for _, body in phone.sent if "credential=" in body]
    fields = {key: values[0] for key, values in parse_qs(sent).items()}
    phone.come_back_later()
    fields["csrfmiddlewaretoken"] = phone.page.locator(
        "[name=csrfmiddlewaretoken]"
    ).first.input_value()
    again = phone.page.request.post(
        f"{phone.base}/unlock/", form=fields, headers={"Origin": phone.base}, max_redirects=0
    )
    assert again.status == 422 and "已错 1 次" in again.text()


@pytest.mark.console_ok(STATUS)
def test_password_locks_and_unlocks(phone: Phone) -> None:
    """Every page leads to the lock and back; wrong tries are told in numbers, the fifth waits."""
    phone.set_password()
    phone.come_back_later()
    for path in ("/", "/me/", SETTINGS, "/me/settings/privacy/"):
        phone.goto(path)
        assert "/unlock/" in phone.page.url, path
    for path in ("/policy/", "/unlock/"):
        phone.goto(path)
        assert path in phone.page.url
    phone.goto("/me/settings/privacy/")
    for count in range(1, 5):
        phone.page.get_by_label("密码", exact=True).fill("wrong lamp")
        phone.page.get_by_role("button", name="解锁", exact=True).click()
        expect(phone.page.get_by_role("link", name=f"已错 {count} 次")).to_be_visible()
        expect(phone.page).to_have_title(re.compile("^有问题"))
    phone.page.get_by_label("密码", exact=True).fill(PASSWORD)
    phone.page.get_by_role("button", name="解锁", exact=True).click()
    expect(phone.page).to_have_url(f"{phone.base}/me/settings/privacy/")
    phone.come_back_later()
    for _ in range(5):
        phone.page.get_by_label("密码", exact=True).fill("wrong lamp")
        phone.page.get_by_role("button", name="解锁", exact=True).click()
    expect(phone.page.get_by_text("请等 30 秒再试；再错 5 次，密码会锁住").first).to_be_visible()
    phone.page.get_by_label("密码", exact=True).fill(PASSWORD)
    phone.page.get_by_role("button", name="解锁", exact=True).click()
    expect(phone.page.get_by_text("等的时候输入不算数").first).to_be_visible()
    assert PASSWORD not in phone.page.content()
    assert not any("lamp" in url for url, _ in phone.sent)
    phone.prove()
    expect(phone.page).to_have_url(re.compile(f"{phone.base}/(me/)?$"))


@pytest.mark.console_ok(STATUS)
def test_a_gesture_is_drawn_or_tapped(phone: Phone) -> None:
    """Drawn twice to set it, tapped dot by dot to open it; two that differ are sent back."""
    phone.open_form("pattern")
    draw(phone.page, 0, "14789")
    draw(phone.page, 1, "14785")
    phone.page.get_by_role("button", name="设好手势").click()
    expect(phone.page.get_by_role("link", name="两次画的不一样")).to_be_visible()
    draw(phone.page, 0, "14789")
    draw(phone.page, 1, "14789")
    phone.page.get_by_role("button", name="设好手势").click()
    expect(phone.page.get_by_text("手势已设好")).to_be_visible()
    phone.come_back_later()
    for dot in "14789":
        phone.page.locator(f"[data-dot='{dot}']").click()
    expect(phone.page.get_by_text("已连 5 个点")).to_be_visible()
    phone.page.get_by_role("button", name="解锁", exact=True).click()
    expect(phone.page).to_have_url(f"{phone.base}/me/")


def test_a_sensitive_step_asks_anew_and_any_way_will_do(phone: Phone) -> None:
    """Unlocked is not proved: the plain view asks, a password answers, five minutes are told."""
    phone.set_password()
    phone.come_back_later()
    phone.page.get_by_label("密码", exact=True).fill(PASSWORD)
    phone.page.get_by_role("button", name="解锁", exact=True).click()
    phone.goto(f"{SETTINGS}password/off/")
    assert "/reverify/" in phone.page.url
    phone.page.get_by_label("密码", exact=True).fill(PASSWORD)
    phone.page.get_by_role("button", name="验证", exact=True).click()
    expect(phone.page.get_by_text("5 分钟内有效")).to_be_visible()
    phone.page.get_by_role("button", name="关闭密码").click()
    expect(phone.page.get_by_text("已关闭密码")).to_be_visible()
    phone.goto("/me/")
    assert phone.page.url == f"{phone.base}/me/"


@pytest.mark.promise("5.1.3")
def test_ways_are_found_under_home_me_settings(phone: Phone) -> None:
    """首页 › 我的 › 设置 › 解锁方式, by links alone, and each can be switched on there."""
    phone.goto("/")
    phone.page.get_by_role("link", name="我的").last.click()
    phone.page.locator("main a[href='/me/settings/']").first.click()
    phone.page.get_by_role("link", name=re.compile("解锁方式")).click()
    expect(phone.page).to_have_url(f"{phone.base}{SETTINGS}")
    for name in ("指纹或面容", "密码", "手势"):
        expect(phone.page.get_by_role("link", name=re.compile(f"^{name}"))).to_be_visible()


def test_a_no_sets_nothing_and_is_not_asked_again(phone: Phone) -> None:
    """After 不同意 the way is off, and the page that follows does not ask."""
    phone.goto(f"{SETTINGS}password/")
    phone.page.get_by_role("link", name="开启").click()
    phone.page.get_by_role("button", name="不同意").click()
    phone.page.get_by_role("link", name="继续刚才的事").click()
    expect(phone.page).to_have_url(f"{phone.base}{SETTINGS}password/")
    phone.goto("/me/")
    assert phone.page.url == f"{phone.base}/me/"


def test_devices_are_named_and_taken_out(phone: Phone) -> None:
    """A name from the list; with the last device the way is off and the lock is gone."""
    phone.set_fingerprint()
    phone.page.get_by_role("link", name=re.compile("添加，")).click()
    phone.page.get_by_label("工作设备").check()
    phone.page.get_by_role("button", name="保存名字").click()
    phone.page.get_by_role("link", name=re.compile("^工作设备")).click()
    phone.page.get_by_role("button", name="删掉这台设备").click()
    expect(phone.page.get_by_text("这是最后一台，指纹或面容已关闭")).to_be_visible()


LOOKS = ("light", "dark", "elder")


@pytest.fixture(scope="module")
def kept(
    browser: Browser, browser_context_args: dict[str, Any], stack: Stack
) -> Iterator[dict[str, Any]]:
    """Give the browser state of a person with every way set and the app unlocked."""
    context = browser.new_context(**browser_context_args)
    phone = Phone(context.new_page(), stack)
    phone.set_fingerprint()
    phone.set_password()
    phone.open_form("pattern")
    draw(phone.page, 0, "14789")
    draw(phone.page, 1, "14789")
    phone.page.get_by_role("button", name="设好手势").click()
    expect(phone.page.get_by_text("手势已设好")).to_be_visible()
    yield dict(context.storage_state())
    context.close()


@pytest.mark.console_ok(STATUS)
@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_whole(opens: Opens, stack: Stack, kept: dict[str, Any], look: str) -> None:
    """axe 0, one heading, one primary button, no sideways scroll, in each look and state."""
    page = opens(storage_state=kept)
    walk.look(page, stack.base_url, look)
    wrong: list[str] = []
    for path in (
        SETTINGS,
        *(f"{SETTINGS}{way}/{step}" for way in ("biometric", "password", "pattern")
          for step in ("", "set/", "off/")),
        *(f"/reverify/?way={way}" for way in ("biometric", "password", "pattern")),
    ):  # fmt: skip
        page.goto(stack.base_url + path)
        wrong += [f"{path} {one}" for one in faults(page)]
    page.goto(stack.base_url + "/reverify/?way=password")
    page.get_by_label("密码", exact=True).fill("wrong lamp")
    page.get_by_role("button", name="验证", exact=True).click()
    wrong += [f"wrong {one}" for one in faults(page)]
    assert not wrong, "\n".join(wrong)


def faults(page: Page) -> list[str]:
    """Name what is wrong with a page."""
    found = [
        f"axe {one['id']}: {one['nodes'][0]['html'][:160]}"
        for one in Axe().run(page).response["violations"]
    ]
    if page.locator("h1").count() != 1:
        found.append("headings of the first level")
    if page.locator(".btn:visible:not(.btn-line):not(.btn-bad)").count() > 1:
        found.append("more than one primary button")
    page.set_viewport_size({"width": 320, "height": 640})
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    page.set_viewport_size({"width": 390, "height": 844})
    return [*found, *([f"sideways scroll {over}"] if over > 0 else [])]


@pytest.mark.console_ok(STATUS)
def test_without_a_script_password_and_gesture_work(opens: Opens, stack: Stack) -> None:
    """Set and opened without JavaScript; the fingerprint page says what it needs."""
    phone = Phone(opens(java_script_enabled=False), stack)
    phone.set_password()
    phone.open_form("pattern")
    for box in phone.page.locator("summary", has_text="输入编号").all():
        box.click()
    for box in phone.page.get_by_label("图案编号").all():
        box.fill("14789")
    phone.page.get_by_role("button", name="设好手势").click()
    expect(phone.page.get_by_text("手势已设好")).to_be_visible()
    phone.come_back_later()
    phone.page.locator("summary", has_text="输入编号").click()
    phone.page.get_by_label("图案编号").fill("1478")
    phone.page.get_by_role("button", name="解锁", exact=True).click()
    expect(phone.page.get_by_role("link", name="手势不对，已错 1 次")).to_be_visible()
    phone.page.get_by_role("link", name=re.compile("改用密码")).click()
    phone.page.get_by_label("密码", exact=True).fill(PASSWORD)
    phone.page.get_by_role("button", name="解锁", exact=True).click()
    assert "/unlock/" not in phone.page.url
