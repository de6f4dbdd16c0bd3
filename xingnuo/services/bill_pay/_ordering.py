"""Orders before they are paid: a number checked, an account asked about, an amount agreed."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock, ids, jobs
from xingnuo.kit.errors import BadInput
from xingnuo.money.ledger import actions as ledger
from xingnuo.money.ledger.contracts import HouseKind
from xingnuo.money.payments import actions as payments
from xingnuo.money.payments.contracts import Order, Payee, PaymentKind
from xingnuo.partners.telecom import client as telecom
from xingnuo.services.bill_pay import _rows as rows
from xingnuo.services.bill_pay._accounts import BILL_NAMES, fresh
from xingnuo.services.bill_pay.contracts import (
    OPERATOR,
    SERVICE,
    TAKEN,
    BillChanged,
    BillTaken,
    NotAnswering,
    OrderKind,
    OrderShown,
    OrderState,
    OtherOrder,
)
from xingnuo.services.bill_pay.models import OrderRow
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, Outcome, Permit
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.sharing import actions as sharing

FORGET = "bill_pay.forget"
FORGET_AFTER = timedelta(days=1)  # what nobody went on with is deleted


def begin_top_up(actor: Actor, *, phone: str, key: UUID) -> OrderShown:
    """Ask the operator who serves a number; gives a draft with the amounts it offers.

    Its own transactions. Raises `BadInput` for no such number, `NotAnswering`, or the gate's
    refusal. The same key again gives the same draft.
    """
    number = _phone(phone)
    with transaction.atomic():
        subject_id = rows.who(actor, rows.TOP_UP)
        rows.alone(subject_id)
        row = OrderRow.objects.of(subject_id).filter(id=key).first()
        if row is not None and (row.offered or row.state != OrderState.DRAFT.value):
            return rows.shown(row)
        permit = gate.permit(
            actor, subject_id=subject_id, purpose=rows.TOP_UP, items=("topup_phone",),
            recipient=OPERATOR,
        )  # fmt: skip
        gate.collect(permit, {"topup_phone": number}, slot=str(key))
        parcel = sharing.pack(permit, ("topup_phone",), slot=str(key))
        if row is None:
            OrderRow.objects.create(
                id=key, subject_id=subject_id, kind=OrderKind.TOP_UP.value, party=OPERATOR,
                state=OrderState.DRAFT.value, made_at=clock.now(),
            )  # fmt: skip
            at = clock.now() + FORGET_AFTER
            jobs.defer(FORGET, queue=rows.QUEUE, at=at, subject_id=subject_id, order_id=key)
    told = telecom.carrier(parcel)
    if told is None:
        raise NotAnswering("carrier")
    if not told.name or not told.amounts_fen:
        raise BadInput({"phone": "运营商没有这个号码，请核对后再填"})
    with transaction.atomic():
        rows.who(actor, rows.TOP_UP)
        row = rows.found(subject_id, key, hold=True)
        if row.state == OrderState.DRAFT.value:
            row.carrier, row.region = told.name[:40], told.region[:40]
            row.offered = list(told.amounts_fen)
            row.save()
        return rows.shown(row)


def _phone(text: str) -> str:
    try:
        return policy.normalise("phone", text)
    except BadInput as bad:
        raise BadInput({"phone": next(iter(bad.fields.values()), bad.message_text)}) from None


def choose_amount(actor: Actor, *, order_id: UUID, amount_fen: int) -> OrderShown:
    """Take one of the offered amounts and make the payment of it, in the caller's transaction."""
    subject_id = rows.who(actor, rows.TOP_UP)
    row = rows.found(subject_id, order_id, hold=True)
    if row.state == OrderState.UNPAID.value and row.amount_fen == amount_fen:
        return rows.shown(row)
    if row.state != OrderState.DRAFT.value:
        raise OtherOrder(row.state)
    if amount_fen not in row.offered:
        raise BadInput({"amount": "请从给出的金额里选一个"})
    permit = gate.permit(actor, subject_id=subject_id, purpose=rows.TOP_UP)
    values = {"topup_amount": yuan(amount_fen)}
    if permit.outcomes.get("topup_time") is Outcome.PLAIN:
        values["topup_time"] = clock.now().isoformat()
    gate.collect(permit, values, slot=str(row.id))
    _ask_to_pay(actor, row, amount_fen, title="手机充值")
    return rows.shown(row)


def pay_bill(actor: Actor, *, account_id: UUID, bill_no: str, amount_fen: int) -> OrderShown:
    """Make the payment of a bill exactly as it was shown, in the caller's transaction.

    Raises `BillChanged` where it is no longer so, `BillTaken` where it is paid or being paid.
    """
    subject_id = rows.who(actor, rows.PAY)
    rows.alone(subject_id)
    account = rows.account_of(subject_id, account_id)
    taken = (
        OrderRow.objects.of(subject_id)
        .filter(party=account.issuer, bill_no=bill_no, state__in=[one.value for one in TAKEN])
        .first()
    )
    if taken is not None:
        if taken.state == OrderState.UNPAID.value and taken.amount_fen == amount_fen:
            return rows.shown(taken)
        raise BillTaken(taken.state)
    shown = (account.bill_no, account.due_fen)
    if not bill_no or shown != (bill_no, amount_fen) or not fresh(account):
        raise BillChanged("bill")
    permit = gate.permit(actor, subject_id=subject_id, purpose=rows.PAY)
    order_id = ids.uuid7()
    _keep_bill(permit, account_id, order_id, amount_fen)
    row = OrderRow(
        id=order_id, subject_id=subject_id, kind=OrderKind.BILL.value, party=account.issuer,
        state=OrderState.DRAFT.value, account_id=account_id, bill_no=bill_no, month=account.month,
        made_at=clock.now(),
    )  # fmt: skip
    row.save(force_insert=True)
    _ask_to_pay(actor, row, amount_fen, title=f"{BILL_NAMES[account.issuer]} {account.month}")
    return rows.shown(row)


def _keep_bill(permit: Permit, account_id: UUID, order_id: UUID, amount_fen: int) -> None:
    # What the order takes along stands in its own slot: removing the account does not touch it.
    number = gate_queries.plain(permit, "bill_account", slot=str(account_id))
    if number is None:
        raise BillChanged("account")
    values = {"bill_account": number, "bill_amount": yuan(amount_fen)}
    gate.collect(permit, values, slot=str(order_id), source="issuer")


def _ask_to_pay(actor: Actor, row: OrderRow, amount_fen: int, *, title: str) -> None:
    row.amount_fen, row.payment_id = amount_fen, ids.uuid7()
    payee = Payee(
        id=row.party,
        name=policy.in_force().recipients[row.party].name,
        account_id=ledger.open_house(HouseKind.PAYABLE, account_name(row.party)),
    )
    payments.create(
        actor,
        order=Order(
            id=row.payment_id, kind=PaymentKind.PAY, service=SERVICE, amount_fen=amount_fen,
            payee=payee, title=title.strip(), ref=row.id,
        ),
    )  # fmt: skip
    rows.move(row, OrderState.UNPAID)


def account_name(party: str) -> str:
    """Name the house's account of what is owed to an operator or issuer."""
    return "telecom" if party == OPERATOR else party


def yuan(fen: int) -> str:
    """Write an amount as the vault's money."""
    return f"{fen // 100}.{fen % 100:02d}"
