"""The pages in a real browser: no axe finding, no complaint, no sideways scroll, with big taps."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.sandbox.house import House
from tests.sandbox.outside import Process, Question, account, signed

TAP_PX = 44
SMALL = """least => [...document.querySelectorAll('a, button, input')]
    .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < least)
    .map(one => one.outerHTML)"""
REFUSAL = {"code": "consent_missing", "detail": "你还没有同意同步。", "remedy": "在设置里打开。"}


def _look(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert page.evaluate(SMALL, TAP_PX) == []


@pytest.fixture(params=["light", "dark"])
def page(page: Page, request: pytest.FixtureRequest) -> Page:
    """Give a watched phone page in light and in dark."""
    page.emulate_media(color_scheme=request.param, reduced_motion="reduce")
    return page


@pytest.mark.console_ok("422 (Unprocessable")
def test_signing_in(page: Page, sandbox: Process, house: House) -> None:
    """From the question through errors, sign-in and consent to the client's own address."""
    someone, question = account(sandbox), Question(sandbox, house.url)
    page.goto(question.url)
    _look(page)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_be_focused()
    _look(page)
    page.get_by_role("link", name="注册新帐号").click()
    _look(page)
    page.get_by_role("button", name="注册并登录").click()
    expect(page.get_by_text("有 3 处需要修改")).to_be_visible()
    _look(page)
    page.get_by_role("link", name="登录", exact=True).click()
    page.get_by_label("手机号").fill(someone["phone"])
    page.get_by_label("密码").fill(someone["password"])
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("可以吗")
    _look(page)
    look = "one => { const s = getComputedStyle(one); return [s.width, s.height, s.color,"
    look += " s.backgroundColor, s.borderColor, s.fontWeight, s.fontSize, s.opacity].join() }"
    answers = page.get_by_role("button").all()
    assert len(answers) == 2 and answers[0].evaluate(look) == answers[1].evaluate(look)
    page.get_by_role("button", name="同意登录").click()
    page.wait_for_url(f"{house.url}/auth/callback?*")
    for path in ("/account/", "/account/password"):
        page.goto(f"{sandbox.url}{path}")
        _look(page)
    page.goto(f"{sandbox.url}/account/")
    page.get_by_role("button", name="在所有设备上退出").click()
    expect(page.get_by_role("status")).to_be_visible()
    _look(page)


@pytest.mark.console_ok("422 (Unprocessable")
def test_the_inbox_and_the_first_page(page: Page, sandbox: Process) -> None:
    """Empty, filled, with an error."""
    phone = f"199{secrets.randbelow(10**8):08d}"
    told = {"message_id": secrets.token_hex(8), "phone": phone, "text": "验证码 482913"}
    for path in ("/", f"/sms/inbox?phone={phone}", "/sms/inbox?phone=12"):
        page.goto(f"{sandbox.url}{path}")
        _look(page)
    signed(sandbox, "/sms/send", told, secret="dev-sms-secret")
    page.goto(f"{sandbox.url}/sms/inbox")
    page.get_by_label("只看一个手机号").fill(phone)
    page.get_by_role("button", name="查看").click()
    expect(page.get_by_text("验证码 482913")).to_be_visible()
    _look(page)


PLACES = (
    "/authority/people", "/face/samples", "/credit_bureau/log", "/regulator/inbox",
    "/email/inbox", "/push/inbox", "/sms/inbox?phone=19900000001",
)  # fmt: skip


@pytest.mark.parametrize("path", PLACES)
def test_a_place_of_a_partner(page: Page, sandbox: Process, path: str) -> None:
    """Lists, inboxes and samples, each with something in it."""
    key = secrets.token_hex(16)
    letter = {"key": key, "address": "a@inbox.example", "subject": "办理结果", "text": "已经办好。",
              "unsubscribe": "http://localhost:8000/stop"}  # fmt: skip
    signed(sandbox, "/email/send", letter, secret="dev-email-secret")
    query = {"key": key, "name": "艾晓雯", "document_number": "110105199205144029", "phone": "",
             "consent": "", "use": "", "agreed_on": "", "until": ""}  # fmt: skip
    signed(sandbox, "/credit_bureau/query", query, secret="dev-credit_bureau-secret")
    complaint = {"key": key, "body": "regulator", "case": "C-1", "law": "消保 21", "name": "艾晓雯",
                 "phone": "", "document_number": "", "complaint_content": "没有退款"}  # fmt: skip
    signed(sandbox, "/regulator/complaints", complaint, secret="dev-regulator-secret")
    page.goto(f"{sandbox.url}{path}")
    _look(page)


@pytest.mark.parametrize("app", ["suixingjie", "xingnuo_wallet"])
def test_a_sibling_app(page: Page, sandbox: Process, house: House, app: str) -> None:
    """Before sign-in, synchronised, refused."""
    page.goto(f"{sandbox.url}/{app}/")
    _look(page)
    page.get_by_role("link", name="用星诺帐号登录").click()
    expect(page.get_by_role("status")).to_contain_text("已同步")
    _look(page)
    house.say("/api/v1/sync/profile", 403, REFUSAL, "application/problem+json")
    page.get_by_role("button", name="再次同步").click()
    expect(page.get_by_role("status")).to_contain_text(REFUSAL["remedy"])
    _look(page)


def test_it_works_without_scripts(
    browser: Browser, sandbox: Process, house: House, watched: Callable[[Page], Page]
) -> None:
    """A person signs in with scripts switched off."""
    someone = account(sandbox)
    context = browser.new_context(java_script_enabled=False)
    page = watched(context.new_page())
    page.goto(Question(sandbox, house.url).url)
    page.get_by_label("手机号").fill(someone["phone"])
    page.get_by_label("密码").fill(someone["password"])
    page.get_by_role("button", name="登录").click()
    page.get_by_role("button", name="同意登录").click()
    page.wait_for_url(f"{house.url}/auth/callback?*")
    context.close()
