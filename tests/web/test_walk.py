"""The walk of a person through the H5 app in a real browser, with the real account provider."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.web import knock, walk
from tests.web.conftest import Opens
from xingnuo.doors.cli.scratch import Stack
from xingnuo.trust.policy import queries as policy

PRIVACY = "/me/settings/privacy/"


@pytest.mark.promise("1.2.1a", "5.1.6")
def test_from_the_notice_to_signing_out(page: Page, stack: Stack) -> None:
    """Notice, sign-in at the provider, home with the privacy card first, signing out."""
    base = stack.base_url
    page.goto(base)
    expect(page).to_have_url(f"{base}/welcome/")
    assert not page.context.cookies()
    page.get_by_role("button", name="同意", exact=True).click()
    expect(page).to_have_url(f"{base}/")
    page.get_by_role("link", name="登录").click()
    expect(page.get_by_text("密码只在那边输入，我们看不到")).to_be_visible()
    page.get_by_role("button", name="用星号帐号登录").click()
    walk.pass_provider(page, walk.make_account(stack.sandbox_url))
    expect(page).to_have_url(f"{base}/")
    cards = page.locator("main > section, main > nav, main > a, main > .note")
    expect(page.locator("main h2").first).to_have_text("我的信息，我做主")
    assert cards.count() > 3
    expect(page.get_by_text("本月你的信息被使用")).to_be_visible()
    page.goto(f"{base}/me/settings/")
    with page.expect_response(re.compile("/sign-out/")) as ended:
        page.get_by_role("button", name="退出登录").click()
    assert ended.value.all_headers()["clear-site-data"] == '"cache"'
    page.goto(f"{base}{PRIVACY}")
    expect(page).to_have_url(re.compile("/sign-in/"))


@pytest.mark.console_ok("401")
@pytest.mark.promise("1.2.1a")
def test_a_person_who_declines_at_the_provider_gave_nothing(page: Page, stack: Stack) -> None:
    """Breaking off at the provider leads back with a plain page, and nothing was taken."""
    base = stack.base_url
    walk.agree_to_notice(page, base)
    page.goto(f"{base}/sign-in/")
    page.get_by_role("button", name="用星号帐号登录").click()
    account = walk.make_account(stack.sandbox_url)
    page.get_by_label("手机号").fill(account.phone)
    page.get_by_label("密码").fill(account.password)
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_role("button", name="不同意").click()
    expect(page.get_by_text("没有取得任何信息")).to_be_visible()
    expect(page.get_by_role("link", name="不登录，先浏览")).to_be_visible()
    assert "xn_session" not in {one["name"] for one in page.context.cookies()}


@pytest.mark.promise("5.1.1", "0.4")
def test_one_question_refused_and_one_agreed(person_page: Page, stack: Stack) -> None:
    """Refuse one sheet, agree to another; 授权管理 and the record tell both."""
    page, base = person_page, stack.base_url
    page.goto(f"{base}/consent/loans.credit_query/?next=/services/loans/")
    page.get_by_role("button", name="不同意").click()
    expect(page.get_by_text("已记下：不同意「查询个人征信」")).to_be_visible()
    page.get_by_role("link", name="继续刚才的事").click()
    expect(page).to_have_url(f"{base}/services/loans/")
    page.goto(f"{base}/consent/profile.manage/")
    page.get_by_role("switch", name="邮箱").check()
    page.get_by_role("button", name="同意保存").click()
    expect(page.get_by_text("已同意：保存你自己填写的资料")).to_be_visible()
    expect(page.locator("dd", has_text="邮箱").first).to_be_visible()
    page.goto(f"{base}{PRIVACY}grants/")
    on = page.locator("section", has=page.get_by_role("heading", name="正在使用你的同意"))
    expect(on.get_by_role("link")).to_have_count(1)
    expect(on).to_contain_text("第 2.0 版")
    page.goto(f"{base}{PRIVACY}looked/?tab=all")
    expect(page.get_by_text("你自己不同意：查询个人征信").first).to_be_visible()
    expect(page.get_by_text("你自己同意：保存你自己填写的资料").first).to_be_visible()
    page.goto(base)
    expect(page.locator(".facts a", has_text="开着的授权").locator(".num")).to_have_text("1")


@pytest.mark.promise("1.6.2", "5.1.5")
def test_the_personal_feed_is_off_until_asked(person_page: Page, stack: Stack) -> None:
    """Off at first; on by its own sheet, with each item a switch that is off; off in one press."""
    page, base = person_page, stack.base_url
    page.goto(f"{base}/me/settings/")
    page.get_by_role("link", name="个性化服务").click()
    expect(page).to_have_url(f"{base}{PRIVACY}personal-service/")
    page.locator("[data-sheet]").click()
    dialog = page.locator("dialog[open]")
    assert dialog.locator(":checked").count() == 0
    dialog.get_by_role("switch", name="浏览记录").check()
    dialog.get_by_role("button", name="同意推荐", exact=True).click()
    switch = page.get_by_role("switch", name="按我的喜好推荐")
    expect(switch).to_have_attribute("aria-checked", "true")
    expect(page.get_by_role("paragraph").filter(has_text="浏览记录")).to_be_visible()
    switch.click()
    expect(page.get_by_text("已撤回：按你的喜好推荐")).to_be_visible()
    expect(page.locator("[data-sheet]")).to_be_visible()


def test_promotions_need_a_yes(person_page: Page, stack: Stack) -> None:
    """Promotions are off; the way in and out is 首页 › 我的 › 设置 › 福利通知 (1.6.1)."""
    page, base = person_page, stack.base_url
    page.goto(base)
    page.get_by_role("link", name="我的", exact=True).click()
    page.get_by_role("link", name=re.compile("^设置")).click()
    page.get_by_role("link", name=re.compile("^福利通知")).click()
    page.locator("[data-sheet]").click()
    agree = page.locator("dialog[open]").get_by_role("button", name="同意接收", exact=True)
    agree.click()
    switch = page.get_by_role("switch", name="接收活动和优惠")
    expect(switch).to_have_attribute("aria-checked", "true")
    switch.click()
    expect(page.get_by_text("已撤回：发送活动和优惠")).to_be_visible()


@pytest.mark.promise("3.1.4")
def test_sharing_can_be_stopped_for_each_party(person_page: Page, stack: Stack) -> None:
    """The list shows every party of the policy; each but an authority has its own stop."""
    page, base = person_page, stack.base_url
    page.goto(f"{base}{PRIVACY}shared/")
    expect(page.get_by_text("没有给过任何第三方")).to_be_visible()
    page.locator("summary").click()
    party = page.get_by_role("switch", name=re.compile("^衡信征信"))
    expect(party).to_have_attribute("aria-checked", "true")
    party.click()
    expect(page.get_by_text("已停止向衡信征信有限公司提供信息")).to_be_visible()
    page.locator("summary").click()
    expect(page.get_by_role("switch", name=re.compile("^衡信征信"))).to_have_attribute(
        "aria-checked", "false"
    )
    assert page.get_by_role("switch", name=re.compile("国家机关")).count() == 0


@pytest.mark.promise("3.1.4")
def test_the_collected_list_says_what_was_taken(person_page: Page, stack: Stack) -> None:
    """After signing in exactly its five items stand there, each with consent and log."""
    page, base = person_page, stack.base_url
    page.goto(f"{base}{PRIVACY}collected/")
    expect(page.locator("details.more")).to_have_count(5)
    for name in ("星号帐号", "手机号", "昵称", "头像", "IP 地址"):
        expect(page.locator("summary", has_text=name)).to_be_visible()
    page.locator("summary", has_text="手机号").click()
    page.get_by_role("link", name=re.compile("看记录.*手机号")).click()
    expect(page.get_by_text("你自己收集：用星号帐号登录").first).to_be_visible()


@pytest.mark.promise("1.3.0", "1.3.6")
def test_a_permission_is_told_asked_given_and_taken_back(
    context: BrowserContext, person_page: Page, stack: Stack
) -> None:
    """Camera: our words first, then the browser's; given, shown, taken back in one press."""
    page, base = person_page, stack.base_url
    page.goto(f"{base}{PRIVACY}permissions/")
    page.get_by_role("link", name=re.compile("^使用相机")).click()
    for words in ("用来做什么", "拿走什么", "不允许会怎样", "别的办法"):
        expect(page.get_by_text(words)).to_be_visible()
    context.grant_permissions(["camera"])
    page.get_by_role("button", name="允许", exact=True).click()
    # There may be no camera at all here; the answer is recorded either way.
    expect(page.get_by_text(re.compile("已允许：使用相机|浏览器没有允许"))).to_be_visible()


@pytest.mark.promise("1.3.0", "1.3.9")
@pytest.mark.parametrize("answer", ["granted", "denied"])
def test_location_follows_the_browsers_answer(
    opens: Opens, stack: Stack, signed_in_state: dict[str, object], answer: str
) -> None:
    """A yes to us and a no from the browser stays off, and says how to open it or do without."""
    page, base = opens(), stack.base_url
    walk.sign_in(page, base, walk.make_account(stack.sandbox_url))
    if answer == "granted":
        page.context.grant_permissions(["geolocation"])
        page.context.set_geolocation({"latitude": 39.9, "longitude": 116.4})
    else:
        page.context.clear_permissions()
    page.goto(f"{base}{PRIVACY}permissions/location/")
    page.get_by_role("button", name="允许", exact=True).click()
    if answer == "granted":
        expect(page.get_by_text("已允许：获取位置")).to_be_visible()
        page.get_by_role("button", name="关闭这项权限").click()
        expect(page.get_by_text("已关闭：获取位置")).to_be_visible()
        page.goto(f"{base}{PRIVACY}looked/?tab=all")
        expect(page.get_by_text("你自己撤回：系统权限：获取位置").first).to_be_visible()
    else:
        expect(page.get_by_text("浏览器没有允许，所以仍是关闭")).to_be_visible()
        expect(page.get_by_text("在浏览器里打开", exact=True)).to_be_visible()
        expect(page.get_by_text("手动选择所在地区").first).to_be_visible()


@pytest.mark.promise("1.3.0")
def test_no_permission_is_asked_on_load(opens: Opens, stack: Stack) -> None:
    """Refusing never reaches the browser, and opening the page never asks."""
    page, base = opens(), stack.base_url
    walk.sign_in(page, base, walk.make_account(stack.sandbox_url))
    page.add_init_script(
        "navigator.mediaDevices && (navigator.mediaDevices.getUserMedia ="
        " () => { window.asked = true; return Promise.reject(new Error('asked')); })"
    )
    page.goto(f"{base}{PRIVACY}permissions/microphone/")
    page.get_by_role("button", name="不允许").click()
    expect(page.get_by_text("没有允许：使用麦克风")).to_be_visible()
    assert page.evaluate("() => window.asked") is None


@pytest.mark.promise("0.5", "0.1", "1.6.3")
def test_the_policy_is_read_in_parts_and_compared(page: Page, stack: Stack) -> None:
    """Summary, contents, emphasis, contact; an old version is named so; two versions compared."""
    base = stack.base_url
    page.goto(f"{base}/policy/")
    expect(page.get_by_role("heading", name="一分钟读懂")).to_be_visible()
    first = page.locator(".toc a").nth(3)
    first.click()
    assert page.url.split("#")[1].startswith("s")
    assert page.locator("article strong").count() > 20
    for one in policy.in_force().controllers.values():
        expect(page.get_by_text(one.name).first).to_be_visible()
    page.goto(f"{base}/policy/1.0/")
    expect(page.get_by_text("这不是现行版本")).to_be_visible()
    expect(page.get_by_text("2023 年 3 月 3 日")).to_be_visible()
    page.goto(f"{base}/policy/diff/1.0/2.0/")
    expect(page.get_by_role("heading", name="放宽的")).to_be_visible()
    expect(page.locator("ins .op").first).to_have_text("增")
    expect(page.locator("del .op").first).to_have_text("删")
    assert (
        page.get_by_text(re.compile(r"(own_consent|separate_consent|optional|needed)")).count() == 0
    )


@pytest.mark.promise("3.1.4")
def test_the_published_lists_name_every_item_and_party(stack: Stack) -> None:
    """Both published lists come from the document in force, whole."""
    client = knock.guest()
    compiled = policy.in_force()
    items = client.get("/policy/lists/collected/").content.decode()
    for one in policy.lists(compiled).items:
        assert one.name in items, one
    parties = client.get("/policy/lists/shared/").content.decode()
    for party in compiled.recipients.values():
        assert party.name in parties
        assert party.contact in parties


def test_the_policy_can_be_kept_as_a_file(stack: Stack) -> None:
    """A version comes as plain text with its dates, for anyone, without signing in."""
    answer = knock.guest().get("/policy/2.0/text/")
    assert "attachment" in answer["Content-Disposition"]
    assert "星诺隐私政策" in answer.content.decode()
    assert knock.guest().get("/policy/9.9/text/").status_code == 404


@pytest.mark.promise("4.2")
def test_misuse_freezes_at_once_and_the_person_opens_again(opens: Opens, stack: Stack) -> None:
    """Report: frozen, other devices out. Prove oneself: open again."""
    base, account = stack.base_url, walk.make_account(stack.sandbox_url)
    other = opens()
    walk.sign_in(other, base, account)
    page = opens()
    walk.sign_in(page, base, account)
    page.goto(f"{base}/notices/")
    expect(page.get_by_text("新设备登录").first).to_be_visible()
    page.goto(f"{base}/me/settings/account/")
    page.get_by_role("link", name=re.compile("^报告冒用")).click()
    page.get_by_role("button", name="马上冻结帐号").click()
    expect(page.get_by_text("已冻结").first).to_be_visible()
    other.goto(f"{base}/me/settings/account/")
    expect(other).to_have_url(re.compile("/sign-in/"))
    page.goto(base)
    expect(page.get_by_text("帐号已冻结，你的信息已停止使用")).to_be_visible()
    page.get_by_role("link", name="去解冻").click()
    page.get_by_role("link", name="去验证").click()
    page.get_by_role("button", name="用星号帐号验证").click()
    walk.pass_provider(page, account)
    page.get_by_role("button", name="解冻帐号").click()
    expect(page.get_by_text("帐号已解冻").first).to_be_visible()


@pytest.mark.promise("5.1.6")
def test_devices_can_be_signed_out_one_and_all(opens: Opens, stack: Stack) -> None:
    """Each session stands in the list; one, the others, or all can be ended."""
    base, account = stack.base_url, walk.make_account(stack.sandbox_url)
    pages = [opens(), opens(), opens()]
    for one in pages:
        walk.sign_in(one, base, account)
    page = pages[-1]
    page.goto(f"{base}/me/settings/devices/")
    buttons = page.get_by_role("button", name=re.compile("^退出 ?："))
    expect(buttons).to_have_count(2)
    buttons.first.click()
    expect(page.get_by_text("那台设备已退出登录")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^退出 ?："))).to_have_count(1)
    page.get_by_role("button", name="其他都退出").click()
    expect(page.get_by_text("已让其他 1 台设备退出登录")).to_be_visible()
    page.get_by_role("button", name="全部退出").click()
    expect(page.get_by_text("所有设备都已退出登录")).to_be_visible()


@pytest.mark.console_ok("ERR_INTERNET_DISCONNECTED", "Failed to load resource")
def test_offline_shows_the_shell_and_keeps_nothing_personal(opens: Opens, stack: Stack) -> None:
    """Without a network the shell says so; no page of the person is in any cache."""
    page, base = opens(), stack.base_url
    walk.sign_in(page, base, walk.make_account(stack.sandbox_url))
    page.goto(f"{base}/me/")
    page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    page.goto(f"{base}{PRIVACY}collected/")
    kept = page.evaluate(
        "async () => { const found = []; for (const name of await caches.keys())"
        " for (const one of await (await caches.open(name)).keys())"
        " found.push(new URL(one.url).pathname); return found; }"
    )
    assert kept
    assert all(path.startswith("/static/") or path == "/offline/" for path in kept), kept
    page.context.set_offline(True)
    page.goto(f"{base}/me/")
    expect(page.get_by_text("网络连不上，你的信息没有丢失")).to_be_visible()


def test_hidden_figures_are_not_in_the_page(person_page: Page, stack: Stack) -> None:
    """One press hides the figures, the next visit too; the button says what it does."""
    page, base = person_page, stack.base_url
    page.goto(base)
    page.get_by_role("button", name="隐藏数字").click()
    expect(page.get_by_text("次数已隐藏")).to_be_attached()
    page.goto(base)
    page.get_by_role("button", name="显示数字").click()
    expect(page.get_by_text("本月你的信息被使用")).to_be_visible()


def test_the_provider_away_is_told_and_browsing_goes_on(stack: Stack) -> None:
    """While the provider does not answer, sign-in says so and nothing is lost."""
    client = knock.guest()
    knock.answer_notice(client)
    walk.post_json(
        f"{stack.sandbox_url}/faults",
        {"service": "account", "operation": "token", "script": ["reset"]},
    )
    url = knock.begin(client)
    account = walk.make_account(stack.sandbox_url)
    answer = client.get(knock.prove(stack.sandbox_url, url, account))
    assert answer.status_code in (401, 503)
    assert "没有" in answer.content.decode()
    assert client.get("/").status_code == 200
    assert "xn_session" not in client.cookies
