"""A payer scans: what the code says, whether the place fits, and an order, paid as any other.

The payer's place is compared and let go; the payer's record holds whether it fitted.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from xingnuo.kit import clock, jobs
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput, XingnuoError
from xingnuo.money.payments import actions as payments
from xingnuo.money.payments import queries as paid
from xingnuo.money.payments.contracts import (
    AMOUNT_MAX_FEN,
    Order,
    Payee,
    PaymentKind,
    PaymentShown,
)
from xingnuo.money.payments.contracts import RefundShown as PaymentRefund
from xingnuo.people.accounts.contracts import NeedsReverify
from xingnuo.people.antifraud import actions as antifraud
from xingnuo.people.antifraud.contracts import Event, EventKind, Outcome
from xingnuo.services.merchant_collection import _codes as codes
from xingnuo.services.merchant_collection import _places as places
from xingnuo.services.merchant_collection import _rows as rows
from xingnuo.services.merchant_collection._dated import value
from xingnuo.services.merchant_collection._onboard import ensure_permission
from xingnuo.services.merchant_collection.contracts import (
    CodeKind,
    CodeState,
    CodeTaken,
    FarFromShop,
    MerchantState,
    NoSuchCode,
    Offer,
    OwnCode,
    Point,
    StaticLimit,
)
from xingnuo.services.merchant_collection.models import CodeRow, MerchantRow, ScanRow
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, Permit, Strength

PLACE = "payments.place_check"
SOLD, LET_GO, GIVEN = (f"merchant_collection.{name}" for name in ("sold", "unclaim", "given_back"))
ASKED, PAID, ENDED = "asked", "paid", "ended"
NEAR, FAR = "near", "far"
NAME_CHARS_MAX = 30


def offer(actor: Actor, *, code: str) -> Offer:
    """Show what is behind a code: shop and amount. Raises `NoSuchCode`, `OwnCode`."""
    subject_id = rows.who(actor, PLACE)
    row = codes.read(code)
    merchant = _merchant(subject_id, row)
    shop = _shop(merchant)
    session.set_subject(subject_id)
    return Offer(
        kind=CodeKind(row.kind),
        merchant_id=merchant.id,
        shop=shop,
        amount_fen=row.amount_fen,
        expires_at=row.expires_at,
    )


def _merchant(payer_id: UUID, row: CodeRow) -> MerchantRow:
    if row.subject_id == payer_id:
        raise OwnCode
    merchants = MerchantRow.objects.of(row.subject_id)
    merchant: MerchantRow | None = merchants.filter(
        id=row.merchant_id, state=MerchantState.OPEN.value
    ).first()
    if merchant is None:
        raise NoSuchCode
    return merchant


def _shop(merchant: MerchantRow) -> str:
    permit = rows.of_house(merchant.subject_id, rows.COLLECT, (rows.NAME,))
    return gate_queries.plain(permit, rows.NAME, slot=rows.slot(merchant.id)) or "商户"


def _registered(merchant: MerchantRow) -> Point:
    permit = rows.of_house(merchant.subject_id, rows.COLLECT, (rows.ADDRESS,))
    text = gate_queries.plain(permit, rows.ADDRESS, slot=rows.place_slot(merchant.id))
    if text is None:
        raise NoSuchCode  # a shop without its registered place takes nothing
    return places.read(text)


def order(
    actor: Actor, *, code: str, payment_id: UUID, place: Point, amount_fen: int | None = None
) -> PaymentShown:
    """Make the payer's order by a code, once by its id. Its own transactions.

    Raises `NoSuchCode`, `OwnCode`, `CodeTaken`, `StaticLimit`, `FarFromShop`, `NeedsReverify`,
    `BadInput`, or the gate's refusal (no consent, no permission: other ways of paying stay).
    """
    with transaction.atomic(durable=True):
        payer_id = rows.who(actor, PLACE)
        rows.alone(payer_id, "scan")
        ensure_permission(actor, payer_id, PLACE)
        gate.permit(actor, subject_id=payer_id, purpose=PLACE, items=("location",))
        known = ScanRow.objects.of(payer_id).filter(id=payment_id).first()
        if known is not None:
            return paid.payment(actor, payment_id=payment_id)
        row = codes.read(code, hold=True)
        merchant = _merchant(payer_id, row)
        if row.state == CodeState.CLAIMED.value:
            return _claimed(actor, payer_id, row)
        told: dict[str, Any] = {
            "merchant": merchant,
            "shop": _shop(merchant),
            "payment_id": payment_id,
            "amount": _amount(row, amount_fen),
            "metres": places.metres(place, _registered(merchant)),
        }
        stopped = _stopped(actor, **told)
        if stopped is None:
            return _ordered(actor, row=row, **told)
    raise stopped


def _claimed(actor: Actor, payer_id: UUID, row: CodeRow) -> PaymentShown:
    if row.payer_id != payer_id or row.payment_id is None:
        raise CodeTaken
    rows.who(actor, PLACE)
    return paid.payment(actor, payment_id=row.payment_id)


def _amount(row: CodeRow, amount_fen: int | None) -> int:
    if row.amount_fen is not None:
        if amount_fen not in (None, row.amount_fen):
            raise BadInput({"amount": "金额由商家定，不能改"})
        return int(row.amount_fen)
    if type(amount_fen) is not int or not 0 < amount_fen <= AMOUNT_MAX_FEN:
        raise BadInput({"amount": "请填写要付的金额，例如 12.50"})
    return amount_fen


def _stopped(
    actor: Actor,
    *,
    merchant: MerchantRow,
    shop: str,
    payment_id: UUID,
    amount: int,
    metres: float,
) -> XingnuoError | None:
    """Have a scan that is far looked at; what stops it is told after the commit that keeps it."""
    payer_id = rows.who(actor, PLACE)
    if metres <= value("place.near"):
        return None
    decision = antifraud.screen(
        actor,
        subject_id=payer_id,
        event=Event(
            kind=EventKind.PAYMENT,
            amount_fen=amount,
            counterparty=payee_code(merchant),
            counterparty_name=shop,
            place_match=False,
            ref=payment_id,
        ),
    )
    rows.who(actor, PLACE)
    step_up = decision.outcome in (Outcome.ACCEPT, Outcome.STEP_UP)
    if metres > value("place.refused") or not step_up:
        return FarFromShop("far")
    # Whatever the rules in force say of a place, a scan from afar needs the person anew.
    return NeedsReverify() if actor.strength < Strength.REVERIFIED else None


def _ordered(
    actor: Actor,
    *,
    merchant: MerchantRow,
    row: CodeRow,
    shop: str,
    payment_id: UUID,
    amount: int,
    metres: float,
) -> PaymentShown:
    payer_id, is_static = rows.who(actor, PLACE), row.kind == CodeKind.STATIC.value
    if is_static and static_today(payer_id) + amount > value("static.day"):
        raise StaticLimit("day")
    if not is_static:
        session.set_subject(merchant.subject_id)
        codes.claim(row, payer_id=payer_id, payment_id=payment_id)
        session.set_subject(payer_id)
    ScanRow.objects.create(
        id=payment_id,
        subject_id=payer_id,
        merchant_id=merchant.id,
        code_id=row.id,
        is_static=is_static,
        amount_fen=amount,
        place=NEAR if metres <= value("place.near") else FAR,
        state=ASKED,
        made_at=clock.now(),
    )
    asked = Order(
        id=payment_id,
        kind=PaymentKind.PAY,
        service=rows.SERVICE,
        amount_fen=amount,
        payee=Payee(
            id=payee_code(merchant),
            name=shop,
            subject_id=merchant.subject_id,
            account_id=_account(merchant),
        ),
        title=f"付给{shop[:NAME_CHARS_MAX]}",
        ref=payment_id,
        fee_fen=fee_of(merchant, amount),
        expires_at=row.expires_at,
    )
    return payments.create(actor, order=asked)


def _account(merchant: MerchantRow) -> UUID:
    if merchant.account_id is None:
        raise NoSuchCode
    return merchant.account_id


def payee_code(merchant: MerchantRow) -> str:
    """Give the steady mark of a merchant by which a payer confirms and rules count."""
    return f"m.{merchant.id.hex}"


def fee_of(merchant: MerchantRow, amount_fen: int) -> int:
    """Give the fee of an amount in fen, to the nearest."""
    return (amount_fen * merchant.fee_bp + 5_000) // 10_000


def static_today(payer_id: UUID) -> int:
    """Give the fen that a payer paid or is about to pay by static codes on this Beijing day."""
    start = datetime.combine(clock.today(), time(), clock.BEIJING)
    scans = ScanRow.objects.of(payer_id).filter(
        is_static=True, made_at__gte=start, state__in=(ASKED, PAID)
    )
    return int(scans.order_by().aggregate(sum=Sum("amount_fen"))["sum"] or 0)


def settled(permit: Permit, payment: PaymentShown) -> None:
    """Hear that an order was paid, in the payer's booking; the merchant's side is told."""
    scan = _scan(permit, payment)
    if scan.state == PAID:
        return
    scan.state = PAID
    scan.save(update_fields=["state"])
    assert payment.payee_subject is not None and payment.ended_at is not None
    jobs.defer(
        SOLD,
        queue=rows.QUEUE,
        subject_id=payment.payee_subject,
        payment_id=payment.id,
        payer_id=payment.subject_id,
        merchant_id=scan.merchant_id,
        code_id=scan.code_id,
        amount_fen=payment.amount_fen,
        fee_fen=payment.fee_fen,
        paid_ms=int(payment.ended_at.timestamp() * 1_000),
    )


def failed(permit: Permit, payment: PaymentShown) -> None:
    """Hear that an order came to nothing: its code may be paid by another."""
    scan = _scan(permit, payment)
    scan.state = ENDED
    scan.save(update_fields=["state"])
    assert payment.payee_subject is not None
    jobs.defer(
        LET_GO,
        queue=rows.QUEUE,
        subject_id=payment.payee_subject,
        code_id=scan.code_id,
        payment_id=payment.id,
    )


def refunded(permit: Permit, payment: PaymentShown, refund: PaymentRefund) -> None:
    """Hear that a refund has reached the payer; the merchant's side is told."""
    assert payment.payee_subject is not None
    jobs.defer(GIVEN, queue=rows.QUEUE, subject_id=payment.payee_subject, refund_id=refund.id)


def _scan(permit: Permit, payment: PaymentShown) -> ScanRow:
    scan: ScanRow = ScanRow.objects.of(permit.subject_id).select_for_update().get(id=payment.id)
    return scan
