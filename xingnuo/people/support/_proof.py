"""Hand-overs whose end is open, seen to by staff: asked about again, or ended by proof, by two."""

from __future__ import annotations

from uuid import UUID

from xingnuo.kit import clock, jobs
from xingnuo.kit.errors import BadInput
from xingnuo.people.support._handover import JOB, PURPOSE, QUEUE, of_body, only_compliance, shown
from xingnuo.people.support._outcome import end
from xingnuo.people.support.contracts import (
    HAND_PROOFS,
    ForbiddenStep,
    HandOver,
    HandState,
)
from xingnuo.people.support.models import HandOverRow
from xingnuo.trust.evidence.contracts import Kind as Evidence
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor

SHOWN_MAX = 50
REFERENCE_CHARS = range(4, 65)
PROVABLE = {"accepted": HandState.ACCEPTED, "rejected": HandState.REJECTED}


def unsettled(actor: Actor) -> tuple[HandOver, ...]:
    """List hand-overs that wait for a body or for us, the oldest first; for compliance alone."""
    only_compliance(actor, None)
    rows = HandOverRow.objects.raw("SELECT * FROM support_handovers_open(%s)", [SHOWN_MAX])
    return tuple(shown(row) for row in rows)


def ask_again(actor: Actor, *, case_id: UUID, body: str) -> HandOver:
    """Have the body asked now instead of at the next turn of the clock."""
    row = of_body(actor, case_id, body, HandState.RELEASED, HandState.UNKNOWN)
    _record(actor, row, "complaint.asked_again")
    jobs.defer(JOB, queue=QUEUE, subject_id=row.subject_id, handover_id=row.id)
    return shown(row)


def propose_proof(
    actor: Actor, *, case_id: UUID, body: str, outcome: str, kind: str, reference: str
) -> HandOver:
    """Say what became of a hand-over and by what it is proven; another member must confirm it."""
    wrong: dict[str, str] = {}
    if outcome not in PROVABLE:
        wrong["outcome"] = "请选择结果"
    if kind not in HAND_PROOFS:
        wrong["kind"] = "请选择凭证"
    number = reference.strip()
    if len(number) not in REFERENCE_CHARS or not number.isprintable():
        wrong["reference"] = "写 4 到 64 个字的文号、流水号或工号"
    if wrong:
        raise BadInput(wrong)
    row = of_body(actor, case_id, body, HandState.UNKNOWN)
    row.proof_outcome, row.proof_kind, row.proof_reference = outcome, kind, number
    row.proof_by, row.proof_at = actor.staff_id, clock.now()
    row.save()
    _record(actor, row, "complaint.proof_proposed")
    return shown(row)


def settle_by_proof(actor: Actor, *, case_id: UUID, body: str) -> HandOver:
    """Confirm what a colleague proved, which ends the hand-over; refused to that colleague."""
    row = _proven(actor, case_id, body)
    row.settled_by, row.reference = actor.staff_id, row.proof_reference
    end(row, PROVABLE[row.proof_outcome])
    _record(actor, row, "complaint.proof_confirmed")
    return shown(row)


def decline_proof(actor: Actor, *, case_id: UUID, body: str) -> HandOver:
    """Say that a colleague's proof does not hold: the hand-over stays unknown, and is asked on."""
    row = _proven(actor, case_id, body)
    row.proof_outcome = row.proof_kind = row.proof_reference = row.proof_by = ""
    row.proof_at = None
    row.save()
    _record(actor, row, "complaint.proof_declined")
    return shown(row)


def _proven(actor: Actor, case_id: UUID, body: str) -> HandOverRow:
    row = of_body(actor, case_id, body, HandState.UNKNOWN)
    if not row.proof_by:
        raise ForbiddenStep("no_proof", message="还没有人提出凭证。")
    if row.proof_by == actor.staff_id:
        raise ForbiddenStep("same_hand", message="这是你提出的，要由另一位同事复核。")
    return row


def _record(actor: Actor, row: HandOverRow, reason: str) -> None:
    gate.record(
        actor,
        subject_id=row.subject_id,
        kind=Evidence.OPERATOR,
        reason=reason,
        purpose=PURPOSE,
        ref=row.case_id,
    )
