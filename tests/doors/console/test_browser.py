"""The console in a real browser: the passkey's way in, the day's work, and every page whole."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import transaction
from playwright.sync_api import Page, expect

from tests.doors.console import crew
from tests.doors.console.conftest import Desk
from tests.doors.console.test_legal import letter, sealed
from tests.doors.console.test_photos import waiting
from tests.doors.console.test_reports import FORM, held
from tests.doors.console.test_rules import drafted
from tests.people.support import cases
from tests.web.devices import Reader
from xingnuo.doors.cli.scratch import Stack
from xingnuo.kit import ids
from xingnuo.people.permissions import actions

OPS = f"{settings.CONSOLE_URL}/ops/"
NARROW = {"width": 390, "height": 844}
SHOTS = os.environ.get("XN_SHOTS", "")
STATUS = "Failed to load resource: the server responded with a status of 4"
SMALL = """
() => [...document.querySelectorAll('a,button,input,select,summary')]
  .filter((one) => one.checkVisibility() && one.type !== 'hidden'
    && !one.closest('.sr,.skip,p,li,dd,.note')
    && !(one.matches('[type=checkbox],[type=radio]') && one.closest('label')))
  .map((one) => [one.outerHTML.slice(0, 120), one.getBoundingClientRect()])
  .filter(([, box]) => box.height < 24 && box.height > 0)
  .map(([html, box]) => `${Math.round(box.height)} ${html}`)
"""


def whole(page: Page, name: str, look: str) -> list[str]:
    """Tell what is wrong with the page as it stands, at a desk and on a phone."""
    wrong = []
    # Asked first: pictures and axe bring styles and scripts of their own.
    if page.locator("[style],script:not([src])").count():
        wrong.append(f"{name}: inline style or script")
    for width, size in (("desk", {"width": 1280, "height": 800}), ("phone", NARROW)):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / f"{name}-{look}-{width}.png"))
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        wrong += [f"{name} {width}: sideways scroll of {over} px"] if over > 0 else []
        wrong += [f"{name} {width}: small {one}" for one in page.evaluate(SMALL)]
    if page.locator("h1").count() != 1:
        wrong.append(f"{name}: {page.locator('h1').count()} headings of the first level")
    for one in Axe().run(page).response["violations"]:
        wrong.append(f"{name} {look}: axe {one['id']}: {one['nodes'][0]['html'][:160]}")
    return wrong


@pytest.mark.timeout(600)
@pytest.mark.console_ok(STATUS)
def test_a_member_comes_in_by_passkey_and_works(desk: Desk, stack: Stack) -> None:
    """Code, passkey, undertaking, training, a case taken, a value seen, a decision proposed."""
    with transaction.atomic():
        made = actions.register(
            code=crew.code_of_nobody(), name="陈合规", roles=["compliance"], by="cli", channel="cli"
        )
        once = actions.let_in(made.id, by="cli", channel="cli")
    person = crew.person_with(email="ann@example.com")
    case = crew.ask(person, hours=3)
    page = desk()
    Reader(page)
    page.goto(f"{OPS}enrol/")
    page.get_by_label("工号").fill(made.code)
    page.get_by_label("一次性代码").fill(once)
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="登记").click()
    page.wait_for_url(f"{OPS}me/")
    expect(page.get_by_text("不能查看").first).to_be_visible()
    page.get_by_role("button", name="退出").click()
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url(OPS)
    page.goto(f"{OPS}me/undertaking/")
    page.get_by_role("button", name="签署").click()
    page.goto(f"{OPS}me/training/privacy/")
    for right in ("先登记工单", "拒绝，并报告", "能，看得到", "不办理，交给"):
        page.locator(".chip", has_text=right).locator("input").check()
    page.get_by_role("button", name="交卷").click()
    expect(page.get_by_text("可以查看", exact=True)).to_be_visible()
    page.goto(f"{OPS}q/rights/{case}/")
    page.get_by_role("button", name="领取这张").click()
    page.get_by_role("link", name="查看邮箱明文").click()
    page.locator(".chip", has_text="需要按号码回电").locator("input").check()
    page.get_by_label("为什么要看").fill(crew.NOTE)
    page.get_by_role("button", name="留痕并查看").click()
    expect(page.get_by_text("ann@example.com")).to_be_visible()
    page.get_by_role("link", name="看完了，遮住").click()
    page.get_by_label("同意，提交双人复核：理由").select_option("identity_checked")
    page.get_by_role("button", name="同意，提交双人复核").click()
    expect(page.get_by_text("等待第二人复核")).to_be_visible()


@pytest.mark.timeout(900)
@pytest.mark.console_ok(STATUS)
@pytest.mark.parametrize("look", ["light", "dark"])
def test_every_page_is_whole(desk: Desk, stack: Stack, look: str) -> None:
    """Axe 0, console 0, CSP 0, no sideways scroll, in both looks, at a desk and on a phone."""
    member = crew.hire(["compliance", "admin", "auditor", "risk", "reviewer", "aml", "agent"])
    other = crew.hire(["agent"], name="刘客服", cleared=False)
    person = crew.person_with(email="bea@example.com")
    mine, free = crew.ask(person, hours=3), crew.ask(person, hours=60)
    crew.ask(person, hours=-5)
    base = f"q/rights/{mine}/"
    member.post(f"/ops/{base}take/")
    told = {"reason": "call_back", "note": crew.NOTE}
    seen = member.post(f"/ops/{base}reveal/email/", told)["Location"]
    offered = crew.ask(person)
    member.post(f"/ops/q/rights/{offered}/take/")
    decision = {"choice": "refuse", "reason": "law_keeps"}
    member.post(f"/ops/q/rights/{offered}/decide/", decision)
    member.post("/ops/staff/new/", {"code": crew.code_of_nobody(), "name": "新人", "roles": "risk"})
    wrong: list[str] = []
    page = desk(member.token, color_scheme=look)
    pages = _pages(base, free, seen, other.member.id) | _more(member)
    for name, path in pages.items():
        page.goto(settings.CONSOLE_URL + path)
        wrong += whole(page, name, look)
    page.goto(f"{OPS}releases/")
    page.locator(".work a").first.click()
    wrong += whole(page, "release", look)
    page.goto(f"{OPS}audit/")
    page.get_by_role("button", name="核验证据链").click()
    wrong += whole(page, "chain", look)
    guest = desk(color_scheme=look)
    for name in ("sign-in", "enrol", "nope"):
        guest.goto(f"{OPS}{name}/")
        wrong += whole(guest, name, look)
    assert not wrong, "\n".join(wrong)


def _more(member: crew.Crew) -> dict[str, str]:
    """Give the pages of photos, reports, sealed letters, rules and talks, with work in them."""
    person, photos = waiting()
    photo = f"/ops/q/identity/{photos}/"
    member.post(f"{photo}take/")
    look = {"reason": "match_document", "note": crew.NOTE}
    asker = cases.asker()
    talk = f"/ops/q/tickets/{cases.opened(asker, 'personal_data')}/"
    member.post(f"{talk}take/")
    member.post(f"{talk}call/")
    report, _ = held(member)
    member.post(f"{report}report/", FORM)
    draft = drafted(member)
    return {
        "photo-case": photo,
        "photo-seen": member.post(f"{photo}reveal/document_photo/", look)["Location"],
        "talk": f"{talk}talk/",
        "report-case": report,
        "report": f"{report}report/",
        "legal": "/ops/legal/",
        "legal-one": member.post("/ops/legal/", letter(sealed()))["Location"],
        "rules": "/ops/rules/",
        "rules-one": draft,
        "rules-new": f"{draft}new/",
    }


def _pages(base: str, free: UUID, seen: str, other: UUID) -> dict[str, str]:
    return {
        "home": "/ops/",
        "me": "/ops/me/",
        "undertaking": "/ops/me/undertaking/",
        "training": "/ops/me/training/privacy/",
        "verify": "/ops/verify/",
        "queue": "/ops/q/rights/",
        "queue-mine": "/ops/q/rights/?tab=mine",
        "queue-two": "/ops/q/rights/?tab=two",
        "queue-closed": "/ops/q/rights/?tab=closed",
        "case": f"/ops/{base}",
        "case-free": f"/ops/q/rights/{free}/",
        "reveal": f"/ops/{base}reveal/email/",
        "seen": seen,
        "look-up": f"/ops/{base}look-up/",
        "releases": "/ops/releases/",
        "staff": "/ops/staff/",
        "staff-new": "/ops/staff/new/",
        "staff-one": f"/ops/staff/{other}/",
        "audit": "/ops/audit/",
        "missing": f"/ops/q/rights/{ids.uuid7()}/",
    }
