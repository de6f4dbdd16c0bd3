"""A merchant's day: open, be scanned, be paid, give back, be settled with; books to the fen."""

from __future__ import annotations

import pytest

from tests import cast
from tests.outside import Outside
from tests.services.merchant_collection.shops import (
    NAME,
    Keeper,
    customer,
    next_working_morning,
    pays,
    run_jobs,
)
from xingnuo.kit import clock
from xingnuo.money.payments.contracts import PaymentState
from xingnuo.services.merchant_collection import actions, queries
from xingnuo.services.merchant_collection.contracts import (
    CodeState,
    MerchantState,
    SettlementState,
)

pytestmark = pytest.mark.promise("1.2.10")


def test_a_day(outside: Outside, shop: Keeper) -> None:
    """COLLECT-3: a sale on the wall's code, one by a dynamic code, a refund, and the settlement."""
    assert shop.merchant is not None and shop.merchant.state is MerchantState.OPEN
    alice = customer(outside)
    with cast.transaction():
        seen = queries.offer(alice.holder.actor, code=shop.static().text)
    assert (seen.shop, seen.amount_fen) == (NAME, None)
    first = pays(alice, shop.static(), amount_fen=10_000)
    assert first.state is PaymentState.SUCCESS and first.fee_fen == 38
    code = shop.charge(20_050)
    second = pays(alice, code)
    assert second.state is PaymentState.SUCCESS and second.fee_fen == 76
    with cast.transaction():
        assert queries.code(shop.actor, code_id=code.id).state is CodeState.USED
    assert shop.balance() == 30_050 - 38 - 76
    shop.give_back(first.id, 2_500)
    assert shop.balance() == 30_050 - 38 - 76 - 2_500
    assert alice.balance() == 100_000 - 30_050 + 2_500
    assert actions.settle_due() >= 0  # today's sales are not due today
    assert shop.balance() == 27_436
    settled = shop.settled()
    assert settled.state is SettlementState.DONE, settled
    assert (settled.gross_fen, settled.fee_fen, settled.refund_fen) == (30_050, 114, 2_500)
    assert shop.balance() == 0
    with clock.shifted(next_working_morning()):
        actions.settle_due()
    with cast.transaction():
        assert len(queries.settlements(shop.actor)) == 1
    assert run_jobs(shop.subject_id) == 0
    with cast.transaction():
        report = queries.report(shop.actor, day=clock.today())
    assert (report.count, report.net_fen, sum(report.hours)) == (2, 27_436, 30_050)
