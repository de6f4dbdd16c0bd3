"""From paid to proved: sent under a key kept before, asked about until the other side says.

What the operator or issuer has on record decides (its record, its notice); the answer to the order
itself only says that it came. A decline gives the whole payment back, in the same transaction.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock, ids, jobs
from xingnuo.kit.db import session
from xingnuo.kit.errors import Unavailable
from xingnuo.money.payments import actions as payments
from xingnuo.money.payments.contracts import PaymentShown, RefundShown, RefundState
from xingnuo.partners.telecom import client as telecom
from xingnuo.partners.telecom.contracts import TopUp as Answer
from xingnuo.partners.telecom.contracts import TopUpOutcome as Outcome
from xingnuo.partners.utility import client as utility
from xingnuo.services.bill_pay import _cases as cases
from xingnuo.services.bill_pay import _rows as rows
from xingnuo.services.bill_pay._accounts import BILL_NAMES
from xingnuo.services.bill_pay.contracts import (
    OPERATOR,
    UNDECIDED,
    CaseKind,
    NoSuchOrder,
    OrderKind,
    OrderState,
)
from xingnuo.services.bill_pay.models import NumberRow, OrderRow
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import GateRefusal, Permit
from xingnuo.trust.sharing import actions as sharing
from xingnuo.trust.sharing.contracts import Parcel

OLD = timedelta(hours=1)  # an unknown of this age is shown to a person
# So long after it was last sent, an order that is not known there can no more be on its way.
NO_MORE_ON_ITS_WAY = timedelta(minutes=10)
ASKED_AT_ONCE_MAX = 200
_UNDECIDED = tuple(state.value for state in UNDECIDED)


def settled(permit: Permit, payment: PaymentShown) -> None:
    """Take note, with the booking of the money, that an order is paid; it is sent after."""
    row = _of(payment)
    if row is None or row.state != OrderState.UNPAID.value:
        return
    rows.move(row, OrderState.PREPARED)
    rows.open_number(row)
    jobs.defer("bill_pay.send", queue=rows.QUEUE, subject_id=row.subject_id, order_id=row.id)


def failed(permit: Permit, payment: PaymentShown) -> None:
    """Close an order that nobody paid; its number is deleted soon."""
    row = _of(payment)
    if row is None or row.state != OrderState.UNPAID.value:
        return
    rows.move(row, OrderState.CLOSED, code=payment.code)
    jobs.defer("bill_pay.forget", queue=rows.QUEUE, subject_id=row.subject_id, order_id=row.id)


def refunded(permit: Permit, payment: PaymentShown, refund: RefundShown) -> None:
    """Take note that the payment of a declined order is back with the payer."""
    row = _of(payment)
    if row is None or row.refund_id != refund.id or row.state != OrderState.DECLINED.value:
        return
    if refund.state is RefundState.DONE:
        rows.move(row, OrderState.REFUNDED)


def _of(payment: PaymentShown) -> OrderRow | None:
    mine = OrderRow.objects.of(payment.subject_id).filter(id=payment.ref, payment_id=payment.id)
    row: OrderRow | None = mine.select_for_update(no_key=True).first()
    return row


def send(*, subject_id: UUID, order_id: UUID) -> None:
    """Send a paid order, or send it again under its key; its own transactions, safe to repeat."""
    try:
        parcel = _packed(subject_id, order_id)
    except GateRefusal as refusal:
        gate.refused(refusal)
        _give_up(subject_id, order_id)
        return
    if parcel is None:
        return
    rows.pause("after_sent")
    with transaction.atomic():
        session.set_subject(subject_id)
        row = rows.found(subject_id, order_id)
    answer = _order(row, parcel)
    rows.pause("after_answer")
    _record(row, said=answer)


def _packed(subject_id: UUID, order_id: UUID) -> Parcel | None:
    with transaction.atomic(durable=True):
        session.set_subject(subject_id)
        row = rows.found(subject_id, order_id, hold=True)
        if row.state not in (OrderState.PREPARED.value, OrderState.UNKNOWN.value):
            return None
        purpose, items = rows.purpose_of(row)
        permit = gate.permit(
            rows.HOUSE, subject_id=subject_id, purpose=purpose, items=items, recipient=row.party
        )
        parcel = sharing.pack(permit, items, slot=str(row.id))
        if len(parcel.items) == len(items):
            rows.move(row, OrderState.SENT)
            rows.ask_again(row)
            return parcel
    # What it was about is gone from the vault: it cannot be ordered.
    _give_up(subject_id, order_id)
    return None


def _order(row: OrderRow, parcel: Parcel) -> Answer:
    key, amount = row.id.hex, row.amount_fen or 0
    if row.party == OPERATOR:
        return telecom.top_up(parcel, amount_fen=amount, key=key)
    return utility.pay(parcel, bill_no=row.bill_no, amount_fen=amount, key=key)


def _give_up(subject_id: UUID, order_id: UUID) -> None:
    """Give the money back for what may not or cannot be sent any more."""
    with transaction.atomic():
        permit = payments.keeping(subject_id)
        row = rows.found(subject_id, order_id, hold=True)
        never_sent = row.state == OrderState.PREPARED.value
        sent_long_ago = row.sent_at is not None and row.sent_at < clock.now() - NO_MORE_ON_ITS_WAY
        if never_sent or (row.state == OrderState.UNKNOWN.value and sent_long_ago):
            _decline(permit, row, code="not_sent")
        elif row.state in _UNDECIDED:
            rows.ask_again(row)


def ask(*, subject_id: UUID, number: UUID) -> None:
    """Ask what became of an order that is still open; its own transactions, safe to repeat."""
    with transaction.atomic():
        session.set_subject(subject_id)
        row = rows.found(subject_id, number)
    if row.state == OrderState.PREPARED.value:
        send(subject_id=subject_id, order_id=number)
    elif row.state in _UNDECIDED:
        _record(row)
        _age(subject_id, number)


def _record(row: OrderRow, *, said: Answer | None = None) -> None:
    """Ask for the other side's record and go by it; `said` is what it answered to the order."""
    client = telecom.top_up_status if row.party == OPERATOR else utility.status
    answer = client(row.id.hex)
    apply(subject_id=row.subject_id, order_id=row.id, answer=answer, said=said)
    if answer.outcome is Outcome.NOT_KNOWN and said is None:
        send(subject_id=row.subject_id, order_id=row.id)


def apply(*, subject_id: UUID, order_id: UUID, answer: Answer, said: Answer | None = None) -> None:
    """Go by a proof: done, declined with the money back, or still unknown and asked again."""
    with transaction.atomic():
        permit = payments.keeping(subject_id)
        row = rows.found(subject_id, order_id, hold=True)
        _doubt(row, answer, said)
        if row.state not in _UNDECIDED:
            return
        if answer.outcome is Outcome.DONE and answer.amount_fen == row.amount_fen:
            _done(row, answer)
        elif answer.outcome is Outcome.DECLINED:
            _decline(permit, row, code=answer.code[:24])
        elif said is not None and said.outcome is Outcome.REFUSED and _is_nothing(answer):
            _decline(permit, row, code="refused")
        else:
            _wait(row)
    rows.pause("after_proof")


def _is_nothing(answer: Answer) -> bool:
    # Turned away as asked, and nothing on record: it was certainly not done.
    return answer.outcome is Outcome.NOT_KNOWN


def _wait(row: OrderRow) -> None:
    if row.state == OrderState.SENT.value:
        rows.move(row, OrderState.UNKNOWN)
    rows.ask_again(row)


def _done(row: OrderRow, answer: Answer) -> None:
    row.reference = answer.reference[:64]
    rows.move(row, OrderState.DONE)
    NumberRow.objects.filter(number=row.id).update(done_at=answer.at or clock.now())
    cases.close(row.id)
    after = ["keep_record", *(["receipt"] if row.kind == OrderKind.BILL.value else [])]
    for name in after:
        jobs.defer(f"bill_pay.{name}", queue=rows.QUEUE, subject_id=row.subject_id, order_id=row.id)


def _decline(permit: Permit, row: OrderRow, *, code: str) -> None:
    if row.payment_id is None or row.amount_fen is None:
        raise NoSuchOrder
    row.refund_id = ids.uuid7()
    rows.move(row, OrderState.DECLINED, code=code or "declined")
    cases.close(row.id)
    payments.refund(
        permit,
        payment_id=row.payment_id,
        refund_id=row.refund_id,
        amount_fen=row.amount_fen,
        reason="not_done",
    )


def _doubt(row: OrderRow, answer: Answer, said: Answer | None) -> None:
    """Open a case where the other side contradicts itself, us, or the amount."""
    decided = (Outcome.DONE, Outcome.DECLINED)
    outcomes = {one.outcome for one in (answer, said) if one and one.outcome in decided}
    ended = {OrderState.DONE.value: Outcome.DONE, OrderState.DECLINED.value: Outcome.DECLINED}
    ended[OrderState.REFUNDED.value] = Outcome.DECLINED
    if row.state in ended and outcomes:
        outcomes.add(ended[row.state])
    if len(outcomes) > 1:
        cases.put(CaseKind.CONTRADICTION, row, theirs=answer.amount_fen)
    if answer.outcome is Outcome.DONE and answer.amount_fen != row.amount_fen:
        cases.put(CaseKind.WRONG_AMOUNT, row, theirs=answer.amount_fen)


def _age(subject_id: UUID, number: UUID) -> None:
    with transaction.atomic():
        session.set_subject(subject_id)
        row = rows.found(subject_id, number)
        old = row.paid_at is not None and clock.now() - row.paid_at > OLD
        if old and row.state in _UNDECIDED:
            cases.put(CaseKind.UNKNOWN_OLD, row)


def ask_due() -> int:
    """Ask about every open order whose time has come and whose job was lost; gives how many."""
    late = clock.now() - timedelta(seconds=30)
    due = NumberRow.objects.filter(is_open=True, ask_at__lt=late).order_by("ask_at")
    found = list(due.values_list("subject_id", "number")[:ASKED_AT_ONCE_MAX])
    return jobs.one_by_one(found, _ask_now)


def _ask_now(subject_id: UUID, number: UUID) -> None:
    later = clock.now() + timedelta(minutes=5)
    NumberRow.objects.filter(number=number).update(ask_at=later)
    ask(subject_id=subject_id, number=number)


def notice(partner: str, *, headers: Mapping[str, str], body: bytes) -> bool:
    """Take the other side's call; says whether it is about an order of ours.

    Its own transactions. Raises `NotAuthentic`.
    """
    client = telecom if partner == "telecom" else utility
    told = client.receive(headers, body)
    try:
        known = rows.number_of(UUID(hex=told.key))
    except ValueError:
        known = None
    if known is None or (known.party == OPERATOR) != (partner == "telecom"):
        return False
    apply(subject_id=known.subject_id, order_id=known.number, answer=told.answer)
    return True


def receipt(*, subject_id: UUID, order_id: UUID) -> None:
    """Fetch the issuer's receipt of what is done; raises `Unavailable` while there is none."""
    told = utility.receipt(order_id.hex)
    if told is None:
        raise Unavailable("receipt")
    with transaction.atomic():
        session.set_subject(subject_id)
        row = rows.found(subject_id, order_id, hold=True)
        if (told.bill_no, told.amount_fen) != (row.bill_no, row.amount_fen):
            cases.put(CaseKind.WRONG_AMOUNT, row, theirs=told.amount_fen)
        elif not row.seal:
            row.seal = told.seal[:64]
            row.save(update_fields=["seal"])


def keep_record(*, subject_id: UUID, order_id: UUID) -> None:
    """Keep what the records show of an order, where the person agreed to records."""
    session.set_subject(subject_id)
    row = rows.found(subject_id, order_id)
    permit = gate.permit(
        rows.HOUSE, subject_id=subject_id, purpose=rows.RECORDS, items=("bill_record",)
    )
    if gate_queries.read(permit, ("bill_record",), slot=str(row.id)):
        return
    purpose, (item, _) = rows.purpose_of(row)
    reading = gate.permit(rows.HOUSE, subject_id=subject_id, purpose=purpose, items=(item,))
    hidden = gate_queries.mask(item, gate_queries.plain(reading, item, slot=str(row.id)) or "")
    permit = gate.permit(
        rows.HOUSE, subject_id=subject_id, purpose=rows.RECORDS, items=("bill_record",)
    )
    name = BILL_NAMES.get(row.party, "手机充值")
    text = json.dumps({"title": name, "about": hidden}, ensure_ascii=False)
    gate.collect(permit, {"bill_record": text}, slot=str(row.id), source="order")


def forget(*, subject_id: UUID, order_id: UUID) -> None:
    """Delete an order that nobody went on with or paid, with its number."""
    session.set_subject(subject_id)
    row = OrderRow.objects.of(subject_id).filter(id=order_id).first()
    if row is None or row.state not in (OrderState.DRAFT.value, OrderState.CLOSED.value):
        return
    items = ("topup_phone", "topup_time", "topup_amount", "bill_account", "bill_amount")
    permit = gate.permit(rows.HOUSE, subject_id=subject_id, purpose=rows.DISCARD, items=items)
    gate.drop(permit, items, slot=str(row.id))
    OrderRow.objects.of(subject_id).filter(id=order_id).delete()
