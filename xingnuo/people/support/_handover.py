"""A complaint handed over to a body: proposed by one, released by another."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from xingnuo.kit import clock, jobs
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput, Conflict, NotFound
from xingnuo.kit.steps import step
from xingnuo.people.support import _scope
from xingnuo.people.support.contracts import (
    BODIES,
    FORBIDDEN,
    GROUNDS,
    HAND_STEPS,
    BeyondLaw,
    ForbiddenStep,
    HandOver,
    HandProof,
    HandState,
    Kind,
)
from xingnuo.people.support.models import CaseRow, HandOverRow
from xingnuo.trust.evidence.contracts import Kind as Evidence
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Reason
from xingnuo.trust.policy.contracts import ActorKind

PURPOSE = "support.complaint_handover"
JOB, QUEUE = "support.hand_over", "support"


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
    only_compliance(actor, row)
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
    row = of_body(actor, case_id, body, HandState.PROPOSED)
    if row.proposed_by == actor.staff_id:
        raise ForbiddenStep("same_hand", message="这是你提出的，要由另一位同事复核。")
    gate.permit(actor, subject_id=row.subject_id, purpose=PURPOSE, recipient=body)
    row.released_by = actor.staff_id
    row.released_at = row.next_at = clock.now()  # a job that is lost is taken up by the clock
    move(row, HandState.RELEASED)
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
    row = of_body(actor, case_id, body, HandState.PROPOSED)
    if row.proposed_by == actor.staff_id:
        raise ForbiddenStep("same_hand", message="这是你提出的，要由另一位同事复核。")
    row.settled_at = clock.now()
    return shown(move(row, HandState.DECLINED))


def of_body(actor: Actor, case_id: UUID, body: str, *states: HandState) -> HandOverRow:
    """Give a complaint's hand-over to a body for a member of compliance, held; or `NotFound`."""
    case = CaseRow.objects.filter(id=case_id).first()
    if case is None or actor.case_id != case_id:
        raise _scope.refusal(actor, PURPOSE, case)
    only_compliance(actor, case)
    session.set_subject(case.subject_id)
    found: HandOverRow | None = (
        HandOverRow.objects.of(case.subject_id)
        .select_for_update()
        .filter(case_id=case_id, body=body, state__in=[state.value for state in states])
        .order_by("-proposed_at")
        .first()
    )
    if found is None:
        raise NotFound("handover")
    return found


def only_compliance(actor: Actor, row: CaseRow | None) -> None:
    """Refuse whoever is no member of compliance, on the record of the case's person."""
    if actor.kind is not ActorKind.COMPLIANCE or not actor.staff_id:
        raise GateRefusal(
            Reason.ACTOR_NOT_ALLOWED,
            purpose=PURPOSE,
            subject_id=row.subject_id if row is not None else None,
            actor=actor,
        )


def locked(subject_id: UUID, handover_id: UUID) -> HandOverRow:
    """Give a hand-over, held until the transaction ends; sets the subject. Raises `NotFound`."""
    session.set_subject(subject_id)
    row: HandOverRow | None = (
        HandOverRow.objects.of(subject_id).select_for_update().filter(id=handover_id).first()
    )
    if row is None:
        raise NotFound("handover")
    return row


def move(row: HandOverRow, to: HandState) -> HandOverRow:
    """Move a hand-over by the table alone, and save it; raises `ForbiddenStep`."""
    row.state = step(HAND_STEPS, HandState(row.state), to, error=ForbiddenStep).value
    row.save()
    return row


def of_case(row: CaseRow) -> tuple[HandOver, ...]:
    """Give the hand-overs of a case, oldest first; the subject must be set."""
    found = HandOverRow.objects.of(row.subject_id).filter(case_id=row.id)
    return tuple(shown(one) for one in found)


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
        sent_at=row.sent_at,
        settled_at=row.settled_at,
        reference=row.reference,
        reasons=tuple(row.reasons.split()),
        answer_by=row.answer_by,
        is_late=row.state == HandState.UNKNOWN.value and row.alarmed_at is not None,
        proof=_proof(row),
    )


def _proof(row: HandOverRow) -> HandProof | None:
    if not row.proof_by or row.proof_at is None or row.settled_by:
        return None
    return HandProof(
        outcome=HandState(row.proof_outcome),
        kind=row.proof_kind,
        reference=row.proof_reference,
        by=row.proof_by,
        at=row.proof_at,
    )
