"""What closing an account would end here: told before, in nobody's way."""

from __future__ import annotations

from uuid import UUID

from xingnuo.kit import clock
from xingnuo.people.support._topics import TOPICS
from xingnuo.people.support.contracts import RUNNING, HandState, Kind
from xingnuo.people.support.models import CaseRow, HandOverRow
from xingnuo.trust.policy.contracts import Blocker

_WORDS = {
    Kind.QUESTION: "咨询",
    Kind.COMPLAINT: "投诉",
    Kind.RIGHTS_REQUEST: "书面请求",
    Kind.REPORT: "举报",
}
_ELSEWHERE = (HandState.RELEASED.value, HandState.UNKNOWN.value, HandState.CORRECTION.value)


def warns(subject_id: UUID) -> list[Blocker]:
    """Name every case that still runs, and every complaint whose hand-over is not settled."""
    states = [state.value for state in RUNNING]
    rows = CaseRow.objects.filter(subject_id=subject_id, state__in=states).order_by("due_at")
    found = [
        Blocker(
            code="case_open",
            sentence=f"{_WORDS[Kind(row.kind)]}“{TOPICS[row.topic].title}”还在办，"
            f"最晚{clock.beijing(row.due_at):%Y-%m-%d}答复；注销后就收不到答复",
            href=f"/support/cases/{row.id}/",
        )
        for row in rows
    ]
    away = HandOverRow.objects.of(subject_id).filter(state__in=_ELSEWHERE).order_by("proposed_at")
    found += [
        Blocker(
            code="handover_open",
            sentence="有一件投诉已转交主管机构，还没有结果；注销后可以自己打 12363 或 12378 问",
            href=f"/support/cases/{row.case_id}/",
        )
        for row in away
    ]
    return found
