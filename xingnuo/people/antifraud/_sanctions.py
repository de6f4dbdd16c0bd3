"""Screening of customers against the sanctions lists, when a name or a list changes (AML 40)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.people.antifraud import _aml_level, _cases, _dated, _listing
from xingnuo.people.antifraud._limits import SCREENED_PER_RUN_MAX
from xingnuo.people.antifraud._states import MONEY, CaseKind, HitState, ListKind
from xingnuo.people.antifraud.models import CaseRow, HitRow, ProfileRow
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, GateRefusal

SCREENING = "aml.screening"


def screen_customer(actor: Actor, *, subject_id: UUID) -> int:
    """Screen a customer's name against the live lists; gives how many new hits there are.

    The name is read through the gate under the law's own purpose, whose lines nobody but the
    auditor sees; new hits open one case.
    """
    permit = gate.permit(actor, subject_id=subject_id, purpose=SCREENING, items=("name",))
    name = gate_queries.plain(permit, "name") or ""
    stamp, now = _listing.stamp(), clock.now()
    found = _listing.named(name, [ListKind.SANCTIONS]) if name else []
    known = set(HitRow.objects.of(subject_id).values_list("source", "entry_ref"))
    fresh = [each for each in found if (each.source, each.ref) not in known]
    if fresh:
        case = _cases.open_once(CaseKind.SANCTIONS_HIT, subject_id, ref=_once(subject_id, stamp))
        for each in fresh:
            HitRow.objects.create(
                subject_id=subject_id,
                entry_ref=each.ref,
                source=each.source,
                is_exact=each.is_exact,
                case_id=case.id,
                found_at=now,
            )
    row = _aml_level.assess(subject_id)
    row.screened_at, row.screened_stamp = now, stamp
    row.save()
    return len(fresh)


def settle(case: CaseRow, *, is_same: bool) -> None:
    """Carry out what was decided of a case of hits: cleared or confirmed, and weighed anew."""
    state = HitState.CONFIRMED if is_same else HitState.CLEARED
    rows = HitRow.objects.of(case.subject_id).filter(case_id=case.id)
    rows.filter(state=HitState.OPEN.value).update(state=state.value)
    _aml_level.assess(case.subject_id)


def due(most: int = SCREENED_PER_RUN_MAX) -> list[UUID]:
    """Give the customers who were screened against other lists, or whose review day has come."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject_id FROM antifraud_due_customers(%s, %s, %s) AS due(subject_id)",
            [_listing.stamp(), clock.today(), most],
        )
        return [row[0] for row in cursor.fetchall()]


def screen_due(actor: Actor) -> int:
    """Screen those who are due, each in a transaction of its own; gives how many."""
    count = 0
    for subject_id in due():
        try:
            with transaction.atomic():
                screen_customer(actor, subject_id=subject_id)
        except GateRefusal:
            # No customer any more: nothing is read, and the profile is not taken up again.
            with transaction.atomic():
                _put_off(subject_id)
            continue
        count += 1
    return count


def _put_off(subject_id: UUID) -> None:
    session.set_subject(subject_id)
    for row in ProfileRow.objects.of(subject_id):
        row.screened_stamp = _listing.stamp()
        row.review_on = _dated.review_on("low", clock.today())
        row.save()


def open_large(day_start: datetime) -> int:
    """Open a case for each person whose transfers of one Beijing day reach the dated limit."""
    day = clock.beijing(day_start).date()
    least = _dated.value("large.domestic", day).value
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject_id FROM antifraud_day_totals(%s, %s, %s, %s) AS day(subject_id, total)",
            [day_start, day_start + timedelta(days=1), [kind.value for kind in MONEY], least],
        )
        found = [row[0] for row in cursor.fetchall()]
    for subject_id in found:
        ref = _once(subject_id, f"large.{day.isoformat()}")
        if CaseRow.objects.filter(kind=CaseKind.AML_LARGE.value, ref=ref).first() is None:
            _cases.open_once(CaseKind.AML_LARGE, subject_id, ref=ref)
    return len(found)


def _once(subject_id: UUID, what: str) -> UUID:
    # The same finding always has the same id, so that a job that runs twice opens one case.
    return UUID(ids.digest(f"{subject_id}.{what}")[:32])
