"""Checks of bank cards, the payment password and confirmations."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction

from xingnuo.kit import ids
from xingnuo.money.payments import actions, queries
from xingnuo.money.payments.contracts import (
    Act,
    CheckState,
    NotConfirmed,
    NotProven,
    OtherThanConfirmed,
    PasswordLocked,
    PasswordWrong,
)
from xingnuo.people.identity import actions as identity
from xingnuo.people.identity.contracts import Rule
from xingnuo.proof import _house as house
from xingnuo.proof import _stage as stage
from xingnuo.proof._register import check
from xingnuo.proof._stage import must, nothing
from xingnuo.proof.checks._catalogue import document_number
from xingnuo.proof.contracts import CheckKind
from xingnuo.trust.gate import actions as standing
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.gate.contracts import Strength
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Form, Tier

NAME, PASSWORD, ANOTHER, WRONG = "欧阳明月", "730295", "482617", "602841"
CLEARING = "card_check"
_ITEMS = ("card_number", "card_reserved_phone")


def _holder() -> tuple[stage.Person, str, str]:
    """Give a person with a confirmed name who agreed to bind cards: with number and phone."""
    who = stage.person(strength=Strength.REVERIFIED, tier=Tier.NONE)
    number, phone = document_number(), f"199{int.from_bytes(ids.random_bytes(4)) % 10**8:08d}"
    told = {"name": NAME, "number": number, "phone": phone}
    house.outside("/authority/test/people", told)
    stage.decide(who, "identity.real_name")
    stage.decide(who, "identity.real_name", recipient="population_service")
    identity.check_name(who.actor, name=NAME, number=number, rule=Rule.RESIDENT, key=ids.uuid7())
    with transaction.atomic():
        standing.set_tier(stage.SYSTEM, subject_id=who.subject_id, tier=Tier.CHECKED, cause="proof")
    for purpose in ("payments.bind_card", "payments.reset_password"):
        stage.decide(who, purpose)
        stage.decide(who, purpose, recipient=CLEARING)
    stage.decide(who, "payments.password")
    return who, number, phone


def _code(phone: str) -> str:
    text = house.outside(f"/sms/inbox.json?phone={phone}")["messages"][0]["text"]
    return next(run for run in _runs(text) if len(run) == 6)


def _runs(text: str) -> list[str]:
    return "".join(one if one.isdigit() else " " for one in text).split()


def _bound(who: stage.Person, number: str, phone: str) -> None:
    told = {"name": NAME, "document_number": number, "phone": phone}
    card = house.outside("/bank/test/cards", told)["card_number"]
    begun = actions.begin_card(who.actor, number=card, phone=phone, key=ids.uuid7())
    must(begun.state is CheckState.CODE, "the bank's code is not waited for")
    with transaction.atomic():
        nothing(queries.my_cards(who.actor), "a card is bound before the bank's word")
    after = actions.confirm_card(who.actor, check_id=begun.id, code=_code(phone))
    must(after.state is CheckState.CONFIRMED, "the right code does not bind")


@check("5.1.2", kind=CheckKind.DYNAMIC)
def bound_and_unbound_under_me() -> None:
    """A card is bound by the bank's word and unbound with its number, under Home, Me."""
    page = house.member().browser().walk("我的", "银行卡")
    must(page.status == 200, "cards are not under Me")
    who, number, phone = _holder()
    _bound(who, number, phone)
    with transaction.atomic():
        (card,) = queries.my_cards(who.actor)
    with transaction.atomic():
        actions.unbind_card(who.actor, card_id=card.id)
    with transaction.atomic():
        nothing(queries.my_cards(who.actor), "the card is still bound")
        held = gate.holds(stage.permit(who, "payments.bind_card", _ITEMS))
    nothing([item for item in held if item in _ITEMS], "the number is kept")


@check("5.1.4", kind=CheckKind.DYNAMIC)
def reset_needs_a_proof() -> None:
    """Under Home, Me, Settings the password is reset, by nobody who is not proven."""
    page = house.member().browser().walk("我的", "设置")
    must("reset-payment-password" in page.link("重置支付密码"), "the reset is not under Settings")
    who, number, phone = _holder()
    _bound(who, number, phone)
    with transaction.atomic():
        actions.set_payment_password(who.actor, typed=PASSWORD, again=PASSWORD)
    begun = actions.begin_reset(who.actor, number=number)
    try:
        with transaction.atomic():
            actions.finish_reset(who.actor, reset_id=begun.id, typed=ANOTHER, again=ANOTHER)
    except NotProven:
        pass
    else:
        must(False, "reset without a proof")
    with transaction.atomic():
        (card,) = queries.my_cards(who.actor)
    asked = actions.prove_reset_by_card(
        who.actor, reset_id=begun.id, card_id=card.id, key=ids.uuid7()
    )
    actions.confirm_card(who.actor, check_id=asked.id, code=_code(phone))
    with transaction.atomic():
        actions.finish_reset(who.actor, reset_id=begun.id, typed=ANOTHER, again=ANOTHER)
    tried = actions.check_payment_password(who.actor, typed=ANOTHER)
    must(tried.outcome.value == "right", "the new password does not fit")


@check("1.2.7b", kind=CheckKind.STATIC)
def of_a_finger_the_result_alone() -> None:
    """Confirming by finger or face is declared to leave a result and nothing more."""
    for compiled in (policy.in_force(), policy.declared()):
        items = compiled.items_of("payments.confirm_biometric")
        must(items, "confirming by device declares nothing")
        nothing(
            [i for i in items if compiled.items[i].form is not Form.RESULT], "more than a result"
        )


@check("1.2.7b", kind=CheckKind.DYNAMIC)
def a_yes_is_to_one_act_and_once() -> None:
    """A yes counts for its amount and payee alone, once; wrong passwords lock."""
    who = stage.person(strength=Strength.REVERIFIED)
    stage.decide(who, "payments.password")
    with transaction.atomic():
        actions.set_payment_password(who.actor, typed=PASSWORD, again=PASSWORD)
    act = Act(kind="pay", amount_fen=100, payee="lender", ref=ids.uuid7())
    with transaction.atomic():
        asked = actions.ask_confirmation(who.actor, subject_id=who.subject_id, act=act)
    yes = actions.confirm(who.actor, challenge_id=asked.id, password=PASSWORD)
    wanted = ((replace(act, amount_fen=101), OtherThanConfirmed), (act, None), (act, NotConfirmed))
    for one, fault in wanted:
        try:
            with transaction.atomic():
                permit = stage.permit(who, "payments.password", ("payment_password",))
                actions.use_confirmation(permit, yes.id, one)
        except (OtherThanConfirmed, NotConfirmed) as raised:
            must(type(raised) is fault, "another refusal")
        else:
            must(fault is None, "a yes moved what it was not to")
    with transaction.atomic():
        asked = actions.ask_confirmation(who.actor, subject_id=who.subject_id, act=act)
    faults = []
    for _ in range(3):
        try:
            actions.confirm(who.actor, challenge_id=asked.id, password=WRONG)
        except (PasswordWrong, PasswordLocked) as raised:
            faults.append(type(raised))
    must(faults == [PasswordWrong, PasswordWrong, PasswordLocked], "wrong tries do not lock")
