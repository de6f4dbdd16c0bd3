"""Help and complaints in a real browser: a person one tap away, plain words, voice while held."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.pictures import picture
from tests.web import walk
from tests.web.conftest import Opens
from xingnuo.doors.cli.scratch import Stack

pytestmark = pytest.mark.timeout(600)
STATUS = "Failed to load resource: the server responded with a status of 4"
LOOKS = ("light", "dark", "elder")
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> 还款日不对"
# A microphone of nobody: it counts how often it is opened, and whether it still runs.
MICROPHONE = """
window.opened = 0; window.tracks = [];
navigator.mediaDevices.getUserMedia = async () => {
  window.opened += 1;
  const context = new AudioContext(), tone = context.createOscillator();
  const end = context.createMediaStreamDestination();
  tone.connect(end); tone.start();
  window.tracks.push(...end.stream.getTracks());
  return end.stream;
};
"""


def agree(page: Page, *, photo: bool = False) -> None:
    """Answer the sheet with yes."""
    if photo:
        page.locator("[name=optional]").first.check()
    page.get_by_role("button", name=re.compile("^同意")).click()


def asked(page: Page, base: str, words: str = HOSTILE) -> None:
    """Ask a general question through every page; ends on the case."""
    page.goto(f"{base}/support/")
    page.get_by_role("link", name="找人：提问或投诉").click()
    page.get_by_role("link", name="产品和使用").click()
    agree(page, photo=True)
    page.get_by_label("写下经过").fill(words)
    page.get_by_role("button", name="送给客服").click()
    expect(page.get_by_text("已收到。进度和答复都在这一页。")).to_be_visible()


def faults(page: Page) -> list[str]:
    """Give what axe finds."""
    return [one["id"] for one in Axe().run(page).response["violations"]]


@pytest.mark.promise("9.1", "1.2.15a")
def test_from_a_search_to_a_person(person_page: Page, stack: Stack, tmp_path: Path) -> None:
    """An answer, then a person; the words come back as words; a picture goes; it closes."""
    page, base = person_page, stack.base_url
    page.goto(f"{base}/support/")
    page.get_by_label("你想问什么").fill("注销")
    page.get_by_role("button", name="找答案").click()
    page.get_by_role("link", name="怎样注销帐号").click()
    expect(page.get_by_role("link", name="没解决，找人")).to_be_visible()
    asked(page, base)
    body = page.locator("main")
    expect(body).to_contain_text("<script>alert(1)</script>")
    expect(body).to_contain_text(re.compile(r"还有 1[45] 个工作日，最晚 \d{4}年\d+月\d+日 答复"))
    sent = tmp_path / "a.jpg"
    sent.write_bytes(picture())
    page.get_by_label("一张照片").set_input_files(sent)
    page.get_by_role("button", name="发送照片").click()
    expect(page.get_by_role("link", name="看照片")).to_be_visible()
    page.get_by_label("写给客服").fill("补充一句")
    page.get_by_role("button", name="发送", exact=True).click()
    expect(page.get_by_text("补充一句")).to_be_visible()
    page.get_by_role("button", name="已解决，办结").click()
    expect(page.get_by_role("button", name="没解决，重新打开")).to_be_visible()
    page.get_by_role("button", name="没解决，重新打开").click()
    expect(page.get_by_text("重新办理中")).to_be_visible()


@pytest.mark.console_ok(STATUS)
def test_what_is_too_long_stays_typed(person_page: Page, stack: Stack) -> None:
    """Ten thousand characters are refused with the limit, and nothing typed is lost."""
    page, words = person_page, "长" * 10_000
    page.goto(f"{stack.base_url}/support/ask/product/")
    agree(page)
    page.get_by_label("写下经过").fill(words)
    page.get_by_role("button", name="送给客服").click()
    expect(page.locator("main")).to_contain_text("最多 2000 个字")
    assert page.get_by_label("写下经过").input_value() == words


@pytest.mark.promise("1.2.15a", "5.2.1c")
def test_who_it_is_is_asked_where_it_matters(person_page: Page, stack: Stack) -> None:
    """Written requests lead to a proof of the person; general questions never do."""
    page = person_page
    page.goto(f"{stack.base_url}/support/ask/product/")
    agree(page)
    expect(page.get_by_label("写下经过")).to_be_visible()
    page.goto(f"{stack.base_url}/support/ask/rights/")
    proves = page.url.find("/reverify/") > 0
    assert proves or page.get_by_label("授权书照片").is_visible() or "写下经过" in page.content()


@pytest.mark.promise("1.3.5")
def test_voice_is_recorded_only_while_held(opens: Opens, stack: Stack) -> None:
    """The microphone opens with the press, closes with letting go, and the sound arrives."""
    page, base = opens(), stack.base_url
    page.context.add_init_script(MICROPHONE)
    walk.sign_in(page, base, walk.make_account(stack.sandbox_url))
    asked(page, base, "语音试试")
    assert page.evaluate("document.querySelector('[data-hold]')") is None
    page.get_by_role("link", name="用语音说").click()
    agree(page)
    page.get_by_role("link", name="用语音说").click()
    page.get_by_role("button", name="允许", exact=True).click()
    hold = page.get_by_role("button", name="按住说话")
    expect(hold).to_be_visible()
    assert page.evaluate("window.opened") == 0
    hold.hover()
    page.mouse.down()
    expect(page.get_by_text("正在录，松开就发")).to_be_visible()
    page.wait_for_timeout(600)
    assert page.evaluate("window.tracks.every(one => one.readyState === 'live')")
    page.mouse.up()
    expect(page.get_by_role("link", name="听录音")).to_be_visible()
    assert page.evaluate("window.opened") == 0  # a fresh page holds no microphone


@pytest.mark.promise("1.3.11")
def test_a_call_is_a_link_after_a_yes(person_page: Page, stack: Stack) -> None:
    """Before the yes there is no link that dials; after it there is one for each company."""
    page = person_page
    page.goto(f"{stack.base_url}/support/call/")
    assert page.locator("a[href^='tel:']").count() == 0
    agree(page)
    assert page.locator("a[href^='tel:']").count() >= 3


def test_asking_works_without_script(opens: Opens, stack: Stack) -> None:
    """Every step is typed and sent without a script; voice is not offered."""
    with_script, base = opens(), stack.base_url
    walk.sign_in(with_script, base, walk.make_account(stack.sandbox_url))
    page = opens(java_script_enabled=False, storage_state=with_script.context.storage_state())
    asked(page, base, "没有脚本也能问")
    page.get_by_label("写给客服").fill("再说一句")
    page.get_by_role("button", name="发送", exact=True).click()
    expect(page.get_by_text("再说一句")).to_be_visible()


def test_the_pages_of_a_case_are_whole(person_page: Page, stack: Stack) -> None:
    """Axe finds nothing on the pages that need a case, in any look."""
    page, base = person_page, stack.base_url
    asked(page, base)
    case = page.url
    for look in LOOKS:
        walk.look(page, base, look)
        for url in (case, f"{base}/support/cases/", f"{base}/support/ask/finance_complaint/"):
            page.goto(url)
            assert faults(page) == [], (look, url)
            wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide <= 0, (look, url)
