"""Checks of top-ups, public bills and links to third parties."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta

from django.db import transaction

from xingnuo.kit import clock, ids
from xingnuo.money.payments import actions as payments
from xingnuo.money.payments import queries as paid
from xingnuo.money.payments.contracts import Way
from xingnuo.proof import _house as house
from xingnuo.proof import _stage as stage
from xingnuo.proof._register import check
from xingnuo.proof._stage import must, nothing
from xingnuo.proof.checks import cards
from xingnuo.proof.contracts import CheckKind
from xingnuo.services.bill_pay import actions, queries
from xingnuo.services.bill_pay.contracts import (
    ISSUERS,
    OPERATOR,
    LinkReview,
    OrderShown,
    OrderState,
    SamePerson,
)
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import ActorKind

FEN = 7_300
TRIES = 60
_PAID_OVER = ("alipay", "wechat_pay", "unionpay", "settlement_bank")
_TO_OPERATOR = {"topup_phone", "topup_time", "topup_amount"}
_TO_ISSUER = {"bill_account", "bill_name", "bill_address", "bill_amount"}


@check("1.2.13a", kind=CheckKind.STATIC)
def each_party_gets_the_items_of_its_bill() -> None:
    """Phone, time, amount for a top-up; account, name, address, amount for a bill; no more."""
    for compiled in (policy.in_force(), policy.declared()):
        told = set(compiled.recipients[OPERATOR].items)
        must(told == _TO_OPERATOR, "the operator gets something else")
        for issuer in ISSUERS:
            told = set(compiled.recipients[issuer].items)
            must(told == _TO_ISSUER, "an issuer gets something else")


@check("1.2.13a", kind=CheckKind.DYNAMIC)
def a_bill_is_asked_paid_and_receipted() -> None:
    """Asked, paid and receipted against the utility's books; it got account and amount alone."""
    who = _payer()
    asked = {"issuer": ISSUERS[0], "due_fen": FEN}
    number = house.outside("/utility/test/accounts", asked)["account"]
    found = actions.find_bill(who.actor, issuer=ISSUERS[0], number=number)
    must(found.due_fen == FEN and "*" in found.name, "the bill is not shown")
    with transaction.atomic():
        order = actions.pay_bill(
            who.actor, account_id=found.id, bill_no=found.bill_no, amount_fen=FEN
        )
    _pay(who, order)
    actions.send(subject_id=who.subject_id, order_id=order.id)
    after = _ended(who, order)
    books = house.outside("/books/utility.json")["payments"]
    there = sum(line["amount_fen"] for line in books if line["key"] == order.id.hex)
    must(after.state is OrderState.DONE and there == FEN, "the utility did not write it off")
    actions.receipt(subject_id=who.subject_id, order_id=order.id)
    with transaction.atomic():
        actions.keep_record(subject_id=who.subject_id, order_id=order.id)
    with transaction.atomic():
        (record,) = queries.records(who.actor)
    must(bool(record.order.seal) and number[-4:] in record.about, "receipt or record is missing")
    sent = [line for line in stage.lines(who, Kind.SHARE) if line.recipient == ISSUERS[0]]
    must(bool(sent), "what was passed on is not on record")
    nothing(
        [
            item
            for line in sent
            for item in line.items
            if item not in ("bill_account", "bill_amount")
        ],
        "the utility got more",
    )


def _payer() -> stage.Person:
    who, number, phone = cards._holder()
    cards._bound(who, number, phone)
    with transaction.atomic():
        payments.set_payment_password(who.actor, typed=cards.PASSWORD, again=cards.PASSWORD)
    for purpose in ("payments.service", "payments.pay", "bill_pay.records"):
        stage.decide(who, purpose)
    for recipient in _PAID_OVER:
        stage.decide(who, "payments.pay", recipient=recipient)
    for purpose in ("bill_pay.query", "bill_pay.pay"):
        stage.decide(who, purpose)
        stage.decide(who, purpose, recipient=ISSUERS[0])
    return who


def _pay(who: stage.Person, order: OrderShown) -> None:
    must(order.payment_id is not None, "no payment was made of the bill")
    with transaction.atomic():
        payment = paid.payment(who.actor, payment_id=order.payment_id or order.id)
        (card,) = paid.my_cards(who.actor)
        asked = payments.ask_confirmation(
            who.actor, subject_id=who.subject_id, act=payments.act_of_payment(payment)
        )
    yes = payments.confirm(who.actor, challenge_id=asked.id, password=cards.PASSWORD)
    payments.pay(
        who.actor, payment_id=payment.id, confirmation_id=yes.id, way=Way.CARD, card_id=card.id
    )


def _ended(who: stage.Person, order: OrderShown) -> OrderShown:
    for _ in range(TRIES):
        with transaction.atomic():
            now = queries.order(who.actor, order_id=order.id)
        if now.state in (OrderState.DONE, OrderState.REFUNDED):
            break
        actions.ask(subject_id=who.subject_id, number=order.id)
        time.sleep(0.05)
    return now


def _review() -> LinkReview:
    today, day = clock.today(), timedelta(days=1)
    return LinkReview(
        code=f"film-{ids.uuid7().hex[-12:]}", title="电影票", about="选座买票", firm="星幕票务公司",
        url="https://tickets.example/", policy_url="https://tickets.example/privacy",
        qualification="增值电信业务许可", qualified_on=today, qualified_until=today + day,
        safe_on=today, safe_until=today + day, terms_on=today, terms_until=today + day,
    )  # fmt: skip


@check("1.2.13b", kind=CheckKind.DYNAMIC)
def a_link_is_shown_while_its_review_holds() -> None:
    """Unreviewed, by one hand alone or past its day it is not shown; leaving is announced."""
    first = stage.staff(ActorKind.COMPLIANCE)
    second = replace(first, staff_id="staff.second")
    review = _review()
    made = actions.propose_link(first, review=review)
    nothing([one for one in queries.links() if one.id == made.id], "shown before its review")
    try:
        actions.release_link(first, link_id=made.id)
    except SamePerson:
        pass
    else:
        must(False, "released by one hand")
    actions.release_link(second, link_id=made.id)
    browser = house.member().browser()
    must(review.code in browser.get("/life/").html, "a reviewed link is not shown")
    notice = browser.get(f"/life/out/{review.code}/")
    must(review.firm in notice.html and "即将离开" in notice.html, "leaving is not announced")
    actions.withdraw_link(first, link_id=made.id)
    must(browser.get(f"/life/out/{review.code}/").status == 404, "a withdrawn link is shown")
