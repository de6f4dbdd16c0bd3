"""Sales and refunds: what a merchant was paid and gave back, each once by the payment's number."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from xingnuo.kit import clock
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput, Conflict
from xingnuo.money.payments import actions as payments
from xingnuo.money.payments.contracts import RefundState
from xingnuo.people.antifraud import actions as antifraud
from xingnuo.people.antifraud.contracts import Direction, Movement, MovementKind, PartyKind
from xingnuo.people.support import queries as support
from xingnuo.services.merchant_collection import _codes as codes
from xingnuo.services.merchant_collection import _rows as rows
from xingnuo.services.merchant_collection import _tell as tell
from xingnuo.services.merchant_collection.contracts import (
    CodeKind,
    CodeState,
    Form,
    MerchantState,
    NoSuchSale,
    OverSale,
    RefundShown,
    Report,
    SaleShown,
)
from xingnuo.services.merchant_collection.models import (
    CodeRow,
    MerchantRow,
    RefundRow,
    SaleRow,
    TurnRow,
)
from xingnuo.trust.gate.contracts import Actor

DONE, ASKED = "done", "asked"
HOURS = 24
LISTED_MAX = 200
_KEPT = (MerchantState.OPEN, MerchantState.SUSPENDED, MerchantState.CLOSED)


def sold(
    *,
    subject_id: UUID,
    payment_id: UUID,
    payer_id: UUID,
    merchant_id: UUID,
    code_id: UUID,
    amount_fen: int,
    fee_fen: int,
    paid_ms: int,
) -> None:
    """Write a paid order down on the merchant's side, once; in the caller's transaction."""
    permit = rows.keeping(subject_id)
    paid_at = datetime.fromtimestamp(paid_ms / 1_000, UTC)
    _, is_new = SaleRow.objects.get_or_create(
        id=payment_id,
        subject_id=subject_id,
        defaults={
            "merchant_id": merchant_id,
            "code_id": code_id,
            "payer_id": payer_id,
            "amount_fen": amount_fen,
            "fee_fen": fee_fen,
            "paid_at": paid_at,
        },
    )
    if not is_new:
        return
    code = CodeRow.objects.of(subject_id).filter(id=code_id).select_for_update().first()
    if code is not None and code.kind == CodeKind.DYNAMIC.value:
        codes.end(code, CodeState.USED)
    merchant = MerchantRow.objects.of(subject_id).get(id=merchant_id)
    antifraud.feed_movement(
        permit,
        movement=Movement(
            kind=MovementKind.PAYMENT,
            amount_fen=amount_fen,
            direction=Direction.IN,
            channel="merchant",
            counterparty_kind=PartyKind.PERSON,
            cross_border=False,
            ref=payment_id,
            at=paid_at,
            customer_kind=_kind(merchant),
        ),
    )
    due(subject_id, merchant_id, clock.beijing(paid_at).date())
    tell.at_days_end(subject_id, paid_at)


def _kind(merchant: MerchantRow) -> PartyKind:
    return PartyKind.ENTITY if merchant.form == Form.ENTERPRISE.value else PartyKind.PERSON


def due(subject_id: UUID, merchant_id: UUID, day: date) -> None:
    """Have a merchant settled with on the first working day after a day."""
    on = support.workdays().after(day, 1)
    turn, _ = TurnRow.objects.select_for_update().get_or_create(
        merchant_id=merchant_id, defaults={"subject_id": subject_id, "settle_on": on}
    )
    if turn.settle_on is None or turn.settle_on > on:
        turn.settle_on = on
        turn.save(update_fields=["settle_on"])


def refund(actor: Actor, *, sale_id: UUID, refund_id: UUID, amount_fen: int) -> RefundShown:
    """Give a part or all of a sale back from the merchant's account, once by its id.

    In the caller's transaction. The fee is not given back. Raises `OverSale`, `BadInput`,
    `Conflict` for the same id with other content, `NotPosted` where the account has not enough.
    """
    if type(amount_fen) is not int or amount_fen <= 0:
        raise BadInput({"amount": "退款金额要大于 0"})
    subject_id = rows.who(actor, rows.COLLECT)
    rows.standing(subject_id, *_KEPT[:2])
    row = _sale(subject_id, sale_id, hold=True)
    known = RefundRow.objects.of(subject_id).filter(id=refund_id).first()
    if known is not None:
        if (known.sale_id, known.amount_fen) != (sale_id, amount_fen):
            raise Conflict("refund")
        return refund_shown(known)
    if row.refunded_fen + amount_fen > row.amount_fen:
        raise OverSale("amount")
    told = payments.refund(
        payments.keeping(row.payer_id),
        payment_id=sale_id,
        refund_id=refund_id,
        amount_fen=amount_fen,
        reason="merchant",
    )
    rows.who(actor, rows.COLLECT)
    is_done = told.state is RefundState.DONE
    row.refunded_fen += amount_fen
    row.save(update_fields=["refunded_fen"])
    made: RefundRow = RefundRow.objects.create(
        id=refund_id,
        subject_id=subject_id,
        sale_id=sale_id,
        amount_fen=amount_fen,
        state=DONE if is_done else ASKED,
        made_at=clock.now(),
        ended_at=clock.now() if is_done else None,
    )
    if is_done:
        tell.refunded(subject_id, refund_id)
    return refund_shown(made)


def given_back(*, subject_id: UUID, refund_id: UUID) -> None:
    """Note that a refund has reached its payer; in the caller's transaction."""
    session.set_subject(subject_id)
    asked = RefundRow.objects.of(subject_id).filter(id=refund_id, state=ASKED)
    if asked.update(state=DONE, ended_at=clock.now()):
        tell.refunded(subject_id, refund_id)


def _sale(subject_id: UUID, sale_id: UUID, *, hold: bool = False) -> SaleRow:
    mine = SaleRow.objects.of(subject_id).filter(id=sale_id)
    row: SaleRow | None = (mine.select_for_update() if hold else mine).first()
    if row is None:
        raise NoSuchSale
    return row


def sale(actor: Actor, *, sale_id: UUID) -> SaleShown:
    """Give one sale of the merchant."""
    return sale_shown(_sale(rows.who(actor, rows.COLLECT), sale_id))


def sales(actor: Actor, *, after: UUID | None = None, limit: int = 20) -> tuple[SaleShown, ...]:
    """Give the merchant's sales, newest first; `after` is the last id of the page before."""
    found = SaleRow.objects.of(rows.who(actor, rows.COLLECT)).order_by("-id")
    if after is not None:
        found = found.filter(id__lt=after)
    return tuple(map(sale_shown, found[: min(limit, LISTED_MAX)]))


def refunds(actor: Actor, *, sale_id: UUID) -> tuple[RefundShown, ...]:
    """Give the refunds of a sale, oldest first."""
    subject_id = rows.who(actor, rows.COLLECT)
    _sale(subject_id, sale_id)
    found = RefundRow.objects.of(subject_id).filter(sale_id=sale_id).order_by("made_at")
    return tuple(map(refund_shown, found))


def report(actor: Actor, *, day: date) -> Report:
    """Give a Beijing day in figures: sales of that day, and refunds made on it."""
    subject_id = rows.who(actor, rows.COLLECT)
    rows.standing(subject_id, *_KEPT)
    start = datetime.combine(day, time(), clock.BEIJING)
    end = start + timedelta(days=1)
    found = SaleRow.objects.of(subject_id).filter(paid_at__gte=start, paid_at__lt=end)
    hours = [0] * HOURS
    gross = fee = count = 0
    for paid_at, amount, cost in found.values_list("paid_at", "amount_fen", "fee_fen"):
        hours[clock.beijing(paid_at).hour] += amount
        gross, fee, count = gross + amount, fee + cost, count + 1
    given = RefundRow.objects.of(subject_id).filter(made_at__gte=start, made_at__lt=end)
    return Report(
        day=day,
        count=count,
        gross_fen=gross,
        fee_fen=fee,
        refund_fen=sum(given.values_list("amount_fen", flat=True)),
        hours=tuple(hours),
        sales=tuple(map(sale_shown, found.order_by("-paid_at")[:LISTED_MAX])),
    )


def sale_shown(row: SaleRow) -> SaleShown:
    """Give a sale as it leaves the room."""
    return SaleShown(
        id=row.id,
        amount_fen=row.amount_fen,
        fee_fen=row.fee_fen,
        refunded_fen=row.refunded_fen,
        settlement_id=row.settlement_id,
        paid_at=row.paid_at,
    )


def refund_shown(row: RefundRow) -> RefundShown:
    """Give a refund as it leaves the room."""
    return RefundShown(
        id=row.id,
        sale_id=row.sale_id,
        amount_fen=row.amount_fen,
        is_done=row.state == DONE,
        made_at=row.made_at,
    )
