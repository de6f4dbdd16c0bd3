"""People with money: each did one thing of payments, bills, the change card or a shop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from tests import cast
from tests.money.payments.holders import PASSWORD, holder
from tests.money.payments.payers import Payer, payer
from tests.outside import Outside
from tests.people.identity.residents import CARD as CLEARING
from tests.services.bill_pay.customers import customer as bill_customer
from tests.services.merchant_collection.shops import customer, keeper, pays
from tests.services.wallet_card.owners import owner
from tests.web.test_cards import agreement, prove
from tests.web.test_standing import browser_of
from xingnuo.kit import clock, ids
from xingnuo.money.payments import actions as payments
from xingnuo.services.bill_pay import actions as bills
from xingnuo.services.bill_pay.contracts import LinkReview
from xingnuo.services.wallet_card.contracts import MoveKind
from xingnuo.trust.gate.contracts import Actor, Strength
from xingnuo.trust.policy.contracts import ActorKind


@dataclass(frozen=True, slots=True)
class Scene:
    """A browser signed in as one person, and the pages that this person sees with content.

    `pages` are pairs of a route's name and the address that shows it.
    """

    title: str
    client: Client
    pages: tuple[tuple[str, str], ...]


def scenes(outside: Outside) -> Iterator[Scene]:
    """Make every person in turn."""
    yield _new(outside)
    yield _payer(outside)
    yield _resetting(outside)
    yield from _wallets(outside)
    yield from _shops(outside)
    yield _bills(outside)


def _at(name: str, *args: object) -> tuple[str, str]:
    return name, reverse(name, args=args)


def _new(outside: Outside) -> Scene:
    """Nothing yet: the first step of each room, and a card whose code is on its way."""
    one = holder(outside)
    client = browser_of(one.person)
    first = (
        _at("cards"), _at("card_add"), _at("balance"), _at("bills"), _at("payment_password"),
        _at("auto_debit"), _at("wallet"), _at("merchant"), _at("bill_home"),
        _at("card_check", one.begin().id),
    )  # fmt: skip
    cast.agree(one.person, "payments.password")
    return Scene("new", client, (*first, _at("payment_password_set")))


def _payer(outside: Outside) -> Scene:
    """A card, a balance, an order unpaid, one paid, an agreement signed, a question open."""
    one = payer(outside)
    client = browser_of(one.holder.person)
    prove(client)
    paid = one.top_up(12_340)
    waiting = one.create(one.order(5_000))
    signed = _signed(client, one)
    chosen = client.post(reverse("pay", args=[waiting.id]), {"way": str(one.card_id)})
    assert chosen.status_code == 303, chosen.content[:500]
    asked = "confirm_act", chosen["Location"]
    pages = (
        _at("cards"), _at("card_one", one.card_id), _at("card_unbind", one.card_id),
        _at("payment_password"), _at("auto_debit"), _at("auto_debit_new"), signed,
        _at("balance"), _at("balance_top_up"), _at("balance_withdraw"), _at("balance_transfer"),
        _at("pay", waiting.id), asked, _at("pay_result", paid.id),
        _at("pay_result", waiting.id), _at("bills"), _at("bill", paid.id),
    )  # fmt: skip
    return Scene("payer", client, pages)


def _signed(client: Client, one: Payer) -> tuple[str, str]:
    done = client.post(agreement(client, one.holder), {"password": PASSWORD})
    assert done.status_code == 303, done.content[:500]
    return "auto_debit_one", done["Location"]


def _resetting(outside: Outside) -> Scene:
    """A payment password forgotten: one reset that waits for a way, one for the bank's code."""
    one = payer(outside)
    who = one.holder
    cast.agree(who.person, "payments.reset_password")
    cast.agree(who.person, "payments.reset_password", recipient=CLEARING)
    client = browser_of(who.person)
    prove(client)
    begun = payments.begin_reset(who.actor, number=who.resident.number)
    payments.prove_reset_by_card(who.actor, reset_id=begun.id, card_id=one.card_id, key=ids.uuid7())
    pages = (
        _at("payment_reset"), _at("payment_reset_one", begun.id),
        _at("payment_reset_code", begun.id),
    )  # fmt: skip
    return Scene("reset", client, pages)


def _wallets(outside: Outside) -> Iterator[Scene]:
    """A change card not yet opened, and one with money, a fund and a movement."""
    before, alice = owner(outside), owner(outside)
    client = browser_of(before.holder.person)
    prove(client)
    yield Scene("wallet-new", client, (_at("wallet"), _at("wallet_open")))
    number = ids.uuid7()
    alice.brought(30_050)
    alice.move(MoveKind.BUY_FUND, 10_000, number)
    alice.refresh()
    client = browser_of(alice.holder.person)
    prove(client)
    names = ("wallet", "wallet_move", "wallet_save", "wallet_statement", "wallet_limits")
    pages = (*map(_at, names), _at("wallet_close"), _at("wallet_one", number))
    yield Scene("wallet", client, pages)


def _shops(outside: Outside) -> Iterator[Scene]:
    """A shop with a day behind it, one about to open, and somebody who pays there."""
    one, new, alice = keeper(outside), keeper(outside), customer(outside)
    one.open()
    code, waiting = one.charge(8_800), one.charge(1_250)
    sale = pays(alice, code)
    pays(alice, one.static(), amount_fen=2_350)
    one.give_back(sale.id, 1_000)
    one.settled()
    client = browser_of(one.person)
    prove(client)
    names = ("code", "charge", "sales", "report", "settlements", "card", "close")
    pages = (
        _at("merchant"), *(_at(f"merchant_{name}") for name in names),
        _at("merchant_one_code", waiting.id), _at("merchant_one_code", code.id),
        _at("merchant_sale", sale.id),
    )  # fmt: skip
    yield Scene("shop", client, pages)
    new.locate()
    steps = (_at("merchant"), _at("merchant_region"), _at("merchant_apply"))
    yield Scene("shop-new", browser_of(new.person), steps)
    guest = browser_of(alice.holder.person)
    yield Scene("scanner", guest, (_at("scan"), _at("scan_pay", one.static().text)))


def _bills(outside: Outside) -> Scene:
    """A bill paid with its record kept, an account kept, a top-up without an amount, a link."""
    one = bill_customer(outside)
    order = one.sent(one.bill(7_300))
    bills.receipt(subject_id=one.subject_id, order_id=order.id)
    with cast.transaction():
        bills.keep_record(subject_id=one.subject_id, order_id=order.id)
    number = one.new_bill(issuer="utility_water")
    found = bills.find_bill(one.actor, issuer="utility_water", number=number)
    with cast.transaction():
        bills.save_account(one.actor, account_id=found.id)
    pages = (
        _at("bill_home"), _at("bill_top_up"), _at("bill_amount", one.draft().id),
        _at("bill_find", "utility_power"), _at("bill_account", found.id),
        _at("bill_order", order.id), _at("bill_records"), _at("bill_leave", reviewed_link()),
    )  # fmt: skip
    return Scene("bills", browser_of(one.payer.holder.person), pages)


def reviewed_link() -> str:
    """Have a link proposed and released by two people; gives its code."""
    today, day = clock.today(), timedelta(days=1)
    review = LinkReview(
        code="film-tickets", title="电影票", about="选座、买票，由第三方提供", firm="星幕票务有限公司",
        url="https://tickets.example/", policy_url="https://tickets.example/privacy",
        qualification="增值电信业务许可 B2-20260199", qualified_on=today,
        qualified_until=today + 90 * day, safe_on=today, safe_until=today + 30 * day,
        terms_on=today, terms_until=today + 60 * day,
    )  # fmt: skip
    anna, ben = (
        Actor(kind=ActorKind.COMPLIANCE, staff_id=name, strength=Strength.REVERIFIED)
        for name in ("anna", "ben")
    )
    made = bills.propose_link(anna, review=review)
    bills.release_link(ben, link_id=made.id)
    return review.code
