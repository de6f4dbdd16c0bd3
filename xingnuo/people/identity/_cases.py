"""The work of reviewers: a case is taken by one, decided by the same, never about themselves."""

from __future__ import annotations

from uuid import UUID

from xingnuo.kit import clock
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput
from xingnuo.people.identity import _guardian, _rows, _values
from xingnuo.people.identity._secret import keyed
from xingnuo.people.identity._settle import refresh_tier, settle
from xingnuo.people.identity._sources import WITNESS, ensure_lawful
from xingnuo.people.identity._states import case_step
from xingnuo.people.identity.contracts import (
    CaseKind,
    CaseState,
    Ground,
    Kind,
    NoSuchCase,
    OwnCase,
    State,
    Verdict,
)
from xingnuo.people.identity.models import CaseRow
from xingnuo.trust.evidence.contracts import Kind as Evidence
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Reason
from xingnuo.trust.policy.contracts import ActorKind

# Under which purpose a reviewer works on a case: its permit checks undertaking, case and consent.
PURPOSE: dict[CaseKind, tuple[str, tuple[str, ...]]] = {
    CaseKind.DOCUMENT_PHOTO: ("identity.document_photo", ("document_photo",)),
    CaseKind.NAME_MISMATCH: ("identity.review", _values.NAMED),
    CaseKind.VIDEO: ("identity.review", _values.NAMED),
    CaseKind.COUNTER: ("identity.review", _values.NAMED),
    CaseKind.GROWN_UP: ("identity.age_review", _values.NAMED),
    CaseKind.GUARDIAN: ("identity.guardian", ("document_photo",)),
}
BY_CHECK = frozenset(
    {
        CaseKind.DOCUMENT_PHOTO,
        CaseKind.NAME_MISMATCH,
        CaseKind.VIDEO,
        CaseKind.COUNTER,
        CaseKind.GROWN_UP,
    }  # fmt: skip
)
GROUNDS = frozenset(
    {
        Ground.NOT_THE_SAME, Ground.UNREADABLE, Ground.FORGED, Ground.REUSED_PHOTO,
        Ground.NOT_PROVEN, Ground.NO_SHOW, Ground.DOCUMENT_EXPIRED, Ground.NOT_RECEIVED,
    }
)  # fmt: skip


def take(actor: Actor, *, case_id: UUID) -> CaseRow:
    """Take a case; taking one's own again changes nothing."""
    row = _locked(case_id)
    allowed(actor, row)
    if row.state == CaseState.TAKEN.value and row.taken_by == actor.staff_id:
        return row
    row.state = case_step(CaseState(row.state), CaseState.TAKEN).value
    row.taken_by = actor.staff_id
    row.save(update_fields=["state", "taken_by"])
    return row


def put_back(actor: Actor, *, case_id: UUID) -> CaseRow:
    """Put a case back for another to take."""
    row = _mine(actor, case_id)
    row.state, row.taken_by = case_step(CaseState(row.state), CaseState.WAITING).value, ""
    row.save(update_fields=["state", "taken_by"])
    return row


def by_code(actor: Actor, *, code: str) -> UUID:
    """Find the case of a person who says their code at a counter; a wrong one finds nothing."""
    if actor.kind is not ActorKind.REVIEWER:
        raise GateRefusal(Reason.ACTOR_NOT_ALLOWED, purpose="identity.review", actor=actor)
    row = CaseRow.objects.filter(
        code_digest=keyed("counter", code.strip()),
        kind__in=(CaseKind.COUNTER.value, CaseKind.GROWN_UP.value),
        state__in=(CaseState.WAITING.value, CaseState.TAKEN.value),
        due_at__gt=clock.now(),
    ).first()
    if row is None:
        raise NoSuchCase
    return row.id


def decide(actor: Actor, *, case_id: UUID, approve: bool, ground: Ground) -> CaseRow:
    """Decide a case that one took; a no names its ground. In the caller's transaction.

    The proof goes through the one function that ends checks; everything is put on record under
    the case.
    """
    row = _mine(actor, case_id)
    if not approve and ground not in GROUNDS:
        raise BadInput({"ground": "请选择不通过的原因"})
    kind = CaseKind(row.kind)
    if approve and kind in BY_CHECK:
        ensure_lawful(WITNESS)
    row.state = case_step(
        CaseState(row.state), CaseState.APPROVED if approve else CaseState.REFUSED
    ).value
    row.decided_by, row.decided_at = actor.staff_id, clock.now()
    row.ground = (Ground.CONFIRMED if approve else ground).value
    row.code_digest = None
    row.save(update_fields=["state", "decided_by", "decided_at", "ground", "code_digest"])
    if row.subject_id is not None:
        _take_effect(actor, row, row.subject_id, approve=approve)
    return row


def _take_effect(actor: Actor, row: CaseRow, subject_id: UUID, *, approve: bool) -> None:
    kind, ground = CaseKind(row.kind), Ground(row.ground)
    session.set_subject(subject_id)
    if kind in BY_CHECK and row.check_id is not None:
        state = State.MATCHED if approve else State.REFUSED
        verdict = Verdict(state=state, ground=ground, source=WITNESS, reference=str(row.id))
        settle(subject_id, row.check_id, verdict, actor=actor)
    elif kind is CaseKind.UNANSWERED and approve and row.check_id is not None:
        # The source said in writing that it never got the question: that is the proof.
        verdict = Verdict(
            state=State.REFUSED, ground=Ground.NOT_RECEIVED, source=row.source or WITNESS
        )
        settle(subject_id, row.check_id, verdict, actor=actor)
    elif kind is CaseKind.CONTRADICTION and not approve and row.check_id is not None:
        _first_answer_falls(actor, subject_id, row.check_id)
    elif kind is CaseKind.GUARDIAN:
        _guardian.drop_proof(subject_id, row.id)
        if approve:
            _guardian.approved(subject_id, row.id)
    gate.record(
        actor,
        subject_id=subject_id,
        kind=Evidence.OPERATOR,
        reason=f"case.{row.kind}:{row.state}",
        ref=row.id,
    )


def _first_answer_falls(actor: Actor, subject_id: UUID, check_id: UUID) -> None:
    check = _rows.locked(subject_id, check_id)
    if check.state == State.MATCHED.value:
        if check.kind == Kind.DOCUMENT_PHOTO.value:
            _values.drop_photos(check)
            session.set_subject(subject_id)
        _rows.move(check, State.LAPSED, Ground.NOT_PROVEN)
        refresh_tier(subject_id, cause="contradiction", actor=actor)


def _locked(case_id: UUID) -> CaseRow:
    row = CaseRow.objects.select_for_update().filter(id=case_id).first()
    if row is None:
        raise NoSuchCase
    return row


def _mine(actor: Actor, case_id: UUID) -> CaseRow:
    row = _locked(case_id)
    allowed(actor, row)
    if row.taken_by != actor.staff_id:
        raise OwnCase
    return row


def allowed(actor: Actor, row: CaseRow) -> None:
    """Refuse who may not work on a case, and ask the gate for leave where it has a person."""
    fit(actor, row)
    kind = CaseKind(row.kind)
    if kind in PURPOSE and row.subject_id is not None:
        purpose, items = PURPOSE[kind]
        gate.permit(actor, subject_id=row.subject_id, purpose=purpose, items=items)


def fit(actor: Actor, row: CaseRow) -> None:
    """Refuse who may not work on a case: by kind, undertaking, case, and by being its person."""
    kind = CaseKind(row.kind)
    workers = (ActorKind.COMPLIANCE,) if kind is CaseKind.SOURCE_AUDIT else (ActorKind.REVIEWER,)
    purpose, items = PURPOSE.get(kind, ("identity.review", ()))
    reason = None
    if actor.kind not in workers or not actor.staff_id:
        reason = Reason.ACTOR_NOT_ALLOWED
    elif actor.undertaking_until is None or actor.undertaking_until <= clock.now():
        reason = Reason.NO_UNDERTAKING
    elif row.subject_id is not None and actor.case_id != row.id:
        reason = Reason.NO_CASE
    if reason is not None:
        raise GateRefusal(reason, purpose=purpose, actor=actor, subject_id=row.subject_id)
    if row.subject_id is not None and actor.subject_id == row.subject_id:
        raise OwnCase
