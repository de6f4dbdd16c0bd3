"""Sessions at the console: short, bound to the host, ended with the member's standing."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from xingnuo.kit import clock, ids
from xingnuo.people.permissions import _staff_read
from xingnuo.people.permissions._staff_record import leave
from xingnuo.people.permissions._staff_rules import (
    ENROL_SECONDS,
    IDLE_SECONDS,
    SESSION_SECONDS,
    TAP_SECONDS,
    TOUCH_SECONDS,
)
from xingnuo.people.permissions.contracts import StaffSession, StaffState, Stage
from xingnuo.people.permissions.models import Staff, StaffSeat

_MAY_SIT = {Stage.ENROL: (StaffState.INVITED, StaffState.ACTIVE), Stage.FULL: (StaffState.ACTIVE,)}


def begin(staff_id: UUID, *, host: str, stage: Stage) -> str:
    """Begin a session and give its token, told once; older ones of the same stage end."""
    now = clock.now()
    end_all(staff_id, why="replaced")
    token = ids.token()
    seconds = SESSION_SECONDS if stage is Stage.FULL else ENROL_SECONDS
    StaffSeat.objects.create(
        staff_id=staff_id,
        digest=ids.digest(token),
        host=host,
        stage=stage.value,
        begun_at=now,
        seen_at=now,
        expires_at=now + timedelta(seconds=seconds),
        verified_at=now if stage is Stage.FULL else None,
    )
    return token


def resolve(token: str, *, host: str) -> StaffSession | None:
    """Give the live session of a token on this host, and note that it was used; or None."""
    row = StaffSeat.objects.filter(digest=ids.digest(token), ended_at__isnull=True).first()
    now = clock.now()
    if row is None or row.host != host or row.expires_at <= now:
        return None
    if row.seen_at + timedelta(seconds=IDLE_SECONDS) <= now:
        return None
    member = Staff.objects.filter(id=row.staff_id).first()
    if member is None or StaffState(member.state) not in _MAY_SIT[Stage(row.stage)]:
        return None
    if row.seen_at + timedelta(seconds=TOUCH_SECONDS) <= now:
        StaffSeat.objects.filter(id=row.id).update(seen_at=now)
    return _shown(row, member)


def touched(current: StaffSession) -> None:
    """Note a fresh touch of the passkey."""
    StaffSeat.objects.filter(id=current.id).update(verified_at=clock.now())
    leave("staff.verified", by=current.member.code, ref=current.member.id)


def end(current: StaffSession) -> None:
    """Sign out."""
    _end([current.id], why="signed_out")
    leave("staff.signed_out", by=current.member.code, ref=current.member.id)


def end_all(staff_id: UUID, *, why: str) -> int:
    """End every session of a member; gives how many."""
    live = StaffSeat.objects.filter(staff_id=staff_id, ended_at__isnull=True)
    return _end(list(live.values_list("id", flat=True)), why=why)


def _end(seats: list[UUID], *, why: str) -> int:
    return StaffSeat.objects.filter(id__in=seats).update(ended_at=clock.now(), ended_why=why)


def _shown(row: StaffSeat, member: Staff) -> StaffSession:
    until = row.verified_at and row.verified_at + timedelta(seconds=TAP_SECONDS)
    return StaffSession(
        id=row.id,
        member=_staff_read.of_row(member),
        stage=Stage(row.stage),
        expires_at=row.expires_at,
        verified_until=until,
    )


def is_fresh(current: StaffSession) -> bool:
    """Say whether the passkey was touched a short while ago."""
    return current.verified_until is not None and clock.now() < current.verified_until
