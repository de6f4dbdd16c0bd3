"""Onboarding: the region first, then who it is, the shop, the card, the check, and open or not."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock, ids
from xingnuo.kit.errors import BadInput
from xingnuo.money.ledger import actions as ledger
from xingnuo.money.ledger import queries as books
from xingnuo.money.payments import queries as payments
from xingnuo.people.accounts.contracts import NeedsReverify
from xingnuo.people.antifraud import actions as antifraud
from xingnuo.people.antifraud.contracts import Event, EventKind, Outcome
from xingnuo.people.identity import queries as identity
from xingnuo.people.identity.contracts import Kind
from xingnuo.services.merchant_collection import _cases as cases
from xingnuo.services.merchant_collection import _codes as codes
from xingnuo.services.merchant_collection import _places as places
from xingnuo.services.merchant_collection import _rows as rows
from xingnuo.services.merchant_collection import _tell as tell
from xingnuo.services.merchant_collection._dated import AGREEMENT, CATEGORIES, value
from xingnuo.services.merchant_collection.contracts import (
    UNDER_WAY,
    CardOfSettlement,
    CaseKind,
    CodeKind,
    ForbiddenMerchantStep,
    Form,
    IdentityLacking,
    MerchantShown,
    MerchantState,
    Point,
    RegionNotServed,
    Shop,
    StillMoney,
)
from xingnuo.services.merchant_collection.models import CaseRow, MerchantRow, SettlementRow
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Reason, Strength
from xingnuo.trust.policy.contracts import Tier

ACCOUNT = "merchant"
CARD_FROM = ("card_number",)


def locate(actor: Actor, *, place: Point) -> MerchantShown:
    """Say whether the place of this moment is served, and keep the region alone if it is.

    Runs in the caller's transaction. Raises `RegionNotServed`, or the gate's refusal: without
    location this function alone is closed.
    """
    subject_id = rows.who(actor, rows.REGION)
    ensure_permission(actor, subject_id, rows.REGION)
    gate.permit(actor, subject_id=subject_id, purpose=rows.REGION, items=("location",))
    region = places.region_of(place)
    if region is None:
        raise RegionNotServed
    rows.alone(subject_id, "merchant")
    known = rows.living(subject_id, hold=True)
    if known is None:
        known = MerchantRow.objects.create(
            subject_id=subject_id,
            state=MerchantState.LOCATED.value,
            region=region.code,
            located_at=clock.now(),
        )
    elif known.state == MerchantState.LOCATED.value:
        known.region, known.located_at = region.code, clock.now()
        known.save()
    return rows.shown(known)


def ensure_permission(actor: Actor, subject_id: UUID, purpose: str) -> None:
    """Refuse a place that the person did not let the device give."""
    if "location" not in gate_queries.standing(subject_id).permissions_on:
        raise GateRefusal(
            Reason.PERMISSION_OFF,
            purpose=purpose,
            items=("location",),
            subject_id=subject_id,
            actor=actor,
            message="没有打开位置，这项功能用不了，其他功能照常用。",
            remedy="需要时到 权限管理 › 获取位置 打开。",
        )


def lacking(actor: Actor) -> tuple[str, ...]:
    """Name what the identity room does not have yet: presence, photos, validity, supplement."""
    subject_id = rows.who(actor)
    known = identity.status(actor)
    found = []
    if known.tier < Tier.PRESENT:
        found.append("presence")
    photos = known.in_force(Kind.DOCUMENT_PHOTO)
    if photos is None:
        found.append("photos")
    elif photos.valid_until is not None and photos.valid_until <= clock.now():
        found.append("validity")
    # What the law asks of a merchant besides; the identity room alone takes and keeps it.
    if set(identity.lacking(subject_id, rows.SERVICE)) - {"document_photo"}:
        found.append("supplement")
    rows.who(actor)
    return tuple(found)


def apply(actor: Actor, *, shop: Shop) -> MerchantShown:
    """Take the shop, have it looked at, and open it or lead it to staff. Its own transactions.

    Raises `BadInput`, `IdentityLacking`, `CardOfSettlement`, `NeedsReverify`,
    `ForbiddenMerchantStep`, or the gate's refusal.
    """
    with transaction.atomic(durable=True):
        subject_id = rows.who(actor)
        rows.alone(subject_id, "merchant")
        row = rows.standing(subject_id, MerchantState.LOCATED, hold=True)
        _ensure(actor, row, shop)
        outcome = antifraud.screen(
            actor,
            subject_id=subject_id,
            event=Event(kind=EventKind.IDENTITY, counterparty_name=shop.name, ref=row.id),
        ).outcome
        rows.who(actor)
        if outcome is not Outcome.STEP_UP or actor.strength >= Strength.REVERIFIED:
            return _applied(actor, row, shop, outcome)
    raise NeedsReverify


def _ensure(actor: Actor, row: MerchantRow, shop: Shop) -> None:
    wrong = {}
    if shop.category not in CATEGORIES:
        wrong["category"] = "请选一个类别"
    if shop.form is Form.ENTERPRISE and not shop.enterprise_code:
        wrong["enterprise_code"] = "企业商户请填写统一社会信用代码"
    region = places.region_of(shop.place)
    if region is None or region.code != row.region:
        wrong["place"] = "店铺位置不在已确认的地区里"
    if shop.agreed_version != AGREEMENT:
        wrong["agree"] = "请先阅读并同意收款服务协议"
    if wrong:
        raise BadInput(wrong)
    if missing := lacking(actor):
        raise IdentityLacking(",".join(missing))
    _ensure_card(actor, shop.card_id)


def _ensure_card(actor: Actor, card_id: UUID) -> None:
    if card_id not in {card.id for card in payments.my_cards(actor)}:
        raise CardOfSettlement("card")
    gate.permit(actor, subject_id=rows.who(actor), purpose=rows.SETTLE, items=CARD_FROM)


def _applied(actor: Actor, row: MerchantRow, shop: Shop, outcome: Outcome) -> MerchantShown:
    row.form, row.category, row.card_id = shop.form.value, shop.category, shop.card_id
    row.fee_bp = value(f"fee.{shop.form.value}")
    row.agreed_version, row.applied_at = shop.agreed_version, clock.now()
    if outcome is Outcome.REFUSE:
        rows.move(row, MerchantState.REFUSED, ground="screened")
        return rows.shown(row)
    told = {rows.NAME: shop.name, rows.ADDRESS: shop.address}
    if shop.form is Form.ENTERPRISE:
        told[rows.CODE] = shop.enterprise_code
    permit = gate.permit(actor, subject_id=row.subject_id, purpose=rows.ONBOARD, items=tuple(told))
    gate.collect(permit, told, slot=rows.slot(row.id))
    place = {rows.ADDRESS: places.written(shop.place)}
    gate.collect(permit, place, slot=rows.place_slot(row.id))
    # The shop's name is shown to payers by this consent; without it nothing opens.
    gate.permit(actor, subject_id=row.subject_id, purpose=rows.COLLECT)
    first_looked_at = (
        outcome is Outcome.REVIEW or shop.form is Form.ENTERPRISE or CATEGORIES[shop.category][1]
    )
    if first_looked_at:
        rows.move(row, MerchantState.REVIEWING)
        cases.open_case(CaseKind.REVIEW, subject_id=row.subject_id, ref=row.id)
    else:
        _open(row)
    return rows.shown(row)


def _open(row: MerchantRow) -> None:
    permit = rows.keeping(row.subject_id)
    row.account_id = ledger.open_account(permit, kind=ACCOUNT)
    row.opened_at = clock.now()
    rows.move(row, MerchantState.OPEN)
    codes.make(row, CodeKind.STATIC, code_id=ids.uuid7())


def decide(actor: Actor, *, case_id: UUID, approve: bool, ground: str = "") -> None:
    """Decide a case that one took; a no to a shop names its ground. In the caller's transaction."""
    _decided(actor, cases.held(actor, case_id), approve=approve, ground=ground)


def release(actor: Actor, *, case_id: UUID, approve: bool, ground: str = "") -> None:
    """Carry out, as a second person, what whoever took the case proposed; raises `SameHand`."""
    _decided(actor, cases.of_another(actor, case_id), approve=approve, ground=ground)


def _decided(actor: Actor, case: CaseRow, *, approve: bool, ground: str) -> None:
    if case.kind == CaseKind.REVIEW.value:
        if not approve and not ground:
            raise BadInput({"ground": "请写明理由"})
        cases.entered(actor, case)
        row = rows.standing(
            case.subject_id, MerchantState.REVIEWING, hold=True, merchant_id=case.ref
        )
        if approve:
            _open(row)
        else:
            rows.move(row, MerchantState.REFUSED, ground=ground[:24])
        tell.reviewed(row.subject_id, row.id, is_open=approve)
    cases.close(case, approve=approve, ground=ground)


def change_card(actor: Actor, *, card_id: UUID) -> None:
    """Settle to another bound card of the same person from now on. Needs a fresh proof."""
    subject_id = rows.who(actor, rows.SETTLE)
    if actor.strength < Strength.REVERIFIED:
        raise NeedsReverify
    row = rows.standing(subject_id, MerchantState.OPEN, MerchantState.SUSPENDED, hold=True)
    _ensure_card(actor, card_id)
    rows.who(actor)
    row.card_id = card_id
    row.save(update_fields=["card_id"])


def suspend(subject_id: UUID, *, ground: str) -> int:
    """Stop a merchant from taking payments; gives how many stopped. The subject is set."""
    row = rows.living(subject_id, hold=True)
    if row is None or row.state != MerchantState.OPEN.value:
        return 0
    codes.revoke_all(subject_id)
    rows.move(row, MerchantState.SUSPENDED, ground=ground)
    return 1


def resume(actor: Actor) -> MerchantShown:
    """Open again what the person's own no had stopped, once every consent stands again."""
    subject_id = rows.who(actor)
    row = rows.standing(subject_id, MerchantState.SUSPENDED, hold=True)
    if row.ground != "consent":
        raise ForbiddenMerchantStep("suspended")
    for purpose, items in (
        (rows.ONBOARD, (rows.NAME, rows.ADDRESS)),
        (rows.COLLECT, (rows.NAME, rows.ADDRESS)),
        (rows.SETTLE, CARD_FROM),
    ):
        gate.permit(actor, subject_id=subject_id, purpose=purpose, items=items)
    rows.move(row, MerchantState.OPEN)
    codes.make(row, CodeKind.STATIC, code_id=ids.uuid7())
    return rows.shown(row)


def close(actor: Actor) -> MerchantShown:
    """Close the merchant once nothing is on its account; raises `StillMoney`."""
    subject_id = rows.who(actor)
    rows.alone(subject_id, "merchant")
    row = rows.living(subject_id, hold=True)
    if row is None:
        raise ForbiddenMerchantStep("none")
    if row.account_id is not None:
        if under_way(row) or balance_of(row) != 0:
            raise StillMoney
        # The account in the books stays: an order that is still being paid must find its payee,
        # and what it brings is settled like any other.
        codes.revoke_all(subject_id)
    rows.move(row, MerchantState.CLOSED)
    return rows.shown(row)


def under_way(row: MerchantRow) -> bool:
    """Say whether a settlement of the merchant has no end yet."""
    open_ones = [state.value for state in UNDER_WAY]
    mine = SettlementRow.objects.of(row.subject_id)
    return mine.filter(merchant_id=row.id, state__in=open_ones).exists()


def balance_of(row: MerchantRow) -> int:
    """Give what stands on the merchant's account, in fen."""
    if row.account_id is None:
        return 0
    return books.balance(rows.keeping(row.subject_id), row.account_id).posted_fen
