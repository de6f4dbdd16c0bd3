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


def proposed(queue: Queue, *, only: str = "") -> tuple[Step, ...]:
    """Give what waits of one queue, or only what one member proposed."""
    found = queries.waiting(kinds=(f"{PREFIX}{queue.id}",))
    steps = [_step(queue, queue.one(one.ref), one) for one in found]
    return tuple(step for step in steps if not only or step.proposed_by == only)


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


def _waiting(who: Member) -> tuple[Step, ...]:
    return tuple(step for queue in queues_of(who) for step in proposed(queue))


def _found(who: Member, release_id: UUID) -> tuple[Queue, Release]:
    found = queries.release(release_id)
    for queue in queues_of(who):
        if found.kind == f"{PREFIX}{queue.id}" and found.state is ReleaseState.PROPOSED:
            return queue, found
    raise NotFound("release")


def _one(who: Member, release_id: UUID) -> Step:
    queue, found = _found(who, release_id)
    return _step(queue, queue.one(found.ref), found)


def _release(request: HttpRequest, release_id: UUID) -> Done:
    who = member(request)
    queue, found = _found(who, release_id)
    only_cleared(request, queue)
    actions.close_release(release_id, by=who.code, to=ReleaseState.RELEASED)
    case = queue.one(found.ref)
    acting = actor(request, queue, case)
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
    return Done(said=f"{queue.number(queue.one(found.ref))}：已退回给提出的人。")


SOURCE = Source(
    id="case",
    title="工单",
    allowed=_allowed,
    waiting=_waiting,
    one=_one,
    release=_release,
    refuse=_refuse,
)
