"""Collecting by machine: codes, sales, refunds, the day; each once, and nobody else's."""

from __future__ import annotations

import pytest
from django.conf import settings

from tests.doors.api.conftest import Machine
from tests.outside import Outside
from tests.people.conftest import outside, sandbox_process
from tests.services.merchant_collection.shops import Keeper, customer, keeper, pays
from tests.web.test_standing import browser_of
from xingnuo.kit import clock, ids

__all__ = ["outside", "sandbox_process"]
pytestmark = pytest.mark.promise("1.2.10")


def machine(one: Keeper) -> Machine:
    """Give the machine of a person who collects."""
    client = browser_of(one.person)
    return Machine(client.cookies[settings.SESSION_COOKIE].value, one.subject_id)


@pytest.fixture
def shop(outside: Outside) -> Keeper:
    """Give a merchant whose shop is open."""
    made = keeper(outside)
    made.open()
    return made


@pytest.fixture
def api(shop: Keeper) -> Machine:
    """Give the merchant's machine."""
    return machine(shop)


def test_a_code_is_made_once_by_its_key(api: Machine) -> None:
    """The same key gives the same code; another amount under it is refused; so is no amount."""
    first, again = (
        api.ask("POST", "/merchant/codes", {"amount_fen": 1_250}, key="order-0001")
        for _ in range(2)
    )
    assert first.status_code == 200 and first.json() == again.json(), first.content
    made = first.json()
    assert (made["kind"], made["state"], made["amount_fen"]) == ("dynamic", "active", 1_250)
    other = api.ask("POST", "/merchant/codes", {"amount_fen": 1_251}, key="order-0001")
    assert other.status_code in (409, 422), other.content
    known = api.ask("GET", f"/merchant/codes/{made['id']}")
    assert known.json()["url"] == made["url"] and "/q/" in made["url"]
    wall = api.ask("GET", "/merchant/static-code").json()
    assert (wall["kind"], wall["amount_fen"]) == ("static", None)


@pytest.mark.parametrize("amount", [0, -1, 5_000_001, 1.5, "12", None, True])
def test_what_is_no_amount_makes_no_code(api: Machine, amount: object) -> None:
    """Each is refused as input, and no code stands afterwards."""
    no = api.ask("POST", "/merchant/codes", {"amount_fen": amount})
    assert no.status_code == 422, no.content
    assert no["Content-Type"].startswith("application/problem+json")


def test_sales_refunds_day_and_settlements_tell_the_same(
    outside: Outside, shop: Keeper, api: Machine
) -> None:
    """A sale comes in, a part goes back once by its key, the day and the card agree to the fen."""
    sale = pays(customer(outside), shop.charge(8_800))
    (seen,) = api.ask("GET", "/merchant/sales").json()
    assert (seen["id"], seen["amount_fen"], seen["fee_fen"]) == (str(sale.id), 8_800, 33)
    there = f"/merchant/sales/{sale.id}/refunds"
    back, again = (
        api.ask("POST", there, {"amount_fen": 1_000}, key="refund-0001") for _ in range(2)
    )
    assert back.status_code == 200 and back.json() == again.json(), back.content
    (given,) = api.ask("GET", there).json()
    assert (given["amount_fen"], given["is_done"]) == (1_000, True)
    over = api.ask("POST", there, {"amount_fen": 7_801})
    assert over.status_code in (403, 409, 422), over.content
    day = api.ask("GET", f"/merchant/report?day={clock.today()}").json()
    assert (day["gross_fen"], day["refund_fen"], day["net_fen"]) == (8_800, 1_000, 7_767)
    shop.settled()
    (settled,) = api.ask("GET", "/merchant/settlements").json()
    assert (settled["state"], settled["net_fen"]) == ("done", 7_767)
    assert api.ask("GET", "/merchant/sales").json()[0]["settlement_id"] == settled["id"]


def test_anothers_looks_missing_and_nobody_is_asked_to_sign_in(
    outside: Outside, shop: Keeper, api: Machine
) -> None:
    """Bob's machine finds neither Alice's code nor her sale; without a token all is 401."""
    sale = pays(customer(outside), shop.static(), amount_fen=2_000)
    code = api.ask("POST", "/merchant/codes", {"amount_fen": 500}).json()["id"]
    other = keeper(outside)
    other.open()
    bob = machine(other)
    theirs = bob.ask("GET", f"/merchant/codes/{code}")
    missing = bob.ask("GET", f"/merchant/codes/{ids.uuid7()}")
    assert theirs.status_code == missing.status_code == 404
    assert theirs.json()["code"] == missing.json()["code"]
    no = bob.ask("POST", f"/merchant/sales/{sale.id}/refunds", {"amount_fen": 1})
    assert no.status_code == 404 and bob.ask("GET", "/merchant/sales").json() == []
    paths = ("codes/" + code, "static-code", "sales", "settlements")
    for path in paths:
        assert Machine().ask("GET", f"/merchant/{path}").status_code == 401, path
    nobody = machine(keeper(outside))
    assert nobody.ask("GET", "/merchant/static-code").status_code == 404
