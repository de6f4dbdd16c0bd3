"""Opening a shop: the region first, then who it is, the card and the risk; refusals close this."""

from __future__ import annotations

import pytest

from tests import cast
from tests.money.payments.payers import payer
from tests.outside import Outside
from tests.people.identity.residents import reviewer
from tests.services.merchant_collection.shops import (
    ELSEWHERE,
    HERE,
    UNSERVED,
    USCC,
    Keeper,
    allow_place,
    keeper,
)
from xingnuo.kit import ids
from xingnuo.kit.errors import BadInput
from xingnuo.money.payments import actions as payments
from xingnuo.money.payments.contracts import CardInUse
from xingnuo.services.merchant_collection import actions, queries
from xingnuo.services.merchant_collection.contracts import (
    CardOfSettlement,
    Form,
    IdentityLacking,
    MerchantState,
    Point,
    RegionNotServed,
)
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import GateRefusal, Reason

pytestmark = pytest.mark.promise("1.2.10")


def test_a_place_that_is_not_served_leaves_nothing(outside: Outside) -> None:
    """COLLECT-7: no row, no value; elsewhere the region alone is kept."""
    made = Keeper(payer(outside))
    with pytest.raises(GateRefusal) as no:
        made.locate()
    assert no.value.reason is Reason.PERMISSION_OFF
    allow_place(made.person)
    with pytest.raises(GateRefusal) as no:
        made.locate()
    assert no.value.reason is Reason.NO_CONSENT
    cast.agree(made.person, "merchant_collection.region")
    with pytest.raises(RegionNotServed):
        made.locate(UNSERVED)
    with cast.transaction():
        assert queries.merchant(made.actor) is None
    found = made.locate()
    assert (found.state, found.region) == (MerchantState.LOCATED, "330100")
    with cast.transaction():
        held = gate_queries.holds(cast.permit(made.person, "merchant_collection.region"))
    assert not held.get("location")
    # COLLECT-5: who refuses this goes on with everything else.
    assert made.payer.top_up(1_000).state.value == "success"


def test_identity_comes_from_its_room(outside: Outside) -> None:
    """COLLECT-4: without presence and photos nothing opens, and nothing is asked for here."""
    made = Keeper(payer(outside))
    allow_place(made.person)
    cast.agree(made.person, "merchant_collection.region")
    made.locate()
    with cast.transaction():
        assert queries.lacking(made.actor) == ("presence", "photos", "supplement")
    with pytest.raises(IdentityLacking):
        actions.apply(made.actor, shop=made.shop())


def test_what_does_not_fit_is_told_by_field(outside: Outside) -> None:
    """COLLECT-1: category, place, agreement, card and code; consent before anything is kept."""
    made = keeper(outside, agreed=False)
    made.locate()
    with pytest.raises(GateRefusal):
        actions.apply(made.actor, shop=made.shop())
    for purpose, more in (("onboard", ("enterprise_code",)), ("collect", ()), ("settle", ())):
        cast.agree(made.person, f"merchant_collection.{purpose}", optional=more)
    wrong = {
        "category": made.shop(category="arms"),
        "place": made.shop(place=ELSEWHERE),
        "agree": made.shop(agreed_version=""),
        "enterprise_code": made.shop(form=Form.ENTERPRISE),
    }
    for field, told in wrong.items():
        with pytest.raises(BadInput) as bad:
            actions.apply(made.actor, shop=told)
        assert set(bad.value.fields) == {field}
    with pytest.raises(CardOfSettlement):
        actions.apply(made.actor, shop=made.shop(card_id=ids.uuid7()))
    # A digit of the code that does not fit its check digit (GB 32100-2015).
    broken = USCC[:-1] + ("0" if USCC[-1] != "0" else "1")
    with pytest.raises(BadInput):
        actions.apply(made.actor, shop=made.shop(form=Form.ENTERPRISE, enterprise_code=broken))
    with pytest.raises(BadInput):
        Point(latitude=float("nan"), longitude=0)
    assert actions.apply(made.actor, shop=made.shop()).state is MerchantState.OPEN


@pytest.mark.parametrize("approve", [True, False])
def test_where_risk_says_so_staff_look_first(outside: Outside, approve: bool) -> None:
    """COLLECT-1: an enterprise waits for a reviewer, who sees it under the case alone."""
    made = keeper(outside)
    assert made.open(category="jewelry").state is MerchantState.REVIEWING
    with cast.transaction():
        assert queries.static_code(made.actor) is None
        waiting = queries.open_cases(reviewer()).cases
    case = next(one for one in waiting if one.subject_id == made.subject_id)
    who = reviewer(case.id)
    with cast.transaction():
        actions.take(who, case_id=case.id)
        seen = {one.item: one.text for one in queries.case_values(who, case_id=case.id)}
    assert "enterprise_name" in seen
    with cast.transaction():
        actions.decide(who, case_id=case.id, approve=approve, ground="" if approve else "not_real")
    with cast.transaction():
        after = queries.merchant(made.actor)
    assert after is not None
    assert after.state is (MerchantState.OPEN if approve else MerchantState.REFUSED)


def test_a_no_stops_collecting_and_a_card_in_use_stays(outside: Outside, shop: Keeper) -> None:
    """COLLECT-5: taking a consent back stops codes; the settlement card is not taken out."""
    with pytest.raises(CardInUse), cast.transaction():
        payments.unbind_card(shop.actor, card_id=shop.payer.card_id)
    with cast.transaction():
        assert actions.ends(shop.subject_id, "merchant_collection.collect") == 1
    with cast.transaction():
        found = queries.merchant(shop.actor)
        assert found is not None and found.state is MerchantState.SUSPENDED
        assert queries.static_code(shop.actor) is None
        assert queries.blocks(shop.subject_id) == []
    with cast.transaction():
        assert actions.resume(shop.actor).state is MerchantState.OPEN
        assert queries.static_code(shop.actor) is not None
    with cast.transaction():
        assert actions.close(shop.actor).state is MerchantState.CLOSED
    assert shop.locate(HERE).state is MerchantState.LOCATED


def test_a_person_takes_their_rows_along(shop: Keeper) -> None:
    """The copy has every table without others' ids; the end leaves what the law keeps."""
    with cast.transaction():
        told = queries.export(shop.subject_id)
    assert len(told["merchant_collection_merchant"]) == 1
    assert all("digest" not in row for row in told["merchant_collection_code"])
    with cast.transaction():
        assert actions.erase(shop.subject_id) >= 3
        assert queries.export(shop.subject_id)["merchant_collection_code"] == []
