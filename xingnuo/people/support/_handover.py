"""A complaint handed over to a body: proposed by one, released by another, sent once, told.

The share is on record before it leaves. What is not known stays unknown until the body says so.
"""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from xingnuo.kit import clock, jobs
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput, Conflict, NotFound, Unavailable
from xingnuo.partners.regulator import client
from xingnuo.partners.regulator.contracts import Outcome, Receipt
from xingnuo.people.notices import actions as notices
from xingnuo.people.support import _scope
from xingnuo.people.support.contracts import (
    BODIES,
    FORBIDDEN,
    GROUNDS,
    HAND_STEPS,
    ON_THE_WAY,
    Author,
    BeyondLaw,
    ForbiddenStep,
    Form,
    HandOver,
    HandState,
    Kind,
)
from xingnuo.people.support.models import CaseRow, HandOverRow, MessageRow
from xingnuo.trust.evidence.contracts import Kind as Evidence
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Reason, Strength
from xingnuo.trust.policy.contracts import ActorKind
from xingnuo.trust.sharing import actions as sharing
from xingnuo.trust.sharing.contracts import Parcel

PURPOSE = "support.complaint_handover"
ITEMS = ("name", "phone", "document_number", "complaint_content")
JOB, QUEUE = "support.hand_over", "support"
HOUSE = Actor(kind=ActorKind.SYSTEM, channel="worker", strength=Strength.SIGNED_IN)


def propose(actor: Actor, *, case_id: UUID, body: str, ground: str, bar: str = "") -> HandOver:
    """Propose to hand a held complaint over to a body; another person must release it.

    `bar` names why the law forbids it, where it does: then nothing is proposed (`BeyondLaw`).
    Raises `Conflict` while the same complaint is on its way to the same body.
    """
    if bar:
        if bar not in FORBIDDEN:
            raise BadInput({"bar": "没有这一条"})
        raise BeyondLaw(bar, message=FORBIDDEN[bar])
    if body not in BODIES:
        raise BadInput({"body": "请选择机构"})
    if ground not in GROUNDS:
        raise BadInput({"ground": "请选择法律依据"})
    row = _scope.held(actor, case_id, purpose=PURPOSE)
    _only_compliance(actor, row)
    if row.kind != Kind.COMPLAINT.value:
        raise ForbiddenStep(row.kind, message="只有投诉可以转交。")
    gate.permit(actor, subject_id=row.subject_id, purpose=PURPOSE, recipient=body)
    try:
        with transaction.atomic():
            made = HandOverRow.objects.create(
                subject_id=row.subject_id,
                case_id=row.id,
                body=body,
                ground=ground,
                proposed_by=actor.staff_id,
                proposed_at=clock.now(),
            )
    except IntegrityError:
        raise Conflict("handover", message="这件投诉已经在转交，或已经转交。") from None
    return shown(made)


def release(actor: Actor, *, case_id: UUID, body: str) -> HandOver:
    """Let a proposed hand-over go; refused to whoever proposed it. A job sends it."""
    row = _settling(actor, case_id, body)
    if row.proposed_by == actor.staff_id:
        raise ForbiddenStep("same_hand", message="这是你提出的，要由另一位同事复核。")
    gate.permit(actor, subject_id=row.subject_id, purpose=PURPOSE, recipient=body)
    row.released_by, row.released_at = actor.staff_id, clock.now()
    _move(row, HandState.RELEASED)
    gate.record(
        actor,
        subject_id=row.subject_id,
        kind=Evidence.OPERATOR,
        reason="complaint.released",
        purpose=PURPOSE,
        ref=row.case_id,
    )
    jobs.defer(JOB, queue=QUEUE, subject_id=row.subject_id, handover_id=row.id)
    return shown(row)


def decline(actor: Actor, *, case_id: UUID, body: str) -> HandOver:
    """Say no to a proposed hand-over."""
    row = _settling(actor, case_id, body)
    if row.proposed_by == actor.staff_id:
        raise ForbiddenStep("same_hand", message="这是你提出的，要由另一位同事复核。")
    row.settled_at = clock.now()
    return shown(_move(row, HandState.DECLINED))


def _settling(actor: Actor, case_id: UUID, body: str) -> HandOverRow:
    case = CaseRow.objects.filter(id=case_id).first()
    if case is None or actor.case_id != case_id:
        raise _scope.refusal(actor, PURPOSE, case)
    _only_compliance(actor, case)
    session.set_subject(case.subject_id)
    found: HandOverRow | None = (
        HandOverRow.objects.of(case.subject_id)
        .select_for_update()
        .filter(case_id=case_id, body=body, state=HandState.PROPOSED.value)
        .first()
    )
    if found is None:
        raise NotFound("handover")
    return found


def _only_compliance(actor: Actor, row: CaseRow) -> None:
    if actor.kind is not ActorKind.COMPLIANCE or not actor.staff_id:
        raise GateRefusal(
            Reason.ACTOR_NOT_ALLOWED, purpose=PURPOSE, subject_id=row.subject_id, actor=actor
        )


def carry_out(*, subject_id: UUID, handover_id: UUID) -> HandState:
    """Send a released hand-over, at most once; safe to repeat. Opens its own transactions.

    Raises `Unavailable` while the body's answer is not known, so that the job comes again.
    """
    with transaction.atomic(durable=True):
        row = _locked(subject_id, handover_id)
        state = HandState(row.state)
        if state not in (HandState.RELEASED, HandState.UNKNOWN):
            return state
        was_sent, case_id, law = row.sent_at is not None, row.case_id, GROUNDS[row.ground][1]
    key = str(handover_id)
    # What may have left is asked for before anything leaves again, and nothing new is packed.
    if was_sent:
        receipt = client.status(key)
        if receipt.outcome is not Outcome.PENDING:
            return _settle(subject_id, handover_id, receipt)
    with transaction.atomic(durable=True):
        row = _locked(subject_id, handover_id)
        parcel = _parcel(row)
        row.sent_at = clock.now()
        if row.state == HandState.RELEASED.value:
            _move(row, HandState.UNKNOWN)
        else:
            row.save(update_fields=["sent_at"])
    receipt = client.hand_over(parcel, case=case_id.hex, law=law, key=key)
    return _settle(subject_id, handover_id, receipt)


def _parcel(row: HandOverRow) -> Parcel:
    permit = gate.permit(HOUSE, subject_id=row.subject_id, purpose=PURPOSE, recipient=row.body)
    first = (
        MessageRow.objects.of(row.subject_id)
        .filter(case_id=row.case_id, author=Author.PERSON.value, form=Form.TEXT.value)
        .order_by("sent_at", "id")
        .first()
    )
    slots = {"complaint_content": str(first.id)} if first is not None else {}
    return sharing.pack(permit, ITEMS, slots=slots)


def _settle(subject_id: UUID, handover_id: UUID, receipt: Receipt) -> HandState:
    if receipt.outcome is Outcome.PENDING:
        raise Unavailable("regulator")
    good = receipt.outcome in (Outcome.ACCEPTED, Outcome.CORRECTION)
    with transaction.atomic(durable=True):
        row = _locked(subject_id, handover_id)
        if row.state != HandState.UNKNOWN.value:
            return HandState(row.state)
        row.settled_at = clock.now()
        row.reference = receipt.reference[:64]
        row.sent_hash = receipt.sent_hash[:64] or row.sent_hash
        _move(row, HandState.ACCEPTED if good else HandState.REJECTED)
        notices.tell(subject_id, "case_answered", key=f"handover:{row.id}")
    return HandState(row.state)


def _locked(subject_id: UUID, handover_id: UUID) -> HandOverRow:
    session.set_subject(subject_id)
    row: HandOverRow | None = (
        HandOverRow.objects.of(subject_id).select_for_update().filter(id=handover_id).first()
    )
    if row is None:
        raise NotFound("handover")
    return row


def _move(row: HandOverRow, to: HandState) -> HandOverRow:
    before = HandState(row.state)
    if to not in HAND_STEPS[before]:
        raise ForbiddenStep(f"{before.value}->{to.value}")
    row.state = to.value
    row.save()
    return row


def of_case(row: CaseRow) -> tuple[HandOver, ...]:
    """Give the hand-overs of a case, oldest first; the subject must be set."""
    found = HandOverRow.objects.of(row.subject_id).filter(case_id=row.id)
    return tuple(shown(one) for one in found)


def is_on_the_way(row: CaseRow) -> bool:
    """Say whether a case has a hand-over that goes or went."""
    states = [state.value for state in ON_THE_WAY]
    found = HandOverRow.objects.of(row.subject_id).filter(case_id=row.id, state__in=states)
    return bool(found.exists())


def shown(row: HandOverRow) -> HandOver:
    """Give a hand-over as it leaves the room."""
    why, law = GROUNDS[row.ground]
    return HandOver(
        id=row.id,
        case_id=row.case_id,
        subject_id=row.subject_id,
        body=row.body,
        body_name=BODIES[row.body],
        ground=row.ground,
        why=why,
        law=law,
        state=HandState(row.state),
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        settled_at=row.settled_at,
        reference=row.reference,
    )
