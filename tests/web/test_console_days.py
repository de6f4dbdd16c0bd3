"""Days at the console in a real browser, and what the person then sees of them in their app."""

from __future__ import annotations

import json
import re
from uuid import UUID

import pytest
from django.conf import settings
from django.db import transaction
from playwright.sync_api import Page, expect

from tests import cast
from tests.doors.console import crew
from tests.doors.console.conftest import Desk
from tests.doors.console.conftest import desk as desk
from tests.doors.console.test_queues import risk_case
from tests.outside import Outside
from tests.people.conftest import outside as outside
from tests.people.conftest import sandbox_process as sandbox_process
from tests.people.identity import residents
from tests.people.support import cases
from tests.web import here
from tests.web.conftest import Opens
from tests.web.devices import Reader
from tests.web.test_standing import browser_of
from xingnuo.doors.cli.scratch import Stack
from xingnuo.kit import ids
from xingnuo.people.antifraud.models import CaseRow as RiskRow
from xingnuo.people.identity import actions as identity
from xingnuo.people.permissions import actions
from xingnuo.people.permissions.contracts import Member
from xingnuo.trust.policy.contracts import Tier

OPS = f"{settings.CONSOLE_URL}/ops/"
STATUS = "Failed to load resource: the server responded with a status of 4"
DRAWN = """
all => Promise.all(all.map(async (one) => {
  await one.decode();
  return one.naturalWidth;
}))
"""
NARRATIVE = "三天内收到二十多人小额汇入，随即集中转出，与其职业和以往交易不符，且无法说明来由。"
RULE = {"id": "walk", "reason": "amount", "score": 10, "outcome": "accept"}
pytestmark = [pytest.mark.timeout(600), pytest.mark.console_ok(STATUS)]


def come_in(desk: Desk, role: str, name: str) -> tuple[Page, Member]:
    """Register a member, enrol their passkey with a real code, and sign in by it."""
    with transaction.atomic():
        made = actions.register(
            code=crew.code_of_nobody(), name=name, roles=[role], by="cli", channel="cli"
        )
        once = actions.let_in(made.id, by="cli", channel="cli")
    page = desk()
    Reader(page)
    page.goto(f"{OPS}enrol/")
    page.get_by_label("工号").fill(made.code)
    page.get_by_label("一次性代码").fill(once)
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="登记").click()
    page.wait_for_url(f"{OPS}me/")
    page.get_by_role("button", name="退出").click()
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url(OPS)
    cookies = page.context.cookies()
    crew.clear(next(one["value"] for one in cookies if one["name"] == settings.STAFF_COOKIE))
    return page, made


def take(page: Page, queue: str, case: UUID) -> str:
    """Find a case in its queue and take it; gives its address."""
    base = f"{OPS}q/{queue}/{case}/"
    page.goto(base)
    expect(page.get_by_text("领取后才能看客户信息")).to_be_visible()
    page.get_by_role("button", name="领取这张").click()
    expect(page.get_by_role("button", name="放回待领取")).to_be_visible()
    return base


def reveal(page: Page, reason: str) -> None:
    """Give no reason, be told, then give one."""
    page.get_by_label("为什么要看").fill("看看")
    page.get_by_role("button", name="留痕并查看").click()
    expect(page.get_by_text("请选择一个理由").first).to_be_visible()
    page.locator(".chip", has_text=reason).locator("input").check()
    page.get_by_label("为什么要看").fill(crew.NOTE)
    page.get_by_role("button", name="留痕并查看").click()


def as_person(opens: Opens, stack: Stack, person: cast.Person) -> Page:
    """Open the app as the person."""
    page = opens()
    here.enter(page, stack.base_url, browser_of(person))
    return page


def looked(page: Page, stack: Stack) -> str:
    """Read the person's page of who looked, to its end."""
    page.goto(f"{stack.base_url}/me/settings/privacy/looked/")
    told = page.locator("main").inner_text()
    while (older := page.locator("a[rel=next]")).count():
        older.first.click()
        told += page.locator("main").inner_text()
    return told


def second_reads(page: Page, source: str, title: str) -> str:
    """Open a step that waits in the list of steps; gives its address."""
    page.goto(f"{OPS}releases/")
    page.locator(".work a", has_text=title).first.click()
    page.wait_for_url(re.compile(f"/ops/releases/{source}/"))
    return page.url


@pytest.mark.promise("4.1.4", "9.1", "1.2.15a")
def test_an_agents_day(desk: Desk, opens: Opens, stack: Stack) -> None:
    """Take, look, reveal with a reason, prove each other in a call, answer, hand over by two."""
    phone, person = cast.phone(), cases.asker()
    cast.agree(person, "support.case", optional=("phone",))
    cast.fill(person, "accounts.sign_in", {"phone": phone})
    asked = cases.opened(person, "personal_data", "我的手机号换了，怎么改？")
    quarrel = cases.opened(person, "finance_complaint")
    page, member = come_in(desk, "agent", "刘客服")
    base = take(page, "tickets", asked)
    expect(page.get_by_text(f"{phone[:3]}****{phone[-4:]}")).to_be_visible()
    assert phone not in page.content()
    page.get_by_role("link", name="查看手机号").click()
    reveal(page, "需要按号码回电")
    expect(page.get_by_text(phone)).to_be_visible()
    assert member.code in page.content()
    page.get_by_role("link", name="看完了，遮住").click()
    assert phone not in page.content()
    page.get_by_role("link", name="看内容并答复").click()
    app = as_person(opens, stack, person)
    call(page, app, f"{stack.base_url}/support/cases/{asked}/")
    page.get_by_label("自己写").fill("在“我的”里换绑手机号即可。")
    page.get_by_role("button", name="答复", exact=True).click()
    expect(page.get_by_text("已答复，已通知客户")).to_be_visible()
    page.goto(f"{base}talk/")
    expect(page.get_by_role("heading", name="没有找到这一页")).to_be_visible()
    take(page, "complaints", quarrel)
    page.get_by_role("button", name="放回待领取").click()
    hand_over(desk, quarrel)
    told = looked(app, stack)
    assert "客服" in told and "需要按号码回电" in told and "拿到明文" in told
    assert phone not in told and "手机号" in told
    app.goto(f"{stack.base_url}/support/cases/{asked}/")
    expect(app.get_by_text("换绑手机号即可")).to_be_visible()
    app.goto(f"{stack.base_url}/support/cases/{quarrel}/")
    expect(app.get_by_text("已转交：").first).to_be_visible()
    app.goto(f"{stack.base_url}/me/settings/privacy/collected/")
    expect(app.locator("main")).to_contain_text("手机号")
    expect(app.locator("main")).to_contain_text("投诉")


def call(page: Page, app: Page, address: str) -> None:
    """Let each side prove who they are; a wrong code proves nobody."""
    page.get_by_role("button", name="开始通话，显示暗号").click()
    app.goto(address)
    said, own = (
        one.inner_text() for one in app.locator(".card", has_text="正在和你通话").locator("b").all()
    )
    expect(page.locator(".card", has_text="先报你的暗号").locator("b")).to_have_text(said)
    assert own not in page.content()
    page.get_by_label("客户念的暗号").fill("000000" if own != "000000" else "111111")
    page.get_by_role("button", name="核对暗号").click()
    expect(page.get_by_text("暗号不一致")).to_be_visible()
    page.get_by_label("客户念的暗号").fill(own)
    page.get_by_role("button", name="核对暗号").click()
    expect(page.get_by_text("客户已核实，可以谈这张工单")).to_be_visible()


def hand_over(desk: Desk, case: UUID) -> None:
    """Let one of compliance propose, be refused as their own second, and another release."""
    first, _ = come_in(desk, "compliance", "陈合规")
    base = take(first, "complaints", case)
    first.goto(f"{base}talk/")
    first.get_by_label("转给").select_option("regulator")
    first.get_by_label("法律依据").select_option("person_asked")
    first.get_by_role("button", name="提交双人复核").click()
    number = f"C-{case.hex[-8:].upper()}"
    step = second_reads(first, "handover", number)
    expect(first.get_by_role("button", name="复核通过")).to_have_count(0)
    second, _ = come_in(desk, "compliance", "孙合规")
    second.goto(step)
    second.get_by_role("button", name="复核通过").click()
    expect(second.get_by_text("已放行")).to_be_visible()


@pytest.mark.promise("1.2.3a", "4.1.5")
def test_a_reviewers_day(desk: Desk, opens: Opens, stack: Stack, outside: Outside) -> None:
    """Take, see the marked photo by reveal alone, be refused another's case, decide."""
    one = residents.resident(outside, tier=Tier.NAMED)
    cast.agree(one.person, "identity.document_photo")
    check = residents.uploaded(one)
    with cast.transaction():
        identity.confirm_photos(
            one.actor, check_id=check.id, name=one.name, number=one.number,
            validity=residents.VALIDITY,
        )  # fmt: skip
    case = residents.case_of(one, "document_photo")
    page, member = come_in(desk, "reviewer", "周复核")
    peer, _ = come_in(desk, "reviewer", "吴复核")
    base = take(page, "identity", case)
    assert page.locator("img[src*=seen]").count() == 0
    for path in ("", "reveal/document_photo/"):
        peer.goto(base + path)
        assert peer.get_by_role("button", name="通过", exact=True).count() == 0
        assert peer.get_by_role("button", name="留痕并查看").count() == 0
    page.get_by_role("link", name="查看证件人像面").click()
    reveal(page, "核对证件与填写是否一致")
    pictures = page.locator("main img")
    expect(pictures).to_have_count(2)
    sizes = pictures.evaluate_all(DRAWN)
    assert all(width > 100 for width in sizes), sizes
    source = pictures.first.get_attribute("src") or ""
    assert fetched(page, source) == [200, "no-store"]
    assert fetched(peer, source)[0] == 404
    page.get_by_role("link", name="看完了，遮住").click()
    page.get_by_label("通过：理由", exact=True).select_option("confirmed")
    page.get_by_role("button", name="通过", exact=True).click()
    expect(page.get_by_text("已办结。")).to_be_visible()
    assert fetched(page, source)[0] == 404
    assert one.tier is Tier.CHECKED
    told = looked(as_person(opens, stack, one.person), stack)
    assert "核对证件与填写是否一致" in told and "证件" in told and "拿到明文" in told
    assert member.name not in told


@pytest.mark.promise("4.1.4")
def test_a_rule_is_changed_by_two(desk: Desk, stack: Stack) -> None:
    """Drafted, told where it is wrong, tried, run beside, refused to its author, released."""
    page, _ = come_in(desk, "risk", "郑风险")
    other, _ = come_in(desk, "risk", "王风险")
    page.get_by_role("link", name="风险规则").click()
    page.locator(".work a").first.click()
    page.get_by_role("link", name="从这一版写新版本").click()
    page.get_by_label("规则").fill('{"rules": [{"id": "x"}]}')
    page.get_by_role("button", name="检查并存为草稿").click()
    expect(page.get_by_text(re.compile("有 .* 处需要修改"))).to_be_visible()
    when = {"fact": "amount_fen", "ge": 10**11 + int(ids.uuid7().int % 10**9)}
    told = {"step_up": 40, "review": 70, "refuse": 100, "rules": [{**RULE, "when": when}]}
    page.get_by_label("规则").fill(json.dumps(told))
    page.get_by_role("button", name="检查并存为草稿").click()
    expect(page.get_by_text("已存为草稿")).to_be_visible()
    address, title = page.url, page.locator("h1").inner_text()
    page.get_by_role("button", name=re.compile("试算$")).click()
    expect(page.get_by_text("试算：最近 7 天的决定")).to_be_visible()
    page.goto(address)
    page.get_by_role("button", name="提交复核，同时试运行").click()
    expect(page.get_by_text("试运行：和生效版一起判断")).to_be_visible()
    step = second_reads(page, "rules", title)
    expect(page.get_by_role("button", name="复核通过")).to_have_count(0)
    assert own_try(page) in (403, 409)
    other.goto(step)
    other.get_by_role("button", name="复核通过").click()
    other.goto(address)
    expect(other.get_by_text("生效中", exact=True)).to_be_visible()


def own_try(page: Page) -> int:
    """Send the release that the page does not offer to its author; gives the answer's status."""
    status: int = page.evaluate("""
      async () => {
        const sent = new FormData();
        const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
        sent.append("answer", "release");
        sent.append("csrfmiddlewaretoken", token);
        const answer = await fetch(location.href, {method: "POST", body: sent});
        return answer.status;
      }
    """)
    return status


def fetched(page: Page, path: str) -> list[object]:
    """Ask for a path as the page's own browser would; gives status and how it may be kept."""
    told: list[object] = page.evaluate(
        "async (path) => { const got = await fetch(path);"
        " return [got.status, got.headers.get('cache-control')]; }",
        path,
    )
    return told


@pytest.mark.promise("1.6.3")
def test_an_aml_officers_day(desk: Desk, opens: Opens, stack: Stack) -> None:
    """Written, refused to its author, approved by another, decided; the person learns nothing."""
    case = risk_case("aml_suspicious")
    with cast.transaction():
        person = cast.Person(RiskRow.objects.get(id=case).subject_id, cast.SYSTEM)
    before = looked(as_person(opens, stack, person), stack)
    page, member = come_in(desk, "aml", "冯反洗钱")
    base = take(page, "aml", case)
    page.get_by_label("上报：理由").last.select_option("reportable")
    page.get_by_role("button", name="上报", exact=True).click()
    expect(page.get_by_text("还没有写报告")).to_be_visible()
    page.goto(f"{base}report/")
    page.get_by_label("类型").select_option("many_to_one")
    page.get_by_label("事实和理由").fill("太短")
    page.get_by_role("button", name="写好，提交批准").click()
    expect(page.get_by_text(re.compile("有 .* 处需要修改"))).to_be_visible()
    page.get_by_label("事实和理由").fill(NARRATIVE)
    page.get_by_role("button", name="写好，提交批准").click()
    expect(page.get_by_text("等另一位同事批准", exact=True)).to_be_visible()
    step = second_reads(page, "report", f"A-{case.hex[-8:].upper()}")
    assert own_try(page) == 403
    other, second = come_in(desk, "aml", "褚反洗钱")
    other.goto(step)
    expect(other.get_by_text(NARRATIVE)).to_be_visible()
    other.get_by_role("button", name="复核通过").click()
    expect(other.get_by_text("已批准，系统正在送出")).to_be_visible()
    page.goto(f"{base}report/")
    expect(page.locator(".card", has_text=member.code)).to_contain_text(second.code)
    page.goto(base)
    page.get_by_label("上报：理由").last.select_option("reportable")
    page.get_by_role("button", name="上报", exact=True).click()
    expect(page.get_by_text("已办结。")).to_be_visible()
    after = looked(as_person(opens, stack, person), stack)
    assert after == before and "反洗钱" not in after
