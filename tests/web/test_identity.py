"""实名认证 in a real browser: by each way, with refusals on the way; a minor is turned away."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests import cast
from tests.people.identity.residents import minor_number
from tests.web import walk
from xingnuo.doors.cli.scratch import Stack

NAME = "欧阳明月"
HERE = "/me/real-name/"


class Walker:
    """A person in the browser, and the same one at the authority."""

    def __init__(self, page: Page, stack: Stack) -> None:
        self.page, self.stack = page, stack
        self.account = walk.make_account(stack.sandbox_url)
        self.number = cast.document_number()
        told = {"name": NAME, "number": self.number, "phone": self.account.phone}
        walk.post_json(f"{stack.sandbox_url}/authority/test/people", told)
        walk.sign_in(page, stack.base_url, self.account)

    def go(self, path: str = "", *, yes: int = 0) -> None:
        """Go to a page, agreeing to the questions that come first."""
        self.page.goto(f"{self.stack.base_url}{HERE}{path}")
        for _ in range(yes):
            self.page.locator("button[value=agree]").click()

    def fill(self, **fields: str) -> None:
        """Fill fields by their names and send the page's form."""
        for name, text in fields.items():
            self.page.locator(f"[name={name}]").last.fill(text)
        self.page.locator(".bar .btn, .bar button").first.click()

    def named(self) -> None:
        """Have name and number confirmed."""
        self.go("name/", yes=2)
        self.fill(name=NAME, number=self.number)
        expect(self.page.get_by_role("heading", name="已通过")).to_be_visible()

    def is_fine(self) -> None:
        """Find nothing that a screen reader would stumble over, in every look."""
        for name in ("light", "dark", "elder"):
            walk.look(self.page, self.stack.base_url, name)
            self.page.reload()
            found = Axe().run(self.page).response["violations"]
            assert not found, (self.page.url, name, [one["id"] for one in found])


@pytest.fixture
def one(page: Page, stack: Stack) -> Walker:
    """Give a person who has just signed in."""
    return Walker(page, stack)


@pytest.mark.promise("1.2.3a")
@pytest.mark.console_ok("422")
def test_by_name_and_number_with_refusals_on_the_way(one: Walker) -> None:
    """A wrong digit is told beside its field, a wrong name plainly; the right one passes."""
    one.go("name/", yes=2)
    one.fill(name=NAME, number="110105199001011231")
    expect(one.page.get_by_role("heading", name="有 1 处需要修改")).to_be_visible()
    expect(one.page.locator("[name=name]").last).to_have_value(NAME)
    one.fill(name="欧阳明日", number=one.number)
    expect(one.page.get_by_role("heading", name="不一致")).to_be_visible()
    one.is_fine()
    one.go("name/")
    one.fill(name=NAME, number=one.number)
    expect(one.page.get_by_role("heading", name="已通过")).to_be_visible()
    one.go()
    expect(one.page.get_by_text("已核对姓名和证件")).to_be_visible()
    one.is_fine()


@pytest.mark.promise("1.2.3b")
@pytest.mark.console_ok("422")
def test_by_card_and_code(one: Walker) -> None:
    """The bank's code from the inbox ends it."""
    one.named()
    one.go("bank/", yes=2)
    told = {"name": NAME, "document_number": one.number, "phone": one.account.phone}
    card = walk.post_json(f"{one.stack.sandbox_url}/bank/test/cards", told)["card_number"]
    one.is_fine()
    one.fill(card=card, phone=one.account.phone)
    inbox = one.page.request.get(
        f"{one.stack.sandbox_url}/sms/inbox.json?phone={one.account.phone}"
    ).json()
    code = next(iter(re.findall(r"(?<!\d)\d{6}(?!\d)", inbox["messages"][0]["text"])))
    one.fill(code=str((int(code) + 1) % 10**6).zfill(6))
    expect(one.page.get_by_text("验证码不对").first).to_be_visible()
    one.fill(code=code)
    expect(one.page.get_by_role("heading", name="已通过")).to_be_visible()


@pytest.mark.promise("1.2.3b")
def test_three_ways_of_being_there_weigh_the_same(one: Walker) -> None:
    """Face, video and counter are rows of one list; a counter code is shown once."""
    one.named()
    one.go("present/")
    boxes = [row.bounding_box() for row in one.page.locator("main a.row").all()]
    assert len(boxes) == 3
    heights = [box["height"] for box in boxes if box]
    assert max(heights) - min(heights) <= 2  # the hairline between rows
    one.is_fine()
    one.go("counter/", yes=1)
    one.page.get_by_role("button", name="取一个码").click()
    expect(one.page.get_by_text(re.compile(r"^\d{10}$"))).to_be_visible()
    one.go("video/")
    one.page.get_by_role("button", name="申请视频见证").click()
    expect(one.page.get_by_role("heading", name="等人核对")).to_be_visible()


@pytest.mark.promise("6.1")
def test_a_minor_is_turned_away_and_has_a_guardian(one: Walker) -> None:
    """The page says what happened and what can be done; every other form leads back to it."""
    one.go("name/", yes=2)
    one.fill(name=NAME, number=minor_number())
    expect(one.page.get_by_role("heading", name="你还不能使用星诺")).to_be_visible()
    one.is_fine()
    one.go("bank/")
    expect(one.page).to_have_url(re.compile("/minor/$"))
    one.page.get_by_role("link", name=re.compile("我是监护人")).click()
    one.is_fine()
