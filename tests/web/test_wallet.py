"""首页 › 零钱卡: opened, moved, seen, closed by its pages; a no closes this card alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests import cast
from tests.money.payments.holders import PASSWORD
from tests.outside import Outside
from tests.people.conftest import outside, sandbox_process
from tests.services.wallet_card.owners import Owner, owner
from tests.web.test_cards import hidden, prove, text
from tests.web.test_standing import browser_of
from xingnuo.kit import ids

__all__ = ["outside", "sandbox_process"]
pytestmark = pytest.mark.promise("1.2.8")


def send(client: Client, path: str, **told: str) -> Any:
    """Fill a form and send it."""
    form = client.get(path)
    assert form.status_code == 200, (path, form.status_code, form.headers)
    return client.post(path, {"key": hidden(form, "key"), **told})


def opened(outside: Outside) -> tuple[Owner, Client]:
    """Give a person who opened the card by its pages."""
    alice = owner(outside)
    client = browser_of(alice.holder.person)
    assert client.get("/services/wallet_card/")["Location"] == "/wallet-card/"
    assert "开一张零钱卡" in text(client.get("/wallet-card/"))
    assert client.get("/wallet-card/open/")["Location"].startswith("/reverify/")
    prove(client)
    done = send(client, "/wallet-card/open/", card=str(alice.card_id))
    assert (done.status_code, done["Location"]) == (303, "/wallet-card/"), text(done)
    return alice, client


def moved(client: Client, path: str, kind: str, amount: str) -> str:
    """Move money by the pages, and give the page of the movement."""
    asked = send(client, path, kind=kind, amount=amount)
    assert asked.status_code == 303, text(asked)
    assert amount in text(client.get(asked["Location"]))
    done = client.post(asked["Location"], {"password": PASSWORD})
    assert done.status_code == 303, text(done)
    return text(client.get(done["Location"]))


def test_a_card_lives_by_its_pages(outside: Outside) -> None:
    """Opened, topped up, saved, spent, sold, withdrawn, closed: each step confirmed and shown."""
    alice, client = opened(outside)
    assert "还没有取过余额" in text(client.get("/wallet-card/"))
    assert "已完成" in moved(client, "/wallet-card/move/", "top_up", "300.50")
    assert "已完成" in moved(client, "/wallet-card/save/", "buy_fund", "100.00")
    assert "已完成" in moved(client, "/wallet-card/move/", "spend", "0.50")
    assert client.post("/wallet-card/refresh/").status_code == 303
    shown = text(client.get("/wallet-card/"))
    assert "200.00" in shown and "100.00" in shown and "信和银行在" in shown
    listed = text(client.get("/wallet-card/statement/"))
    assert "300.50" in listed and "买入基金" in listed
    assert "没有记录" in text(client.get("/wallet-card/statement/?month=2025-01"))
    assert "9,999.50" in text(client.get("/wallet-card/limits/"))
    stays = send(client, "/wallet-card/close/")
    assert stays.status_code == 409 and "还有钱" in text(stays)
    moved(client, "/wallet-card/save/", "sell_fund", "100.00")
    moved(client, "/wallet-card/move/", "withdraw", "300.00")
    assert send(client, "/wallet-card/close/")["Location"] == "/wallet-card/"
    assert "已销户" in text(client.get("/wallet-card/"))
    assert alice.agree()


@pytest.mark.parametrize("amount", ["-1", "0", "0.001", "9" * 15, "", "一百"])
def test_a_wrong_amount_is_refused_beside_its_field(outside: Outside, amount: str) -> None:
    """Nothing is asked for what is no amount; the page says what to change."""
    _, client = opened(outside)
    answer = send(client, "/wallet-card/move/", kind="top_up", amount=amount)
    assert answer.status_code == 422 and 'id="id_amount"' in text(answer)


def test_card_4_a_no_closes_this_card_alone(outside: Outside) -> None:
    """Without a leave the bank is not asked, nothing is shown, and all else stays as it was."""
    alice = owner(outside, agreed=False)
    client = browser_of(alice.holder.person)
    prove(client)
    there = client.get("/wallet-card/open/")
    assert there["Location"].startswith("/consent/wallet_card.open/")
    for path in ("/", "/me/", "/me/cards/", "/me/settings/"):
        assert client.get(path).status_code == 200
    for purpose in ("wallet_card.open", "wallet_card.use"):
        cast.agree(alice.holder.person, purpose)
        cast.agree(alice.holder.person, purpose, recipient="card_bank")
    cast.fill(alice.holder.person, "wallet_card.open", {"phone": alice.holder.resident.phone})
    assert send(client, "/wallet-card/open/", card=str(alice.card_id)).status_code == 303
    assert "余额没有显示" in text(client.get("/wallet-card/"))
    assert client.post("/wallet-card/refresh/")["Location"].startswith("/consent/wallet_card.show")
    assert client.get("/wallet-card/statement/")["Location"].startswith("/consent/")
    assert "已完成" in moved(client, "/wallet-card/move/", "top_up", "1.00")


def test_a_stranger_finds_nothing(outside: Outside) -> None:
    """Another's movement and a missing one look the same; who is nobody signs in first."""
    alice, _ = opened(outside)
    number = ids.uuid7()
    from xingnuo.services.wallet_card.contracts import MoveKind

    alice.move(MoveKind.TOP_UP, 100, number)
    charlie = browser_of(cast.make_person())
    theirs = charlie.get(f"/wallet-card/moves/{number}/")
    missing = charlie.get(f"/wallet-card/moves/{ids.uuid7()}/")
    assert theirs.status_code == missing.status_code == 404
    assert Client().get("/wallet-card/").status_code in (302, 303)
