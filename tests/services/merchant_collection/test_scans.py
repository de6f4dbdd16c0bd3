"""Scans: the place, the limits of a wall's code, one order once, and codes nobody can guess."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connections

from tests import cast
from tests.money.payments.payers import Payer, payer
from tests.outside import Outside
from tests.services.merchant_collection.shops import (
    ELSEWHERE,
    FAR,
    HERE,
    Keeper,
    allow_place,
    customer,
    pays,
    run_jobs,
    scan,
)
from xingnuo.kit import clock, ids
from xingnuo.kit.errors import BadInput, XingnuoError
from xingnuo.money.payments import actions as payments
from xingnuo.money.payments.contracts import PaymentState, Way
from xingnuo.people.accounts.contracts import NeedsReverify
from xingnuo.services.merchant_collection import _codes, _places, actions, queries
from xingnuo.services.merchant_collection.contracts import (
    CodeShown,
    CodeState,
    CodeTaken,
    FarFromShop,
    NoSuchCode,
    OwnCode,
    StaticLimit,
)
from xingnuo.services.merchant_collection.models import ScanRow
from xingnuo.trust.gate.contracts import GateRefusal, Reason, Strength

pytestmark = pytest.mark.promise("1.2.10", "1.3.9")


def test_the_place_decides(outside: Outside, shop: Keeper) -> None:
    """COLLECT-2: near goes on; far needs the person anew; another city is refused, all recorded."""
    alice = customer(outside, balance_fen=0)
    code = shop.static()
    assert scan(alice, code, amount_fen=100).state is PaymentState.CREATED
    weak = alice.holder.weak
    with pytest.raises(NeedsReverify):
        scan(alice, code, amount_fen=100, place=FAR, actor=weak)
    far = scan(alice, code, amount_fen=100, place=FAR)
    for who in (weak, alice.holder.actor):
        with pytest.raises(FarFromShop):
            scan(alice, code, amount_fen=100, place=ELSEWHERE, actor=who)
    with cast.transaction():
        cast.permit(alice.holder.person, "payments.place_check", ("location",))
        assert ScanRow.objects.of(alice.subject_id).get(id=far.id).place == "far"
        assert ScanRow.objects.of(alice.subject_id).count() == 2
        from xingnuo.people.antifraud.models import DecisionRow

        looks = DecisionRow.objects.of(alice.subject_id).filter(facts__place_match=False)
        assert looks.count() == 4


def test_without_a_place_this_way_alone_is_closed(outside: Outside, shop: Keeper) -> None:
    """COLLECT-5: no permission or no consent closes payment by code; a transfer goes on."""
    alice = payer(outside)
    with pytest.raises(GateRefusal) as no:
        scan(alice, shop.static(), amount_fen=100)
    assert no.value.reason is Reason.PERMISSION_OFF
    allow_place(alice.holder.person)
    with pytest.raises(GateRefusal) as no:
        scan(alice, shop.static(), amount_fen=100)
    assert no.value.reason is Reason.NO_CONSENT
    assert alice.top_up(500).state is PaymentState.SUCCESS


def test_a_wall_takes_500_yuan_a_day_from_one(outside: Outside, shop: Keeper) -> None:
    """The limit counts what is under way too; a dynamic code is not bound by it."""
    alice = customer(outside)
    pays(alice, shop.static(), amount_fen=40_000)
    waiting = scan(alice, shop.static(), amount_fen=10_000)
    with pytest.raises(StaticLimit):
        scan(alice, shop.static(), amount_fen=1)
    with cast.transaction():
        payments.cancel(alice.holder.actor, payment_id=waiting.id)
    assert scan(alice, shop.static(), amount_fen=10_000).state is PaymentState.CREATED
    assert pays(alice, shop.charge(50_000)).state is PaymentState.SUCCESS


@pytest.mark.parametrize("amount", [-1, 0, 10**19, None, 1.5, True])
def test_amounts_that_are_none(outside: Outside, shop: Keeper, amount: object) -> None:
    """Nothing is made of them."""
    alice = customer(outside, balance_fen=0)
    with pytest.raises(BadInput):
        scan(alice, shop.static(), amount_fen=amount)  # type: ignore[arg-type]
    with pytest.raises(BadInput), cast.transaction():
        actions.charge(shop.actor, code_id=ids.uuid7(), amount_fen=amount)  # type: ignore[arg-type]


def test_codes_end_and_cannot_be_guessed(outside: Outside, shop: Keeper) -> None:
    """Own, revoked, rotated, expired and invented codes open nothing."""
    alice = customer(outside, balance_fen=0)
    with pytest.raises(OwnCode), cast.transaction():
        queries.offer(shop.actor, code=shop.static().text)
    old, code = shop.static(), shop.charge(100)
    typed = old.text.lower().replace("0", "o").replace("1", "l")
    with cast.transaction():
        assert queries.offer(alice.holder.actor, code=typed).amount_fen is None
    with cast.transaction():
        actions.rotate(shop.actor)
        actions.revoke(shop.actor, code_id=code.id)
    late = shop.charge(200)
    for dead in (old, code, replace(old, text="A" * 16), replace(old, text="é" * 16)):
        with pytest.raises(NoSuchCode):
            scan(alice, dead, amount_fen=100)
    with clock.shifted(timedelta(minutes=6)), pytest.raises(NoSuchCode):
        scan(alice, late)
    assert len({_codes.text_of(ids.uuid7()) for _ in range(1_000)}) == 1_000
    assert b"<script" not in queries.svg(old.url) and b"<svg" in queries.svg(old.url)


def test_one_order_is_paid_once_by_two_at_once(outside: Outside, shop: Keeper) -> None:
    """COLLECT-6: of two payers who scan one dynamic code together, one pays and one is told."""
    two = [customer(outside, balance_fen=5_000) for _ in range(2)]
    for _ in range(3):
        code = shop.charge(1_000)

        def tries(who: Payer, code: CodeShown = code) -> str:
            try:
                return who.pay(scan(who, code), Way.BALANCE).state.value
            except XingnuoError as error:
                return error.code
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as pool:
            told = sorted(pool.map(tries, two))
        run_jobs(shop.subject_id)
        assert told == ["code_taken", "success"]
    with cast.transaction():
        assert len(queries.sales(shop.actor)) == 3
    assert sum(each.balance() for each in two) == 10_000 - 3_000


def test_an_order_that_is_given_up_frees_its_code(outside: Outside, shop: Keeper) -> None:
    """COLLECT-6: the same payer finds their own order; another pays once it is given up."""
    alice, bob = customer(outside, balance_fen=0), customer(outside, balance_fen=5_000)
    code = shop.charge(1_000)
    first = scan(alice, code)
    assert scan(alice, code).id == first.id
    with pytest.raises(CodeTaken):
        scan(bob, code)
    with cast.transaction():
        payments.cancel(alice.holder.actor, payment_id=first.id)
    run_jobs(shop.subject_id)
    assert pays(bob, code).state is PaymentState.SUCCESS
    with cast.transaction():
        assert queries.code(shop.actor, code_id=code.id).state is CodeState.USED


def test_places_are_measured() -> None:
    """A degree of latitude is 111 km; the middle of a region lies in it."""
    north = replace(HERE, latitude=HERE.latitude + 1)
    assert abs(_places.metres(HERE, north) - 111_195) < 100
    assert _places.metres(HERE, HERE) == 0
    for region in queries.REGIONS:
        middle = replace(HERE, latitude=region.latitude, longitude=region.longitude)
        assert queries.region_of(middle) == region
    assert Strength.REVERIFIED > Strength.SIGNED_IN
