"""Steps that two people take: one proposes, another releases, and the database says so too."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from xingnuo.kit import clock
from xingnuo.kit.errors import BadInput, Conflict, NotFound
from xingnuo.kit.steps import step
from xingnuo.people.permissions import _staff_register
from xingnuo.people.permissions._staff_record import leave
from xingnuo.people.permissions._staff_rules import NOTE_CHARS_MAX, RELEASE_DAYS
from xingnuo.people.permissions.contracts import (
    RELEASE_STEPS,
    ForbiddenStaffStep,
    Release,
    ReleaseState,
    SameHand,
)
from xingnuo.people.permissions.models import ReleaseRow

PAGE = 25
STAFF_KINDS = ("staff.enrol", "staff.code", "staff.roles", "staff.reinstate")


def propose(
    *, kind: str, ref: UUID, choice: str, by: str, reason: str = "", note: str = ""
) -> Release:
    """Propose a step; raises `Conflict` when the same thing already waits for a second person."""
    if len(note) > NOTE_CHARS_MAX:
        raise BadInput({"note": f"最多 {NOTE_CHARS_MAX} 个字"})
    now = clock.now()
    try:
        with transaction.atomic():
            row = ReleaseRow.objects.create(
                kind=kind,
                ref=ref,
                choice=choice,
                reason=reason,
                note=note,
                state=ReleaseState.PROPOSED.value,
                proposed_by=by,
                proposed_at=now,
                due_at=now + timedelta(days=RELEASE_DAYS),
            )
    except IntegrityError:
        raise Conflict("already_proposed") from None
    leave(f"release.proposed:{kind}", by=by, ref=row.id)
    return shown(row)


def close(release_id: UUID, *, by: str, to: ReleaseState) -> Release:
    """Release or refuse what another person proposed; raises `SameHand` for one's own.

    The caller carries the step out in the same transaction.
    """
    row = ReleaseRow.objects.select_for_update().filter(id=release_id).first()
    if row is None:
        raise NotFound("release")
    state = step(RELEASE_STEPS, ReleaseState(row.state), to, error=ForbiddenStaffStep)
    if row.proposed_by == by:
        raise SameHand
    row.state, row.released_by, row.closed_at = state.value, by, clock.now()
    row.save(update_fields=["state", "released_by", "closed_at"])
    leave(f"release.{to.value}:{row.kind}", by=by, ref=row.id)
    return shown(row)


def carry_out(release: Release, *, by: str) -> str:
    """Carry out a released step of the staff register; gives a one-time code where one is due."""
    match release.kind:
        case "staff.enrol" | "staff.code":
            return _staff_register.let_in(release.ref, by=by, channel="console")
        case "staff.roles":
            _staff_register.set_roles(release.ref, release.choice.split(","), by=by)
        case "staff.reinstate":
            _staff_register.reinstate(release.ref, by=by)
        case _:
            raise NotFound("release")
    return ""


def waiting(*, kinds: tuple[str, ...] | None = None, limit: int = PAGE) -> tuple[Release, ...]:
    """Give what waits for a second person, the most urgent first; `kinds` are beginnings."""
    rows = ReleaseRow.objects.filter(state=ReleaseState.PROPOSED.value).order_by("due_at", "id")
    found = [shown(row) for row in rows[: limit * 4]]
    return tuple(one for one in found if kinds is None or one.kind.startswith(kinds))[:limit]


def of_ref(kind: str, ref: UUID) -> Release | None:
    """Give what waits about one thing, or None."""
    row = ReleaseRow.objects.filter(kind=kind, ref=ref, state=ReleaseState.PROPOSED.value).first()
    return shown(row) if row is not None else None


def of_kind(kind: str, *, limit: int = PAGE) -> tuple[Release, ...]:
    """Give the steps of one kind, whatever became of them, newest first."""
    rows = ReleaseRow.objects.filter(kind=kind).order_by("-id")[:limit]
    return tuple(shown(row) for row in rows)


def one(release_id: UUID) -> Release:
    """Give one step; raises `NotFound`."""
    row = ReleaseRow.objects.filter(id=release_id).first()
    if row is None:
        raise NotFound("release")
    return shown(row)


def shown(row: ReleaseRow) -> Release:
    """Give a row as it leaves the room."""
    return Release(
        id=row.id,
        kind=row.kind,
        ref=row.ref,
        choice=row.choice,
        reason=row.reason,
        note=row.note,
        state=ReleaseState(row.state),
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        due_at=row.due_at,
    )
