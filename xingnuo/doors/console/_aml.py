"""The queue of anti-money-laundering cases. Its lines are confidential: no person is tipped off."""

from __future__ import annotations

from xingnuo.doors.console import _risk, _shared
from xingnuo.doors.console._queues import PAGE, Queue
from xingnuo.kit.cases import Case, CasePage
from xingnuo.kit.errors import Conflict
from xingnuo.people.antifraud import queries
from xingnuo.people.antifraud.contracts import CaseKind
from xingnuo.trust.gate.contracts import Actor

KINDS = (CaseKind.AML_LARGE, CaseKind.AML_SUSPICIOUS, CaseKind.SANCTIONS_HIT)
# For reports a yes means that the authority is told; for a hit, that it is somebody else.
_YES = frozenset({"reportable", "other_person"})
_TITLES = {"sanctions_hit": ("确认是名单上的人", "排除，是同名的人")}


def lists(actor: Actor, *, taken_by: str, after: str = "", limit: int = PAGE) -> CasePage:
    """Give a page of open cases."""
    return queries.open_cases(actor, kinds=KINDS, taken_by=taken_by, after=after, limit=limit)


def decide(actor: Actor, case: Case, choice: str, reason: str, note: str) -> None:
    """Carry a choice out; what is to be reported has its report first."""
    if reason == "reportable" and case.subject_id is not None:
        written = queries.reports(actor, subject_id=case.subject_id)
        if not any(one.case_id == case.id for one in written):
            raise Conflict("report", message="还没有写报告。", remedy="先写报告，再办结为上报。")
    _risk.decide(actor, case, choice, reason, note)


QUEUE = Queue(
    id="aml",
    title="反洗钱",
    icon="landmark",
    mark="A",
    deadline="大额 5 个工作日内、可疑不超过 5 个工作日报告；不得告诉客户本人（《反洗钱法》第三十五条）",
    purpose="aml.screening",
    kinds={"aml_large": "大额交易", "aml_suspicious": "可疑交易", "sanctions_hit": "名单命中"},
    states=_risk.STATES,
    page=lambda *, actor, mine="", closed=False, after="", limit=PAGE: lists(
        actor, taken_by=mine, after=after, limit=limit
    ),
    counted=lambda *, actor, mine="", closed=False, overdue=False: queries.counted_cases(
        actor, kinds=KINDS, taken_by=mine, overdue=overdue
    ),
    one=_risk.one,
    take=lambda *, actor, case_id=None: _shared.take_of(lists, _risk.take, actor, case_id),
    give_back=_risk.give_back,
    choices=lambda case: _risk.choices(
        case, _YES, _TITLES.get(case.kind, ("不上报，写明理由", "上报"))
    ),
    decide=decide,
    lists_closed=False,
    reports=True,
)
