"""Recording: append-only, one subject at a time, codes alone, own views once an hour."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from tests.trust.evidence.conftest import Say, fetch
from xingnuo.kit import clock, ids
from xingnuo.kit.db import planned, session
from xingnuo.kit.db.session import NoTransaction
from xingnuo.trust.evidence import _write, actions, queries
from xingnuo.trust.evidence.contracts import NOBODY, Kind, Line, NotRecorded

VIEW = {"kind": Kind.VIEW, "actor_kind": "self", "purpose": "profile.manage", "items": ("name",)}


def count_of(subject_id: UUID) -> int:
    """Count a subject's lines, past row security."""
    return int(fetch("SELECT count(*) FROM evidence_line WHERE subject_id = %s", subject_id)[0][0])


def view(subject_id: UUID, session_id: UUID | None, **told: object) -> Line:
    """Make the line of an own view."""
    return Line(
        **{**VIEW, "subject_id": subject_id, "session_id": session_id, "coalesce": True, **told}
    )  # type: ignore[arg-type]


def test_it_keeps_every_field_of_a_line(alice: UUID, say: Say) -> None:
    """What was recorded is what the timeline tells."""
    permit, ref, sitting = ids.uuid7(), ids.uuid7(), ids.uuid7()
    told = {
        "outcome": "done",
        "reason": "active:closing",
        "actor_kind": "agent",
        "actor_ref": "agent-7",
        "session_id": sitting,
        "channel": "console",
        "purpose": "support.case",
        "recipient": "bank_a",
        "items": ("name", "phone"),
        "policy_version": "2.0",
        "permit_id": permit,
        "ref": ref,
        "count": 3,
    }
    line = say(Kind.REVEAL, **told)
    with transaction.atomic():
        session.set_subject(alice)
        (entry,) = queries.of_subject(alice)
    assert {name: getattr(entry, name) for name in told} == told
    assert (entry.id, entry.kind) == (line.id, Kind.REVEAL)
    assert abs(entry.at - clock.now()) < timedelta(minutes=1)


def test_it_needs_a_transaction(alice: UUID) -> None:
    """Evidence stands and falls with what it tells of."""
    with pytest.raises(NoTransaction):
        actions.record(Line(kind=Kind.PERMIT, subject_id=alice))


def test_it_falls_with_its_transaction(alice: UUID) -> None:
    """A rolled-back act leaves no line."""
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        session.set_subject(alice)
        actions.record(Line(kind=Kind.COLLECT, subject_id=alice))
        raise ZeroDivisionError
    assert count_of(alice) == 0


CHANGES = (
    "UPDATE evidence_line SET count = 2",
    "DELETE FROM evidence_line",
    "TRUNCATE evidence_line",
    "UPDATE evidence_block SET count = 0",
    "DELETE FROM evidence_block",
    "ALTER TABLE evidence_line DROP ref",
)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("role", ["xn_app", "xn_read"])
def test_neither_role_can_change_or_take_away(
    alice: UUID, say: Say, role: str, change: str
) -> None:
    """Append-only is a matter of grants, not of manners."""
    say()
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        session.set_subject(alice)
        if role == "xn_read":
            session.read_only()
        with connection.cursor() as cursor:
            cursor.execute(change)
    assert getattr(refused.value.__cause__, "sqlstate", "") == "42501"
    assert count_of(alice) == 1


def test_the_reading_role_may_record(alice: UUID) -> None:
    """A safe HTTP method leaves evidence of what it showed, and of a person's own view."""
    sitting = ids.uuid7()
    for _ in range(2):
        with transaction.atomic():
            session.read_only()
            session.set_subject(alice)
            actions.record_many([Line(kind=Kind.REVEAL, subject_id=alice), view(alice, sitting)])
            actions.record(Line(kind=Kind.REFUSAL, reason="unknown_subject"))
    assert count_of(alice) == 3


def test_nobody_sees_anothers_lines(alice: UUID, charlie: UUID, say: Say) -> None:
    """With Charlie's subject set, Alice's lines are not there, whatever is asked."""
    say()
    with transaction.atomic():
        session.set_subject(charlie)
        assert queries.of_subject(alice) == []
        assert (
            fetch("SELECT 1 FROM evidence_line WHERE subject_id <> %s", charlie, using="default")
            == []
        )
    with transaction.atomic():
        assert queries.of_subject(alice) == []


def test_no_line_is_added_to_anothers_record(alice: UUID, charlie: UUID) -> None:
    """The subject in force bounds what may be written."""
    with pytest.raises(NotRecorded), transaction.atomic():
        session.set_subject(charlie)
        actions.record(Line(kind=Kind.PERMIT, subject_id=alice))
    assert count_of(alice) == 0


def test_lines_about_nobody_need_no_subject(alice: UUID) -> None:
    """Operator acts are recorded with no subject set and with any."""
    before = count_of(NOBODY)
    with transaction.atomic():
        actions.record(Line(kind=Kind.OPERATOR, reason="backup.made"))
    with transaction.atomic():
        session.set_subject(alice)
        actions.record(Line(kind=Kind.OPERATOR, reason="backup.made"))
        assert queries.of_subject(NOBODY) == []
    assert count_of(NOBODY) == before + 2


@pytest.mark.parametrize(
    "told",
    [
        {"reason": "张三"},
        {"purpose": "Profile.Manage"},
        {"items": ("alice@example.com",)},
        {"items": ("name with spaces",)},
        {"actor_ref": "13812345678"},
        {"reason": "138-1234-5678"},
        {"recipient": "6222.0200.0000.0001"},
        {"outcome": "110101199003070012"},
        {"channel": "line\nbreak"},
        {"reason": "x" * 61},
        {"items": ("a",) * 201},
        {"count": -1},
    ],
)
def test_it_refuses_what_could_be_a_value(alice: UUID, say: Say, told: dict[str, object]) -> None:
    """No name, number, address or sentence fits, and the error does not repeat it."""
    with pytest.raises(NotRecorded) as refused:
        say(**told)
    text = f"{refused.value} {refused.value.__cause__} {refused.value.message_text}"
    assert not any(str(value) in text for value in told.values())
    assert count_of(alice) == 0


def test_own_views_coalesce_per_session_purpose_and_hour(alice: UUID) -> None:
    """The same view again in the hour leaves nothing; another session, purpose or hour does."""
    noon, first, second = clock.now().replace(minute=5), ids.uuid7(), ids.uuid7()
    lines = [
        view(alice, first, at=noon),
        view(alice, first, at=noon + timedelta(minutes=50)),
        view(alice, first, at=noon, items=("name",)),
        view(alice, second, at=noon),
        view(alice, first, at=noon, purpose="rights.copy"),
        view(alice, first, at=noon + timedelta(hours=1)),
        view(alice, first, at=noon, items=("document_number",)),
        view(alice, first, at=noon, kind=Kind.REVEAL),
    ]
    for line in lines:
        with transaction.atomic():
            session.set_subject(alice)
            actions.record(line)
    assert count_of(alice) == 6


def test_views_of_others_are_one_by_one(alice: UUID, say: Say) -> None:
    """Staff, partners and jobs never coalesce, nor does a view outside a session."""
    for _ in range(3):
        say(Kind.VIEW, actor_kind="agent", actor_ref="agent-7", session_id=UUID(int=7))
    with transaction.atomic():
        session.set_subject(alice)
        actions.record_many([view(alice, None), view(alice, None)])
    assert count_of(alice) == 5


def test_many_lines_go_in_few_statements(alice: UUID, django_assert_num_queries: object) -> None:
    """A thousand lines cost two statements."""
    lines = [Line(kind=Kind.PURGED, subject_id=alice) for _ in range(1000)]
    with transaction.atomic():
        session.set_subject(alice)
        with django_assert_num_queries(2):  # type: ignore[operator]
            actions.record_many(lines)
    assert count_of(alice) == 1000


def lines_of(subject_id: UUID, count: int) -> list[Line]:
    """Make some lines of a person."""
    return [Line(kind=Kind.PERMIT, subject_id=subject_id) for _ in range(count)]


def test_the_planned_statement_survives_rollbacks(alice: UUID) -> None:
    """The driver forgets its plans at a rollback; a line is recorded all the same, or refused."""
    for turn in range(6):
        with transaction.atomic():
            session.set_subject(alice)
            for line in lines_of(alice, 5):
                actions.record(line)
        with pytest.raises(NotRecorded), transaction.atomic():
            session.set_subject(alice)
            actions.record(Line(kind=Kind.PERMIT, subject_id=alice, reason="张三"))
        with transaction.atomic():
            session.set_subject(alice)
            with pytest.raises(NotRecorded), transaction.atomic():
                actions.record(Line(kind=Kind.PERMIT, subject_id=ids.uuid7()))
            actions.record(Line(kind=Kind.PERMIT, subject_id=alice))
        assert count_of(alice) == 6 * (turn + 1)


def test_the_short_way_is_taken_and_says_the_same(alice: UUID) -> None:
    """Once planned, a line goes to the driver's plan, and a NUL or quote changes nothing."""
    with transaction.atomic():
        session.set_subject(alice)
        for line in lines_of(alice, 6):
            actions.record(line)
        values = _write._texts(Line(kind=Kind.PERMIT, subject_id=alice, items=("a", "b")))
        assert planned.at_once(_write._ONE[False], values, using="default") is not None
        assert queries.of_subject(alice, limit=1)[0].items == ("a", "b")
    for bad in ('a","b', "a\0b", "a\\", '"', "NULL", "{a}"):
        with pytest.raises(NotRecorded), transaction.atomic():
            session.set_subject(alice)
            actions.record(Line(kind=Kind.PERMIT, subject_id=alice, items=(bad,)))
    assert count_of(alice) == 7


def test_it_records_in_a_pipeline(alice: UUID) -> None:
    """Statements that are sent together may hold evidence, and fail together."""
    with transaction.atomic():
        session.set_subject(alice)
        with connection.connection.pipeline():
            actions.record(Line(kind=Kind.PERMIT, subject_id=alice))
    assert count_of(alice) == 1
