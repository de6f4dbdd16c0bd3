"""Reading the staff register: members, their clearance, texts and courses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from xingnuo.kit import clock
from xingnuo.kit.errors import NotFound
from xingnuo.people.permissions._staff_rules import COURSES, ROLES, UNDERTAKINGS
from xingnuo.people.permissions.contracts import (
    Breach,
    Course,
    Member,
    Role,
    StaffState,
    Undertaking,
)
from xingnuo.people.permissions.models import (
    Staff,
    StaffBreach,
    StaffRole,
    StaffTraining,
    StaffUndertaking,
)

MEMBERS_PAGE = 50


def of_row(row: Staff) -> Member:
    """Give a member with roles and clearance, as they stand now."""
    return _shown([row])[0]


def members(*, after: str = "", limit: int = MEMBERS_PAGE) -> tuple[Member, ...]:
    """Give a page of the register by staff id; staff are no customers."""
    rows = list(Staff.objects.filter(code__gt=after).order_by("code")[:limit])
    return tuple(_shown(rows))


def member(staff_id: UUID) -> Member:
    """Give one member; raises `NotFound`."""
    row = Staff.objects.filter(id=staff_id).first()
    if row is None:
        raise NotFound("staff")
    return of_row(row)


def by_code(code: str) -> Member | None:
    """Give the member of a staff id, or None."""
    row = Staff.objects.filter(code=code).first()
    return of_row(row) if row is not None else None


def roles_of(found: Member) -> tuple[Role, ...]:
    """Give a member's roles, in the order of the table."""
    return tuple(role for role in ROLES.values() if role.id in found.roles)


def undertaking_now() -> Undertaking:
    """Give the confidentiality text in force today."""
    today = clock.today()
    return max(
        (text for text in UNDERTAKINGS if text.effective_on <= today),
        key=lambda text: text.effective_on,
    )


def course(course_id: str) -> Course:
    """Give one course; raises `NotFound`."""
    for one in COURSES:
        if one.id == course_id:
            return one
    raise NotFound("course")


def courses_of(staff_id: UUID) -> tuple[tuple[Course, datetime | None], ...]:
    """Give every course with until when it is passed."""
    until = _until(StaffTraining, [staff_id], "course")
    return tuple((one, until.get((staff_id, one.id))) for one in COURSES)


def breaches_of(staff_id: UUID) -> tuple[Breach, ...]:
    """Give the breaches that were found of a member, newest first."""
    rows = StaffBreach.objects.filter(staff_id=staff_id).order_by("-id")[:50]
    return tuple(Breach(kind=row.kind, at=row.at, recorded_by=row.recorded_by) for row in rows)


def _shown(rows: list[Staff]) -> list[Member]:
    ids = [row.id for row in rows]
    roles: dict[UUID, set[str]] = {one: set() for one in ids}
    for staff_id, role in StaffRole.objects.filter(
        staff_id__in=ids, ended_at__isnull=True
    ).values_list("staff_id", "role"):
        roles[staff_id].add(role)
    signed = _until(StaffUndertaking, ids, "version")
    trained = _until(StaffTraining, ids, "course")
    return [
        Member(
            id=row.id,
            code=row.code,
            name=row.name,
            state=StaffState(row.state),
            roles=frozenset(roles[row.id]),
            since=row.moved_at,
            undertaking_until=max(
                (until for (who, _), until in signed.items() if who == row.id), default=None
            ),
            training_until=_least([trained.get((row.id, one.id)) for one in COURSES]),
        )
        for row in rows
    ]


def _until(
    table: type[StaffTraining] | type[StaffUndertaking], ids: Iterable[UUID], what: str
) -> dict[tuple[UUID, str], datetime]:
    found = (
        table.objects.filter(staff_id__in=ids)
        .values_list("staff_id", what)
        .annotate(until=Max("until_at"))
    )
    return {(who, name): until for who, name, until in found}


def _least(dates: list[datetime | None]) -> datetime | None:
    # A course that was never passed leaves the member untrained, whatever the others say.
    known = [one for one in dates if one is not None]
    return min(known) if known and len(known) == len(dates) else None
