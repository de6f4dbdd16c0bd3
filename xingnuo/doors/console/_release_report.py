"""Reports to the anti-money-laundering centre that wait for a second officer."""

from __future__ import annotations

import json
from uuid import UUID

from django.http import HttpRequest

from xingnuo.doors.console import _queues
from xingnuo.doors.console._pages import actor, member, only_cleared
from xingnuo.doors.console._releases import Done, Source, Step
from xingnuo.kit import jobs
from xingnuo.kit.cases import Case
from xingnuo.kit.errors import NotFound
from xingnuo.people.antifraud import actions as antifraud
from xingnuo.people.antifraud import queries as reports
from xingnuo.people.permissions import actions, queries
from xingnuo.people.permissions.contracts import Member, Release, ReleaseState
from xingnuo.trust.gate.contracts import Actor

KIND, QUEUE = "aml.report", "aml"


def _allowed(who: Member) -> bool:
    return "aml" in who.roles


def _case(request: HttpRequest, found: Release) -> tuple[Case, Actor]:
    case_id = UUID(found.choice)
    acting = actor(request, _queues.queue(QUEUE), case_id)
    return _queues.queue(QUEUE).one(acting, case_id), acting


def _step(found: Release, case: Case, lines: tuple[tuple[str, str], ...]) -> Step:
    queue = _queues.queue(QUEUE)
    return Step(
        id=found.id,
        source="report",
        title=f"反洗钱报告 {queue.number(case)}",
        lines=(("类型", reports.TYPOLOGIES[found.reason]), *lines),
        proposed_by=found.proposed_by,
        proposed_at=found.proposed_at,
        due_at=min(found.due_at, case.due_at),
    )


def _waiting(request: HttpRequest) -> tuple[Step, ...]:
    found = queries.waiting(kinds=(KIND,))
    return tuple(_step(one, _case(request, one)[0], ()) for one in found)


def _found(release_id: UUID) -> Release:
    found = queries.release(release_id)
    if found.kind != KIND or found.state is not ReleaseState.PROPOSED:
        raise NotFound("release")
    return found


def _one(request: HttpRequest, release_id: UUID) -> Step:
    """Open the report for who is to approve it; the look is on the confidential record."""
    only_cleared(request, _queues.queue(QUEUE))
    found = _found(release_id)
    case, acting = _case(request, found)
    assert case.subject_id is not None, "a report is about somebody"
    told = json.loads(
        reports.report_content(acting, subject_id=case.subject_id, report_id=found.ref)
    )
    lines = (
        ("事实和理由", told["narrative"]),
        ("附上的交易", f"{len(told['movements'])} 笔，另有 {len(told['attempts'])} 次尝试"),
        ("更正以前的报告", "是" if told["corrects"] else "否"),
        ("依据", "《反洗钱法》第三十五条"),
    )
    return _step(found, case, lines)


def _release(request: HttpRequest, release_id: UUID) -> Done:
    only_cleared(request, _queues.queue(QUEUE))
    found = _found(release_id)
    case, acting = _case(request, found)
    assert case.subject_id is not None, "a report is about somebody"
    actions.close_release(release_id, by=member(request).code, to=ReleaseState.RELEASED)
    antifraud.approve_report(acting, subject_id=case.subject_id, report_id=found.ref)
    jobs.defer(
        "antifraud.send_report", queue="antifraud", subject_id=case.subject_id, report_id=found.ref
    )
    return Done(said="已批准，系统正在送出；回执会写在工单的报告里。")


def _refuse(request: HttpRequest, release_id: UUID) -> Done:
    only_cleared(request, _queues.queue(QUEUE))
    _found(release_id)
    actions.close_release(release_id, by=member(request).code, to=ReleaseState.REFUSED)
    return Done(said="已退回给写报告的人，没有送出。")


SOURCE = Source(
    id="report",
    title="反洗钱报告",
    allowed=_allowed,
    waiting=_waiting,
    one=_one,
    release=_release,
    refuse=_refuse,
)
