"""What a merchant hears of, each once: review, day, settlement, refund. And codes that run out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests import cast
from tests.outside import Outside
from tests.people.identity.residents import reviewer
from tests.services.merchant_collection.shops import Keeper, customer, keeper, pays, scan
from xingnuo.kit import clock
from xingnuo.people.notices import queries as notices
from xingnuo.services.merchant_collection import actions, queries
from xingnuo.services.merchant_collection.contracts import CodeState, SettlementState
from xingnuo.services.merchant_collection.models import LookupRow

pytestmark = pytest.mark.promise("1.2.10")


def heard(one: Keeper, title: str) -> list[str]:
    """Give the texts with a title that stand in the merchant's notices."""
    with cast.transaction():
        return [each.text for each in notices.messages(one.actor) if each.title == title]


def told_day(one: Keeper) -> int:
    """Tell of today, as the job does."""
    with cast.transaction():
        return actions.tell_day(subject_id=one.subject_id, day=clock.today().toordinal())


@pytest.mark.parametrize("approve", [True, False])
def test_the_end_of_a_review_is_told(outside: Outside, approve: bool) -> None:
    """A yes and a no each have words of their own; a shop that opens at once hears of none."""
    made = keeper(outside)
    made.open(category="jewelry")
    with cast.transaction():
        waiting = queries.open_cases(reviewer()).cases
    case = next(one for one in waiting if one.subject_id == made.subject_id)
    who = reviewer(case.id)
    with cast.transaction():
        actions.take(who, case_id=case.id)
    with cast.transaction():
        actions.decide(who, case_id=case.id, approve=approve, ground="" if approve else "not_real")
    assert len(heard(made, "收款已开通")) == int(approve)
    assert len(heard(made, "收款没有开通")) == int(not approve)


def test_a_day_is_told_once_when_it_is_over(outside: Outside, shop: Keeper) -> None:
    """One message for all sales of a day, with how many; none before midnight, none twice."""
    alice = customer(outside)
    pays(alice, shop.static(), amount_fen=12_345)
    pays(alice, shop.charge(100_000 - 12_345 - 50_000))
    assert told_day(shop) == 0 and heard(shop, "收款日报") == []
    day = clock.today()
    with clock.shifted(timedelta(days=1)), cast.transaction():
        assert actions.tell_day(subject_id=shop.subject_id, day=day.toordinal()) == 1
        assert actions.tell_day(subject_id=shop.subject_id, day=day.toordinal()) == 0
        assert actions.tell_day(subject_id=shop.subject_id, day=day.toordinal() - 1) == 0
    (text,) = heard(shop, "收款日报")
    assert text.startswith(f"{day.month}月{day.day}日收款 2 笔。")


def test_a_settlement_and_a_refund_are_told(outside: Outside, shop: Keeper) -> None:
    """What reached the card and what went back to a payer, each once, with no name in it."""
    sale = pays(customer(outside), shop.static(), amount_fen=20_000)
    shop.give_back(sale.id, 1_000)
    assert len(heard(shop, "退款已到付款人")) == 1
    assert shop.settled().state is SettlementState.DONE
    actions.ask(subject_id=shop.subject_id, merchant_id=shop.id)
    assert len(heard(shop, "收的款到卡了")) == 1
    assert heard(shop, "结算没有成功") == []


def test_codes_that_nobody_paid_end_by_their_job(outside: Outside, shop: Keeper) -> None:
    """Past its time a code is ended and found no more; one that an order has is left to it."""
    left, taken = shop.charge(700), shop.charge(800)
    scan(customer(outside), taken)
    with cast.transaction():
        assert actions.expire(shop.subject_id) == 0
    assert LookupRow.objects.filter(code_id=left.id).exists()
    with clock.shifted(timedelta(hours=1)), cast.transaction():
        assert actions.expire(shop.subject_id) == 1
        assert actions.expire(shop.subject_id) == 0
    with cast.transaction():
        states = [queries.code(shop.actor, code_id=one.id).state for one in (left, taken)]
    assert states == [CodeState.EXPIRED, CodeState.CLAIMED]
    assert not LookupRow.objects.filter(code_id=left.id).exists()
