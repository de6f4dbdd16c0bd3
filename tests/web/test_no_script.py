"""Without JavaScript everything works: notice, sign-in, consent, withdrawal, switches, look."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.web import walk
from tests.web.conftest import Opens
from xingnuo.doors.cli.scratch import Stack


@pytest.mark.promise("5.1.6", "5.1.1")
def test_the_walk_without_a_script(opens: Opens, stack: Stack) -> None:
    """Sign in, agree, withdraw, answer a permission, change the look, sign out: all plain forms."""
    page, base = opens(java_script_enabled=False), stack.base_url
    walk.sign_in(page, base, walk.make_account(stack.sandbox_url))
    expect(page.get_by_role("heading", name="我的", level=1)).to_be_visible()
    page.goto(f"{base}/me/settings/privacy/personal-service/")
    page.get_by_role("link", name="按我的喜好推荐").click()
    expect(page).to_have_url(
        f"{base}/consent/feed.personal/?next=%2Fme%2Fsettings%2Fprivacy%2Fpersonal-service%2F"
    )
    page.get_by_role("button", name="同意推荐", exact=True).click()
    switch = page.get_by_role("switch", name="按我的喜好推荐")
    expect(switch).to_have_attribute("aria-checked", "true")
    switch.click()
    expect(page.get_by_text("已撤回：按你的喜好推荐")).to_be_visible()
    page.goto(f"{base}/me/settings/privacy/permissions/camera/")
    page.get_by_role("button", name="不允许").click()
    expect(page.get_by_text("没有允许：使用相机")).to_be_visible()
    page.goto(f"{base}/me/settings/display/")
    page.get_by_role("radio", name="长辈版").check()
    page.get_by_role("button", name="保存").click()
    expect(page.locator("html")).to_have_attribute("data-mode", "elder")
    page.goto(f"{base}/me/settings/")
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_text("已退出登录")).to_be_visible()
    page.goto(f"{base}/me/")
    expect(page.get_by_text("还没有登录")).to_be_visible()


def test_refusing_the_notice_without_a_script(opens: Opens, stack: Stack) -> None:
    """A no leads on just as well."""
    page = opens(java_script_enabled=False)
    page.goto(stack.base_url)
    page.get_by_role("button", name="不同意").click()
    expect(page.get_by_text("好的，没有收集任何信息")).to_be_visible()
    page.get_by_role("link", name="进入首页").click()
    expect(page.get_by_text("登录前，我们收集了你的")).to_be_visible()
