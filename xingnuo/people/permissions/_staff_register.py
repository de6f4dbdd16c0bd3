"""Keeping the register: who comes in and goes, who signed, was trained, broke their word."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from xingnuo.kit import clock
from xingnuo.kit.errors import BadInput, Conflict, NotFound
from xingnuo.kit.steps import step
from xingnuo.people.permissions import _staff_keys, _staff_read, _staff_sessions
from xingnuo.people.permissions._staff_record import leave
from xingnuo.people.permissions._staff_rules import BREACHES, ROLES
from xingnuo.people.permissions.contracts import (
    STAFF_STEPS,
    ForbiddenStaffStep,
    Member,
    SameHand,
    StaffSession,
    StaffState,
)
from xingnuo.people.permissions.models import (
    CODE_CHARS_MAX,
    Staff,
    StaffBreach,
    StaffKey,
    StaffRole,
    StaffTraining,
    StaffUndertaking,
)

_CODE = re.compile(rf"[a-z][a-z0-9._-]{{2,{CODE_CHARS_MAX - 1}}}")
_DIGITS = re.compile(r"(?:[0-9][-._:]*){6}")
NAME_CHARS_MAX = 40


def register(*, code: str, name: str, roles: Iterable[str], by: str, channel: str) -> Member:
    """Enter a new member, without a passkey and without any power yet; raises `BadInput`."""
    wanted = frozenset(roles)
    bad = {}
    # The record takes no run of six digits, so a staff id may hold none either.
    if not _CODE.fullmatch(code) or _DIGITS.search(code):
        bad["code"] = "工号用小写字母开头，3 到 24 位字母、数字、点或横线，不能有六位连续数字"
    if not name.strip() or len(name) > NAME_CHARS_MAX:
        bad["name"] = f"请填写工作姓名，最多 {NAME_CHARS_MAX} 个字"
    if not wanted or wanted - ROLES.keys():
        bad["roles"] = "请至少选一个岗位"
    if bad:
        raise BadInput(bad)
    try:
        with transaction.atomic():
            row = Staff.objects.create(
                code=code,
                name=name.strip(),
                state=StaffState.INVITED.value,
                moved_at=clock.now(),
                moved_why="registered",
            )
    except IntegrityError:
        raise BadInput({"code": "这个工号已经有人用了"}) from None
    _give(row.id, wanted, by)
    leave("staff.registered", by=by, ref=row.id, channel=channel)
    return _staff_read.of_row(row)


def let_in(staff_id: UUID, *, by: str, channel: str) -> str:
    """Give a one-time code for a passkey."""
    row = _held(staff_id)
    if StaffState(row.state) not in (StaffState.INVITED, StaffState.ACTIVE):
        raise ForbiddenStaffStep(row.state)
    leave("staff.code_issued", by=by, ref=staff_id, channel=channel)
    return _staff_keys.issue_code(row)


def set_roles(staff_id: UUID, roles: Iterable[str], *, by: str) -> None:
    """Give a member these roles and no other; sessions end, so that the next has the new ones."""
    wanted = frozenset(roles)
    if not wanted or wanted - ROLES.keys():
        raise BadInput({"roles": "请至少选一个岗位"})
    row = _held(staff_id)
    StaffRole.objects.filter(staff_id=row.id, ended_at__isnull=True).exclude(
        role__in=wanted
    ).update(ended_at=clock.now())
    _give(row.id, wanted, by)
    _staff_sessions.end_all(row.id, why="roles")
    leave("staff.roles_set", by=by, ref=row.id)


def suspend(staff_id: UUID, *, by: str, why: str, channel: str = "console") -> None:
    """Take a member's power away now: one person is enough, and every session ends."""
    _move(staff_id, StaffState.SUSPENDED, by=by, why=why, channel=channel)
    _staff_sessions.end_all(staff_id, why="suspended")


def dismiss(staff_id: UUID, *, by: str) -> None:
    """Note that a member has left for good; passkeys and roles end."""
    _move(staff_id, StaffState.LEFT, by=by, why="left")
    now = clock.now()
    _staff_sessions.end_all(staff_id, why="left")
    StaffKey.objects.filter(staff_id=staff_id, ended_at__isnull=True).update(ended_at=now)
    StaffRole.objects.filter(staff_id=staff_id, ended_at__isnull=True).update(ended_at=now)


def reinstate(staff_id: UUID, *, by: str) -> None:
    """Let a suspended member in again; only a release of two people calls this."""
    has_key = StaffKey.objects.filter(staff_id=staff_id, ended_at__isnull=True).exists()
    to = StaffState.ACTIVE if has_key else StaffState.INVITED
    _move(staff_id, to, by=by, why="reinstated")


def record_breach(staff_id: UUID, *, kind: str, by: str) -> None:
    """Record a breach of the undertaking: the member is suspended at once (promise 4.1.4)."""
    if kind not in BREACHES:
        raise BadInput({"kind": "请选择违反了哪一条"})
    row = _held(staff_id)
    if row.code == by:
        raise SameHand
    StaffBreach.objects.create(staff_id=row.id, kind=kind, recorded_by=by, at=clock.now())
    leave(f"staff.breach:{kind}", by=by, ref=row.id)
    if StaffState(row.state) in (StaffState.INVITED, StaffState.ACTIVE):
        suspend(staff_id, by=by, why="breach")


def sign_undertaking(current: StaffSession, *, text_hash: str) -> datetime:
    """Sign the confidentiality text in force; gives until when it holds.

    The touch of the passkey is asked by the door; a text other than the one shown is refused.
    """
    text = _staff_read.undertaking_now()
    if text_hash != text.text_hash:
        raise Conflict("undertaking")
    now = clock.now()
    until = _months_on(now, text.months)
    StaffUndertaking.objects.create(
        staff_id=current.member.id,
        version=text.version,
        text_hash=text.text_hash,
        signed_at=now,
        until_at=until,
    )
    leave("staff.undertaking_signed", by=current.member.code, ref=current.member.id)
    return until


def take_course(
    current: StaffSession, *, course_id: str, answers: tuple[int | None, ...]
) -> datetime:
    """Pass a course by right answers to every question; raises `BadInput` naming the others."""
    course = _staff_read.course(course_id)
    wrong = {
        f"q{number}": "再想一想"
        for number, question in enumerate(course.questions)
        if number >= len(answers) or answers[number] != question.right
    }
    if wrong:
        leave("staff.training_failed", by=current.member.code, ref=current.member.id)
        raise BadInput(wrong)
    return record_training(current.member.id, course_id=course_id, by=current.member.code)


def record_training(staff_id: UUID, *, course_id: str, by: str) -> datetime:
    """Record a course as passed now; gives until when it holds."""
    course = _staff_read.course(course_id)
    now = clock.now()
    until = _months_on(now, course.months)
    StaffTraining.objects.create(
        staff_id=staff_id, course=course.id, recorded_by=by, passed_at=now, until_at=until
    )
    leave(f"staff.trained:{course.id}", by=by, ref=staff_id)
    return until


def _give(staff_id: UUID, roles: frozenset[str], by: str) -> None:
    held = set(
        StaffRole.objects.filter(staff_id=staff_id, ended_at__isnull=True).values_list(
            "role", flat=True
        )
    )
    for role in sorted(roles - held):
        StaffRole.objects.create(staff_id=staff_id, role=role, given_by=by, given_at=clock.now())


def _held(staff_id: UUID) -> Staff:
    row = Staff.objects.select_for_update().filter(id=staff_id).first()
    if row is None:
        raise NotFound("staff")
    return row


def _move(staff_id: UUID, to: StaffState, *, by: str, why: str, channel: str = "console") -> None:
    row = _held(staff_id)
    row.state = step(STAFF_STEPS, StaffState(row.state), to, error=ForbiddenStaffStep).value
    row.moved_at, row.moved_why = clock.now(), why
    row.save(update_fields=["state", "moved_at", "moved_why"])
    leave(f"staff.{to.value}:{why}", by=by, ref=row.id, channel=channel)


def _months_on(at: datetime, months: int) -> datetime:
    years, month = divmod(at.month - 1 + months, 12)
    year = at.year + years
    return at.replace(year=year, month=month + 1, day=min(at.day, monthrange(year, month + 1)[1]))
