"""What the identity room lets out: how a person stands, their checks, and queues of cases."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from xingnuo.kit import clock
from xingnuo.kit.cases import Case, CasePage, case_of
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput
from xingnuo.people.identity import _cases, _law, _opened, _rows, _values
from xingnuo.people.identity._limits import CASES_LISTED_MAX, CHECKS_LISTED_MAX, OPEN_COUNT_MAX
from xingnuo.people.identity._photos import own_photo, read_values
from xingnuo.people.identity._sources import SOURCES, audited
from xingnuo.people.identity.contracts import (
    Audited,
    CaseKind,
    CaseState,
    Check,
    Kind,
    NoSuchCase,
    Rule,
    Side,
    Status,
)
from xingnuo.people.identity.models import AuditRow, CaseRow, CheckRow, ClockRow, PhotoMark
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Reason, Shown
from xingnuo.trust.policy.contracts import ActorKind

__all__ = [
    "case_of",
    "case_photo",
    "case_values",
    "check",
    "counted",
    "export",
    "lacking",
    "my_cases",
    "one_case",
    "open_cases",
    "own_photo",
    "read_values",
    "sources",
    "status",
    "waiting_audits",
]
_QUEUE_READERS = frozenset({ActorKind.REVIEWER, ActorKind.COMPLIANCE})


def status(actor: Actor) -> Status:
    """Give how far a person's real name is confirmed, with their checks; sets the subject."""
    subject_id = _rows.who(actor)
    stands = gate_queries.standing(subject_id)
    rows = CheckRow.objects.of(subject_id).order_by("-id")[:CHECKS_LISTED_MAX]
    checks = tuple(sorted(map(_rows.shown, rows), key=lambda one: one.began_at, reverse=True))
    in_force = _rows.matched(subject_id)
    named = next((one for one in in_force if one.kind == Kind.NAME_NUMBER.value), None)
    ends = [one.valid_until for one in in_force if one.valid_until is not None]
    return Status(
        state=stands.state,
        tier=stands.tier,
        checks=checks,
        valid_until=min(ends, default=None),
        rule=Rule(named.rule) if named and named.rule else None,
    )


def check(actor: Actor, *, check_id: UUID) -> Check:
    """Give one of a person's checks; another's and a missing one look the same."""
    return _rows.shown(_rows.found(_rows.who(actor), check_id))


def lacking(subject_id: UUID, function: str) -> tuple[str, ...]:
    """Name the items that the law asks for before a service and that are not there yet."""
    return _law.lacking(subject_id, function)


def sources() -> tuple[Audited, ...]:
    """Give every source with how its legality audit stands."""
    return tuple(audited(source) for source in SOURCES)


def waiting_audits(actor: Actor) -> tuple[tuple[UUID, str, str], ...]:
    """Give audits that wait for a second person: id, source, who put it down."""
    if actor.kind not in (ActorKind.COMPLIANCE, ActorKind.AUDITOR):
        raise GateRefusal(Reason.ACTOR_NOT_ALLOWED, purpose="identity.verify", actor=actor)
    rows = AuditRow.objects.filter(released_at__isnull=True).order_by("id")[:CASES_LISTED_MAX]
    return tuple((row.id, row.source, row.proposed_by) for row in rows)


def my_cases(actor: Actor) -> tuple[Case, ...]:
    """Give a person's own cases, newest first."""
    rows = CaseRow.objects.filter(subject_id=_rows.who(actor)).order_by("-id")
    return tuple(case_of(row) for row in rows[:CHECKS_LISTED_MAX])


def open_cases(
    actor: Actor,
    *,
    kind: CaseKind | None = None,
    taken_by: str | None = None,
    after: str = "",
    limit: int = 20,
) -> CasePage:
    """Give a page of the queue, most urgent first; nothing personal is in it.

    `taken_by` leaves one member's cases, or with "" those that nobody has. Raises `GateRefusal`
    for anybody but reviewers and compliance, `BadInput` for a wrong mark.
    """
    _reader(actor)
    waiting = _waiting(taken_by)
    if kind is not None:
        waiting = waiting.filter(kind=kind.value)
    rows = waiting.extra(  # noqa: S610  # a row comparison that the ORM cannot say
        where=["(-level, due_at, id) > (%s, %s, %s)"] if after else [],
        params=_mark(after) if after else [],
    ).order_by("-level", "due_at", "id")[: min(limit, CASES_LISTED_MAX) + 1]
    found = list(rows)
    shown = found[: min(limit, CASES_LISTED_MAX)]
    more = len(found) > len(shown)
    last = shown[-1] if shown else None
    return CasePage(
        cases=tuple(case_of(row) for row in shown),
        after=f"{last.level}~{last.due_at.isoformat()}~{last.id}" if last and more else "",
        open_count=_counted(waiting),
        overdue_count=_counted(waiting.filter(due_at__lt=clock.now())),
    )


def counted(actor: Actor, *, taken_by: str | None = None, overdue: bool = False) -> int:
    """Count what waits as `open_cases` lists it, up to `OPEN_COUNT_MAX`."""
    _reader(actor)
    rows = _waiting(taken_by)
    return _counted(rows.filter(due_at__lt=clock.now()) if overdue else rows)


def _waiting(taken_by: str | None) -> QuerySet[CaseRow]:
    rows = CaseRow.objects.filter(state__in=_opened.OPEN)
    if taken_by is None:
        return rows
    held = CaseState.TAKEN if taken_by else CaseState.WAITING
    return rows.filter(state=held.value, taken_by=taken_by)


def _counted(rows: QuerySet[CaseRow]) -> int:
    return rows.order_by().values("id")[:OPEN_COUNT_MAX].count()


def one_case(actor: Actor, *, case_id: UUID) -> Case:
    """Give a case's clock and state; nothing of its person, so it is no look."""
    _reader(actor)
    row = CaseRow.objects.filter(id=case_id).first()
    if row is None:
        raise NoSuchCase
    return case_of(row)


def _reader(actor: Actor) -> None:
    signed = actor.undertaking_until is not None and actor.undertaking_until > clock.now()
    if actor.kind not in _QUEUE_READERS or not actor.staff_id or not signed:
        reason = Reason.NO_UNDERTAKING if actor.staff_id else Reason.UNKNOWN_ACTOR
        raise GateRefusal(reason, purpose="identity.review", actor=actor)


def _mark(after: str) -> list[object]:
    try:
        level, due_at, last = after.split("~")
        return [-int(level), datetime.fromisoformat(due_at), UUID(last)]
    except ValueError:
        raise BadInput({"after": "请从第一页看起"}) from None


def case_values(actor: Actor, *, case_id: UUID) -> list[Shown]:
    """Give what a case shows to who took it: masked by the server, on the person's record."""
    row = _taken(actor, case_id)
    if row.kind == CaseKind.DOCUMENT_PHOTO.value or row.subject_id is None:
        return []
    if CaseKind(row.kind) not in _cases.PURPOSE or row.kind == CaseKind.GUARDIAN.value:
        return []
    purpose, _ = _cases.PURPOSE[CaseKind(row.kind)]
    permit = gate.permit(actor, subject_id=row.subject_id, purpose=purpose, items=_values.NAMED)
    place = ""
    if row.kind == CaseKind.NAME_MISMATCH.value:
        place = str(row.check_id)
    elif row.kind == CaseKind.GROWN_UP.value:
        known = _rows.in_force(row.subject_id, Kind.AGE)
        place = str(known.id) if known else ""
    return gate_queries.read(permit, _values.NAMED, slot=place)


def case_photo(actor: Actor, *, case_id: UUID, side: Side) -> bytes | None:
    """Give one side of a document, or a guardian's proof, to the reviewer who took the case."""
    row = _taken(actor, case_id)
    if row.subject_id is None:
        raise NoSuchCase
    if row.kind == CaseKind.GUARDIAN.value:
        purpose, place = "identity.guardian", _values.slot(row.id, "guardian")
    elif row.kind == CaseKind.DOCUMENT_PHOTO.value and row.check_id is not None:
        purpose, place = "identity.document_photo", _values.slot(row.check_id, side.value)
    else:
        raise NoSuchCase
    permit = gate.permit(
        actor, subject_id=row.subject_id, purpose=purpose, items=("document_photo",)
    )
    return gate_queries.read_file(permit, "document_photo", slot=place)


def _taken(actor: Actor, case_id: UUID) -> CaseRow:
    row = CaseRow.objects.filter(id=case_id, taken_by=actor.staff_id).first()
    if row is None or not actor.staff_id or row.state != "taken":
        raise NoSuchCase
    _cases.fit(actor, row)
    return row


def export(subject_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Give every row of a person, without what could open anything or stands for a review."""
    session.set_subject(subject_id)
    clocks = ClockRow.objects.filter(subject_id=subject_id).order_by("id")
    cases = CaseRow.objects.filter(subject_id=subject_id).order_by("id")
    marks = PhotoMark.objects.filter(subject_id=subject_id).order_by("id")
    told = ("id", "kind", "state", "opened_at", "due_at", "decided_at", "ground")
    return {
        "identity_check": [dict(row) for row in CheckRow.objects.of(subject_id).values()],
        "identity_clock": [dict(row) for row in clocks.values()],
        "identity_case": [dict(row) for row in cases.values(*told)],
        "identity_photo_mark": [dict(row) for row in marks.values("id", "side", "band", "made_at")],
    }
