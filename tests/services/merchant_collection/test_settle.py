"""Settlement: once, to the fen, by the bank's word; a death between two steps loses nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import cast
from tests.outside import Outside
from tests.services.merchant_collection.shops import (
    Keeper,
    customer,
    keeper,
    next_working_morning,
    pays,
)
from xingnuo.kit import clock, ids
from xingnuo.kit.errors import Conflict, XingnuoError
from xingnuo.money.ledger.contracts import NotPosted
from xingnuo.services.merchant_collection import _payouts, actions, queries
from xingnuo.services.merchant_collection.contracts import OverSale, SettlementState

pytestmark = pytest.mark.promise("1.2.10")
POINTS = ("after_sent", "after_send")
DIES = """
import os, sys, uuid, django
os.environ["XN_CRASH_AT"] = "merchant_collection." + sys.argv[1]
django.setup()
from xingnuo.services.merchant_collection import actions
actions.ask(subject_id=uuid.UUID(sys.argv[2]), merchant_id=uuid.UUID(sys.argv[3]))
"""


def states(shop: Keeper) -> list[SettlementState]:
    """Give how the settlements stand, newest first."""
    with cast.transaction():
        return [one.state for one in queries.settlements(shop.actor)]


def asked(shop: Keeper) -> None:
    """Ask the bank once more."""
    actions.ask(subject_id=shop.subject_id, merchant_id=shop.id)


def paid_out(outside: Outside, settlement: str) -> int:
    """Count how often the bank paid a number, by the bank's own books."""
    entries = outside.books("bank")["entries"]
    return sum(settlement in each.values() for each in entries)


def test_the_banks_file_finds_settlements_by_their_keys(outside: Outside, shop: Keeper) -> None:
    """What was paid out is known by key and by day; what the bank declined is not."""
    pays(customer(outside), shop.charge(10_000))
    outside.script("bank", "pay_out", "decline")
    declined, done = shop.settled(), shop.settled()
    assert done.state is SettlementState.DONE
    told = _payouts.of([done.id, declined.id, shop.id])
    assert told == {done.id: done.net_fen}
    assert _payouts.done_on(clock.today())[done.id] == done.net_fen
    assert done.id not in _payouts.done_on(clock.today() - timedelta(days=2))


@pytest.mark.parametrize("fault", ["reset", "5xx", "timeout_after(2000)", "late(150)"])
def test_an_unknown_is_ended_by_the_banks_word(outside: Outside, shop: Keeper, fault: str) -> None:
    """COLLECT-3: no answer is no answer; asked again by the same number it is paid once."""
    pays(customer(outside), shop.charge(10_000))
    outside.script("bank", "pay_out", fault)
    shop.settled()
    for _ in range(40):
        asked(shop)
        if states(shop) == [SettlementState.DONE]:
            break
        time.sleep(0.05)
    assert states(shop) == [SettlementState.DONE]
    with cast.transaction():
        (one,) = queries.settlements(shop.actor)
    assert paid_out(outside, one.id.hex) == 1
    assert shop.balance() == 0


def test_a_no_gives_it_back_and_it_is_paid_later(outside: Outside, shop: Keeper) -> None:
    """COLLECT-3: a decline frees the money and the sales; the next turn pays them."""
    pays(customer(outside), shop.charge(10_000))
    outside.script("bank", "pay_out", "decline")
    assert shop.settled().state is SettlementState.DECLINED
    assert shop.balance() == 10_000 - 38
    assert shop.settled().state is SettlementState.DONE
    assert (states(shop), shop.balance()) == (
        [SettlementState.DONE, SettlementState.DECLINED],
        0,
    )


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_between_two_steps_loses_nothing(outside: Outside, shop: Keeper, point: str) -> None:
    """COLLECT-3: kill −9 after the number is kept, and after it was sent: paid once."""
    pays(customer(outside), shop.charge(10_000))
    assert shop.due() is not None
    argv = [sys.executable, "-c", DIES, point, str(shop.subject_id), str(shop.id)]
    ended = subprocess.run(argv, env=dict(os.environ), capture_output=True, timeout=60, check=False)
    assert ended.returncode == 137, ended.stderr[-500:]
    assert states(shop) == [SettlementState.SENT]
    assert shop.due() is None
    for _ in range(3):
        asked(shop)
    assert (states(shop), shop.balance()) == ([SettlementState.DONE], 0)


def test_refunds_never_pass_what_there_is(outside: Outside, shop: Keeper) -> None:
    """COLLECT-8: over the sale, over the account, twice with one id: refused with its reason."""
    alice = customer(outside)
    sale = pays(alice, shop.charge(10_000))
    again = ids.uuid7()
    shop.give_back(sale.id, 4_000, again)
    shop.give_back(sale.id, 4_000, again)
    assert shop.balance() == 10_000 - 38 - 4_000
    for wrong, amount, refund_id in (
        (OverSale, 6_001, ids.uuid7()),
        (Conflict, 4_001, again),
        (NotPosted, 6_000, ids.uuid7()),  # the fee is not on the account any more
    ):
        with pytest.raises(wrong):
            shop.give_back(sale.id, amount, refund_id)
    other = keeper(outside)
    other.open()
    with pytest.raises(XingnuoError):
        other.give_back(sale.id, 1)
    assert alice.balance() == 100_000 - 6_000


def test_nothing_is_settled_on_a_day_off(outside: Outside, shop: Keeper) -> None:
    """T+1 counts working days of the calendar."""
    pays(customer(outside), shop.charge(10_000))
    with cast.transaction():
        from xingnuo.people.support import queries as support

        days = support.workdays()
        monday = days.after(clock.today(), 1)
    assert days.is_working(monday)
    assert shop.balance() == 9_962 and states(shop) == []
    with clock.shifted(next_working_morning()):
        assert actions.prepare(subject_id=shop.subject_id, merchant_id=shop.id) is not None
        assert actions.prepare(subject_id=shop.subject_id, merchant_id=shop.id) is None


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(st.sampled_from(["sale", "refund", "settle"]), st.integers(1, 3_000)),
        min_size=4,
        max_size=9,
    )
)
def test_an_account_is_what_came_less_what_went(
    outside: Outside, steps: list[tuple[str, int]]
) -> None:
    """COLLECT-8: after any steps: paid − fee − refunds − settled, on the books and the card."""
    shop, alice = keeper(outside), customer(outside)
    shop.open()
    paid: list[tuple[object, int]] = []
    for step, amount in [("sale", 2_000), *steps]:
        if step == "sale":
            paid.append((pays(alice, shop.charge(amount)).id, amount))
        elif step == "refund":
            with suppress(OverSale, NotPosted):
                shop.give_back(paid[-1][0], min(amount, paid[-1][1]))  # type: ignore[arg-type]
        else:
            shop.due()
            asked(shop)
        with cast.transaction():
            sales = queries.sales(shop.actor, limit=100)
            settled = sum(
                one.net_fen
                for one in queries.settlements(shop.actor)
                if one.state is SettlementState.DONE
            )
        came = sum(one.amount_fen - one.fee_fen - one.refunded_fen for one in sales)
        assert shop.balance() == came - settled >= 0
