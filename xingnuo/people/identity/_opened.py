"""Opening cases: one open case of a kind for a person, with a clock."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from xingnuo.kit import clock
from xingnuo.people.identity import _limits
from xingnuo.people.identity._states import case_step
from xingnuo.people.identity.contracts import OPEN_CASES, CaseKind, CaseState, Ground
from xingnuo.people.identity.models import CaseRow

OPEN = [state.value for state in OPEN_CASES]


def open_case(
    kind: CaseKind,
    *,
    subject_id: UUID | None,
    check_id: UUID | None = None,
    source: str = "",
    relation: str = "",
    level: int = 0,
    case_id: UUID | None = None,
) -> CaseRow:
    """Open a case, or give the one of its kind that is open already."""
    known = CaseRow.objects.filter(
        kind=kind.value, subject_id=subject_id, source=source, state__in=OPEN
    ).first()
    if known is not None:
        return known
    now = clock.now()
    days = _limits.GUARDIAN_CASE_DAYS if kind is CaseKind.GUARDIAN else _limits.CASE_DAYS
    given = {"id": case_id} if case_id else {}
    return CaseRow.objects.create(
        **given,
        subject_id=subject_id,
        check_id=check_id,
        kind=kind.value,
        state=CaseState.WAITING.value,
        level=level,
        source=source,
        relation=relation,
        opened_at=now,
        due_at=now + timedelta(days=days),
    )


def end_cases(check_id: UUID) -> None:
    """End the open cases of a check that is about nothing any more."""
    for row in CaseRow.objects.filter(check_id=check_id, state__in=OPEN).select_for_update():
        row.state = case_step(CaseState(row.state), CaseState.ENDED).value
        row.decided_at, row.ground = clock.now(), Ground.GIVEN_UP.value
        row.save(update_fields=["state", "decided_at", "ground"])
