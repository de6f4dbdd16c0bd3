"""Checks of the change card: against the bank's own books, to the fen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction

from xingnuo.kit import ids
from xingnuo.money.payments import actions as payments
from xingnuo.money.payments import queries as payment_queries
from xingnuo.money.payments.contracts import CheckState
from xingnuo.people.identity import actions as identity
from xingnuo.people.identity.contracts import Rule
from xingnuo.proof import _house as house
from xingnuo.proof import _stage as stage
from xingnuo.proof._register import check
from xingnuo.proof._stage import must, nothing
from xingnuo.proof.checks._catalogue import document_number
from xingnuo.proof.contracts import CheckKind
from xingnuo.services.wallet_card import actions, queries
from xingnuo.services.wallet_card.contracts import (
    AccountState,
    AssetsShown,
    MoveKind,
    MoveState,
)
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import GateRefusal, Reason, Strength
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Basis, Tier

NAME, PASSWORD = "欧阳明月", "730295"
_MADE_UP = ("wallet_card.open", "wallet_card.use", "wallet_card.show")
_STEPS = (
    (MoveKind.TOP_UP, 50_000),
    (MoveKind.BUY_DEPOSIT, 20_000),
    (MoveKind.BUY_FUND, 10_000),
    (MoveKind.SELL_FUND, 3_000),
    (MoveKind.SPEND, 1_234),
    (MoveKind.WITHDRAW, 766),
)


def _owner() -> tuple[stage.Person, UUID, str]:
    """Give a person with a bound card who agreed to none of it yet, and the document's number."""
    who = stage.person(strength=Strength.REVERIFIED, tier=Tier.NONE)
    number, phone = document_number(), f"199{int.from_bytes(ids.random_bytes(4)) % 10**8:08d}"
    told = {"name": NAME, "number": number, "phone": phone}
    house.outside("/authority/test/people", told)
    for recipient in ("", "population_service"):
        stage.decide(who, "identity.real_name", recipient=recipient)
    identity.check_name(who.actor, name=NAME, number=number, rule=Rule.RESIDENT, key=ids.uuid7())
    with transaction.atomic():
        gate.set_tier(stage.SYSTEM, subject_id=who.subject_id, tier=Tier.PRESENT, cause="proof")
    for recipient in ("", "card_check"):
        stage.decide(who, "payments.bind_card", recipient=recipient)
    told = {"name": NAME, "document_number": number, "phone": phone}
    card = house.outside("/bank/test/cards", told)["card_number"]
    begun = payments.begin_card(who.actor, number=card, phone=phone, key=ids.uuid7())
    text = house.outside(f"/sms/inbox.json?phone={phone}")["messages"][0]["text"]
    runs = "".join(one if one.isdigit() else " " for one in text).split()
    code = next(run for run in runs if len(run) == 6)
    after = payments.confirm_card(who.actor, check_id=begun.id, code=code)
    must(after.state is CheckState.CONFIRMED, "no card is bound")
    for purpose in ("payments.password", "payments.service"):
        stage.decide(who, purpose)
    with transaction.atomic():
        payments.set_payment_password(who.actor, typed=PASSWORD, again=PASSWORD)
    return who, begun.id, phone


def _agree(who: stage.Person, phone: str) -> None:
    for purpose in _MADE_UP[:2]:
        stage.decide(who, purpose)
        stage.decide(who, purpose, recipient="card_bank")
    stage.fill(who, "wallet_card.open", {"phone": phone})


def _moved(who: stage.Person, kind: MoveKind, fen: int) -> None:
    number = ids.uuid7()
    with transaction.atomic():
        asked = actions.ask(who.actor, kind=kind, amount_fen=fen, number=number)
    yes = payments.confirm(who.actor, challenge_id=asked.id, password=PASSWORD)
    done = actions.move(who.actor, kind=kind, amount_fen=fen, number=number, confirmation_id=yes.id)
    must(done.state is MoveState.DONE, f"{kind.value} is not done")


def _theirs(phone: str) -> dict[str, Any]:
    accounts = house.outside("/books/bank.json")["accounts"]
    return next(one for one in accounts if one["phone"] == phone)


def _same(told: AssetsShown | None, theirs: dict[str, Any]) -> bool:
    names = ("cash_fen", "deposit_fen", "fund_fen", "income_fen")
    return told is not None and all(getattr(told, name) == theirs[name] for name in names)


@check("1.2.8", kind=CheckKind.STATIC)
def each_leave_of_the_card_is_its_own() -> None:
    """Opening, using and being shown are asked for apart, and each says what a no costs."""
    for compiled in (policy.in_force(), policy.declared()):
        for purpose in _MADE_UP:
            known = compiled.purposes[purpose]
            must(known.basis is Basis.SEPARATE_CONSENT, f"{purpose} is not asked for by itself")
            must("其他不变" in known.refusal_cost, f"{purpose} costs more than itself")
        items = compiled.items_of("wallet_card.show")
        must({"card_balance", "asset_income", "transaction"} <= set(items), "items are missing")


@check("1.2.8", kind=CheckKind.DYNAMIC)
def the_card_equals_the_bank_to_the_fen() -> None:
    """Opened, moved in every way and fetched: what is shown is what the bank has."""
    who, card, phone = _owner()
    _agree(who, phone)
    account = actions.open_card(who.actor, card_id=card, number=ids.uuid7())
    must(account.state is AccountState.OPEN, "the bank opened no account")
    for kind, fen in _STEPS:
        _moved(who, kind, fen)
    stage.decide(who, "wallet_card.show")
    theirs = _theirs(phone)
    must(_same(actions.refresh(who.actor), theirs), "what is shown is not what the bank has")
    with transaction.atomic():
        month = queries.statement(who.actor, day=account.made_at.date())
        paid = payment_queries.balance(who.actor).available_fen
    must(len(month.moves) == len(_STEPS), "the statement does not list every movement")
    must(paid == dict(_STEPS)[MoveKind.SPEND], "what was spent did not arrive")
    wanted = (29_000 - 10_000 + 2_000, 20_000, 7_000)
    held = (theirs["cash_fen"], theirs["deposit_fen"], theirs["fund_fen"])
    must(held == (wanted[0], *wanted[1:]), "the bank moved something else")


@check("1.2.8", kind=CheckKind.DYNAMIC)
def a_no_to_the_card_closes_the_card_alone() -> None:
    """Without a leave nothing is asked of the bank and nothing shown; the rest goes on."""
    who, card, phone = _owner()

    def opening() -> object:
        return actions.open_card(who.actor, card_id=card, number=ids.uuid7())

    _refused(opening, "an account is opened without a leave")
    accounts = house.outside("/books/bank.json")["accounts"]
    nothing([one for one in accounts if one["phone"] == phone], "the bank was asked")
    with transaction.atomic():
        must(payment_queries.my_cards(who.actor), "a no to the card took another thing away")
    _agree(who, phone)
    must(actions.open_card(who.actor, card_id=card, number=ids.uuid7()).opened_at, "not open")
    _refused(
        lambda: actions.refresh(who.actor),
        "the bank is asked what the person has without their leave",
    )


def _refused(step: Callable[[], object], words: str) -> None:
    """Take a step that opens its own transactions, and must be refused for want of a consent."""
    try:
        step()
    except GateRefusal as refusal:
        must(refusal.reason is Reason.NO_CONSENT, words)
        return
    must(False, words)
