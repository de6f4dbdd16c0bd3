"""Checks of real name: tiers, sources, services that wait for them, and minors."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from xingnuo.kit import clock, ids
from xingnuo.people.identity import actions, queries
from xingnuo.people.identity.contracts import (
    Check,
    Ground,
    Inbound,
    Kind,
    Rule,
    SourceLapsed,
    State,
    Verdict,
)
from xingnuo.proof import _house as house
from xingnuo.proof import _stage as stage
from xingnuo.proof._register import check
from xingnuo.proof._stage import must, nothing
from xingnuo.proof.checks._catalogue import document_number
from xingnuo.proof.contracts import CheckKind
from xingnuo.trust.evidence.contracts import Kind as Evidence
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.gate.contracts import Reason, Strength
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import (
    ActorKind,
    Basis,
    Compiled,
    Purpose,
    Tier,
)

NAME, PHONE = "欧阳明月", "13812345678"
SOURCE = "population_service"
# What 1.2.3d closes without a real name, by the functions that offer it; nothing else may wait.
WAITING = {
    "wealth", "credit_cards", "explorer_card", "insurance", "loans", "small_business",
    "payments", "payment_service", "wallet_card", "merchant_collection",
}  # fmt: skip
_BY_WILL = (Basis.CONSENT, Basis.SEPARATE_CONSENT, Basis.CONTRACT)


def _person(*, known: bool = True) -> tuple[stage.Person, str]:
    """Give a person who agreed to be named, and a number that the authority knows as theirs."""
    who = stage.person(strength=Strength.REVERIFIED, tier=Tier.NONE)
    stage.decide(who, "identity.real_name")
    stage.decide(who, "identity.real_name", recipient=SOURCE)
    number = document_number()
    if known:
        told = {"name": NAME, "number": number, "phone": PHONE}
        house.outside("/authority/test/people", told)
    return who, number


def _named(who: stage.Person, number: str, name: str = NAME) -> Check:
    return actions.check_name(
        who.actor, name=name, number=number, rule=Rule.RESIDENT, key=ids.uuid7()
    )


def _tier(who: stage.Person) -> Tier:
    return stage.standing(who).tier


@check("1.2.3a", kind=CheckKind.STATIC)
def every_item_of_real_name_is_asked_for_alone() -> None:
    """Name and number come first; the law's further items and the photos have sheets apart."""
    for compiled in (policy.in_force(), policy.declared()):
        first = compiled.purposes["identity.real_name"]
        must(set(first.items) == {"name", "document_number"}, "more is asked for at first")
        more = set(compiled.items_of("identity.supplement"))
        law = {"sex", "phone", "nationality", "document_kind", "document_validity", "occupation"}
        must(law | {"usual_address", "work_address", "email"} <= more, "items are missing")
        photo = compiled.purposes["identity.document_photo"]
        must(photo.items == ("document_photo",), "photos are asked for with others")
        asked = (first, compiled.purposes["identity.supplement"], photo)
        must(all(one.basis is Basis.SEPARATE_CONSENT for one in asked), "asked without a sheet")


@check("1.2.3a", kind=CheckKind.DYNAMIC)
def a_tier_is_reached_by_its_items_alone() -> None:
    """The right name and number reach the first tier; a wrong name none, and none of it stays."""
    who, number = _person()
    wrong = _named(who, number, "欧阳明日")
    must(wrong.state is State.MISMATCHED and _tier(who) is Tier.NONE, "a wrong name counts")
    with transaction.atomic():
        nothing(gate.holds(stage.permit(who, "identity.real_name")), "what did not match is kept")
    right = _named(who, number)
    must(right.state is State.MATCHED and _tier(who) is Tier.NAMED, "the right name does not")


@check("1.2.3a", kind=CheckKind.DYNAMIC)
def a_missing_item_blocks_its_case_alone() -> None:
    """What the law asks of a merchant is named as lacking there, and nowhere else."""
    who, _ = _person(known=False)
    with transaction.atomic():
        lacking = {f: queries.lacking(who.subject_id, f) for f in policy.in_force().functions}
    must("document_photo" in lacking["merchant_collection"], "no photo is asked of a merchant")
    must("document_photo" not in lacking["loans"], "a loan asks for more than the law")
    must(not lacking["bill_pay"] and not lacking["insurance"], "others are blocked too")


@check("1.2.3a", kind=CheckKind.DYNAMIC)
def a_phone_leaves_the_account_that_lost_it() -> None:
    """The telecoms say whose a number is: it becomes theirs, and the older account's no more."""
    (old, one), (new, other) = _person(), _person()
    phone = f"199{int.from_bytes(ids.random_bytes(4)) % 10**8:08d}"
    for who, number in ((old, one), (new, other)):
        _named(who, number)
        stage.decide(who, "identity.phone_check")
        stage.decide(who, "identity.phone_check", recipient="telecom_check")
    for number, away, who in ((one, other, old), (other, one, new)):
        house.outside("/authority/test/people", {"name": NAME, "number": away, "phone": ""})
        house.outside("/authority/test/people", {"name": NAME, "number": number, "phone": phone})
        found = actions.check_phone(who.actor, phone=phone, key=ids.uuid7())
        must(found.state is State.MATCHED, "the number of who has it is not theirs")
        if who is old:
            other_s = actions.check_phone(new.actor, phone=phone, key=ids.uuid7())
            must(other_s.state is not State.MATCHED, "anybody's number becomes one's own")
    must(not _phones(old), "the older account goes on using the number")
    must(_phones(new) == [phone], "the number is not the person's own")


def _phones(who: stage.Person) -> list[str]:
    with transaction.atomic():
        permit = stage.permit(who, "identity.phone_check", ("phone",))
        return [shown.text for shown in gate.read(permit)]


@check("1.2.3b", kind=CheckKind.DYNAMIC)
def four_elements_and_a_code() -> None:
    """Card, document, name and reserved phone are checked at the bank, and the card is gone."""
    who, number = _person()
    _named(who, number)
    stage.decide(who, "identity.card_check")
    stage.decide(who, "identity.card_check", recipient="card_check")
    told = {"name": NAME, "document_number": number, "phone": PHONE}
    card = house.outside("/bank/test/cards", told)["card_number"]
    begun = actions.begin_card(who.actor, card=card, phone="13987654321", key=ids.uuid7())
    must(begun.state is State.MISMATCHED, "another reserved phone passes")
    begun = actions.begin_card(who.actor, card=card, phone=PHONE, key=ids.uuid7())
    must(begun.state is State.STARTED, "the bank's code is not waited for")
    must(_tier(who) is Tier.NAMED, "the tier rose without the code")
    shares = {item for line in stage.lines(who, Evidence.SHARE) for item in line.items}
    must({"card_number", "card_reserved_phone"} <= shares, "the share is not on record")
    with transaction.atomic():
        actions.give_up(who.actor, check_id=begun.id)
        held = gate.holds(stage.permit(who, "identity.card_check"))
    nothing([item for item in held if item.startswith("card_")], "the card is kept")


@check("1.2.3b", kind=CheckKind.DYNAMIC)
def a_face_is_kept_nowhere_and_forced_on_nobody() -> None:
    """A picture goes out under its own consent; without it video reaches what a face reaches."""
    who, number = _person()
    _named(who, number)
    refused = stage.reason(lambda: actions.ask_video(who.actor, key=ids.uuid7()))
    must(refused is Reason.NO_CONSENT, "a review begins without a yes")
    stage.decide(who, "identity.review")
    with transaction.atomic():
        waiting = actions.ask_video(who.actor, key=ids.uuid7())
    must(waiting.kind is Kind.VIDEO and waiting.state is State.REVIEWING, "no way without a face")


@check("1.2.3c", kind=CheckKind.DYNAMIC)
def a_lapsed_source_is_not_used() -> None:
    """Each check names its source; from the day its audit is over, nothing leaves for it."""
    who, number = _person()
    last = max(one.until for one in queries.sources())
    with clock.frozen(clock.now() + (last - clock.today()) + timedelta(days=2)):
        nothing([one.source for one in queries.sources() if one.is_lawful], "still in use")
        try:
            _named(who, number)
        except SourceLapsed:
            pass
        else:
            must(False, "a source whose audit is over was asked")
    nothing(stage.lines(who, Evidence.SHARE), "something left the house")
    must(_named(who, number).source == SOURCE, "the check does not name its source")


@check("1.2.3c", kind=CheckKind.DYNAMIC)
def a_source_that_contradicts_itself_decides_nothing() -> None:
    """The first answer stands, and the second opens one case for a person."""
    who, number = _person()
    found = _named(who, number, "欧阳明日")
    yes = Verdict(state=State.MATCHED, ground=Ground.CONFIRMED, source=SOURCE)
    for _ in range(2):
        with transaction.atomic():
            after = actions.settle(who.subject_id, found.id, yes)
        must(after is State.MISMATCHED, "a second answer overrules the first")
    must(_tier(who) is Tier.NONE, "a contradicted check counts")
    with transaction.atomic():
        kinds = [case.kind for case in queries.my_cases(who.actor)]
    must(kinds == ["contradiction"], "nobody looks at the contradiction")


@check("1.2.3d", kind=CheckKind.STATIC)
def exactly_these_services_wait() -> None:
    """The functions that need a real name are those of the promise, and no other."""
    for compiled in (policy.in_force(), policy.declared()):
        found = {one.id for one in compiled.functions.values() if one.tier > Tier.NONE}
        nothing(sorted(found ^ WAITING), "other services wait for a real name")


@check("1.2.3d", kind=CheckKind.DYNAMIC)
def without_a_tier_that_service_alone_is_closed() -> None:
    """Below its tier each such service is closed by that reason; everything else is not."""
    compiled = policy.in_force()
    for tier in Tier:
        who = stage.person(tier=tier)
        for purpose in compiled.purposes.values():
            if ActorKind.SELF not in purpose.actors or purpose.basis not in _BY_WILL:
                continue
            found = stage.reason(stage.asks(who, purpose.id, purpose.items or None))
            closed = _tier_of(compiled, purpose) > tier
            must((found is Reason.NO_REAL_NAME) == closed, f"{purpose.id} at tier {tier.value}")


def _tier_of(compiled: Compiled, purpose: Purpose) -> Tier:
    return compiled.functions[purpose.function].tier


@check("1.4.1", kind=CheckKind.DYNAMIC)
def unasked_items_of_others_are_rejected() -> None:
    """What a source sends without an authorisation is kept nowhere, and is on record."""
    who, _ = _person(known=False)
    sent = {"nationality": "中国", "income": "90000"}
    took = _inbound(who, sent)
    must(not took.accepted, "an item came in without an authorisation")
    refused = [x for x in stage.lines(who, Evidence.REFUSAL) if x.recipient == SOURCE]
    must(len(refused) == len(sent), "the rejection is not on record")
    stage.decide(who, "identity.supplement")
    took = _inbound(who, sent)
    must(took.accepted == ("nationality",), "the authorisation does not count, or counts for more")
    must(stage.shown(who).get("nationality") == "中国", "what was taken is not there")


def _inbound(who: stage.Person, items: dict[str, str]) -> Inbound:
    return actions.accept_inbound(
        stage.SYSTEM, subject_id=who.subject_id, source=SOURCE, items=items
    )
