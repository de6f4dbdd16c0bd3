"""What became of a hand-over: sent once, asked about ever more rarely, and never given up.

The share is on record before it leaves. What is not known stays unknown until the body says so,
at once, when asked, or by itself; or until two people prove it. Age raises the alarm and ends
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction

from xingnuo.kit import clock, log
from xingnuo.kit.errors import NotFound, Unavailable
from xingnuo.partners.regulator import client
from xingnuo.partners.regulator.contracts import Outcome, Receipt
from xingnuo.people.notices import actions as notices
from xingnuo.people.support import _rows
from xingnuo.people.support._handover import PURPOSE, locked, move
from xingnuo.people.support._workdays import end_of
from xingnuo.people.support.contracts import (
    GROUNDS,
    HAND_STEPS,
    Act,
    Author,
    Form,
    HandState,
    State,
)
from xingnuo.people.support.models import CaseRow, HandOverRow, MessageRow
from xingnuo.trust.evidence.contracts import Kind as Evidence
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Strength
from xingnuo.trust.policy.contracts import ActorKind
from xingnuo.trust.sharing import actions as sharing
from xingnuo.trust.sharing.contracts import Parcel

ITEMS = ("name", "phone", "document_number", "complaint_content")
HOUSE = Actor(kind=ActorKind.SYSTEM, channel="worker", strength=Strength.SIGNED_IN)
AT_ONCE_MAX = 100
ASK_MIN, ASK_MAX = timedelta(minutes=5), timedelta(hours=6)
ALARM_AFTER = ALARM_AGAIN = timedelta(days=1)
_CODE = re.compile(r"[a-z0-9_.-]{1,40}")
_AFTER = {
    Outcome.ACCEPTED: HandState.ACCEPTED,
    Outcome.CORRECTION: HandState.CORRECTION,
    Outcome.REJECTED: HandState.REJECTED,
    Outcome.REFUSED: HandState.REJECTED,
}
logger = log.get("support")


def carry_out(*, subject_id: UUID, handover_id: UUID) -> HandState:
    """Send a released hand-over, at most once; safe to repeat. Opens its own transactions.

    Raises `Unavailable` while the body's answer is not known: it is asked for again.
    """
    with transaction.atomic(durable=True):
        row = locked(subject_id, handover_id)
        state = HandState(row.state)
        if state not in (HandState.RELEASED, HandState.UNKNOWN):
            return state
        was_sent, case_id, law = row.sent_at is not None, row.case_id, GROUNDS[row.ground][1]
        _wait(row)
    key = str(handover_id)
    # What may have left is asked for before anything leaves again, and nothing new is packed.
    receipt = client.status(key) if was_sent else Receipt(outcome=Outcome.PENDING)
    if receipt.outcome is Outcome.PENDING:
        with transaction.atomic(durable=True):
            parcel = _leaving(subject_id, handover_id)
        receipt = client.hand_over(parcel, case=case_id.hex, law=law, key=key)
    if receipt.outcome is Outcome.PENDING:
        raise Unavailable("regulator")
    with transaction.atomic(durable=True):
        return take(subject_id, handover_id, receipt)


def _wait(row: HandOverRow) -> None:
    now = clock.now()
    age = now - (row.sent_at or row.released_at or now)
    row.next_at = now + min(max(age / 4, ASK_MIN), ASK_MAX)
    if age >= ALARM_AFTER and (row.alarmed_at is None or now - row.alarmed_at >= ALARM_AGAIN):
        row.alarmed_at = now
        logger.error("handover_unknown", code=row.body, count=age.days)
    row.save(update_fields=["next_at", "alarmed_at"])


def _leaving(subject_id: UUID, handover_id: UUID) -> Parcel:
    row = locked(subject_id, handover_id)
    permit = gate.permit(HOUSE, subject_id=subject_id, purpose=PURPOSE, recipient=row.body)
    first = (
        MessageRow.objects.of(subject_id)
        .filter(case_id=row.case_id, author=Author.PERSON.value, form=Form.TEXT.value)
        .order_by("sent_at", "id")
        .first()
    )
    slots = {"complaint_content": str(first.id)} if first is not None else {}
    parcel = sharing.pack(permit, ITEMS, slots=slots)
    row.sent_at = row.sent_at or clock.now()
    if row.state == HandState.RELEASED.value:
        move(row, HandState.UNKNOWN)
    else:
        row.save(update_fields=["sent_at"])
    return parcel


def take(subject_id: UUID, handover_id: UUID, receipt: Receipt) -> HandState:
    """Note what a body said; a word to which no step leads, or the same again, changes nothing."""
    row = locked(subject_id, handover_id)
    before, to = HandState(row.state), _AFTER.get(receipt.outcome)
    if to is None or to not in HAND_STEPS[before]:
        return before
    row.reference = receipt.reference[:64] or row.reference
    row.sent_hash = receipt.sent_hash[:64] or row.sent_hash
    row.reasons = " ".join(one for one in receipt.reasons if _CODE.fullmatch(one))[:200]
    row.answer_by = receipt.due_on
    return end(row, to)


def end(row: HandOverRow, to: HandState) -> HandState:
    """Bring a hand-over to an end that is known: on record, told, and back to the desk if need be.

    The caller holds the row.
    """
    row.settled_at, row.next_at = clock.now(), None
    move(row, to)
    if to is HandState.ACCEPTED:
        wanted = HandOverRow.objects.of(row.subject_id).filter(
            case_id=row.case_id, body=row.body, state=HandState.CORRECTION.value
        )
        for older in wanted.select_for_update():
            move(older, HandState.CORRECTED)
    else:
        _back_to_desk(row)
    gate.record(
        HOUSE,
        subject_id=row.subject_id,
        kind=Evidence.OPERATOR,
        reason=f"complaint.{to.value}",
        purpose=PURPOSE,
        ref=row.case_id,
    )
    notices.tell(row.subject_id, "complaint_handed", key=f"handover:{row.id}:{to.value}")
    return to


def _back_to_desk(row: HandOverRow) -> None:
    case = CaseRow.objects.select_for_update().filter(id=row.case_id).first()
    if case is None or case.ground == "withdrawn":
        return
    if State(case.state) in (State.ANSWERED, State.CLOSED):
        _rows.step(case, Act.REOPEN)
    if row.answer_by is not None:
        case.due_at = min(case.due_at, end_of(row.answer_by))
        case.save(update_fields=["due_at"])


def follow() -> int:
    """Ask about every hand-over without an answer whose time has come; gives how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM support_handovers_due(%s, %s)", [clock.now(), AT_ONCE_MAX])
        waiting = cursor.fetchall()
    for subject_id, handover_id in waiting:
        try:
            carry_out(subject_id=subject_id, handover_id=handover_id)
        except GateRefusal as refusal:
            gate.refused(refusal)
        except (Unavailable, NotFound):
            continue
    return len(waiting)


def receive(headers: Mapping[str, str], body: bytes) -> HandState | None:
    """Take a body's later word on a hand-over; the same notice again changes nothing.

    Raises `NotAuthentic`. Gives None for a key that is no hand-over of ours.
    """
    notice = client.receive(headers, body)
    with transaction.atomic():
        subject_id = _whose(notice.key)
        return take(subject_id, UUID(notice.key), notice.receipt) if subject_id else None


def _whose(key: str) -> UUID | None:
    try:
        handover_id = UUID(key)
    except ValueError:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT support_handover_subject(%s)", [handover_id])
        found: UUID | None = cursor.fetchone()[0]
    return found
