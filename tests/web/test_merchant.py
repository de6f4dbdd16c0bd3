"""首页 › 收款码 and 扫一扫: a merchant's day by the pages, whole without JavaScript."""

from __future__ import annotations

import os
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tests import cast
from tests.outside import Outside
from tests.people.conftest import outside, sandbox_process
from tests.services.merchant_collection.shops import (
    HERE,
    Keeper,
    customer,
    keeper,
    pays,
    run_jobs,
)
from tests.web import here, walk
from tests.web.conftest import Opens
from tests.web.test_cards import hidden, text
from tests.web.test_every_page import LOOKS, STATUS
from tests.web.test_every_page import _faults as faults
from tests.web.test_standing import browser_of
from xingnuo.doors.cli.scratch import Stack
from xingnuo.money.payments import queries as payments
from xingnuo.money.payments.contracts import Way
from xingnuo.services.merchant_collection import queries

__all__ = ["outside", "sandbox_process"]
pytestmark = pytest.mark.promise("1.2.10", "1.3.9")
PLACE = {"latitude": f"{HERE.latitude}", "longitude": f"{HERE.longitude}"}
PICTURES = os.environ.get("XN_PICTURES", "")


def opened(client: Client, one: Keeper) -> Any:
    """Open a shop by the pages."""
    assert client.get("/services/merchant_collection/")["Location"] == "/merchant/"
    assert "看看我这里能不能办" in text(client.get("/merchant/"))
    assert client.post("/merchant/region/", PLACE)["Location"] == "/merchant/"
    form = client.get("/merchant/apply/")
    told = {
        "form": "person", "category": "food", "name": "平阳小吃店", "address": "文一路 1 号",
        "card": str(one.payer.card_id), "agree": queries.AGREEMENT, "key": hidden(form, "key"),
    }  # fmt: skip
    wrong = client.post("/merchant/apply/", told)
    assert wrong.status_code == 422 and "纬度和经度" in text(wrong)
    return client.post("/merchant/apply/", {**told, **PLACE})


def test_a_merchants_day_by_the_pages(outside: Outside) -> None:
    """Region, shop, codes, scan, payment, refund, the day: by forms alone."""
    one = keeper(outside)
    client = browser_of(one.person)
    assert opened(client, one)["Location"] == "/merchant/"
    one.merchant = one.locate()
    assert "收一笔" in text(client.get("/merchant/"))
    form = client.get("/merchant/charge/")
    assert client.post("/merchant/charge/", {"amount": "-1"}).status_code == 422
    made = client.post("/merchant/charge/", {"amount": "１２.５０", "key": hidden(form, "key")})
    picture = client.get(made["Location"] + "picture.svg")
    assert picture["Content-Type"] == "image/svg+xml" and b"<svg" in picture.content
    alice = customer(outside, balance_fen=5_000)
    guest = browser_of(alice.holder.person)
    with cast.transaction():
        code = queries.static_code(one.actor)
    assert code is not None
    bad = guest.post("/scan/", {"code": "https://evil.example/?x=<b>"})
    assert bad.status_code == 422
    to = guest.post("/scan/", {"code": code.url})["Location"]
    page = guest.get(to)
    assert "平阳小吃店" in text(page)
    over = {"amount": "500.01", "key": hidden(page, "key"), **PLACE}
    assert guest.post(to, over).status_code == 403
    paid = guest.post(to, {**over, "amount": "20"})
    assert paid["Location"].startswith("/pay/"), text(paid)
    with cast.transaction():
        number = UUID(paid["Location"].split("/")[2])
        order = payments.payment(alice.holder.actor, payment_id=number)
    alice.pay(order, Way.BALANCE)
    run_jobs(one.subject_id)
    sale = client.get(f"/merchant/sales/{order.id}/")
    told = {"amount": "5", "key": hidden(sale, "key")}
    assert client.post(f"/merchant/sales/{order.id}/", told).status_code == 303
    again = {"amount": "16", "key": hidden(client.get(f"/merchant/sales/{order.id}/"), "key")}
    assert client.post(f"/merchant/sales/{order.id}/", again).status_code in (403, 409, 422)
    for path in ("sales/", "report/", "settlements/", "code/", "close/"):
        assert client.get(f"/merchant/{path}").status_code == 200, path
    assert "14.92" in text(client.get("/merchant/report/"))
    assert client.post("/merchant/close/").status_code == 409


@pytest.mark.console_ok(STATUS)
@pytest.mark.timeout(300)
def test_pages_are_whole(opens: Opens, stack: Stack, outside: Outside) -> None:
    """Every page with a real day on it, in each look: axe, taps, width, one button."""
    one, alice, new = keeper(outside), customer(outside), keeper(outside)
    one.open()
    code = one.charge(8_800)
    waiting = one.charge(1_250)
    sale = pays(alice, code)
    pays(alice, one.static(), amount_fen=2_350)
    one.give_back(sale.id, 1_000)
    one.settled()
    new.locate()
    with cast.transaction():
        wall = queries.static_code(one.actor)
    assert wall is not None
    mine = ("", "code/", "charge/", f"codes/{waiting.id}/", f"codes/{code.id}/", "sales/",
            f"sales/{sale.id}/", "report/", "settlements/", "close/")  # fmt: skip
    visits = {
        one: [f"/merchant/{each}" for each in mine],
        new: ["/merchant/", "/merchant/region/", "/merchant/apply/"],
        alice.holder: ["/merchant/", "/scan/", f"/q/{wall.url.split('/')[-2]}/"],
    }
    wrong = []
    for who, paths in visits.items():
        page = opens()
        walk.agree_to_notice(page, stack.base_url)
        here.enter(page, stack.base_url, browser_of(who.person))
        for look in LOOKS:
            walk.look(page, stack.base_url, look)
            for at, path in enumerate(paths):
                answer = page.goto(stack.base_url + path)
                assert answer is not None and answer.ok, (path, answer)
                wrong += [f"{path} [{look}] {fault}" for fault in faults(page, look)]
                if PICTURES:
                    name = f"{PICTURES}/{len(paths)}-{at:02d}-{look}.png"
                    page.screenshot(path=name, full_page=True)
    assert not wrong, "\n".join(wrong)
