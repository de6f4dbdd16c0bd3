"""Payments by machine: the same order once, the same yes, the same end; nobody else's."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from tests import cast
from tests.doors.api.conftest import Machine
from tests.money.payments.holders import PASSWORD
from tests.money.payments.payers import Payer, payer
from tests.outside import Outside
from tests.people.conftest import outside, sandbox_process
from tests.web.test_standing import browser_of
from xingnuo.kit import ids

__all__ = ["outside", "sandbox_process"]
pytestmark = pytest.mark.promise("1.2.7a", "1.2.7c")


def machine(one: Payer) -> Machine:
    """Give the machine of a payer."""
    client = browser_of(one.holder.person)
    return Machine(client.cookies[settings.SESSION_COOKIE].value, one.subject_id)


@pytest.fixture
def payer_here(outside: Outside) -> Payer:
    """Give a payer."""
    return payer(outside)


@pytest.fixture
def api(payer_here: Payer) -> Machine:
    """Give the payer's machine."""
    return machine(payer_here)


def top_up(one: Payer, api: Machine, fen: int) -> Any:
    """Top up by machine."""
    number = str(ids.uuid7())
    made = api.ask("POST", "/payments", {"id": number, "kind": "top_up", "amount_fen": fen})
    assert made.status_code == 200, made.content
    return pay(api, number, {"way": "card", "card_id": str(one.card_id)})


def pay(api: Machine, number: str, choice: dict[str, Any]) -> Any:
    """Choose, confirm and pay an order."""
    asked = api.ask("POST", f"/payments/{number}/question", choice)
    assert asked.status_code == 200, asked.content
    yes = asked.json()["confirmation_id"]
    said = api.ask("POST", f"/confirmations/{yes}", {"password": PASSWORD})
    assert said.status_code == 200, said.content
    return api.ask("POST", f"/payments/{number}/pay", {"confirmation_id": yes})


def test_an_order_is_made_confirmed_paid_and_billed(payer_here: Payer, api: Machine) -> None:
    """Four steps; balance, payment, month and bill tell the same."""
    done = top_up(payer_here, api, 5_000)
    assert (done.status_code, done.json()["state"]) == (200, "success"), done.content
    number = done.json()["id"]
    assert api.ask("GET", "/balance").json() == {"available_fen": 5_000, "held_fen": 0}
    known = api.ask("GET", f"/payments/{number}").json()
    assert (known["title"], known["payable_fen"]) == ("余额充值", 5_000)
    assert [one["id"] for one in api.ask("GET", "/bills").json()] == [number]
    assert api.ask("GET", "/bills/month").json()["in_fen"] == 5_000
    assert api.ask("GET", f"/payments/{number}/refunds").json() == []
    assert api.ask("GET", "/coupons").json() == []


def test_the_same_number_is_the_same_order(api: Machine) -> None:
    """Twice the same is one; other content is 409; a paid one cannot be cancelled twice."""
    body = {"id": str(ids.uuid7()), "kind": "top_up", "amount_fen": 100}
    first, second = (api.ask("POST", "/payments", body) for _ in range(2))
    assert first.json() == second.json()
    other = api.ask("POST", "/payments", {**body, "amount_fen": 101})
    assert (other.status_code, other.json()["code"]) == (409, "order_differs")
    assert other["Content-Type"].startswith("application/problem+json")
    gone = api.ask("DELETE", f"/payments/{body['id']}")
    assert gone.json()["state"] == "closed"
    again = api.ask("DELETE", f"/payments/{body['id']}")
    assert (again.status_code, again.json()["code"]) == (409, "not_payable")


@pytest.mark.parametrize(
    "fen", ["-1", "0", "0.001", "1.0", str(10**19), '"１００"', "true", "null"]
)
def test_what_is_no_amount_is_refused_by_its_field(api: Machine, fen: str) -> None:
    """Fen are whole numbers above nothing, and nothing is made of anything else."""
    number = ids.uuid7()
    body = f'{{"id": "{number}", "kind": "top_up", "amount_fen": {fen}}}'
    answer = api.ask("POST", "/payments", body)
    assert answer.status_code == 422, answer.content
    assert "amount_fen" in str(answer.json()["fields"]) and answer.json()["remedy"]
    assert api.ask("GET", f"/payments/{number}").status_code == 404


def test_a_transfer_goes_to_a_masked_person(
    payer_here: Payer, api: Machine, outside: Outside
) -> None:
    """Found by the exact number; nothing of them but a mask comes back."""
    bob = payer(outside)
    number = cast.phone()
    cast.fill(bob.holder.person, "accounts.sign_in", {"phone": number})
    top_up(payer_here, api, 5_000)
    order = {"id": str(ids.uuid7()), "kind": "transfer", "amount_fen": 1_234, "phone": number}
    assert api.ask("POST", "/payments", {**order, "phone": ""}).status_code == 422
    assert api.ask("POST", "/payments", order).status_code == 200
    shown = api.ask("GET", f"/payments/{order['id']}")
    assert number.encode() not in shown.content
    assert bob.holder.resident.name not in shown.json()["payee"] and "*" in shown.json()["payee"]
    done = pay(api, str(order["id"]), {"way": "balance"})
    assert done.json()["state"] == "success", done.content
    assert (payer_here.balance(), bob.balance()) == (3_766, 1_234)
    repeat = {"confirmation_id": str(ids.uuid7())}
    again = api.ask("POST", f"/payments/{order['id']}/pay", repeat)
    assert again.json()["state"] == "success" and bob.balance() == 1_234


def test_without_a_yes_nothing_is_paid(payer_here: Payer, api: Machine) -> None:
    """An unknown yes, and one that was never given."""
    order = {"id": str(ids.uuid7()), "kind": "top_up", "amount_fen": 100}
    api.ask("POST", "/payments", order)
    choice = {"way": "card", "card_id": str(payer_here.card_id)}
    asked = api.ask("POST", f"/payments/{order['id']}/question", choice).json()
    for yes in (asked["confirmation_id"], str(ids.uuid7())):
        answer = api.ask("POST", f"/payments/{order['id']}/pay", {"confirmation_id": yes})
        assert (answer.status_code, answer.json()["code"]) == (409, "not_confirmed")
    assert payer_here.balance() == 0


def test_anothers_payment_looks_missing(api: Machine, outside: Outside) -> None:
    """Each operation on it is 404 for Charlie."""
    order = {"id": str(ids.uuid7()), "kind": "top_up", "amount_fen": 100}
    api.ask("POST", "/payments", order)
    charlie = machine(payer(outside))
    there = f"/payments/{order['id']}"
    asked: tuple[tuple[str, str, Any], ...] = (
        ("GET", there, None),
        ("GET", f"{there}/refunds", None),
        ("DELETE", there, None),
        ("POST", f"{there}/question", {"way": "balance"}),
        ("POST", f"{there}/pay", {"confirmation_id": str(ids.uuid7())}),
    )
    for method, path, body in asked:
        answer = charlie.ask(method, path, body)
        assert (answer.status_code, answer.json()["code"]) == (404, "no_payment"), (method, path)


@pytest.mark.parametrize("query", ["month=2026-13", "month=x", "limit=0", "limit=101"])
def test_odd_questions_are_refused(api: Machine, query: str) -> None:
    """With the field that is wrong."""
    assert api.ask("GET", f"/bills?{query}").status_code == 422
