"""Look-ups and reveals: counted, reasoned, for an open case; the row is written before the look."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from xingnuo.kit import clock
from xingnuo.kit.errors import BadInput, NotFound
from xingnuo.people.permissions import _staff_sessions
from xingnuo.people.permissions._staff_record import leave
from xingnuo.people.permissions._staff_rules import (
    LOOKUPS_AN_HOUR,
    NOTE_CHARS_MAX,
    NOTE_CHARS_MIN,
    REASONS,
    REVEAL_SECONDS,
    REVEALS_A_DAY,
    REVEALS_NEAR,
)
from xingnuo.people.permissions.contracts import (
    Budget,
    LookKind,
    NeedsTap,
    OverBudget,
    StaffLook,
    StaffSession,
)
from xingnuo.people.permissions.models import Staff, StaffGlance

# A note is about the case, not the person: numbers and addresses stay where they are sealed.
_PERSONAL = re.compile(r"(?:\d[\s-]*){6}|@")


def reveal(
    current: StaffSession,
    *,
    queue: str,
    case_id: UUID,
    purpose: str,
    item: str,
    reason: str,
    note: str,
) -> StaffLook:
    """Give leave to see one value for five minutes; raises `NeedsTap`, `OverBudget`, `BadInput`.

    The caller's transaction is committed before anything is shown.
    """
    _check_why(reason, note)
    if not _staff_sessions.is_fresh(current):
        raise NeedsTap
    _one_at_a_time(current)
    spent = budget(current.member.id)
    if spent.used >= spent.limit:
        raise OverBudget("reveals", retry_after_seconds=_till_tomorrow())
    told = {"queue": queue, "case_id": case_id, "purpose": purpose, "item": item}
    row = _write(current, LookKind.REVEAL, **told, reason=reason, note=note)
    leave("staff.reveal_asked", by=current.member.code, ref=row.id, purpose=purpose)
    if spent.used + 1 == spent.near:
        leave("alert.reveals_near", by=current.member.code, ref=current.member.id)
    return _shown(row)


def look_up(
    current: StaffSession,
    *,
    queue: str,
    case_id: UUID,
    purpose: str,
    item: str,
    reason: str,
    note: str,
) -> UUID:
    """Register a look-up before it is made; gives its id for the record."""
    _check_why(reason, note)
    _one_at_a_time(current)
    since = clock.now() - timedelta(hours=1)
    made = StaffGlance.objects.filter(
        staff_id=current.member.id, kind=LookKind.LOOKUP.value, at__gt=since
    ).count()
    if made >= LOOKUPS_AN_HOUR:
        raise OverBudget("look_ups", retry_after_seconds=3600)
    told = {"queue": queue, "case_id": case_id, "purpose": purpose, "item": item}
    return _write(current, LookKind.LOOKUP, **told, reason=reason, note=note).id


def shown(current: StaffSession, look_id: UUID) -> StaffLook:
    """Give leave that was given to this very session and has not run out; raises `NotFound`."""
    row = StaffGlance.objects.filter(
        id=look_id,
        session_id=current.id,
        kind=LookKind.REVEAL.value,
        until_at__gt=clock.now(),
    ).first()
    if row is None:
        raise NotFound("look")
    return _shown(row)


def budget(staff_id: UUID) -> Budget:
    """Give how many values a member has revealed since midnight in Beijing."""
    used = StaffGlance.objects.filter(
        staff_id=staff_id, kind=LookKind.REVEAL.value, at__gte=_midnight()
    ).count()
    return Budget(used=used, limit=REVEALS_A_DAY, near=REVEALS_NEAR)


def check_note(note: str) -> None:
    """Refuse a note that is too long or holds a number or an address; raises `BadInput`."""
    if len(note) > NOTE_CHARS_MAX:
        raise BadInput({"note": f"最多 {NOTE_CHARS_MAX} 个字"})
    if _PERSONAL.search(note):
        raise BadInput({"note": "不要写客户的号码或邮箱，写明要办的事就够了"})


def _check_why(reason: str, note: str) -> None:
    bad = {}
    if reason not in REASONS:
        bad["reason"] = "请选择一个理由"
    if len(note) < NOTE_CHARS_MIN:
        bad["note"] = f"请写清楚为什么要看，至少 {NOTE_CHARS_MIN} 个字"
    if bad:
        raise BadInput(bad)
    check_note(note)


def _write(current: StaffSession, kind: LookKind, **told: Any) -> StaffGlance:
    now = clock.now()
    return StaffGlance.objects.create(
        staff_id=current.member.id,
        session_id=current.id,
        kind=kind.value,
        at=now,
        until_at=now + timedelta(seconds=REVEAL_SECONDS),
        **told,
    )


def _shown(row: StaffGlance) -> StaffLook:
    return StaffLook(
        id=row.id,
        queue=row.queue,
        case_id=row.case_id,
        purpose=row.purpose,
        item=row.item,
        reason=row.reason,
        until_at=row.until_at,
    )


def _one_at_a_time(current: StaffSession) -> None:
    # Two requests at once must not both find the last one of the budget.
    Staff.objects.select_for_update().get(id=current.member.id)


def _midnight() -> datetime:
    return datetime.combine(clock.today(), time(), tzinfo=clock.BEIJING)


def _till_tomorrow() -> int:
    return int((_midnight() + timedelta(days=1) - clock.now()).total_seconds())
