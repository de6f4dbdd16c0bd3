"""扫一扫: the camera reads a code on the device alone; a no leaves picture and typing."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from tests import cast
from tests.money.payments.payers import Payer
from tests.outside import Outside
from tests.people.conftest import outside, sandbox_process
from tests.services.merchant_collection.shops import NAME, customer, keeper
from tests.watch import Watch
from tests.web import here, lens, walk
from tests.web.test_every_page import LOOKS, STATUS
from tests.web.test_every_page import _faults as faults
from tests.web.test_standing import browser_of
from xingnuo.people.permissions import actions as permissions
from xingnuo.people.permissions import queries as permissions_queries
from xingnuo.services.merchant_collection.contracts import CodeShown

__all__ = ["outside", "sandbox_process"]
pytestmark = [pytest.mark.promise("1.3.6"), pytest.mark.timeout(300)]
OPEN, REFUSED = "打开相机扫码", "没有打开相机"
SENT_BYTES_MAX = 2_000
PICTURES = os.environ.get("XN_PICTURES", "")


@dataclass
class Scanner:
    """A person before 扫一扫, in a browser whose camera sees the code on a shop's wall."""

    page: Page
    address: str
    payer: Payer
    code: str
    url: str
    sent: list[Request] = field(default_factory=list)

    def allow(self, *, on: bool = True) -> None:
        """Answer our own question about the camera."""
        who = self.payer.holder.person
        with cast.transaction():
            known = permissions_queries.one(
                who.actor, subject_id=who.subject_id, permission="camera"
            )
            permissions.answer(
                who.actor,
                subject_id=who.subject_id,
                permission="camera",
                on=on,
                text_hash=known.text_hash,
            )

    def go(self) -> str:
        """Open the page; gives what it lets the browser do."""
        answer = self.page.goto(f"{self.address}/scan/")
        assert answer is not None
        return str(answer.header_value("permissions-policy"))

    def arrives(self) -> None:
        """Find the shop, and that nothing but the code was ever sent."""
        expect(self.page).to_have_url(f"{self.address}/q/{self.code}/", timeout=30_000)
        expect(self.page.get_by_text(NAME).first).to_be_visible()
        (form,) = [one for one in self.sent if one.url.endswith("/scan/")]
        assert len(form.post_data_buffer or b"") < SENT_BYTES_MAX
        assert self.code in (form.post_data or "").replace("-", "").lower()
        assert all(one.url.startswith(self.address) for one in self.sent)


@pytest.fixture
def door() -> Iterator[str]:
    """Give the door's address."""
    with here.served() as address:
        yield address


@pytest.fixture
def wall(
    request: pytest.FixtureRequest, door: str, outside: Outside, tmp_path: Path
) -> tuple[CodeShown, Path]:
    """Give a shop's code on its wall, and a film of it, or of nothing at all where one asks so."""
    shop = keeper(outside)
    shop.open()
    code = shop.static()
    sees = lens.empty() if hasattr(request, "param") else lens.drawn(code.url)
    return code, lens.film(sees, tmp_path / "wall.y4m")


@pytest.fixture
def phone(
    playwright: Any,
    browser_type_launch_args: dict[str, Any],
    browser_context_args: dict[str, Any],
    wall: tuple[CodeShown, Path],
    watched: Watch,
) -> Iterator[Page]:
    """Give a phone held before the wall."""
    with lens.camera(playwright, browser_type_launch_args, wall[1]) as browser:
        yield watched(browser.new_context(**browser_context_args).new_page())


@pytest.fixture
def scanner(door: str, outside: Outside, wall: tuple[CodeShown, Path], phone: Page) -> Scanner:
    """Give a scanner who answered neither us nor the browser yet."""
    alice = customer(outside, balance_fen=0)
    walk.agree_to_notice(phone, door)
    here.enter(phone, door, browser_of(alice.holder.person))
    text = wall[0].text.replace("-", "").lower()
    one = Scanner(phone, door, alice, text, wall[0].url)
    phone.on("request", lambda asked: one.sent.append(asked) if asked.method == "POST" else None)
    return one


def test_the_camera_reads_a_code_after_our_question_and_the_browsers(scanner: Scanner) -> None:
    """Told first, then asked, then opened; the code leads to the shop, the picture nowhere."""
    page = scanner.page
    page.context.grant_permissions(["camera"])
    assert "camera=()" in scanner.go()
    page.get_by_role("link", name="用相机扫码").click()
    expect(page.get_by_text("别的办法")).to_be_visible()
    page.get_by_role("button", name="允许", exact=True).click()
    expect(page).to_have_url(f"{scanner.address}/scan/")
    scanner.sent.clear()
    page.get_by_role("button", name=OPEN).click()
    scanner.arrives()


def test_a_browsers_no_is_said_and_typing_does_the_same(scanner: Scanner) -> None:
    """The page tells what else there is, keeps its button, and what is typed leads on."""
    scanner.allow()
    page = scanner.page
    page.context.clear_permissions()
    assert "camera=(self)" in scanner.go()
    page.get_by_role("button", name=OPEN).click()
    expect(page.get_by_text(REFUSED)).to_be_visible()
    expect(page.locator("video")).to_be_hidden()
    assert not scanner.sent
    page.get_by_label("收款码下面的 16 位").fill(scanner.code.upper())
    page.get_by_role("button", name="下一步").click()
    scanner.arrives()


def test_our_own_no_keeps_the_browser_from_asking(scanner: Scanner) -> None:
    """Refused in 系统权限: no camera button, no leave in the header, a picture still works."""
    scanner.allow(on=False)
    page = scanner.page
    page.context.grant_permissions(["camera"])
    assert "camera=()" in scanner.go()
    expect(page.get_by_role("button", name=OPEN)).to_have_count(0)
    chosen = page.get_by_label("选一张有码的图片")
    blank = lens.empty()
    chosen.set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": lens.png(blank)})
    expect(page.get_by_text("没有读到码")).to_be_visible()
    chosen.set_input_files({"name": "b.png", "mimeType": "image/png", "buffer": b"no picture"})
    expect(page.get_by_text("打不开")).to_be_visible()
    assert not scanner.sent
    seen = lens.png(lens.drawn(scanner.url))
    chosen.set_input_files({"name": "c.png", "mimeType": "image/png", "buffer": seen})
    scanner.arrives()


@pytest.mark.console_ok(STATUS)
def test_a_foreign_code_leads_nowhere(scanner: Scanner) -> None:
    """What a stranger's code says is no address to go to: the page stays and says so."""
    scanner.allow(on=False)
    page = scanner.page
    scanner.go()
    evil = lens.png(lens.drawn("https://evil.example/?x=<b>"))
    chosen = page.get_by_label("选一张有码的图片")
    chosen.set_input_files({"name": "e.png", "mimeType": "image/png", "buffer": evil})
    expect(page).to_have_title(re.compile("^有问题"))
    expect(page).to_have_url(f"{scanner.address}/scan/")


@pytest.mark.parametrize("wall", ["an empty table"], indirect=True)
def test_the_page_is_whole_while_the_camera_runs(scanner: Scanner) -> None:
    """With the picture of the camera on it, in each look."""
    scanner.allow()
    page = scanner.page
    page.context.grant_permissions(["camera"])
    for look in LOOKS:
        walk.look(page, scanner.address, look)
        scanner.go()
        page.get_by_role("button", name=OPEN).click()
        expect(page.locator("video")).to_be_visible()
        assert not faults(page, look)
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/camera-{look}.png", full_page=True)
