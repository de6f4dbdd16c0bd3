"""Clocks over holidays: never later than any rule, rising before the end, never late in silence."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import cast
from tests.people.support import cases
from xingnuo.kit import clock
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput
from xingnuo.people.notices import queries as notices
from xingnuo.people.support import _calendar, _clocks, actions, queries
from xingnuo.people.support._clocks import RULES, due, next_look, urgency
from xingnuo.people.support._workdays import Workdays, YearMissing, end_of
from xingnuo.people.support.contracts import Urgency
from xingnuo.people.support.models import CaseRow
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.gate.contracts import GateRefusal
from xingnuo.trust.policy.contracts import ActorKind

SHIPPED = Workdays({})
STARTS = st.builds(
    lambda day, second: datetime.combine(day, time(), clock.BEIJING) + timedelta(seconds=second),
    st.dates(date(2025, 1, 1), date(2027, 9, 1)),
    st.integers(0, 86_399),
)
CLOCKS = st.sampled_from([topic.clocks for topic in queries.TOPICS.values()])


@pytest.mark.promise("9.1")
@given(start=STARTS, rules=CLOCKS)
def test_the_earliest_clock_wins(start: datetime, rules: tuple[str, ...]) -> None:
    """No end lies after fifteen working days, nor after any rule of its topic."""
    end = due(rules, start, SHIPPED)
    day, first = clock.beijing(end.at).date(), start.date()
    assert end.rule in rules and end.at > start
    assert SHIPPED.between(first, day) <= 15
    for rule in (RULES[one] for one in rules):
        limit = (
            SHIPPED.after(first, rule.days) if rule.working else first + timedelta(days=rule.days)
        )
        assert day <= limit


@pytest.mark.promise("9.1")
@given(start=STARTS, rules=CLOCKS)
def test_looks_come_before_the_end_and_lead_to_it(start: datetime, rules: tuple[str, ...]) -> None:
    """Following the looks, a case is warned, escalated, and only then late."""
    end, at, seen = due(rules, start, SHIPPED).at, start, [Urgency.CALM]
    while (look := next_look(end, at, SHIPPED)) is not None:
        assert look > at
        at = look
        seen.append(urgency(end, at, SHIPPED))
        assert (seen[-1] is Urgency.LATE) == (at > end)
    rest = seen[1:]
    assert rest == sorted(rest) and rest[-1] is Urgency.LATE and Urgency.ESCALATED in seen


@pytest.mark.promise("9.1")
def test_finance_complaints_count_calendar_days() -> None:
    """Over the National Day holiday fifteen days are sooner than fifteen working days."""
    start = datetime.combine(date(2026, 9, 30), time(9), clock.BEIJING)
    assert due(("promise", "finance"), start, SHIPPED) == _clocks.Due(
        end_of(date(2026, 10, 15)), "finance"
    )
    assert due(("promise",), start, SHIPPED).at == end_of(date(2026, 10, 27))


def test_a_clock_beyond_the_calendar_is_an_error() -> None:
    """A case of late 2027 is not opened on a guess."""
    start = datetime.combine(date(2027, 12, 20), time(9), clock.BEIJING)
    with pytest.raises(YearMissing):
        due(("promise",), start, SHIPPED)


def row(case_id: UUID) -> CaseRow:
    """Give a case as it stands."""
    return CaseRow.objects.get(id=case_id)


@pytest.mark.promise("9.1")
def test_a_case_rises_and_its_person_is_told() -> None:
    """Warned, escalated and late: each once, on record, and told with the date."""
    person = cases.asker()
    case_id = cases.opened(person, "service_complaint")
    end = row(case_id).due_at
    told = f"{clock.beijing(end):%Y-%m-%d}"
    for day, level in ((-6, 1), (-6, 1), (-1, 2), (1, 3), (2, 3)):
        with clock.frozen(end + timedelta(days=day)):
            while actions.rise():
                pass
        assert row(case_id).level == level
    with cast.transaction():
        said = [one.text for one in notices.messages(person.actor) if "投诉" in one.title]
        session.set_subject(person.subject_id)
        lines = [one.reason for one in evidence.of_subject(person.subject_id, limit=100)]
    assert len(said) == 3 and all(told in text for text in said)
    assert [lines.count(f"case.{one}") for one in ("due_soon", "escalated", "late")] == [1, 1, 1]


def test_what_is_answered_rises_no_more() -> None:
    """The clock of an answered case stands still, and starts anew when it comes back."""
    person = cases.asker()
    case_id = cases.opened(person)
    cases.answered(case_id, cases.taken(case_id))
    assert row(case_id).next_at is None
    with clock.shifted(timedelta(days=10)):
        with cast.transaction():
            actions.reopen_own(person.actor, case_id=case_id)
        now = row(case_id)
        assert now.counted_from > now.opened_at + timedelta(days=9) and now.level == 0
        cases.answered(case_id, cases.taken(case_id))
    with clock.shifted(timedelta(days=50)):
        assert actions.close_idle() >= 1
    assert (row(case_id).state, row(case_id).ground) == ("closed", "idle")


@pytest.mark.promise("9.1")
def test_compliance_enters_days_with_their_notice() -> None:
    """Only compliance, with a source; a new year comes whole; the newest entry of a day counts."""
    boss = cases.staff(ActorKind.COMPLIANCE)
    year, source = 2041, "国办发明电〔2040〕9号"
    new_year, make_up = date(year, 1, 1), date(year, 1, 5)
    wrong: tuple[dict[str, object], ...] = (
        {"off": (date(year, 5, 1),), "worked": (), "source": source},
        {"off": (new_year,), "worked": (new_year,), "source": source},
        {"off": (date(2030, 1, 1),), "worked": (), "source": source},
        {"off": (new_year,), "worked": (), "source": "?"},
        {"off": (), "worked": (), "source": source},
    )
    for one in wrong:
        with pytest.raises(BadInput), cast.transaction():
            actions.enter_days(boss, year=year, **one)  # type: ignore[arg-type]
    with pytest.raises(GateRefusal), cast.transaction():
        actions.enter_days(cases.staff(), year=year, off=(new_year,), worked=(), source=source)
    with cast.transaction():
        actions.enter_days(boss, year=year, off=(new_year,), worked=(make_up,), source=source)
    days = _calendar.load()
    assert not days.is_working(new_year) and days.is_working(make_up) and year in days.years
    with cast.transaction():
        actions.enter_days(boss, year=year, off=(make_up,), worked=(), source=source)
    assert not _calendar.load().is_working(make_up)
    newest = queries.entered_days(limit=1)[0]
    assert (newest.day, newest.source, newest.entered_by) == (make_up, source, boss.staff_id)


def test_a_changed_calendar_only_brings_ends_nearer() -> None:
    """A make-up day brings an open case's end nearer; a new holiday moves no promise."""
    case_id = cases.opened(cases.asker())
    end = row(case_id).due_at
    CaseRow.objects.filter(id=case_id).update(due_at=end + timedelta(days=7))
    actions.recount()
    assert row(case_id).due_at == end
    CaseRow.objects.filter(id=case_id).update(due_at=end - timedelta(days=7))
    actions.recount()
    assert row(case_id).due_at == end - timedelta(days=7)
    with cast.transaction():
        CaseRow.objects.filter(id=case_id).update(due_at=end)
