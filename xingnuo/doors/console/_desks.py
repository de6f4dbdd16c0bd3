"""The desks of support: what a case needs is shown, and its words on a page of their own."""

from __future__ import annotations

from uuid import UUID

from xingnuo.doors.console._queues import PAGE, Choice, Queue
from xingnuo.kit.cases import Case, CasePage
from xingnuo.kit.errors import Conflict
from xingnuo.people.support import actions, queries
from xingnuo.people.support.contracts import RUNNING, Desk, Kind, State
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Reason, Shown

STATES = {
    State.OPEN.value: "新来的",
    State.WAITING_PERSON.value: "等客户补充",
    State.WAITING_AGENT.value: "客户已补充",
    State.ANSWERED.value: "已答复",
    State.CLOSED.value: "已办结",
    State.REOPENED.value: "客户不满意，重新办理",
}
KINDS = {
    Kind.QUESTION.value: "咨询",
    Kind.COMPLAINT.value: "投诉",
    Kind.RIGHTS_REQUEST.value: "书面请求",
    Kind.REPORT.value: "举报",
}
LEVELS = ("一般", "快到期，先办", "升级：两个工作日内到期", "已超时")
RAISE, CLOSE = "raise", "close"
_RAISED = (("person_complains", "客户表示要投诉"), ("beyond_us", "超出客服权限"))
_PROOFS = {
    "none": "本人提出",
    "waiting": "代他人提出，授权书待审核",
    "accepted": "代他人提出，授权书已通过",
    "refused": "代他人提出，授权书没有通过",
}


class DeskQueue(Queue):
    """A queue whose cases are answered, not decided: open while their clock runs."""

    def is_open(self, case: Case) -> bool:
        """Say whether there is something to answer."""
        return case.state in {state.value for state in RUNNING}

    def reveals_of(self, case: Case) -> tuple[str, ...]:
        """Name what may be seen in plain: of what the topic needs, what a call back needs."""
        needed = queries.items_of_case(case.id)
        return tuple(item for item in self.reveals if item in needed)


def choices(case: Case) -> tuple[Choice, ...]:
    """Give what may be done without an answer: closing what nobody wrote to, or passing on."""
    found = []
    if case.state == State.WAITING_PERSON.value:
        grounds = tuple(queries.GROUNDS_TO_CLOSE.items())
        found.append(Choice(code=CLOSE, title="直接办结", reasons=grounds, two_person=False))
    if case.kind == Kind.QUESTION.value and case.state in {state.value for state in RUNNING}:
        found.append(Choice(code=RAISE, title="转为投诉", reasons=_RAISED, two_person=False))
    return tuple(found)


def decide(actor: Actor, case: Case, choice: str, reason: str, note: str) -> None:
    """Carry a choice out."""
    if choice == CLOSE:
        actions.close(actor, case_id=case.id, ground=reason)
    elif choice == RAISE:
        actions.raise_to_complaint(actor, case_id=case.id)
    else:
        raise Conflict("choice")


def facts(actor: Actor, case: Case) -> tuple[tuple[str, str], ...]:
    """Say what it is about, how urgent, and how much of the person it needs."""
    topic, proof = queries.topic_of(case.id)
    needed = (
        "客户的帐号等，遮挡后显示" if queries.items_of_case(case.id) else "不需要客户的身份信息"
    )
    return (
        ("类别", topic.title),
        ("紧急度", LEVELS[case.level]),
        ("身份", needed),
        ("交易", "可以查与问题有关的" if topic.transactions else "这件事不查交易"),
        ("授权", _PROOFS[proof]),
    )


def person(actor: Actor, case: Case) -> list[Shown]:
    """Read what the topic needs, masked; a person who did not agree is simply not shown."""
    try:
        return queries.read_person(actor, case.id)
    except GateRefusal as refusal:
        if refusal.reason not in (Reason.NO_CONSENT, Reason.DUE_AGAIN, Reason.NO_CASE):
            raise
        return []


def queue_of_desk(desk: Desk, *, title: str, icon: str, mark: str, deadline: str) -> Queue:
    """Make the console's queue of a desk."""

    def page(
        *, actor: Actor, mine: str = "", closed: bool = False, after: str = "", limit: int = PAGE
    ) -> CasePage:
        return queries.open_cases(desk, mine=mine, closed=closed, after=after, limit=limit)

    def counted(
        *, actor: Actor, mine: str = "", closed: bool = False, overdue: bool = False
    ) -> int:
        return queries.counted(desk, mine=mine, closed=closed, overdue=overdue)

    def take(*, actor: Actor, case_id: UUID | None = None) -> Case | None:
        return actions.take(desk, staff_id=actor.staff_id, case_id=case_id)

    def give_back(*, actor: Actor, case_id: UUID) -> None:
        actions.give_back(desk, staff_id=actor.staff_id, case_id=case_id)

    return DeskQueue(
        id=desk.value,
        title=title,
        icon=icon,
        mark=mark,
        deadline=deadline,
        purpose="support.case",
        kinds=KINDS,
        states=STATES,
        page=page,
        counted=counted,
        one=lambda _, case_id: queries.one(desk, case_id),
        take=take,
        give_back=give_back,
        choices=choices,
        decide=decide,
        facts=facts,
        person=person,
        plain=lambda actor, case, item: queries.read_person(actor, case.id, items=(item,)),
        reveals=("phone",),
        talks=True,
    )
