"""The scope of a case: who of staff may see what of its person, and for how long.

A case is its taker's alone, from taking it to answering it. What its topic does not name stays
closed, whatever the purposes of the desk would allow.
"""

from __future__ import annotations

from uuid import UUID

from xingnuo.kit.db import session
from xingnuo.people.support._topics import seen, topic
from xingnuo.people.support.contracts import RUNNING, Desk, State
from xingnuo.people.support.models import CaseRow
from xingnuo.trust.evidence.contracts import Kind as Evidence
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Permit, Reason, Shown
from xingnuo.trust.policy.contracts import ActorKind

MESSAGES, CASE, TRANSACTIONS = "support.messages", "support.case", "support.transactions"
VOICE = "support.voice"
_MESSAGE = "这张工单不在你手里，或已经办结。"
_REMEDY = "请先领取；已办结的工单不能再看。"
_BEYOND = "这张工单问的事不需要这些信息，所以不打开。"


def held(actor: Actor, case_id: UUID, *, purpose: str = MESSAGES, lock: bool = False) -> CaseRow:
    """Give the case that a member of staff has now; anything else is refused, and on record."""
    rows = CaseRow.objects.select_for_update() if lock else CaseRow.objects
    row = rows.filter(id=case_id).first()
    if (
        row is None
        or actor.kind not in (ActorKind.AGENT, ActorKind.COMPLIANCE)
        or not actor.staff_id
        or row.taken_by != actor.staff_id
        or actor.case_id != row.id
        or State(row.state) not in RUNNING
    ):
        raise refusal(actor, purpose, row)
    if row.desk == Desk.REQUESTS.value and actor.kind is not ActorKind.COMPLIANCE:
        raise refusal(actor, purpose, row, reason=Reason.ACTOR_NOT_ALLOWED)
    return row


def refusal(
    actor: Actor,
    purpose: str,
    row: CaseRow | None,
    *,
    reason: Reason = Reason.NO_CASE,
    items: tuple[str, ...] = (),
) -> GateRefusal:
    """Make the refusal that the person of the case can read of."""
    return GateRefusal(
        reason,
        purpose=purpose,
        items=items,
        subject_id=row.subject_id if row is not None else None,
        actor=actor,
        message=_BEYOND if reason is Reason.UNDECLARED_ITEM else _MESSAGE,
        remedy=_REMEDY,
    )


def items_of(row: CaseRow) -> tuple[str, ...]:
    """Name the person's items that the topic of a case needs."""
    return seen(topic(row.topic))


def read_person(
    actor: Actor, case_id: UUID, *, items: tuple[str, ...] | None = None
) -> list[Shown]:
    """Read the person's items of a case, masked; none where the topic needs none.

    Raises `GateRefusal` for an item that the topic does not need, with its record.
    """
    row = held(actor, case_id, purpose=CASE)
    session.set_subject(row.subject_id)
    allowed = items_of(row)
    asked = allowed if items is None else items
    if not set(asked) <= set(allowed):
        raise refusal(actor, CASE, row, reason=Reason.UNDECLARED_ITEM, items=asked)
    if not asked:
        return []
    permit = gate.permit(actor, subject_id=row.subject_id, purpose=CASE, items=asked)
    return gate_queries.read(permit)


def read_transactions(actor: Actor, case_id: UUID) -> list[Shown]:
    """Read transactions for a case that is about transactions; for any other, refused."""
    row = held(actor, case_id, purpose=TRANSACTIONS)
    if not topic(row.topic).transactions:
        raise refusal(actor, TRANSACTIONS, row, reason=Reason.UNDECLARED_ITEM)
    permit = gate.permit(actor, subject_id=row.subject_id, purpose=TRANSACTIONS)
    return gate_queries.read(permit)


def desk(
    actor: Actor, row: CaseRow, purpose: str = MESSAGES, items: tuple[str, ...] | None = None
) -> Permit:
    """Ask for the permit to work on a held case, and put the look on the person's list."""
    permit = gate.permit(actor, subject_id=row.subject_id, purpose=purpose, items=items)
    gate.record(
        actor,
        subject_id=row.subject_id,
        kind=Evidence.VIEW,
        reason="case.read",
        purpose=purpose,
        ref=row.id,
    )
    return permit
