"""Screening of customers against the sanctions lists, when a name or a list changes (AML 40)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from xingnuo.kit import clock
from xingnuo.kit.db import session
from xingnuo.people.antifraud import (
    _aml_level,
    _cases,
    _dated,
    _days,
    _digests,
    _listing,
    _movements,
    _names,
    _once,
)
from xingnuo.people.antifraud._limits import SCREENED_PER_RUN_MAX
from xingnuo.people.antifraud._states import CaseKind, HitState, ListKind
from xingnuo.people.antifraud.models import CaseRow, DayRow, HitRow, ProfileRow
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, GateRefusal

SCREENING = "aml.screening"
# The fact that a counterparty's name met a list: no rule, copy or risk officer has it.
SANCTIONED = "sanctions.counterparty"


def screen_customer(actor: Actor, *, subject_id: UUID) -> int:
    """Screen a customer's name against the live lists; gives how many new hits there are.

    The name is read through the gate under the law's own purpose, whose lines nobody but the
    auditor sees; new hits open one case.
    """
    permit = gate.permit(actor, subject_id=subject_id, purpose=SCREENING, items=("name",))
    name = gate_queries.plain(permit, "name") or ""
    stamp, now = _listing.stamp(), clock.now()
    found = _listing.named(name, [ListKind.SANCTIONS]) if name else []
    own = HitRow.objects.of(subject_id).filter(counterparty="")
    known = set(own.values_list("source", "entry_ref"))
    fresh = [each for each in found if (each.source, each.ref) not in known]
    if fresh:
        ref = _once.id_of(subject_id, stamp)
        case = _cases.open_once(CaseKind.SANCTIONS_HIT, subject_id, ref=ref)
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


class Other(NamedTuple):
    """What a screened counterparty's name met: its digest, and rows to keep with the decision."""

    name: str = ""
    case: CaseRow | None = None
    hits: tuple[HitRow, ...] = ()

    @property
    def is_met(self) -> bool:
        """Say whether the name stands on or near a list, and nobody has cleared that."""
        return bool(self.name)


def screen_other(subject_id: UUID, name: str) -> Other:
    """Screen whom a person deals with; new hits open one case. The subject is set.

    Of the name a keyed digest stays where it met a list, and nothing where it did not. What was
    cleared for this person and this name opens no case again.
    """
    found = _listing.named(name, [ListKind.SANCTIONS]) if name.strip() else []
    if not found:
        return Other()
    digest = _digests.keyed("counterparty_name", _names.normal(name))
    known = {
        (row.source, row.entry_ref): row.state
        for row in HitRow.objects.of(subject_id).filter(counterparty=digest)
    }
    fresh = [each for each in found if (each.source, each.ref) not in known]
    if not fresh:
        cleared = all(known[each.source, each.ref] == HitState.CLEARED.value for each in found)
        return Other() if cleared else Other(digest)
    ref = _once.id_of(subject_id, f"{digest}.{_listing.stamp()}")
    case = _cases.open_once(CaseKind.SANCTIONS_HIT, subject_id, ref=ref)
    rows = HitRow.objects.bulk_create(
        [
            HitRow(
                subject_id=subject_id,
                counterparty=digest,
                entry_ref=each.ref,
                source=each.source,
                is_exact=each.is_exact,
                case_id=case.id,
                found_at=clock.now(),
            )
            for each in fresh
        ],
        ignore_conflicts=True,
    )
    return Other(digest, case, tuple(rows))


def stands(subject_id: UUID, name: str) -> HitState | None:
    """Say how a counterparty's name stands now; the strictest of its hits. The subject is set."""
    states = set(
        HitRow.objects.of(subject_id).filter(counterparty=name).values_list("state", flat=True)
    )
    order = (HitState.CONFIRMED, HitState.OPEN, HitState.CLEARED)
    return next((state for state in order if state.value in states), None)


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
    """Add a Chinese day up anew from its movements; gives how many days reach a limit.

    The net behind the feed: a day that reached its limit and has no case gets one.
    """
    day_on = clock.beijing(day_start).date()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM antifraud_day_sums(%s)", [day_on])
        sums = cursor.fetchall()
    count = 0
    for subject_id, limit_kind, *totals in sums:
        summed = DayRow(subject_id=subject_id, day_on=day_on, limit_kind=limit_kind)
        summed.in_fen, summed.out_fen, summed.in_usd_cents, summed.out_usd_cents = totals
        if _days.percent(summed) < 100:
            continue
        count += 1
        session.set_subject(subject_id)
        rows = DayRow.objects.of(subject_id).select_for_update()
        for row in rows.filter(day_on=day_on, limit_kind=limit_kind, case_id=None):
            _movements.open_large(row)
    return count
