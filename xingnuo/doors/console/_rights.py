"""The queue of rights requests."""

from __future__ import annotations

from uuid import UUID

from xingnuo.doors.console._queues import PAGE, Choice, Queue
from xingnuo.duties.rights import actions, queries
from xingnuo.duties.rights.contracts import CaseState
from xingnuo.kit.cases import Case, CasePage
from xingnuo.kit.errors import Conflict
from xingnuo.trust.gate.contracts import Actor

_DO = (("identity_checked", "已核对是本人"), ("law_requires", "法律要求办理"))
_GROUNDS = (
    ("not_the_person", "核对后不是本人"),
    ("law_keeps", "法律要求继续保存"),
    ("third_party", "会损害他人权益"),
    ("already_done", "已经办过同样的请求"),
)
DONE, REFUSE = "done", "refuse"


def _choices(case: Case) -> tuple[Choice, ...]:
    if case.state == CaseState.RECEIVED.value:
        return (
            Choice(code=REFUSE, title="退回并说明", reasons=_GROUNDS),
            Choice(code=DONE, title="同意，提交双人复核", reasons=_DO),
        )
    return ()


def _decide(actor: Actor, case: Case, choice: str, reason: str, note: str) -> None:
    known = {one.code: one for one in _choices(case)}
    if choice not in known or reason not in dict(known[choice].reasons):
        raise Conflict("choice")
    to = CaseState.DONE if choice == DONE else CaseState.REFUSED
    actions.move(case.id, to=to, ground=reason)


def _page(
    *, actor: Actor, mine: str = "", closed: bool = False, after: str = "", limit: int = PAGE
) -> CasePage:
    return queries.queue_page(mine=mine, closed=closed, after=after, limit=limit)


def _counted(*, actor: Actor, mine: str = "", closed: bool = False, overdue: bool = False) -> int:
    return queries.counted(mine=mine, closed=closed, overdue=overdue)


def _take(*, actor: Actor, case_id: UUID | None = None) -> Case | None:
    return actions.take(staff_id=actor.staff_id, case_id=case_id)


def _give_back(*, actor: Actor, case_id: UUID) -> None:
    actions.give_back(staff_id=actor.staff_id, case_id=case_id)


def _facts(_: Actor, case: Case) -> tuple[tuple[str, str], ...]:
    if case.state == CaseState.WORKING.value:
        return (("怎么办理", "系统正在自动删除，不需要人工决定；超时请告诉技术值班"),)
    if case.subject_id is None:
        return ()
    blockers = queries.closing_blockers(case.subject_id) if case.kind == "close" else ()
    found = "；".join(one.sentence for one in blockers) or "没有"
    return (("挡住注销的未办事项", found),) if case.kind == "close" else ()


QUEUE = Queue(
    id="rights",
    title="权利请求",
    icon="scale",
    mark="R",
    deadline="法定时限：15 个工作日内答复（《App 违法违规认定方法》六之三、《个人信息保护法》第五十条）",
    purpose="rights.handle",
    kinds={
        "copy": "查询副本",
        "correct": "更正",
        "delete": "删除",
        "withdraw": "撤回同意",
        "close": "注销帐号",
    },
    states={"received": "待处理", "working": "自动办理中", "refused": "已退回", "done": "已办结"},
    page=_page,
    counted=_counted,
    one=lambda _, case_id: queries.one(case_id),
    take=_take,
    give_back=_give_back,
    choices=_choices,
    decide=_decide,
    facts=_facts,
    reveals=("phone", "document_number", "name", "email"),
    look_ups=("phone", "document_number", "account_id"),
)
