"""Reading rights cases, blockers, receipts, and what a person's own page shows."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID

from xingnuo.duties.rights._queue import counted, one
from xingnuo.duties.rights._queue import page as queue_page
from xingnuo.duties.rights.contracts import Case, CaseKind, CaseState, Certificate, Receipt
from xingnuo.duties.rights.models import CaseRow, CertificateRow
from xingnuo.kit import ids
from xingnuo.kit.db import session
from xingnuo.kit.errors import NotFound
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.gate.contracts import Actor, Shown
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Blocker

__all__ = [
    "case_of",
    "cases",
    "closing_blockers",
    "closing_warnings",
    "counted",
    "export",
    "one",
    "profile",
    "queue_page",
    "receipt",
]

_RECEIPT = re.compile(r"[0-9a-f]{24}")


def case_of(row: CaseRow) -> Case:
    """Give a case as it leaves the room."""
    return Case(
        id=row.id,
        kind=CaseKind(row.kind),
        state=CaseState(row.state),
        made_at=row.made_at,
        due_at=row.due_at,
        done_at=row.done_at,
        ground=row.ground,
    )


def cases(subject_id: UUID, *, limit: int = 50) -> tuple[Case, ...]:
    """Give a person's own cases, newest first."""
    rows = CaseRow.objects.filter(subject_id=subject_id).order_by("-id")[:limit]
    return tuple(case_of(row) for row in rows)


def closing_blockers(subject_id: UUID) -> tuple[Blocker, ...]:
    """List the open business of every room that stands in the way of closing the account."""
    found: list[Blocker] = []
    for holding in policy.holdings():
        if holding.blocks is not None:
            session.set_subject(subject_id)
            found += holding.blocks(subject_id)
    return tuple(found)


def closing_warnings(subject_id: UUID) -> tuple[Blocker, ...]:
    """List what closing ends in any room, each with its way out; none of it stands in the way."""
    found: list[Blocker] = []
    for holding in policy.holdings():
        if holding.warns is not None:
            session.set_subject(subject_id)
            found += holding.warns(subject_id)
    return tuple(found)


def profile(actor: Actor, *, subject_id: UUID) -> list[Shown]:
    """Give the person's own values for 个人信息: masked, and plain after a fresh proof."""
    return gate.look(actor, subject_id=subject_id, purpose="rights.plain_view")


def receipt(code: str) -> Receipt:
    """Give a case by its receipt code; a wrong code looks like a missing case."""
    if not _RECEIPT.fullmatch(code):
        raise NotFound("receipt")
    row = CaseRow.objects.filter(receipt_digest=ids.digest(code)).first()
    if row is None:
        raise NotFound("receipt")
    made = CertificateRow.objects.filter(case_id=row.id).first()
    certificate = None
    if made is not None:
        certificate = Certificate(
            case_id=row.id, body=json.loads(made.body), signature=made.signature, key_id=made.key_id
        )
    return Receipt(case=case_of(row), certificate=certificate)


def export(subject_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Give a person's cases for the copy of their data."""
    rows = CaseRow.objects.filter(subject_id=subject_id).order_by("id")
    return {"rights_case": [dict(row) for row in rows.values()]}
