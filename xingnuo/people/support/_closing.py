"""What runs of a person's: told before they close their account, and as days of their calendar."""

from __future__ import annotations

from uuid import UUID

from xingnuo.kit import clock
from xingnuo.people.notices.contracts import Reminder
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
    found = [
        Blocker(
            code="case_open",
            sentence=f"还没答复的{_WORDS[Kind(row.kind)]}：{TOPICS[row.topic].title}",
            href=f"/support/cases/{row.id}/",
        )
        for row in _running(subject_id)
    ]
    away = HandOverRow.objects.of(subject_id).filter(state__in=_ELSEWHERE).order_by("proposed_at")
    found += [
        Blocker(
            code="handover_open",
            sentence="已转交主管机构、还没结果的投诉",
            href=f"/support/cases/{row.case_id}/",
        )
        for row in away
    ]
    return found


def reminders(subject_id: UUID) -> list[Reminder]:
    """Give the last day for the answer of each case that runs; what it is about is not said."""
    return [
        Reminder(
            uid=f"case-{row.id}",
            day=clock.beijing(row.due_at).date(),
            title="客服答复的最晚日子",
            text="还没收到答复？打开星诺，在“我的-投诉与咨询”看进度。",
        )
        for row in _running(subject_id)
    ]


def _running(subject_id: UUID) -> list[CaseRow]:
    states = [state.value for state in RUNNING]
    return list(CaseRow.objects.filter(subject_id=subject_id, state__in=states).order_by("due_at"))
