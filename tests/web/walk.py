"""How a person walks through the H5 app in a real browser: the notice, signing in, the look."""

from __future__ import annotations

import json
import re
import urllib.request
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect

PASSWORD = "a quite long pass phrase"


@dataclass(frozen=True, slots=True)
class Account:
    """An account at the sandbox's provider, made for one test."""

    sub: str
    phone: str
    nickname: str
    password: str


def post_json(url: str, body: dict[str, Any]) -> dict[str, Any]:
    """Post to the sandbox's test door and give its answer."""
    asked = urllib.request.Request(
        url,
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    with urllib.request.urlopen(asked, timeout=20) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def make_account(sandbox_url: str, nickname: str = "小艾") -> Account:
    """Make an account at the provider that nobody used before."""
    made = post_json(
        f"{sandbox_url}/account/test/accounts", {"nickname": nickname, "password": PASSWORD}
    )
    return Account(
        sub=made["sub"], phone=made["phone"], nickname=made["nickname"], password=PASSWORD
    )


def agree_to_notice(page: Page, base_url: str) -> None:
    """Answer the first-run notice with yes."""
    page.goto(f"{base_url}/welcome/")
    page.get_by_role("button", name="同意", exact=True).click()


def sign_in(page: Page, base_url: str, account: Account, *, to: str = "/me/") -> None:
    """Sign in through every page that a person sees, the provider's too."""
    agree_to_notice(page, base_url)
    page.goto(f"{base_url}/sign-in/?next={to}")
    page.get_by_role("button", name="用星号帐号登录").click()
    pass_provider(page, account)
    expect(page).to_have_url(re.compile(re.escape(base_url)))


def pass_provider(page: Page, account: Account) -> None:
    """Type phone and password at the provider, and agree where it asks."""
    page.get_by_label("手机号").fill(account.phone)
    page.get_by_label("密码").fill(account.password)
    page.get_by_role("button", name="登录", exact=True).click()
    agree = page.get_by_role("button", name="同意登录")
    if agree.is_visible():
        agree.click()


def look(page: Page, base_url: str, name: str) -> None:
    """Set light, dark or elder as the person's own choice would."""
    theme, mode = {
        "light": ("light", "standard"),
        "dark": ("dark", "standard"),
        "elder": ("light", "elder"),
    }[name]
    page.context.add_cookies(
        [{"name": "xn_ui", "value": f"{theme}.{mode}.0", "url": base_url, "httpOnly": True}]
    )
