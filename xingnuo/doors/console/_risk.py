"""The queue of risk reviews and objections to automated decisions."""

from __future__ import annotations

from uuid import UUID

from xingnuo.doors.console import _shared
from xingnuo.doors.console._queues import PAGE, Choice, Queue
from xingnuo.kit.cases import Case, CasePage
from xingnuo.people.antifraud import actions, queries
from xingnuo.people.antifraud.contracts import CASE_REASONS, CaseKind, CaseState, Verdict
from xingnuo.people.notices import actions as notices
from xingnuo.trust.gate.contracts import Actor

KINDS = (CaseKind.RISK_REVIEW, CaseKind.OBJECTION)
STATES = {"open": "待处理", "taken": "办理中", "decided": "已办结"}
_LETS_PASS = frozenset({"confirmed_self", "known_pattern", "upheld"})


def lists(actor: Actor, *, taken_by: str, after: str = "", limit: int = PAGE) -> CasePage:
    """Give a page of open cases."""
    return queries.open_cases(actor, kinds=KINDS, taken_by=taken_by, after=after, limit=limit)


def take(actor: Actor, case_id: UUID) -> Case:
    """Take a case."""
    return actions.take(actor, case_id=case_id)


def one(actor: Actor, case_id: UUID) -> Case:
    """Give a case of the officer's kinds."""
    return queries.one_case(actor, case_id=case_id)


def give_back(*, actor: Actor, case_id: UUID) -> None:
    """Put a case back."""
    actions.give_back(actor, case_id=case_id)


def facts(actor: Actor, case: Case) -> tuple[tuple[str, str], ...]:
    """Tell by which reasons the house decided, in words."""
    shown = queries.case(actor, case_id=case.id)
    return (("系统的理由", "；".join(one.text for one in shown.reasons) or "没有自动判断"),)


def decide(actor: Actor, case: Case, choice: str, reason: str, note: str) -> None:
    """Carry a choice out; the room refuses a reason of the other verdict.

    Whoever asked for a person's look is told that there is a result; of anything else nobody is.
    """
    actions.decide(actor, case_id=case.id, verdict=Verdict(choice), reason=reason)
    if case.kind == CaseKind.OBJECTION.value and case.subject_id is not None:
        notices.tell(case.subject_id, "review_done", key=f"review:{case.id}")


def choices(case: Case, passes: frozenset[str], titles: tuple[str, str]) -> tuple[Choice, ...]:
    """Part the reasons of a case's kind into the two verdicts."""
    if case.state == CaseState.DECIDED.value:
        return ()
    reasons = CASE_REASONS[CaseKind(case.kind)]
    return tuple(
        Choice(
            code=verdict.value,
            title=title,
            reasons=tuple(one for one in reasons if (one[0] in passes) is is_pass),
            two_person=False,
        )
        for verdict, title, is_pass in (
            (Verdict.DECLINED, titles[0], False),
            (Verdict.APPROVED, titles[1], True),
        )
    )


QUEUE = Queue(
    id="risk",
    title="风险复核",
    icon="activity",
    mark="K",
    deadline="对自动决定有异议的，15 个工作日内人工复核并说明（《个人信息保护法》第二十四条）",
    purpose="antifraud.review",
    kinds={"risk_review": "交易复核", "objection": "对自动决定的异议"},
    states=STATES,
    page=lambda *, actor, mine="", closed=False, after="", limit=PAGE: lists(
        actor, taken_by=mine, after=after, limit=limit
    ),
    counted=lambda *, actor, mine="", closed=False, overdue=False: queries.counted_cases(
        actor, kinds=KINDS, taken_by=mine, overdue=overdue
    ),
    one=one,
    take=lambda *, actor, case_id=None: _shared.take_of(lists, take, actor, case_id),
    give_back=give_back,
    choices=lambda case: choices(case, _LETS_PASS, ("维持拦下", "放行")),
    decide=decide,
    facts=facts,
    lists_closed=False,
)
