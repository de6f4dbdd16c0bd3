"""The whole way between real processes: sibling app, browser, web, and back."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import httpx
import pytest
from django.conf import settings
from django.db import transaction

from tests.outside import Partners
from tests.people.accounts.walk import Signed, resolve, sign_in
from xingnuo.doors.cli.scratch import Stack
from xingnuo.partners.account_provider import client as provider
from xingnuo.people.accounts import actions, queries
from xingnuo.trust.gate import queries as gate_queries

APP = "suixingjie"


@pytest.fixture
def partners(stack: Stack) -> Iterator[Partners]:
    """Give the sandbox of the running stack."""
    provider.forget()
    yield Partners(stack.sandbox_url)
    provider.forget()


@pytest.fixture
def phone_browser() -> Iterator[httpx.Client]:
    """Give a browser that keeps cookies for the host and shows each redirect."""
    with httpx.Client(follow_redirects=False, trust_env=False, timeout=30) as client:
        yield client


def enter(browser: httpx.Client, signed: Signed) -> None:
    """Give the browser the person's session."""
    browser.cookies.set(settings.SESSION_COOKIE, signed.entered.token, domain="localhost.local")
    browser.cookies.set(
        "xn_seen", queries.stamp(signed.entered.session.id), domain="localhost.local"
    )


def follow(browser: httpx.Client, url: str, *, hops: int = 6) -> httpx.Response:
    """Follow redirects one by one, as a browser does."""
    answer = browser.get(url)
    for _ in range(hops):
        if not answer.has_redirect_location:
            return answer
        answer = browser.get(str(answer.url.join(answer.headers["Location"])))
    return answer


def fields(page: str) -> dict[str, str]:
    """Give the hidden fields of a form."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: value.replace("&amp;", "&") for name, value in found}


@pytest.mark.promise("1.2.1b")
def test_a_person_signs_in_at_a_sibling_app(
    partners: Partners, phone_browser: httpx.Client
) -> None:
    """The app shows what was agreed, and shows the refusal once it is switched off."""
    alice = sign_in(partners)
    enter(phone_browser, alice)
    question = follow(phone_browser, f"{partners.url}/{APP}/login")
    assert question.status_code == 200 and "随星借" in question.text, question.text[:500]
    form = fields(question.text) | {"answer": "agree", "optional": "phone"}
    told = phone_browser.post(f"{settings.BASE_URL}/oauth/authorize", data=form)
    assert told.status_code == 303, told.text[:500]
    home = follow(phone_browser, told.headers["Location"])
    masked = f"{alice.phone[:3]}****{alice.phone[-4:]}"
    assert "已同步" in home.text and masked in home.text and alice.phone not in home.text
    assert alice.sub in home.text

    with transaction.atomic():
        sheet = gate_queries.sheet(f"accounts.sync_{APP}")
        actions.stop_sync(alice.actor, client=APP, text_hash=sheet.text_hash)
    again = phone_browser.post(f"{partners.url}/{APP}/sync", data=fields(home.text))
    refused = follow(phone_browser, str(again.url.join(again.headers["Location"])))
    assert "星诺没有提供资料" in refused.text and masked not in refused.text


def test_a_person_refuses_a_sibling_app(partners: Partners, phone_browser: httpx.Client) -> None:
    """The app says so in plain words, and has nothing."""
    alice = sign_in(partners)
    enter(phone_browser, alice)
    question = follow(phone_browser, f"{partners.url}/{APP}/login")
    form = fields(question.text) | {"answer": "refuse"}
    told = phone_browser.post(f"{settings.BASE_URL}/oauth/authorize", data=form)
    home = follow(phone_browser, told.headers["Location"])
    assert "你没有同意把资料同步过来" in home.text
    assert not any(alice.sub in str(copy) for copy in partners.books(APP)["copies"])


@pytest.mark.promise("5.1.6")
def test_signing_out_at_the_provider_is_told_and_followed(partners: Partners) -> None:
    """The provider's own notice reaches the real door, and every session here ends."""
    alice = sign_in(partners)
    partners.cause("signed_out_everywhere", alice.sub)
    deadline = time.monotonic() + 20
    while resolve(alice.entered.token) is not None and time.monotonic() < deadline:
        time.sleep(0.1)
    assert resolve(alice.entered.token) is None
