"""Two-person decisions of cases, whatever queue they are of."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from xingnuo.doors.console import _queues
from xingnuo.doors.console._pages import actor, member, only_cleared
from xingnuo.doors.console._queues import Queue
from xingnuo.doors.console._releases import Done, Source, Step
from xingnuo.kit.cases import Case
from xingnuo.kit.errors import NotFound
from xingnuo.people.permissions import actions, queries
from xingnuo.people.permissions.contracts import Member, Release, ReleaseState
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import actions as gate

PREFIX = "case."


def queues_of(who: Member) -> tuple[Queue, ...]:
    """Give the queues that a member's roles serve."""
    wanted = {queue for role in queries.roles_of(who) for queue in role.queues}
    return tuple(one for one in _queues.all_queues().values() if one.id in wanted)


def proposed(request: HttpRequest, queue: Queue) -> tuple[Step, ...]:
    """Give what waits of one queue."""
    found = queries.waiting(kinds=(f"{PREFIX}{queue.id}",))
    return tuple(_step(queue, _case(request, queue, one.ref), one) for one in found)


def _case(request: HttpRequest, queue: Queue, case_id: UUID) -> Case:
    return queue.one(actor(request, queue, case_id), case_id)


def _step(queue: Queue, case: Case, found: Release) -> Step:
    choices = {one.code: one for one in queue.choices(case)}
    choice = choices.get(found.choice)
    reasons = dict(choice.reasons) if choice else {}
    return Step(
        id=found.id,
        source="case",
        title=f"{queue.title} {queue.number(case)}",
        lines=(
            ("类型", queue.kinds.get(case.kind, case.kind)),
            ("决定", choice.title.split("，")[0] if choice else found.choice),
            ("理由", reasons.get(found.reason, found.reason)),
            ("说明", found.note or "—"),
        ),
        proposed_by=found.proposed_by,
        proposed_at=found.proposed_at,
        due_at=min(found.due_at, case.due_at),
    )


def _allowed(who: Member) -> bool:
    return bool(queues_of(who))


def _waiting(request: HttpRequest) -> tuple[Step, ...]:
    queues = queues_of(member(request))
    return tuple(step for queue in queues for step in proposed(request, queue))


def _found(who: Member, release_id: UUID) -> tuple[Queue, Release]:
    found = queries.release(release_id)
    for queue in queues_of(who):
        if found.kind == f"{PREFIX}{queue.id}" and found.state is ReleaseState.PROPOSED:
            return queue, found
    raise NotFound("release")


def _one(request: HttpRequest, release_id: UUID) -> Step:
    queue, found = _found(member(request), release_id)
    return _step(queue, _case(request, queue, found.ref), found)


def _release(request: HttpRequest, release_id: UUID) -> Done:
    who = member(request)
    queue, found = _found(who, release_id)
    only_cleared(request, queue)
    actions.close_release(release_id, by=who.code, to=ReleaseState.RELEASED)
    case = _case(request, queue, found.ref)
    acting = actor(request, queue, case.id)
    if case.subject_id is not None:
        gate.record(
            acting,
            subject_id=case.subject_id,
            kind=Kind.OPERATOR,
            reason=f"case.decided:{found.choice}",
            purpose=queue.purpose,
            ref=case.id,
        )
    queue.decide(acting, case, found.choice, found.reason, found.note)
    return Done(said=f"{queue.number(case)}：已复核，决定生效。")


def _refuse(request: HttpRequest, release_id: UUID) -> Done:
    who = member(request)
    queue, found = _found(who, release_id)
    only_cleared(request, queue)
    actions.close_release(release_id, by=who.code, to=ReleaseState.REFUSED)
    return Done(said=f"{queue.number(_case(request, queue, found.ref))}：已退回给提出的人。")


SOURCE = Source(
    id="case",
    title="工单",
    allowed=_allowed,
    waiting=_waiting,
    one=_one,
    release=_release,
    refuse=_refuse,
)
