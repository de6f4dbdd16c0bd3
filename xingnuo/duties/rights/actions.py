"""What a person asks of us: a copy, a correction, deletion, withdrawal, closure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction

from xingnuo.duties.rights import _copy, _erasing
from xingnuo.duties.rights._queue import give_back, take
from xingnuo.duties.rights.contracts import (
    STEPS,
    Case,
    CaseKind,
    CaseState,
    Closing,
    Copy,
    NeedsProof,
    OpenBusiness,
)
from xingnuo.duties.rights.models import CaseRow
from xingnuo.duties.rights.policy import CLOSE_DAYS, KEPT_DAYS, REPLY_DAYS, SWEEP_ROWS_MAX
from xingnuo.duties.rights.queries import case_of, closing_blockers
from xingnuo.kit import clock, ids, jobs
from xingnuo.kit.db import session
from xingnuo.kit.errors import Conflict, NotFound
from xingnuo.people.accounts import actions as accounts
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, Strength
from xingnuo.trust.policy.contracts import SubjectState

__all__ = [
    "carry_out_erasure",
    "close",
    "copy",
    "correct",
    "delete_items",
    "give_back",
    "move",
    "take",
    "take_up_waiting",
    "withdraw_policy",
]


def copy(actor: Actor, *, subject_id: UUID) -> Copy:
    """Make a person's masked copy: everything that is stored about them, in open formats.

    Nothing of it is kept here. Runs in the caller's transaction; also in every state a person can
    still sign in.
    """
    permit = gate.permit(actor, subject_id=subject_id, purpose="rights.copy")
    made = _copy.make(permit)
    gate.record(
        actor,
        subject_id=subject_id,
        kind=Kind.EXPORT,
        purpose="rights.copy",
        count=sum(made.tables.values()),
    )
    return made


def correct(actor: Actor, *, subject_id: UUID, values: Mapping[str, str]) -> None:
    """Correct or complete values; the old ones are replaced everywhere they are read from.

    Raises `BadInput` by item. Sibling apps read the house's own value at their next call.
    """
    permit = gate.permit(
        actor, subject_id=subject_id, purpose="rights.correct", items=tuple(values)
    )
    gate.collect(permit, values, correction=True)


def delete_items(actor: Actor, *, subject_id: UUID, items: tuple[str, ...]) -> int:
    """Delete chosen items; gives how many values went."""
    permit = gate.permit(actor, subject_id=subject_id, purpose="rights.erase", items=items)
    return gate.drop(permit, items)


def withdraw_policy(actor: Actor, *, subject_id: UUID, text_hash: str) -> Case:
    """Withdraw consent to the policy: collection and use stop with this transaction.

    Sibling apps lose access; the person may still sign in to use their rights or to agree again.
    """
    gate.withdraw_policy(actor, subject_id=subject_id, text_hash=text_hash)
    accounts.end_syncs(subject_id, why="withdrawn")
    return _open_case(subject_id, CaseKind.WITHDRAW, CaseState.DONE)


def close(actor: Actor, *, subject_id: UUID, key: UUID) -> Closing:
    """Ask for the account to be closed and everything erased; safe to repeat with the same key.

    Closes the gate in this transaction and leaves the erasing to a job. Raises `NeedsProof` without
    a fresh proof of the person, `OpenBusiness` with the list of what is open. A key is the
    person's own: another's case id or key is as fresh as any.
    """
    if actor.strength < Strength.REVERIFIED:
        raise NeedsProof
    case_id = _case_id(subject_id, key)
    known = CaseRow.objects.filter(id=case_id).first()
    if known is not None:
        return Closing(case=case_of(known), receipt_code=_receipt_code(case_id))
    blockers = closing_blockers(subject_id)
    if blockers:
        raise OpenBusiness(blockers)
    accounts.end_syncs(subject_id, why="closed")
    accounts.sign_out_everywhere(actor)
    _close_gate(actor, subject_id, cause="closure_asked")
    gate.begin_erasure(actor, subject_id=subject_id, cause="closure")
    case = _open_case(subject_id, CaseKind.CLOSE, CaseState.WORKING, case_id=case_id)
    jobs.defer("rights.erase", queue="rights", case_id=case_id)
    return Closing(case=case, receipt_code=_receipt_code(case_id))


def close_for_minor(actor: Actor, *, subject_id: UUID, key: UUID) -> Case:
    """Close and erase a minor's account as a guardian asked; safe to repeat with the same key.

    `key` is the approved case of the guardian (promise 6.1). Raises `OpenBusiness` as `close`.
    """
    case_id = _case_id(subject_id, key)
    known = CaseRow.objects.filter(id=case_id).first()
    if known is not None:
        return case_of(known)
    blockers = closing_blockers(subject_id)
    if blockers:
        raise OpenBusiness(blockers)
    accounts.end_syncs(subject_id, why="closed")
    _close_gate(actor, subject_id, cause="guardian")
    gate.begin_erasure(actor, subject_id=subject_id, cause="guardian")
    case = _open_case(subject_id, CaseKind.CLOSE, CaseState.WORKING, case_id=case_id)
    jobs.defer("rights.erase", queue="rights", case_id=case_id)
    return case


def _close_gate(actor: Actor, subject_id: UUID, *, cause: str) -> None:
    # A gate that closed for a minor is closed already; from there the next step is erasure.
    if gate_queries.state_of(subject_id) is not SubjectState.MINOR:
        gate.change_state(actor, subject_id=subject_id, to=SubjectState.CLOSING, cause=cause)


def carry_out_erasure(actor: Actor, *, case_id: UUID) -> None:
    """Take an erasure on from wherever it stands; safe to repeat."""
    _erasing.carry_out(actor, case_id=case_id)


def take_up_waiting() -> int:
    """Queue again every closure whose job was lost; gives how many."""
    waiting = CaseRow.objects.filter(
        kind=CaseKind.CLOSE.value,
        state=CaseState.WORKING.value,
        made_at__lt=clock.now() - timedelta(minutes=5),
    )
    count = 0
    for case_id in waiting.values_list("id", flat=True)[:1000]:
        with transaction.atomic():
            jobs.defer("rights.erase", queue="rights", case_id=case_id)
        count += 1
    return count


def sweep() -> int:
    """Delete requests answered three years ago, with their certificates; gives how many rows."""
    before = clock.now() - timedelta(days=KEPT_DAYS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rights_sweep(%s, %s)", [before, SWEEP_ROWS_MAX])
        return int(cursor.fetchone()[0])


def move(case_id: UUID, *, to: CaseState, ground: str = "") -> Case:
    """Move a case by the table of steps; raises `Conflict` for any other step."""
    row = CaseRow.objects.select_for_update().filter(id=case_id).first()
    if row is None:
        raise NotFound("case")
    if to not in STEPS[CaseState(row.state)]:
        raise Conflict(f"{row.state}->{to.value}")
    row.state, row.ground = to.value, ground
    if to in (CaseState.DONE, CaseState.REFUSED):
        row.done_at = clock.now()
    row.save(update_fields=["state", "ground", "done_at"])
    return case_of(row)


def _open_case(
    subject_id: UUID, kind: CaseKind, state: CaseState, *, case_id: UUID | None = None
) -> Case:
    now = clock.now()
    days = CLOSE_DAYS if kind is CaseKind.CLOSE else REPLY_DAYS
    row = CaseRow.objects.create(
        id=case_id or ids.uuid7(),
        subject_id=subject_id,
        kind=kind.value,
        state=state.value,
        made_at=now,
        due_at=now + timedelta(days=days),
        done_at=now if state is CaseState.DONE else None,
        receipt_digest=ids.digest(_receipt_code(case_id)) if case_id else "",
    )
    session.set_subject(subject_id)
    return case_of(row)


def _case_id(subject_id: UUID, key: UUID) -> UUID:
    return UUID(hex=ids.digest(f"closure:{subject_id}:{key}")[:32])


def _receipt_code(case_id: UUID) -> str:
    # The case's id comes from a random key that nobody else knows: the bearer shows the case.
    return ids.digest(f"receipt:{case_id}")[:24]
