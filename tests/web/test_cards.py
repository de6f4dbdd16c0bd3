"""银行卡, 支付密码, 自动扣款: found by their promised paths, whole without JavaScript."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tests import cast
from tests.money.payments.holders import (
    ANOTHER,
    PASSWORD,
    RESET,
    WRONG,
    Holder,
    holder,
    may_debit,
)
from tests.outside import Outside
from tests.people.conftest import outside, sandbox_process
from tests.people.identity.residents import CARD as CLEARING
from tests.people.identity.residents import resident
from tests.web import knock
from tests.web.test_standing import browser_of
from xingnuo.kit import clock, ids
from xingnuo.money.payments import actions
from xingnuo.people.accounts import _sessions
from xingnuo.trust.gate.contracts import Strength
from xingnuo.trust.policy.contracts import Tier

__all__ = ["outside", "sandbox_process"]


def prove(client: Client) -> None:
    """Let a browser's person have proved themselves just now."""
    with cast.transaction():
        _sessions.raise_strength(knock.session_of(client), Strength.REVERIFIED)


@pytest.fixture
def alice(outside: Outside) -> Holder:
    """Give a person who agreed to bind cards."""
    return holder(outside)


def hidden(answer: Any, name: str) -> str:
    """Give the value of a hidden field."""
    found: re.Match[str] | None = re.search(
        rf'<input type="hidden" name="{name}" value="([^"]*)"', text(answer)
    )
    assert found, text(answer)[:3000]
    return found.group(1)


def text(answer: Any) -> str:
    """Give a page's text."""
    told: str = answer.content.decode()
    return told


def bind(client: Client, one: Holder, number: str) -> Any:
    """Bind a card by the pages."""
    form = client.get("/me/cards/add/")
    sent = client.post(
        "/me/cards/add/",
        {"card": number, "phone": one.resident.phone, "key": hidden(form, "key")},
    )
    assert sent.status_code == 303, text(sent)
    return client.post(sent["Location"], {"code": one.resident.code()})


def set_password(client: Client, one: Holder) -> None:
    """Set a payment password by the pages."""
    cast.agree(one.person, "payments.password")
    told = {"password": PASSWORD, "again": PASSWORD}
    done = client.post("/me/settings/payment-password/set/", told)
    assert done.status_code == 303, text(done)


@pytest.mark.promise("5.1.2", "1.2.6.2")
def test_a_card_is_bound_and_unbound_under_me(alice: Holder) -> None:
    """首页 › 我的 › 银行卡; the first card leads to a payment password; unbinding asks anew who it is."""
    client = browser_of(alice.person)
    assert 'href="/me/cards/"' in text(client.get("/me/"))
    assert "还没有绑卡" in text(client.get("/me/cards/"))
    number = alice.resident.card()
    done = bind(client, alice, number)
    assert (done.status_code, done["Location"]) == (303, "/me/settings/payment-password/set/")
    listed = text(client.get("/me/cards/"))
    assert f"尾号 {number[-4:]}" in listed and "默认" in listed and number not in listed
    (card,) = alice.cards()
    there = f"/me/cards/{card.id}/unbind/"
    assert client.get(there)["Location"].startswith("/reverify/")
    prove(client)
    assert "马上删除" in text(client.get(there))
    assert client.post(there)["Location"] == "/me/cards/"
    assert "还没有绑卡" in text(client.get("/me/cards/"))
    assert alice.kept() == {}


@pytest.mark.promise("5.1.2")
def test_a_mistake_is_told_beside_its_field_and_secrets_never_come_back(alice: Holder) -> None:
    """A wrong number keeps what was typed; a wrong code and password are not sent back."""
    client = browser_of(alice.person)
    form = client.get("/me/cards/add/")
    told = {"card": "6228481234567890", "phone": "1", "key": hidden(form, "key")}
    wrong = client.post("/me/cards/add/", told)
    assert wrong.status_code == 422 and "6228481234567890" in text(wrong)
    assert 'href="#id_card"' in text(wrong) and 'href="#id_phone"' in text(wrong)
    told |= {"card": alice.resident.card(), "phone": alice.resident.phone}
    there = client.post("/me/cards/add/", told)["Location"]
    code = f"{(int(alice.resident.code()) + 1) % 10**6:06d}"
    wrong = client.post(there, {"code": code})
    assert wrong.status_code == 422 and "还可以试 4 次" in text(wrong) and code not in text(wrong)


def test_real_name_comes_first_and_then_leave(outside: Outside) -> None:
    """Without the tier the page leads to real name, without consent to the question."""
    named = resident(outside, tier=Tier.NAMED)
    assert browser_of(named.person).get("/me/cards/add/")["Location"] == "/me/real-name/"
    other = holder(outside, agreed=False)
    asked = browser_of(other.person).get("/me/cards/add/")["Location"]
    assert asked.startswith("/consent/payments.bind_card/")


@pytest.mark.promise("5.1.4")
def test_the_payment_password_is_set_and_reset_under_settings(alice: Holder) -> None:
    """首页 › 我的 › 设置 › 重置支付密码: the number, the bank's code, then the new one."""
    client = browser_of(alice.person)
    assert 'href="/me/settings/reset-payment-password/"' in text(client.get("/me/settings/"))
    unset = client.get("/me/settings/reset-payment-password/")
    assert unset["Location"] == "/me/settings/payment-password/"
    bind(client, alice, alice.resident.card())
    set_password(client, alice)
    here = "/me/settings/reset-payment-password/"
    wrong = client.post(here, {"number": cast.document_number()})
    assert wrong.status_code == 422 and "不一致" in text(wrong)
    ways = client.post(here, {"number": alice.resident.number})["Location"]
    page = client.get(ways)
    assert "用银行卡验证" in text(page) and "去刷脸" in text(page)
    told = {"card": hidden(page, "card"), "key": hidden(page, "key")}
    assert client.post(f"{ways}card/", told)["Location"].startswith(f"/consent/{RESET}/")
    cast.agree(alice.person, RESET)
    cast.agree(alice.person, RESET, recipient=CLEARING)
    code_page = client.post(f"{ways}card/", told)["Location"]
    assert client.post(code_page, {"code": alice.resident.code()})["Location"] == ways
    weak = client.post(ways, {"password": "123456", "again": "123456"})
    assert weak.status_code == 422 and '123456"' not in text(weak)
    done = client.post(ways, {"password": ANOTHER, "again": ANOTHER})
    assert done["Location"] == "/me/settings/payment-password/"
    assert actions.check_payment_password(alice.actor, typed=ANOTHER).outcome.value == "right"


def agreement(client: Client, one: Holder) -> str:
    """Fill the agreement's form; gives the address of the question that signs it."""
    may_debit(one)
    form = client.get("/me/settings/auto-debit/new/")
    told = {
        "kind": "loan_repay", "card": str(one.cards()[0].id), "limit": "3,000.00",
        "month_limit": "5000", "until": f"{clock.today() + timedelta(days=30)}",
        "key": hidden(form, "key"),
    }  # fmt: skip
    sent = client.post("/me/settings/auto-debit/new/", told)
    assert sent.status_code == 303, text(sent)
    return str(sent["Location"])


@pytest.mark.promise("1.2.7a", "1.2.7b")
def test_an_auto_debit_is_signed_by_a_yes_and_stopped_in_one_step(alice: Holder) -> None:
    """Amount and payee stand before the password; a wrong one is counted; one button stops it."""
    client = browser_of(alice.person)
    bind(client, alice, alice.resident.card())
    set_password(client, alice)
    question = agreement(client, alice)
    page = text(client.get(question))
    assert "3,000.00 元" in page and "星诺消费金融有限公司" in page
    wrong = client.post(question, {"password": WRONG})
    assert wrong.status_code == 422 and "还可以试 2 次" in text(wrong) and WRONG not in text(wrong)
    signed = client.post(question, {"password": PASSWORD})
    assert signed.status_code == 303, text(signed)
    one = signed["Location"]
    assert "生效中" in text(client.get(one))
    assert client.get(question).status_code == 409
    assert 'href="/me/settings/auto-debit/"' in text(client.get("/me/settings/"))
    assert client.post(f"{one}stop/")["Location"] == "/me/settings/auto-debit/"
    assert "已停" in text(client.get(one))


@pytest.mark.promise("5.1.2")
def test_unbinding_under_an_agreement_asks_first(alice: Holder) -> None:
    """What stops with the card is named, and the button says so."""
    client = browser_of(alice.person)
    bind(client, alice, alice.resident.card())
    set_password(client, alice)
    client.post(agreement(client, alice), {"password": PASSWORD})
    prove(client)
    there = f"/me/cards/{alice.cards()[0].id}/unbind/"
    page = client.get(there)
    assert "1 项自动扣款会一起停掉" in text(page)
    refused = client.post(there)
    assert refused.status_code == 409 and len(alice.cards()) == 1
    sent = {"end_agreements": hidden(page, "end_agreements")}
    assert client.post(there, sent)["Location"] == "/me/cards/"


@pytest.mark.parametrize("limit", ["-1", "0", "0.001", "1e99", "NaN", "abc", "１００元", ""])
def test_what_is_no_amount_is_told_beside_its_field(alice: Holder, limit: str) -> None:
    """Nothing is drafted of it."""
    client = browser_of(alice.person)
    bind(client, alice, alice.resident.card())
    may_debit(alice)
    told = {"limit": limit, "month_limit": "5", "key": str(ids.uuid7()), "until": "2027-01-01"}
    wrong = client.post("/me/settings/auto-debit/new/", told)
    assert wrong.status_code == 422 and 'href="#id_limit"' in text(wrong)


def test_anothers_pages_look_missing(alice: Holder, outside: Outside) -> None:
    """Card, check, question and agreement of Alice's are not there for Charlie."""
    client = browser_of(alice.person)
    bind(client, alice, alice.resident.card())
    set_password(client, alice)
    question = agreement(client, alice)
    card: UUID = alice.cards()[0].id
    charlie = browser_of(holder(outside).person)
    for path in (f"/me/cards/{card}/", f"/me/cards/check/{card}/", question):
        assert charlie.get(path).status_code == 404, path
