"""Two-person steps of the risk room: versions of the rules, and lists that were handed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest

from xingnuo.doors.console._pages import actor, member, only_cleared
from xingnuo.doors.console._queues import Queue, queue
from xingnuo.doors.console._releases import Done, Source, Step
from xingnuo.kit import clock
from xingnuo.kit.errors import NotFound
from xingnuo.people.antifraud import actions, queries
from xingnuo.people.antifraud.contracts import ListKind, ListShown, RuleSetShown
from xingnuo.people.permissions.contracts import Member
from xingnuo.trust.gate.contracts import Actor

DUE = timedelta(days=7)
_RULES_WAIT = ("proposed", "reproposed")
_LIST_WAITS = "proposed"


def _allowed(who: Member) -> bool:
    return bool(who.roles & {"risk", "aml"})


def _acting(request: HttpRequest, queue_id: str) -> Actor:
    known: Queue = queue(queue_id)
    only_cleared(request, known)
    return actor(request, known, None)


def _rule_step(one: RuleSetShown) -> Step:
    at = one.drafted_at or clock.now()
    return Step(
        id=UUID(int=one.number),
        source="rules",
        title=f"风险规则第 {one.number} 版",
        lines=(
            ("做什么", "恢复以前的版本" if one.is_rollback else "启用新版本"),
            ("规则条数", str(len(one.rules))),
            ("散列", one.digest[:16]),
        ),
        proposed_by=one.proposed_by,
        proposed_at=at,
        due_at=at + DUE,
    )


def _list_step(one: ListShown) -> Step:
    return Step(
        id=one.id,
        source="lists",
        title=f"名单：{one.source}",
        lines=(("种类", one.kind.value), ("条数", str(one.rows)), ("散列", one.digest[:16])),
        proposed_by=one.proposed_by,
        proposed_at=one.at,
        due_at=one.at + DUE,
    )


def _rules_waiting(request: HttpRequest) -> tuple[Step, ...]:
    if "risk" not in member(request).roles:
        return ()
    return tuple(_rule_step(one) for one in queries.rule_sets() if one.state in _RULES_WAIT)


def _lists_waiting(request: HttpRequest) -> tuple[Step, ...]:
    roles = member(request).roles
    return tuple(
        _list_step(one)
        for one in queries.lists()
        if one.state == _LIST_WAITS and _role_of(one) in roles
    )


def _role_of(one: ListShown) -> str:
    return "aml" if one.kind is ListKind.SANCTIONS else "risk"


def _of(
    waiting: Callable[[HttpRequest], tuple[Step, ...]],
) -> Callable[[HttpRequest, UUID], Step]:
    def one(request: HttpRequest, step_id: UUID) -> Step:
        for step in waiting(request):
            if step.id == step_id:
                return step
        raise NotFound("release")

    return one


def _release_rules(request: HttpRequest, step_id: UUID) -> Done:
    step = _of(_rules_waiting)(request, step_id)
    actions.release_rules(_acting(request, "risk"), number=step_id.int)
    return Done(said=f"{step.title}：已启用。")


def _refuse_rules(request: HttpRequest, step_id: UUID) -> Done:
    step = _of(_rules_waiting)(request, step_id)
    actions.withdraw_rules(_acting(request, "risk"), number=step_id.int)
    return Done(said=f"{step.title}：已退回。")


def _acting_for_list(request: HttpRequest, step_id: UUID) -> Actor:
    found = next(one for one in queries.lists() if one.id == step_id)
    return _acting(request, _role_of(found))


def _release_list(request: HttpRequest, step_id: UUID) -> Done:
    step = _of(_lists_waiting)(request, step_id)
    actions.release_list(_acting_for_list(request, step_id), list_id=step_id)
    return Done(said=f"{step.title}：已启用。")


def _refuse_list(request: HttpRequest, step_id: UUID) -> Done:
    step = _of(_lists_waiting)(request, step_id)
    actions.reject_list(_acting_for_list(request, step_id), list_id=step_id)
    return Done(said=f"{step.title}：已退回。")


SOURCE = Source(
    id="rules",
    title="风险规则",
    allowed=_allowed,
    waiting=_rules_waiting,
    one=_of(_rules_waiting),
    release=_release_rules,
    refuse=_refuse_rules,
)
LISTS = Source(
    id="lists",
    title="名单",
    allowed=_allowed,
    waiting=_lists_waiting,
    one=_of(_lists_waiting),
    release=_release_list,
    refuse=_refuse_list,
)
