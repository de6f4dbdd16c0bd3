"""Settlement, T+1: what is due is held, its number kept, then sent; only the bank's word ends it.

Each step is a commit of its own. Whoever dies between two leaves a state from which the jobs go on:
what was prepared is sent, what was sent is asked about, by the same number always.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet, Sum

from xingnuo.kit import clock, ids, jobs
from xingnuo.kit.db import session
from xingnuo.kit.errors import NotFound
from xingnuo.money.ledger import actions as ledger
from xingnuo.money.ledger.contracts import End, Hold, HoldEnd, HouseKind, house
from xingnuo.money.payments import queries as payments
from xingnuo.partners.bank import client as bank
from xingnuo.partners.bank.contracts import MoneyAnswer, MoneyOutcome
from xingnuo.people.support import queries as support
from xingnuo.services.merchant_collection import _cases as cases
from xingnuo.services.merchant_collection import _rows as rows
from xingnuo.services.merchant_collection import _sales as sales
from xingnuo.services.merchant_collection import _tell as tell
from xingnuo.services.merchant_collection.contracts import (
    UNDER_WAY,
    CaseKind,
    SettlementShown,
    SettlementState,
)
from xingnuo.services.merchant_collection.models import (
    MerchantRow,
    RefundRow,
    SaleRow,
    SettlementRow,
    TurnRow,
)
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Permit
from xingnuo.trust.sharing import actions as sharing
from xingnuo.trust.sharing.contracts import Parcel

RECIPIENT = "acquirer"
SENT = ("name", "card_number")
TEXT = "收款结算"
# Held until the bank has spoken, however long that takes.
HELD_FOR = timedelta(days=3650)
FIRST_ASK = timedelta(seconds=30)
_STOPPED_WAIT = timedelta(hours=6)
AT_ONCE_MAX = 500
_S = SettlementState
_UNDER_WAY = [state.value for state in UNDER_WAY]


def settle_due() -> int:
    """Settle with every merchant whose turn has come; gives how many. Its own transactions."""
    today = clock.today()
    with transaction.atomic():
        if not support.workdays().is_working(today):
            return 0
        due = TurnRow.objects.filter(settle_on__lte=today).order_by("settle_on")
        turns = list(due.values_list("subject_id", "merchant_id")[:AT_ONCE_MAX])
    done = 0
    for subject_id, merchant_id in turns:
        settlement_id = prepare(subject_id=subject_id, merchant_id=merchant_id)
        rows.pause("after_prepare")
        if settlement_id is not None:
            send(subject_id=subject_id, settlement_id=settlement_id)
            done += 1
    return done


def prepare(*, subject_id: UUID, merchant_id: UUID) -> UUID | None:
    """Hold what is due and write its number down; None where nothing is, or one is under way."""
    with transaction.atomic(durable=True):
        permit = rows.keeping(subject_id)
        merchant = _merchant(subject_id, merchant_id)
        turn = TurnRow.objects.select_for_update().get(merchant_id=merchant_id)
        if _open(subject_id, merchant_id) is not None:
            return None
        today = clock.today()
        taken, given = _due(merchant, today)
        sums = taken.order_by().aggregate(gross=Sum("amount_fen"), fee=Sum("fee_fen"))
        gross, fee = int(sums["gross"] or 0), int(sums["fee"] or 0)
        back = int(given.order_by().aggregate(sum=Sum("amount_fen"))["sum"] or 0)
        turn.settle_on = None
        if gross - fee - back <= 0 or merchant.card_id is None or merchant.account_id is None:
            # What was given back is taken from the sales to come.
            turn.settle_on = support.workdays().after(today, 1) if gross or back else None
            turn.save(update_fields=["settle_on"])
            return None
        made: SettlementRow = SettlementRow.objects.create(
            id=ids.uuid7(),
            subject_id=subject_id,
            merchant_id=merchant_id,
            card_id=merchant.card_id,
            until_on=today,
            state=_S.PREPARED.value,
            gross_fen=gross,
            fee_fen=fee,
            refund_fen=back,
            net_fen=gross - fee - back,
            made_at=clock.now(),
        )
        taken.update(settlement_id=made.id)
        given.update(settlement_id=made.id)
        if SaleRow.objects.of(subject_id).filter(settlement_id__isnull=True).exists():
            turn.settle_on = support.workdays().after(today, 1)
        turn.ask_at = clock.now() + FIRST_ASK
        turn.save(update_fields=["settle_on", "ask_at"])
        _hold(permit, made, merchant.account_id)
        return made.id


def _hold(permit: Permit, made: SettlementRow, account_id: UUID) -> None:
    hold = Hold(
        id=_leg(made.id, "hold"),
        subject_id=made.subject_id,
        from_id=account_id,
        to_id=house(HouseKind.BANK_FLOAT),
        amount_fen=made.net_fen,
        expires_at=clock.now() + HELD_FOR,
        kind="merchant.settle",
        ref_type="settlement",
        ref_id=made.id,
    )
    ledger.done(ledger.place(permit, [hold]))


def _due(merchant: MerchantRow, today: date) -> tuple[QuerySet[SaleRow], QuerySet[RefundRow]]:
    before = datetime.combine(today, time(), clock.BEIJING)
    open_sales = SaleRow.objects.of(merchant.subject_id).filter(
        merchant_id=merchant.id, settlement_id__isnull=True, paid_at__lt=before
    )
    mine = SaleRow.objects.of(merchant.subject_id).filter(merchant_id=merchant.id)
    given = RefundRow.objects.of(merchant.subject_id).filter(
        settlement_id__isnull=True, sale_id__in=mine.order_by().values("id")
    )
    return open_sales, given


def _leg(settlement_id: UUID, name: str) -> UUID:
    return ids.derived(settlement_id.bytes + name.encode())


def _merchant(subject_id: UUID, merchant_id: UUID) -> MerchantRow:
    merchants = MerchantRow.objects.of(subject_id).filter(id=merchant_id)
    row: MerchantRow | None = merchants.select_for_update().first()
    if row is None:
        raise NotFound("merchant")
    return row


def _open(subject_id: UUID, merchant_id: UUID) -> SettlementRow | None:
    mine = SettlementRow.objects.of(subject_id).filter(merchant_id=merchant_id)
    row: SettlementRow | None = mine.filter(state__in=_UNDER_WAY).first()
    return row


def send(*, subject_id: UUID, settlement_id: UUID) -> SettlementState:
    """Mark a settlement as sent, send it, and take the answer. Its own transactions."""
    parcel = _packed(subject_id, settlement_id)
    if parcel is None:
        return _state(subject_id, settlement_id)
    rows.pause("after_sent")
    row = _row(subject_id, settlement_id)
    answer = bank.pay_out(parcel, amount_fen=row.net_fen, text=TEXT, key=row.id.hex)
    rows.pause("after_send")
    return take(subject_id=subject_id, settlement_id=settlement_id, answer=answer, is_first=True)


def _packed(subject_id: UUID, settlement_id: UUID) -> Parcel | None:
    """Mark as sent and pack name and card for the acquirer; None where the gate says no."""
    try:
        with transaction.atomic(durable=True):
            permit = gate.permit(
                rows.HOUSE,
                subject_id=subject_id,
                purpose=rows.SETTLE,
                items=SENT,
                recipient=RECIPIENT,
            )
            row = _held(subject_id, settlement_id)
            if row.state not in _UNDER_WAY:
                return None
            if row.state == _S.PREPARED.value:
                rows.move_settlement(row, _S.SENT)
            _ask_again(row)
            card = {"card_number": payments.card_slot(row.card_id)}
            return sharing.pack(permit, SENT, slots=card)
    except GateRefusal as refusal:
        gate.refused(refusal)
        _stopped(subject_id, settlement_id, refusal)
        return None


def _stopped(subject_id: UUID, settlement_id: UUID, refusal: GateRefusal) -> None:
    with transaction.atomic(durable=True):
        session.set_subject(subject_id)
        row = _held(subject_id, settlement_id)
        ref, ground = row.id, refusal.reason.value
        cases.open_case(CaseKind.STOPPED, subject_id=subject_id, ref=ref, ground=ground)
        wait = clock.now() + _STOPPED_WAIT
        TurnRow.objects.filter(merchant_id=row.merchant_id).update(ask_at=wait)


def take(
    *, subject_id: UUID, settlement_id: UUID, answer: MoneyAnswer, is_first: bool = False
) -> SettlementState:
    """Take the bank's word as proof: it pays once, gives the money back once, or stays unknown."""
    with transaction.atomic(durable=True):
        rows.keeping(subject_id)
        row = _held(subject_id, settlement_id)
        if row.state not in _UNDER_WAY:
            return _S(row.state)
        no = {MoneyOutcome.DECLINED} | ({MoneyOutcome.REFUSED} if is_first else set())
        if answer.outcome is MoneyOutcome.DONE and answer.amount_fen == row.net_fen:
            row.reference = answer.reference[:64]
            _end(row, _S.DONE)
        elif answer.outcome is MoneyOutcome.DONE:
            cases.open_case(CaseKind.WRONG_AMOUNT, subject_id=subject_id, ref=row.id)
            _unknown(row)
        elif answer.outcome in no:
            row.code = answer.code[:24] or "declined"
            _end(row, _S.DECLINED)
        else:
            _unknown(row)
        return _S(row.state)


def _unknown(row: SettlementRow) -> None:
    if row.state == _S.SENT.value:
        rows.move_settlement(row, _S.UNKNOWN)
    _ask_again(row)


def _ask_again(row: SettlementRow) -> None:
    at = clock.now() + jobs.ask_after(row.asked)
    row.asked += 1
    row.save(update_fields=["asked"])
    TurnRow.objects.filter(merchant_id=row.merchant_id).update(ask_at=at)


def _end(row: SettlementRow, to: SettlementState) -> None:
    is_paid = to is _S.DONE
    ended = HoldEnd(
        hold_id=_leg(row.id, "hold"),
        subject_id=row.subject_id,
        how=End.COMMIT if is_paid else End.VOID,
        transfer_id=_leg(row.id, "paid") if is_paid else None,
    )
    ledger.done(ledger.end(rows.keeping(row.subject_id), [ended]))
    rows.move_settlement(row, to)
    TurnRow.objects.filter(merchant_id=row.merchant_id).update(ask_at=None)
    tell.ended(row.subject_id, row.id, is_paid=is_paid)
    if is_paid:
        return
    for table in (SaleRow, RefundRow):
        table.objects.of(row.subject_id).filter(settlement_id=row.id).update(settlement_id=None)
    sales.due(row.subject_id, row.merchant_id, clock.today())
    cases.open_case(CaseKind.DECLINED, subject_id=row.subject_id, ref=row.id, ground=row.code)


def ask_due() -> int:
    """Ask about every settlement whose time has come; gives how many. Its own transactions."""
    due = TurnRow.objects.filter(ask_at__lte=clock.now()).order_by("ask_at")
    turns = list(due.values_list("subject_id", "merchant_id")[:AT_ONCE_MAX])
    return jobs.one_by_one(turns, lambda who, merchant: ask(subject_id=who, merchant_id=merchant))


def ask(*, subject_id: UUID, merchant_id: UUID) -> SettlementState | None:
    """Ask what became of a merchant's settlement; what the bank does not know is sent again."""
    with transaction.atomic():
        session.set_subject(subject_id)
        row = _open(subject_id, merchant_id)
        if row is None:
            TurnRow.objects.filter(merchant_id=merchant_id).update(ask_at=None)
            return None
    if row.state == _S.PREPARED.value:
        return send(subject_id=subject_id, settlement_id=row.id)
    answer = bank.money_status(row.id.hex)
    if answer.outcome is MoneyOutcome.NOT_KNOWN:
        return send(subject_id=subject_id, settlement_id=row.id)
    return take(subject_id=subject_id, settlement_id=row.id, answer=answer)


def _held(subject_id: UUID, settlement_id: UUID) -> SettlementRow:
    mine = SettlementRow.objects.of(subject_id).filter(id=settlement_id)
    row: SettlementRow | None = mine.select_for_update().first()
    if row is None:
        raise NotFound("settlement")
    return row


def _row(subject_id: UUID, settlement_id: UUID) -> SettlementRow:
    with transaction.atomic():
        session.set_subject(subject_id)
        row: SettlementRow = SettlementRow.objects.of(subject_id).get(id=settlement_id)
        return row


def _state(subject_id: UUID, settlement_id: UUID) -> SettlementState:
    return _S(_row(subject_id, settlement_id).state)


def settlements(actor: Actor, *, limit: int = 30) -> tuple[SettlementShown, ...]:
    """Give the merchant's settlements, newest first."""
    found = SettlementRow.objects.of(rows.who(actor, rows.SETTLE)).order_by("-id")[:limit]
    return tuple(map(shown, found))


def shown(row: SettlementRow) -> SettlementShown:
    """Give a settlement as it leaves the room."""
    return SettlementShown(
        id=row.id,
        state=_S(row.state),
        until_on=row.until_on,
        gross_fen=row.gross_fen,
        fee_fen=row.fee_fen,
        refund_fen=row.refund_fen,
        net_fen=row.net_fen,
        code=row.code,
        made_at=row.made_at,
        ended_at=row.ended_at,
    )
