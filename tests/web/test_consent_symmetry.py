"""Consent questions: answers of one weight, nothing ticked, going away records nothing."""

from __future__ import annotations

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from tests.web import knock
from tests.web.conftest import Opens
from xingnuo.doors.cli.scratch import Stack
from xingnuo.trust.consent import queries as consent

SAME = (
    *("width", "height", "color", "background-color", "border-color", "border-width"),
    *("border-radius", "font-size", "font-weight", "opacity", "box-shadow", "text-align"),
)
STYLES = """(one, names) => {
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  return [...names.map((name) => name === 'width' || name === 'height'
    ? Math.round(box[name]) : style.getPropertyValue(name)), Math.round(box.top)];
}"""
QUESTIONS = (
    "/welcome/",
    "/consent/loans.credit_query/",
    "/consent/loans.credit_query/?recipient=credit_bureau",
    "/consent/feed.personal/",
    "/consent/notices.promotion/",
    "/consent/accounts.sync_suixingjie/",
    "/consent/profile.manage/",
    "/me/settings/privacy/permissions/camera/",
)


def equal(page: Page, within: str = "main") -> None:
    """Assert that the two answers are drawn alike, and that nothing is ticked."""
    answers = page.locator(f"{within} .answers button")
    assert answers.count() == 2
    left, right = (answers.nth(place).evaluate(STYLES, list(SAME)) for place in (0, 1))
    assert left == right
    assert answers.nth(0).get_attribute("value") == "refuse"
    across = [answers.nth(place).bounding_box() or {"x": -1} for place in (0, 1)]
    assert 0 <= across[0]["x"] < across[1]["x"]
    assert page.locator(f"{within} :checked").count() == 0


@pytest.mark.promise("0.4")
@pytest.mark.parametrize("look", ["light.standard", "dark.standard", "light.elder"])
def test_both_answers_weigh_the_same(person_page: Page, stack: Stack, look: str) -> None:
    """In every look: equal size, colour, weight and line; refusing on the left; no tick."""
    page = person_page
    page.context.add_cookies(
        [{"name": "xn_ui", "value": f"{look}.0", "url": stack.base_url, "httpOnly": True}]
    )
    for path in QUESTIONS:
        page.goto(stack.base_url + path)
        equal(page)


@pytest.mark.promise("0.4")
def test_sensitive_items_stand_out(person_page: Page, stack: Stack) -> None:
    """A sensitive item is bold, says so in words, and tells why it is needed."""
    page = person_page
    page.goto(f"{stack.base_url}/consent/loans.credit_query/")
    strong = page.locator(".five strong")
    expect(strong).to_contain_text("敏感")
    assert int(strong.first.evaluate("(one) => getComputedStyle(one).fontWeight")) >= 600
    expect(page.get_by_text("敏感信息：为什么需要，有什么影响")).to_be_visible()


def test_the_dialog_asks_the_same_and_gives_focus_back(person_page: Page, stack: Stack) -> None:
    """A sheet opens from its row; Esc closes it, records nothing, and focus returns."""
    page = person_page
    page.goto(f"{stack.base_url}/me/settings/benefit-notices/")
    opener = page.locator("[data-sheet]").first
    opener.click()
    dialog = page.locator("dialog[open]")
    expect(dialog).to_be_visible()
    equal(page, within="dialog")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(opener).to_be_focused()
    page.goto(f"{stack.base_url}/me/settings/privacy/looked/?tab=all")
    expect(page.get_by_text("发送活动和优惠")).to_have_count(0)


@pytest.mark.promise("5.1.6")
def test_going_away_records_nothing_and_a_no_is_not_asked_again(stack: Stack) -> None:
    """Opening a question leaves no decision; a no leaves one, and leads to a useful page."""
    client = knock.person(stack.sandbox_url)
    subject = knock.subject_of(client)
    client.get("/consent/loans.credit_query/")
    client.get("/consent/loans.credit_query/refused/")
    with transaction.atomic():
        assert "loans.credit_query" not in _scopes(subject)
    sent = client.post("/consent/loans.credit_query/?next=/services/loans/", {"answer": "refuse"})
    assert sent.status_code == 303
    page = client.get(sent["Location"])
    text = page.content.decode()
    assert page.status_code == 200
    assert "已记下：不同意" in text
    assert "请你自己提供征信报告" in text
    assert 'href="/services/loans/"' in text
    assert _scopes(subject)["loans.credit_query"] == "refuse"
    assert "可以吗" not in client.get("/services/loans/").content.decode()


def _scopes(subject: object) -> dict[str, str]:
    from uuid import UUID

    from xingnuo.kit.db import session

    assert isinstance(subject, UUID)
    with transaction.atomic():
        session.set_subject(subject)
        return {scope: one.decision.value for scope, one in consent.snapshot(subject).items()}


@pytest.mark.promise("5.1.1")
def test_withdrawing_takes_no_more_taps_than_giving(
    opens: Opens, person_page: Page, stack: Stack
) -> None:
    """From 授权管理: as many presses to take a yes back as it took to give it."""
    page, base = person_page, stack.base_url
    page.goto(f"{base}/me/settings/privacy/grants/")
    page.locator("summary", has_text="贷款服务").click()
    given = 1
    page.get_by_role("link", name="查询个人征信").click()
    page.get_by_role("link", name="查看说明并决定").click()
    page.get_by_role("button", name="同意查询").click()
    given += 3
    expect(page.get_by_text("已同意：查询个人征信")).to_be_visible()
    page.goto(f"{base}/me/settings/privacy/grants/")
    page.get_by_role("link", name="查询个人征信").first.click()
    page.get_by_role("button", name="撤回同意").click()
    taken_back = 2
    expect(page.get_by_text("已撤回：查询个人征信")).to_be_visible()
    assert taken_back <= given


def test_an_item_not_on_the_sheet_cannot_be_agreed_to(stack: Stack) -> None:
    """A form that was tampered with is refused whole."""
    client = knock.person(stack.sandbox_url)
    answer = client.post(
        "/consent/feed.personal/", {"answer": "agree", "optional": "card_number", "text_hash": "x"}
    )
    assert answer.status_code == 422
    stale = client.post("/consent/feed.personal/", {"answer": "agree", "text_hash": "0" * 64})
    assert stale.status_code == 409
    assert "feed.personal" not in _scopes(knock.subject_of(client))


@pytest.mark.parametrize("purpose", ["accounts.sign_in", "rights.copy", "nope", "../x", "policy"])
def test_what_nobody_is_asked_about_has_no_sheet(stack: Stack, purpose: str) -> None:
    """A purpose that rests on another basis, or that does not exist, is a missing page."""
    client = knock.person(stack.sandbox_url)
    assert client.get(f"/consent/{purpose}/").status_code == 404
