"""Complaints that wait for a second person before they go to a body."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from xingnuo.doors.console import _queues
from xingnuo.doors.console._pages import actor, member, only_cleared
from xingnuo.doors.console._queues import Queue
from xingnuo.doors.console._releases import Done, Source, Step
from xingnuo.kit.errors import NotFound
from xingnuo.people.permissions import actions, queries
from xingnuo.people.permissions.contracts import Member, Release, ReleaseState
from xingnuo.people.support import actions as support
from xingnuo.people.support.contracts import BODIES, GROUNDS

KIND, QUEUE = "support.handover", "complaints"


def _queue() -> Queue:
    return _queues.queue(QUEUE)


def _allowed(who: Member) -> bool:
    return "compliance" in who.roles


def _step(request: HttpRequest, found: Release) -> Step:
    queue = _queue()
    case = queue.one(actor(request, queue, None), found.ref)
    why, law = GROUNDS[found.reason]
    return Step(
        id=found.id,
        source="handover",
        title=f"转交投诉 {queue.number(case)}",
        lines=(
            ("转给", BODIES[found.choice]),
            ("原因", why),
            ("法律依据", law),
            ("送出的信息", "姓名、手机号、证件号码（有的话）、投诉内容"),
        ),
        proposed_by=found.proposed_by,
        proposed_at=found.proposed_at,
        due_at=min(found.due_at, case.due_at),
    )


def _waiting(request: HttpRequest) -> tuple[Step, ...]:
    return tuple(_step(request, one) for one in queries.waiting(kinds=(KIND,)))


def _found(release_id: UUID) -> Release:
    found = queries.release(release_id)
    if found.kind != KIND or found.state is not ReleaseState.PROPOSED:
        raise NotFound("release")
    return found


def _one(request: HttpRequest, release_id: UUID) -> Step:
    return _step(request, _found(release_id))


def _release(request: HttpRequest, release_id: UUID) -> Done:
    return _closed(request, release_id, ReleaseState.RELEASED)


def _refuse(request: HttpRequest, release_id: UUID) -> Done:
    return _closed(request, release_id, ReleaseState.REFUSED)


def _closed(request: HttpRequest, release_id: UUID, to: ReleaseState) -> Done:
    queue, found = _queue(), _found(release_id)
    only_cleared(request, queue)
    actions.close_release(release_id, by=member(request).code, to=to)
    acting = actor(request, queue, found.ref)
    if to is ReleaseState.RELEASED:
        support.release_handover(acting, case_id=found.ref, body=found.choice)
        return Done(said="已放行，系统正在送出；结果会写在工单里，客户也看得到。")
    support.decline_handover(acting, case_id=found.ref, body=found.choice)
    return Done(said="已退回给提出的人，没有送出。")


SOURCE = Source(
    id="handover",
    title="转交投诉",
    allowed=_allowed,
    waiting=_waiting,
    one=_one,
    release=_release,
    refuse=_refuse,
)
