"""首页 › 生活缴费: found by its path, whole without JavaScript, looked at in every look."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page

from tests import cast
from tests.outside import Outside
from tests.people.conftest import outside, sandbox_process
from tests.services.bill_pay.customers import FEN, PHONE, Customer, customer
from tests.web import here, knock, walk
from tests.web.conftest import Opens
from tests.web.test_cards import hidden, text
from tests.web.test_standing import browser_of
from xingnuo.kit import clock
from xingnuo.services.bill_pay import actions
from xingnuo.services.bill_pay.contracts import LinkReview, OrderState
from xingnuo.trust.gate.contracts import Actor, Strength
from xingnuo.trust.policy.contracts import ActorKind

__all__ = ["outside", "sandbox_process"]
PICTURES = os.environ.get("XN_PICTURES", "")


@pytest.fixture
def alice(outside: Outside) -> Customer:
    """Give a payer with money who agreed to bills and top-ups."""
    return customer(outside)


@pytest.fixture
def link() -> LinkReview:
    """Give a link that two people reviewed."""
    today, day = clock.today(), timedelta(days=1)
    review = LinkReview(
        code="film-tickets", title="电影票", about="选座、买票，由第三方提供", firm="星幕票务有限公司",
        url="https://tickets.example/", policy_url="https://tickets.example/privacy",
        qualification="增值电信业务许可 B2-20260199", qualified_on=today,
        qualified_until=today + 90 * day, safe_on=today, safe_until=today + 30 * day,
        terms_on=today, terms_until=today + 60 * day,
    )  # fmt: skip
    anna, ben = (
        Actor(kind=ActorKind.COMPLIANCE, staff_id=name, strength=Strength.REVERIFIED)
        for name in ("anna", "ben")
    )
    made = actions.propose_link(anna, review=review)
    actions.release_link(ben, link_id=made.id)
    return review


def goes(answer: Any) -> str:
    """Give where an answer leads."""
    assert answer.status_code in (302, 303), text(answer)[:2000]
    return str(answer["Location"])


@pytest.mark.promise("1.2.13a")
def test_a_top_up_is_made_by_the_pages(alice: Customer) -> None:
    """首页 › 生活缴费 › 手机充值: number, amount, payment, and back to what became of it."""
    client = browser_of(alice.payer.holder.person)
    assert goes(client.get("/services/bill_pay/")) == "/life/"
    assert 'href="/life/top-up/"' in text(client.get("/life/"))
    form = client.get("/life/top-up/")
    wrong = client.post("/life/top-up/", {"phone": "123", "key": hidden(form, "key")})
    assert wrong.status_code == 422 and 'value="123"' in text(wrong)
    sent = client.post("/life/top-up/", {"phone": PHONE, "key": hidden(form, "key")})
    amount = goes(sent)
    assert PHONE not in amount and "华信移动" in text(client.get(amount))
    assert client.post(amount, {"amount": "１００"}).status_code == 422
    pay = goes(client.post(amount, {"amount": str(FEN)}))
    assert client.get(pay).status_code == 200
    order_id = amount.rstrip("/").rpartition("/")[2]
    assert goes(client.get(amount)) == f"/life/orders/{order_id}/"
    assert "去付款" in text(client.get(f"/life/orders/{order_id}/"))


@pytest.mark.promise("1.2.13a")
def test_a_bill_is_found_saved_and_paid_by_the_pages(alice: Customer) -> None:
    """Query, what is shown, pay exactly that; another amount than shown is turned away."""
    client = browser_of(alice.payer.holder.person)
    number = alice.new_bill(7_300)
    assert client.post("/life/find/utility_power/", {"account": "?"}).status_code == 422
    account = goes(client.post("/life/find/utility_power/", {"account": number}))
    page = text(client.get(account))
    assert "73.00" in page and number not in page and "*试户" in page
    told = {"bill": hidden(client.get(account), "bill"), "amount": "7301"}
    assert client.post(account, told).status_code == 409
    assert goes(client.post(f"{account}save/")) == account
    assert number[-4:] in text(client.get("/life/"))
    assert goes(client.post(account, {**told, "amount": "7300"})).startswith("/pay/")
    assert goes(client.post(f"{account}ask/")) == account
    assert goes(client.post(f"{account}remove/")) == "/life/"
    assert client.get(account).status_code == 404


@pytest.mark.promise("1.2.13a")
def test_without_a_yes_each_question_comes_first(alice: Customer) -> None:
    """Each purpose and each party is asked about with its own sheet; nothing is taken before."""
    client = browser_of(cast.make_person())
    assert goes(client.get("/life/top-up/")).startswith("/consent/bill_pay.topup/")
    assert goes(client.get("/life/find/utility_gas/")).startswith("/consent/bill_pay.query/")
    assert goes(client.get("/life/records/")).startswith("/consent/bill_pay.records/")
    assert client.get("/life/").status_code == 200
    assert client.get("/life/find/nobody/").status_code == 404


@pytest.mark.promise("1.2.13b")
def test_a_link_leads_over_the_notice(link: LinkReview) -> None:
    """No page but the notice links outside; it says who is behind and whose terms hold."""
    client: Client = knock.guest()
    client.post("/welcome/", {})
    page = text(client.get("/life/"))
    assert f'href="/life/out/{link.code}/"' in page and link.url not in page
    notice = text(client.get(f"/life/out/{link.code}/"))
    for words in (link.firm, link.url, link.policy_url, link.qualification, "即将离开星诺"):
        assert words in notice
    assert client.get("/life/out/no-such-link/").status_code == 404


@pytest.mark.promise("0.5")
@pytest.mark.parametrize("look", ["light", "dark", "elder"])
def test_the_pages_are_whole_in_every_look(
    alice: Customer, link: LinkReview, opens: Opens, look: str
) -> None:
    """Each page as it is for somebody who paid: axe, console and policy have nothing to say."""
    order = alice.sent(alice.bill(7_300))
    assert order.state is OrderState.DONE
    actions.receipt(subject_id=alice.subject_id, order_id=order.id)
    with cast.transaction():
        actions.keep_record(subject_id=alice.subject_id, order_id=order.id)
    found = actions.find_bill(
        alice.actor, issuer="utility_water", number=alice.new_bill(issuer="utility_water")
    )
    with cast.transaction():
        actions.save_account(alice.actor, account_id=found.id)
    draft = alice.draft()
    paths = {
        "home": "/life/", "top_up": "/life/top-up/", "amount": f"/life/top-up/{draft.id}/",
        "find": "/life/find/utility_power/", "account": f"/life/accounts/{found.id}/",
        "order": f"/life/orders/{order.id}/", "records": "/life/records/",
        "leave": f"/life/out/{link.code}/",
    }  # fmt: skip
    with here.served() as address:
        page: Page = opens()
        walk.agree_to_notice(page, address)
        here.enter(page, address, browser_of(alice.payer.holder.person))
        walk.look(page, address, look)
        for name, place in paths.items():
            answer = page.goto(address + place)
            assert answer is not None and answer.ok, place
            assert not Axe().run(page).response["violations"], place
            assert page.locator(".btn:visible").count() <= 1, place
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, place
            if PICTURES:
                page.screenshot(path=f"{PICTURES}/bill_{name}-{look}.png", full_page=True)
