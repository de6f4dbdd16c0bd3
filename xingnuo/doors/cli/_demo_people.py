"""The middle of the demo: real name by two ways, promotions stopped by T, what was decided."""

from __future__ import annotations

import json
import re
import threading
import urllib.request
from datetime import date, timedelta
from typing import Any, Protocol
from uuid import UUID

from stdnum.cn import ric

from xingnuo.doors.cli._demo_browser import Answer, Browser, Mismatch
from xingnuo.kit import clock

HERE = "/me/real-name/"
NAME = "欧阳演示"
WAIT_SECONDS_MAX = 60
ADULTS_FROM, CHILDREN_FROM = date(1950, 1, 1), date(2014, 1, 1)


class Walker(Protocol):
    """What this part needs of the life it belongs to."""

    browser: Browser
    subject_id: UUID | None
    base_url: str
    sandbox_url: str

    def step(self, title: str, page: Answer | None = None, *, status: int = 200) -> None:
        """Print a step and hold its status."""

    def must(self, holds: object, words: str) -> None:
        """Hold one fact."""

    def prove_again(self, to: str) -> Answer:
        """Prove oneself anew at the provider; gives the page one then comes to."""
        ...

    def ask_sandbox(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Ask the sandbox to do something."""


def number_of(drawn: bytes, *, first: date = ADULTS_FROM, days: int = 18_000) -> str:
    """Make an identity number of nobody, born from a day on, with its GB 11643 check digit."""
    value = int.from_bytes(drawn)
    born = first + timedelta(days=value % days)
    body = f"110105{born:%Y%m%d}{value // 18_000 % 1000:03d}"
    return body + str(ric.calc_check_digit(body + "0"))


def agreed(walker: Walker, path: str) -> Answer:
    """Open a page, agreeing to each question that stands before it."""
    page = walker.browser.get(path)
    for _ in range(5):
        if "/consent/" not in page.url:
            return page
        page = walker.browser.submit(page, page.form_with("answer"), answer="agree")
    raise Mismatch(f"同意之后仍到不了 {path}")


def real_name(walker: Walker, number: str, phone: str) -> None:
    """Confirm the real name: refused digit, wrong name, right one, then the bank card."""
    walker.ask_sandbox("/authority/test/people", {"name": NAME, "number": number, "phone": phone})
    asked = walker.browser.get(f"{HERE}name/")
    walker.step("想实名：先逐项问同不同意", asked)
    walker.must("/consent/" in asked.url, "没有同意之前，不收姓名和证件号码")
    page = agreed(walker, f"{HERE}name/")
    wrong = typed_name(walker, page, number[:-1] + ("0" if number[-1] != "0" else "1"))
    walker.step("证件号码错一位：说清错在哪，什么都不送出", wrong, status=422)
    other = typed_name(walker, wrong, number, name="欧阳别人")
    walker.step("姓名和证件不一致：核验中心说不是，值马上删除", other)
    right = typed_name(walker, walker.browser.get(f"{HERE}name/"), number)
    walker.step("姓名和证件号码：核验中心确认", right)
    walker.must("已通过" in right.words, "实名到第一级")
    _card(walker, number, phone)


def typed_name(walker: Walker, page: Answer, number: str, *, name: str = NAME) -> Answer:
    """Type name and number into the page that asks for them."""
    return walker.browser.submit(page, page.form_with("number"), name=name, number=number)


def _card(walker: Walker, number: str, phone: str) -> None:
    told = {"name": NAME, "document_number": number, "phone": phone}
    card = str(walker.ask_sandbox("/bank/test/cards", told)["card_number"])
    page = agreed(walker, f"{HERE}bank/")
    asked = walker.browser.submit(page, page.form_with("card"), card=card, phone=phone)
    walker.step("银行卡四要素：银行发验证码到预留手机", asked)
    code = _newest_code(walker, phone)
    bad = str((int(code) + 1) % 10**6).zfill(6)
    wrong = walker.browser.submit(asked, asked.form_with("code"), code=bad)
    walker.step("验证码填错", wrong, status=422)
    right = walker.browser.submit(wrong, wrong.form_with("code"), code=code)
    walker.step("验证码填对：银行确认，卡号随即删除", right)
    walker.must("已通过" in right.words, "实名到第二级")


def _newest_code(walker: Walker, phone: str) -> str:
    address = f"{walker.sandbox_url}/sms/inbox.json?phone={phone}"
    with urllib.request.urlopen(address, timeout=20) as answer:
        told = json.load(answer)["messages"]
    for message in told:
        found: list[str] = re.findall(r"(?<!\d)\d{6}(?!\d)", message["text"])
        if found:
            return found[0]
    raise Mismatch("手机没有收到验证码")


def promotions(walker: Walker, phone: str) -> None:
    """Agree to promotions, answer T by text message, and see that they are off."""
    page = agreed(walker, "/consent/notices.promotion/")
    walker.step("同意收福利通知", page)
    walker.ask_sandbox("/sms/test/replies", {"phone": phone, "text": "T", "how": "spoofed"})
    threading.Event().wait(1)
    walker.must(_is_on(walker), "伪造的回复不起作用")
    walker.ask_sandbox("/sms/test/replies", {"phone": phone, "text": "T"})
    deadline = clock.now().timestamp() + WAIT_SECONDS_MAX
    while _is_on(walker) and clock.now().timestamp() < deadline:
        threading.Event().wait(0.5)
    walker.must(not _is_on(walker), "回复短信 T，福利通知马上关闭")
    walker.step("消息里也说明已退订", walker.browser.get("/notices/"))


def _is_on(walker: Walker) -> bool:
    return "已开" in walker.browser.get("/me/settings/benefit-notices/").words


def automated(walker: Walker) -> None:
    """See what a program decided and why, and take the right to have a person look."""
    page = walker.browser.get("/me/settings/privacy/automated/")
    walker.step("自动化决策：每次判断和理由都在", page)
    walker.must("登录" in page.words, "登录时的判断看得到，可以请人复核")
