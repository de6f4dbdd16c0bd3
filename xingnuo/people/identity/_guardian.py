"""A guardian tells of a minor: proof of the relation, a case, then deletion and closure (6.1)."""

from __future__ import annotations

from uuid import UUID

from xingnuo.kit import ids, jobs, pictures
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput, Conflict
from xingnuo.people.identity import _age, _opened, _values
from xingnuo.people.identity._house import HOUSE
from xingnuo.people.identity._limits import PHOTO_EDGE_PX_MAX
from xingnuo.people.identity.contracts import CaseKind, Relation
from xingnuo.people.identity.models import CaseRow
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Reason
from xingnuo.trust.policy.contracts import ActorKind

PURPOSE, PHOTO, PART = "identity.guardian", "document_photo", "guardian"
ERASE_JOB, QUEUE = "identity.erase_minor", "identity"
_TELLERS = frozenset({ActorKind.SELF, ActorKind.GUARDIAN, ActorKind.AGENT, ActorKind.REVIEWER})


def tell(actor: Actor, *, subject_id: UUID, relation: Relation, proof: bytes) -> UUID:
    """Take a guardian's word and proof about an account of a minor; gives the case.

    The proof (a register page or birth certificate) is kept sealed for the case alone. In the
    caller's transaction; in every state of the account. From the account's own session, or at the
    desk by staff with an open case. Raises `BadInput` for a proof that is no picture.
    """
    if actor.kind not in _TELLERS:
        raise GateRefusal(
            Reason.ACTOR_NOT_ALLOWED, purpose=PURPOSE, actor=actor, subject_id=subject_id
        )
    try:
        content = pictures.clean(proof, edge_px_max=PHOTO_EDGE_PX_MAX).content
    except BadInput as error:
        raise BadInput({"proof": next(iter(error.fields.values()))}, error.detail) from None
    open_before = CaseRow.objects.filter(
        subject_id=subject_id, kind=CaseKind.GUARDIAN.value, state__in=_opened.OPEN
    ).first()
    if open_before is not None:
        raise Conflict("guardian", message="已经有一个监护人申请在办理。", remedy="请等结果。")
    case_id = ids.uuid7()
    permit = gate.permit(actor, subject_id=subject_id, purpose=PURPOSE, items=(PHOTO,))
    gate.collect_file(permit, PHOTO, content=content, slot=_values.slot(case_id, PART))
    _opened.open_case(
        CaseKind.GUARDIAN,
        subject_id=subject_id,
        case_id=case_id,
        relation=relation.value,
        level=1,
    )
    return case_id


def approved(subject_id: UUID, case_id: UUID) -> None:
    """Close the gate for the minor, and have a job erase and close the account."""
    session.set_subject(subject_id)
    _age.close(subject_id)
    jobs.defer(ERASE_JOB, queue=QUEUE, subject_id=subject_id, case_id=case_id)


def drop_proof(subject_id: UUID, case_id: UUID) -> None:
    """Drop a guardian's proof once the case is over."""
    permit = gate.permit(HOUSE, subject_id=subject_id, purpose="identity.discard", items=(PHOTO,))
    gate.drop(permit, (PHOTO,), slot=_values.slot(case_id, PART))
