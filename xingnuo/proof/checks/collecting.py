"""Checks of merchant collection, and of the place that is compared when a code is scanned."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime, time

from django.db import transaction

from xingnuo.kit import clock, ids, pictures
from xingnuo.money.payments.contracts import PaymentKind, PaymentShown, PaymentState, Way
from xingnuo.people.accounts.contracts import NeedsReverify
from xingnuo.people.identity import actions as identity
from xingnuo.people.identity import queries as known
from xingnuo.people.support import queries as calendar
from xingnuo.proof import _house as house
from xingnuo.proof import _stage as stage
from xingnuo.proof._register import check
from xingnuo.proof._stage import must, nothing
from xingnuo.proof.checks import cards, money
from xingnuo.proof.checks.live import ask
from xingnuo.proof.checks.people import refused
from xingnuo.proof.contracts import CheckKind
from xingnuo.services.merchant_collection import actions, queries
from xingnuo.services.merchant_collection.contracts import (
    CodeShown,
    FarFromShop,
    Form,
    IdentityLacking,
    MerchantShown,
    MerchantState,
    Point,
    RegionNotServed,
    SettlementState,
    Shop,
)
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import queries as held
from xingnuo.trust.gate.contracts import GateRefusal, Reason, Strength
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import ActorKind, Basis

ROOM = "merchant_collection"
REGION, ONBOARD, SETTLE = (f"{ROOM}.{name}" for name in ("region", "onboard", "settle"))
COLLECT, PLACE = f"{ROOM}.collect", "payments.place_check"
VALIDITY, ADDRESS = "2020-01-01/2040-01-01", "浙江省杭州市西湖区文一路 1 号"
HERE = Point(latitude=30.2741, longitude=120.1551)  # Hangzhou
FAR = Point(latitude=30.3200, longitude=120.1551)  # about five kilometres from there
ELSEWHERE = Point(latitude=39.9042, longitude=116.4074)  # Beijing
UNSERVED = Point(latitude=43.8256, longitude=87.6168)  # Ürümqi
FEN, EDGE_PX_MAX = 10_000, 1_024
# purpose → all that it may ask for
_ITEMS = {
    REGION: {"location"},
    ONBOARD: {
        "name", "document_number", "document_photo", "document_validity", "face_image", "phone",
        "enterprise_name", "enterprise_code", "work_address",
    },
    SETTLE: {
        "name", "document_number", "card_number", "card_reserved_phone", "transaction",
        "opening_bank",
    },
    COLLECT: {"enterprise_name", "work_address"},
}  # fmt: skip
# What location is for, by the promise; services to come have declared theirs.
_USES = {
    "loans.region", "wealth.region", REGION, PLACE, "feed.personal", "identity.face_check",
    "antifraud.device_check",
}  # fmt: skip


def _identified(one: money.Payer) -> None:
    """Have the face seen, the law's items given and the document's photos looked at."""
    who = one.who
    for purpose in ("face_check", "supplement", "document_photo", "review"):
        stage.decide(who, f"identity.{purpose}")
    stage.decide(who, "identity.face_check", recipient="face_service")
    face = _photo()
    sent = ids.digest(pictures.clean(face, edge_px_max=EDGE_PX_MAX).content)
    house.outside("/face/test/images", {"sha256": sent, "outcome": "match"})
    seen = identity.check_face(who.actor, image=face, key=ids.uuid7())
    must(seen.is_in_force, "a face that matches does not count")
    told = {
        "sex": "女", "nationality": "中国", "occupation": "个体经营", "phone": one.phone,
        "document_kind": "居民身份证", "document_validity": VALIDITY, "usual_address": ADDRESS,
    }  # fmt: skip
    with transaction.atomic():
        identity.supplement(who.actor, values=told)
    photos = identity.upload_photos(who.actor, front=_photo(), back=_photo(), key=ids.uuid7())
    with transaction.atomic():
        identity.confirm_photos(
            who.actor,
            check_id=photos.id,
            name=cards.NAME,
            number=one.number,
            validity=VALIDITY,
        )
    with transaction.atomic():
        (case,) = [c for c in known.my_cases(who.actor) if c.kind == "document_photo"]
    reviewer = replace(stage.staff(ActorKind.REVIEWER), case_id=case.id)
    with transaction.atomic():
        identity.take(reviewer, case_id=case.id)
    with transaction.atomic():
        identity.decide(reviewer, case_id=case.id, approve=True)


def _photo() -> bytes:
    from PIL import Image  # loaded here, to keep the doors small at rest

    out = io.BytesIO()
    dots = Image.frombytes("L", (16, 10), ids.random_bytes(160))
    dots.resize((640, 400), Image.Resampling.NEAREST).save(out, "JPEG")
    return out.getvalue()


def _agree(who: stage.Person) -> None:
    for purpose in (ONBOARD, COLLECT, SETTLE):
        stage.decide(who, purpose)
    stage.decide(who, SETTLE, recipient="acquirer")


def _shop(one: money.Payer) -> Shop:
    return Shop(
        form=Form.PERSON,
        category="food",
        name="平阳小吃店",
        address=ADDRESS,
        place=HERE,
        card_id=one.card_id,
        agreed_version=queries.AGREEMENT,
    )


def _located(one: money.Payer, place: Point = HERE) -> MerchantShown:
    with transaction.atomic():
        return actions.locate(one.who.actor, place=place)


def _opened() -> tuple[money.Payer, MerchantShown]:
    """Give somebody whose shop is open."""
    one = money.payer()
    stage.allow(one.who, "location")
    stage.decide(one.who, REGION)
    _located(one)
    _identified(one)
    _agree(one.who)
    return one, actions.apply(one.who.actor, shop=_shop(one))


def _customer() -> money.Payer:
    one = money.payer()
    stage.allow(one.who, "location")
    stage.decide(one.who, PLACE)
    return one


def _charged(keeper: money.Payer) -> CodeShown:
    with transaction.atomic():
        return actions.charge(keeper.who.actor, code_id=ids.uuid7(), amount_fen=FEN)


def _scanned(who: stage.Person, code: CodeShown, place: Point = HERE) -> PaymentShown:
    return actions.order(who.actor, code=code.text, payment_id=ids.uuid7(), place=place)


@check("1.2.10", kind=CheckKind.STATIC)
def a_merchant_is_asked_for_what_is_declared() -> None:
    """Region, onboarding, card and showing the name are asked for apart, each for its items."""
    for compiled in (policy.in_force(), policy.declared()):
        for purpose, items in _ITEMS.items():
            one = compiled.purposes[purpose]
            must(set(compiled.items_of(purpose)) == items, f"{purpose} asks for something else")
            must(one.basis is Basis.SEPARATE_CONSENT, f"{purpose} is not asked for by itself")
            must("其他不变" in one.refusal_cost, f"{purpose} costs more than itself")
        must("face_image" in compiled.purposes[ONBOARD].optional, "a face is not left to choose")
        known = compiled.functions[compiled.purposes[REGION].function]
        must(not known.tier, "who cannot be served has to say who they are")


@check("1.2.10", kind=CheckKind.DYNAMIC)
def a_shop_opens_by_region_identity_and_card() -> None:
    """Each is needed, a no closes this alone, and nothing is kept that was not declared."""
    one = money.payer()
    who = one.who
    stage.refused(lambda: _located(one), Reason.PERMISSION_OFF, words="located without location")
    stage.allow(who, "location")
    stage.refused(lambda: _located(one), Reason.NO_CONSENT, words="located without a leave")
    stage.decide(who, REGION)
    with refused(RegionNotServed, "a region that is not served is"):
        _located(one, UNSERVED)
    with transaction.atomic():
        must(queries.merchant(who.actor) is None, "something is kept of who cannot be served")
    must(_located(one).state is MerchantState.LOCATED, "a served region is not")
    with refused(IdentityLacking, "a shop opens for nobody known"):
        actions.apply(who.actor, shop=_shop(one))
    _identified(one)
    with refused(GateRefusal, "a shop opens without a leave"):
        actions.apply(who.actor, shop=_shop(one))
    came = one.moved(PaymentKind.TOP_UP, 1_000, Way.CARD)
    must(came.state is PaymentState.SUCCESS, "a no to collecting closes something else")
    _agree(who)
    must(
        actions.apply(who.actor, shop=_shop(one)).state is MerchantState.OPEN, "the shop stays shut"
    )
    taken = {
        (line.purpose, item)
        for line in stage.lines(who, Kind.COLLECT)
        if line.purpose.startswith(ROOM)
        for item in line.items
    }
    must(taken == {(ONBOARD, "enterprise_name"), (ONBOARD, "work_address")}, "something else is")
    with transaction.atomic():
        kept = held.holds(stage.permit(who, REGION))
    nothing([item for item in kept if kept[item]], "the place is kept")


@check("1.2.10", kind=CheckKind.DYNAMIC)
def a_code_is_paid_and_settled() -> None:
    """Scanned, paid by card and settled on the next working day: to the fen, by the bank's word."""
    keeper, shop = _opened()
    customer, code = _customer(), _charged(keeper)
    paid = customer.pay(_scanned(customer.who, code).id, Way.CARD, card_id=customer.card_id)
    must(paid.state is PaymentState.SUCCESS and paid.ended_at is not None, "the code is not paid")
    assert paid.ended_at is not None
    with transaction.atomic():
        actions.sold(
            subject_id=keeper.who.subject_id,
            payment_id=paid.id,
            payer_id=customer.who.subject_id,
            merchant_id=shop.id,
            code_id=code.id,
            amount_fen=paid.amount_fen,
            fee_fen=paid.fee_fen,
            paid_ms=int(paid.ended_at.timestamp() * 1_000),
        )
    with transaction.atomic():
        must(queries.balance(keeper.who.actor) == FEN - paid.fee_fen, "the shop has another sum")
        day = calendar.workdays().after(clock.today(), 1)
    with clock.shifted(datetime.combine(day, time(10), clock.BEIJING) - clock.now()):
        actions.prepare(subject_id=keeper.who.subject_id, merchant_id=shop.id)
    for _ in range(2):
        actions.ask(subject_id=keeper.who.subject_id, merchant_id=shop.id)
    with transaction.atomic():
        (one,) = queries.settlements(keeper.who.actor)
    must(one.state is SettlementState.DONE, "it is not settled")
    must(one.net_fen == FEN - paid.fee_fen, "another sum is settled")
    entries = house.outside("/books/bank.json")["entries"]
    must(sum(one.id.hex in e.values() for e in entries) == 1, "the bank did not pay it once")
    told = [s for s in stage.lines(keeper.who, Kind.SHARE) if s.recipient == "acquirer"]
    got = {item for line in told for item in line.items}
    must(bool(told) and got <= _ITEMS[SETTLE] - {"transaction"}, "the acquirer got something else")


@check("1.2.10", kind=CheckKind.LIVE)
def every_open_shop_was_asked() -> None:
    """Each shop that opened had its region looked at and its items taken under their leaves."""
    ((count,),) = ask(
        "SELECT count(*) FROM merchant_collection_merchant AS one WHERE one.opened_at IS NOT NULL"
        " AND NOT (EXISTS (SELECT FROM evidence_line AS told WHERE told.kind = 'permit'"
        " AND told.subject_id = one.subject_id AND told.purpose = %s)"
        " AND EXISTS (SELECT FROM evidence_line AS told WHERE told.kind = 'collect'"
        " AND told.subject_id = one.subject_id AND told.purpose = %s))",
        REGION,
        ONBOARD,
        alias="owner",
    )
    must(count == 0, f"{count} shops opened unasked")


@check("1.3.9", kind=CheckKind.STATIC)
def each_use_of_location_is_declared() -> None:
    """Loans, regions, offers, scans and partners' checks name it, wait for it, and lose no more."""
    for compiled in (policy.in_force(), policy.declared()):
        uses = set(compiled.permissions["location"].purposes)
        must(uses == _USES, "location is for something else")
        for use in uses:
            must("location" in compiled.items_of(use), f"{use} does not say what it takes")
        must(compiled.purposes[PLACE].needs_permission, "a scan does not wait for location")
        told = compiled.purposes[PLACE].refusal_cost
        must("其他付款方式照常用" in told, "a no to the place costs more than the scan")
        for recipient in compiled.recipients.values():
            if "location" in recipient.items:
                must(uses & set(recipient.purposes), f"{recipient.id} gets it for nothing declared")


@check("1.3.9", kind=CheckKind.DYNAMIC)
def a_scan_is_held_against_the_registered_place() -> None:
    """Near goes on, far needs the person anew, another city is refused; the place is not kept."""
    keeper, _ = _opened()
    one, code = _customer(), _charged(keeper)
    near = _scanned(one.who, code)
    must(near.state is PaymentState.CREATED, "a scan at the shop is refused")
    weak = one.who.proved(Strength.SIGNED_IN)
    with refused(NeedsReverify, "a scan from afar goes through"):
        _scanned(weak, _charged(keeper), FAR)
    lost = _charged(keeper)
    with refused(FarFromShop, "a scan in another city goes through"):
        _scanned(one.who, lost, ELSEWHERE)
    with transaction.atomic():
        kept = held.holds(stage.permit(one.who, PLACE))
    nothing([item for item in kept if kept[item]], "the place is kept")
    must(_looks(one) == 2, "a scan from afar is not on record")
    nothing(_orders(one, but=near), "an order was made from afar")


def _looks(one: money.Payer) -> int:
    ((count,),) = ask(
        "SELECT count(*) FROM antifraud_decision WHERE subject_id = %s"
        " AND facts->>'place_match' = 'false'",
        one.who.subject_id,
        alias="owner",
    )
    return int(count)


def _orders(one: money.Payer, *, but: PaymentShown) -> list[str]:
    rows = ask("SELECT id, state FROM payments_payment WHERE subject_id = %s", one.who.subject_id)
    return [state for number, state in rows if number != but.id]


@check("1.3.9", kind=CheckKind.DYNAMIC)
def a_no_to_location_closes_the_scan_alone() -> None:
    """Without the permission or the leave no code is paid; other ways of paying go on."""
    keeper, _ = _opened()
    one = money.payer()
    _no(one, _charged(keeper), Reason.PERMISSION_OFF)
    stage.allow(one.who, "location")
    _no(one, _charged(keeper), Reason.NO_CONSENT)
    stage.decide(one.who, PLACE)
    stage.allow(one.who, "location", on=False)
    _no(one, _charged(keeper), Reason.PERMISSION_OFF)
    came = one.moved(PaymentKind.TOP_UP, 500, Way.CARD)
    must(came.state is PaymentState.SUCCESS, "a no to location closes other ways of paying")


def _no(one: money.Payer, code: CodeShown, reason: Reason) -> None:
    try:
        _scanned(one.who, code)
    except GateRefusal as refusal:
        must(refusal.reason is reason, f"refused for {refusal.reason.value}")
    else:
        must(False, "a place is taken that was refused")


@check("1.3.9", kind=CheckKind.LIVE)
def no_scan_without_its_leave() -> None:
    """Each scan on the books stands beside a permit of its payer to compare the place."""
    ((count,),) = ask(
        "SELECT count(*) FROM merchant_collection_scan AS one WHERE NOT EXISTS"
        " (SELECT FROM evidence_line AS told WHERE told.kind = 'permit'"
        " AND told.subject_id = one.subject_id AND told.purpose = %s"
        " AND told.at <= one.made_at + interval '1 minute')",
        PLACE,
        alias="owner",
    )
    must(count == 0, f"{count} scans took a place without a leave")
