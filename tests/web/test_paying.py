"""余额, 付款 and 账单: every amount refused clearly, every payment shown as it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tests import cast
from tests.money.payments.holders import PASSWORD, holder
from tests.money.payments.payers import Payer, payer
from tests.outside import Outside
from tests.people.conftest import outside, sandbox_process
from tests.web.test_cards import hidden, text
from tests.web.test_standing import browser_of
from xingnuo.kit import ids
from xingnuo.money.payments import actions, queries
from xingnuo.money.payments.contracts import PaymentKind, PaymentState, Way
from xingnuo.money.payments.models import AttemptRow
from xingnuo.trust.gate import queries as gate_queries

__all__ = ["outside", "sandbox_process"]
pytestmark = pytest.mark.promise("1.2.7a", "1.2.7c")


@dataclass(frozen=True)
class Here:
    """A payer in a browser of their own."""

    payer: Payer
    client: Client

    def see(self, path: str) -> str:
        """Give a page's text."""
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.headers)
        return text(answer)

    def order(self, path: str, **told: str) -> Any:
        """Fill a form of the balance and send it."""
        key = hidden(self.client.get(path), "key")
        return self.client.post(path, {"key": key, **told})

    def choose(self, there: str, **told: str) -> str:
        """Choose a way at the cashier; gives the address of the question."""
        answer = self.client.post(there, told)
        assert answer.status_code == 303, text(answer)
        question: str = answer["Location"]
        assert question.startswith("/pay/confirm/"), question
        return question

    def say_yes(self, question: str) -> str:
        """Confirm by password; gives the address of the result."""
        answer = self.client.post(question, {"password": PASSWORD})
        assert answer.status_code == 303, text(answer)
        result: str = answer["Location"]
        return result

    def top_up(self, yuan: str) -> str:
        """Top up by the pages; gives the address of the result."""
        there = self.order("/me/balance/top-up/", amount=yuan)["Location"]
        return self.say_yes(self.choose(there, way=str(self.payer.card_id)))


@pytest.fixture
def alice(outside: Outside) -> Here:
    """Give a payer."""
    one = payer(outside)
    return Here(one, browser_of(one.holder.person))


def with_phone(one: Payer) -> str:
    """Give a person a phone number by which they are found."""
    number = cast.phone()
    cast.fill(one.holder.person, "accounts.sign_in", {"phone": number})
    return number


def test_the_balance_is_opened_by_its_sheet(outside: Outside) -> None:
    """Before the yes the page says what it is and asks; nothing is opened by looking."""
    one = holder(outside)
    client = browser_of(one.person)
    assert 'href="/me/balance/"' in text(client.get("/me/"))
    before = text(client.get("/me/balance/"))
    assert "还没有开通星诺支付" in before and "/consents/" in before or "/consent/" in before
    assert "还没有打开账单" in text(client.get("/me/bills/"))
    cast.agree(one.person, "payments.service")
    assert "0.00" in text(client.get("/me/balance/"))
    moved = client.get("/me/balance/top-up/")
    assert (moved.status_code, moved["Location"]) == (303, "/me/cards/")


def test_money_comes_in_by_the_pages_and_is_in_the_bill(alice: Here) -> None:
    """充值: amount, way, the yes, the result; balance, bill and receipt tell the same."""
    result = alice.top_up("１２３.4")
    said = alice.see(result)
    assert "充值成功" in said and "123.40" in said and "hx-get" not in said
    assert "123.40" in alice.see("/me/balance/")
    listed = alice.see("/me/bills/")
    assert "余额充值" in listed and "+123.40" in listed
    receipt = re.search(r'href="(/me/bills/[0-9a-f-]{36}/)"', listed)
    assert receipt and "订单号" in alice.see(receipt.group(1))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "请填写金额"),
        ("-1", "不能是负数"),
        ("－１", "不能是负数"),
        ("0", "要大于 0"),
        ("0.00", "要大于 0"),
        ("0.001", "最多填到分"),
        ("10000000000000000000", "一次最多"),
        ("1e3", "请只填数字"),
        ("NaN", "请只填数字"),
        ("abc", "请只填数字"),
        ("五十", "请只填数字"),
        ("50000.01", "一次最多 50,000.00 元"),
    ],
)
def test_what_is_no_amount_is_said_beside_its_field(alice: Here, typed: str, said: str) -> None:
    """Nothing is ordered of it; what was typed stays."""
    answer = alice.order("/me/balance/top-up/", amount=typed)
    assert answer.status_code == 422
    assert said in text(answer) and 'href="#id_amount"' in text(answer)
    with cast.transaction():
        assert queries.bills(alice.payer.holder.actor) == ()


def test_the_form_sent_twice_is_one_order_and_a_double_tap_pays_once(alice: Here) -> None:
    """The same key is the same order; the second yes leads to the result of the first."""
    told = {"key": str(ids.uuid7()), "amount": "20"}
    first, second = (alice.client.post("/me/balance/top-up/", told) for _ in range(2))
    assert first["Location"] == second["Location"]
    question = alice.choose(first["Location"], way=str(alice.payer.card_id))
    result = alice.say_yes(question)
    again = alice.client.post(question, {"password": PASSWORD})
    assert (again.status_code, again["Location"]) == (303, result)
    assert alice.payer.balance() == 2_000
    assert alice.client.get(first["Location"])["Location"] == result


def test_a_transfer_finds_a_person_by_the_exact_number_and_a_mask(
    alice: Here, outside: Outside
) -> None:
    """The masked name and no more; a number of nobody, one's own, and too much are said."""
    bob = payer(outside)
    number = with_phone(bob)
    alice.top_up("100")
    there = "/me/balance/transfer/"
    nobody = alice.order(there, phone=cast.phone(), amount="1")
    assert nobody.status_code == 422 and "没有找到能收款的人" in text(nobody)
    own = with_phone(alice.payer)
    assert "你自己的手机号" in text(alice.order(there, phone=own, amount="1"))
    short = alice.order(there, phone=number, amount="100.01")
    assert "余额不足，最多可转 100.00 元" in text(short)
    made = alice.order(there, phone=f"+86 {number}", amount="30.5", note="饭钱")
    assert made.status_code == 303, text(made)
    cashier = alice.see(made["Location"])
    name = bob.holder.resident.name
    assert name not in cashier and number not in cashier and "30.50" in cashier
    assert gate_queries.mask("name", name) in cashier
    question = alice.choose(made["Location"], way="balance")
    assert name not in alice.see(question)
    assert "转账成功" in alice.see(alice.say_yes(question))
    assert (alice.payer.balance(), bob.balance()) == (6_950, 3_050)


def test_looks_for_people_are_counted(alice: Here) -> None:
    """Whoever walks the numbers is stopped; one who cannot receive looks like nobody."""
    alice.top_up("1")
    there = "/me/balance/transfer/"
    codes = [alice.order(there, phone=cast.phone(), amount="1").status_code for _ in range(21)]
    assert codes == [422] * 20 + [429]


def test_money_goes_out_to_the_own_card_and_not_more_than_there_is(alice: Here) -> None:
    """提现: over the balance is refused beside its field; the rest waits for its proof or is done."""
    alice.top_up("80")
    over = alice.order("/me/balance/withdraw/", amount="80.01")
    assert over.status_code == 422 and "最多可提 80.00 元" in text(over)
    there = alice.order("/me/balance/withdraw/", amount="30")["Location"]
    cast.agree(alice.payer.holder.person, "payments.pay", recipient="settlement_bank")
    said = alice.see(alice.say_yes(alice.choose(there, way=str(alice.payer.card_id))))
    assert "提现成功" in said or "正在办理" in said
    assert alice.payer.balance() == 5_000


def test_a_declined_payment_says_so_and_leads_on(alice: Here, outside: Outside) -> None:
    """Not paid, the reason, nothing taken, and the cashier again."""
    there = alice.order("/me/balance/top-up/", amount="10")["Location"]
    question = alice.choose(there, way=str(alice.payer.card_id))
    for style in ("alipay", "wechat", "unionpay"):
        outside.script(style, "pay", "decline")
    said = alice.see(alice.say_yes(question))
    assert "还没有付" in said and "没有扣款" in said and "换一种方式" in said
    assert alice.payer.balance() == 0
    assert "可以换一种方式再付" in alice.see(there)
    assert alice.client.post(f"{there}cancel/").status_code == 303
    assert "没有充值" in alice.see(f"{there}result/")


def test_a_payment_under_way_goes_on_by_itself(alice: Here, outside: Outside) -> None:
    """The page says that, refreshes by a link and by htmx, and is done once the proof is there."""
    there = alice.order("/me/balance/top-up/", amount="12")["Location"]
    question = alice.choose(there, way=str(alice.payer.card_id))
    outside.script("alipay", "pay", "bad_signature")
    result = alice.say_yes(question)
    said = alice.see(result)
    assert "正在办理" in said and "不用再付一次" in said and "看最新结果" in said
    state = f"{there}state/"
    assert f'hx-get="{state}"' in said
    assert "HX-Refresh" not in alice.client.get(state)
    assert alice.client.get(there)["Location"] == result
    settle(alice.payer, there)
    assert alice.client.get(state)["HX-Refresh"] == "true"
    assert "充值成功" in alice.see(result) and alice.payer.balance() == 1_200


def settle(one: Payer, there: str) -> None:
    """Ask about the open number of a payment, until it is proved."""
    payment_id = UUID(there.split("/")[2])
    for _ in range(5):
        with cast.transaction():
            if queries.payment(one.holder.actor, payment_id=payment_id).state != "paying":
                return
            tries = AttemptRow.objects.of(one.subject_id).filter(payment_id=payment_id)
            number = tries.latest("made_at").id
        actions.ask(subject_id=one.subject_id, number=number)
    raise AssertionError("no proof ended it")


def test_another_persons_payment_looks_missing(alice: Here, outside: Outside) -> None:
    """Cashier, result, state, bill: none is there for Charlie, and no way to end it."""
    there = alice.order("/me/balance/top-up/", amount="5")["Location"]
    charlie = browser_of(payer(outside).holder.person)
    number = there.split("/")[2]
    for path in (there, f"{there}result/", f"{there}state/", f"/me/bills/{number}/"):
        assert charlie.get(path).status_code == 404, path
    assert charlie.post(f"{there}cancel/").status_code == 404
    assert charlie.post(there, {"way": "balance"}).status_code == 404


def test_the_months_picture_has_its_words(alice: Here, outside: Outside) -> None:
    """What left by day, in a picture of ours, with the finding in words and the figures beside."""
    bob = payer(outside)
    number = with_phone(bob)
    alice.top_up("100")
    made = alice.order("/me/balance/transfer/", phone=number, amount="40")
    alice.say_yes(alice.choose(made["Location"], way="balance"))
    page = alice.see("/me/bills/")
    assert "这个月支出 40.00 元，分在 1 天" in page and '<svg class="bars" role="img"' in page
    assert "style=" not in page
    older = alice.see("/me/bills/?month=2026-01")
    assert "没有账单" in older and "下个月" in older
    for odd in ("2026-13", "x", "0000-01", "9999-12"):
        assert alice.client.get("/me/bills/", {"month": odd}).status_code == 200


def test_the_kinds_and_ways_that_do_not_fit_are_refused(alice: Here) -> None:
    """A top-up from the balance, a way of nobody's, none at all."""
    there = alice.order("/me/balance/top-up/", amount="5")["Location"]
    for way in ("", "balance", str(ids.uuid7()), "x"):
        answer = alice.client.post(there, {"way": way})
        assert answer.status_code == 422 and 'href="#id_way"' in text(answer), way
    one = alice.payer.create(alice.payer.order(100, kind=PaymentKind.TOP_UP))
    assert one.state is PaymentState.CREATED and one.way in (None, Way.CARD)
