"""What is told: lists and counts that agree with the lines, and no tipping off."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from tests.trust.evidence.conftest import Say, fetch
from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.trust.evidence import actions, queries
from xingnuo.trust.evidence.contracts import Counts, Kind, Line
from xingnuo.trust.evidence.policy import DECLARATION

YEAR_AGO = timedelta(days=365)


def told(subject_id: UUID, query: Any, *values: Any, **named: Any) -> Any:
    """Ask as the reading role with the subject set."""
    with transaction.atomic():
        session.read_only()
        session.set_subject(subject_id)
        return query(*values, **named)


def test_the_timeline_goes_page_by_page(alice: UUID, say: Say) -> None:
    """Newest first, no line twice, none left out; by kind and from a day on."""
    lines = [say(Kind.COLLECT if at % 2 else Kind.VIEW) for at in range(7)]
    seen: list[UUID] = []
    while page := told(
        alice, queries.of_subject, alice, limit=3, before=seen[-1] if seen else None
    ):
        seen += [entry.id for entry in page]
    assert seen == [line.id for line in reversed(lines)]
    kinds = told(alice, queries.of_subject, alice, kinds=[Kind.COLLECT])
    assert [entry.id for entry in kinds] == [line.id for line in reversed(lines[1::2])]
    assert told(alice, queries.of_subject, alice, since=clock.now() + timedelta(hours=1)) == []
    assert told(alice, queries.of_subject, alice, kinds=[]) == []


def test_the_list_of_what_was_collected(alice: UUID, say: Say) -> None:
    """Each item and purpose with how often, first and last; views are no collection."""
    say(Kind.COLLECT, purpose="accounts.sign_in", items=("phone",), at=clock.now() - YEAR_AGO)
    say(Kind.CORRECT, purpose="accounts.sign_in", items=("phone", "name"))
    say(Kind.COLLECT, purpose="profile.manage", items=("phone",))
    say(Kind.VIEW, purpose="profile.manage", items=("email",))
    say(Kind.COLLECT, purpose="profile.manage", items=())
    rows = told(alice, queries.collected, alice)
    assert {(row.item, row.purpose): row.count for row in rows} == {
        ("phone", "accounts.sign_in"): 2,
        ("name", "accounts.sign_in"): 1,
        ("phone", "profile.manage"): 1,
    }
    spans = {(row.item, row.purpose): row.last_at - row.first_at for row in rows}
    assert spans["phone", "accounts.sign_in"] >= YEAR_AGO
    assert told(alice, queries.collected, ids.uuid7()) == []


@pytest.mark.promise("3.1.4")
def test_the_list_of_what_was_shared(alice: UUID, say: Say) -> None:
    """Each recipient and purpose with the items that really went."""
    say(Kind.SHARE, recipient="bank_a", purpose="loans.pay_out", items=("name", "card_number"))
    say(Kind.SHARE, recipient="bank_a", purpose="loans.pay_out", items=("name",))
    say(Kind.SHARE, recipient="sms", purpose="accounts.sign_in", items=("phone",))
    say(Kind.REFUSAL, recipient="shop", purpose="ads", items=("phone",))
    rows = {row.recipient: row for row in told(alice, queries.shared, alice)}
    assert set(rows) == {"bank_a", "sms"}
    assert rows["bank_a"].items == ("card_number", "name")
    assert rows["bank_a"].count == 2


def test_who_looked(alice: UUID, say: Say) -> None:
    """Own views coalesced, all others one by one, newest first; processing is no look."""
    sitting = ids.uuid7()
    own = {
        "actor_kind": "self",
        "session_id": sitting,
        "coalesce": True,
        "purpose": "profile.manage",
    }
    say(Kind.VIEW, **own)
    say(Kind.VIEW, **own)
    say(
        Kind.VIEW, actor_kind="agent", actor_ref="agent-7", purpose="support.case", items=("phone",)
    )
    say(
        Kind.REVEAL,
        actor_kind="agent",
        actor_ref="agent-7",
        purpose="support.case",
        items=("phone",),
    )
    say(Kind.SHARE, recipient="bank_a", purpose="loans.pay_out", items=("name",))
    say(Kind.PERMIT, purpose="accounts.security")
    looks = told(alice, queries.looked, alice)
    assert [(look.actor_kind, look.recipient, look.plain) for look in looks] == [
        ("system", "bank_a", True),
        ("agent", "", True),
        ("agent", "", False),
        ("self", "", False),
    ]
    assert told(alice, queries.looked, alice, limit=2, before=looks[1].id) == looks[2:]


def test_the_privacy_card_counts(alice: UUID, say: Say) -> None:
    """One permit is one use; own views are counted apart; last month is last month."""
    now, permit = clock.now(), ids.uuid7()
    since = now - timedelta(days=10)
    assert told(alice, queries.counts, alice, since) == Counts(
        used=0, shared=0, own_views=0, refused=0, last_used_at=None
    )
    say(Kind.PERMIT, permit_id=permit, at=now - timedelta(seconds=1))
    say(Kind.SHARE, permit_id=permit, recipient="bank_a", at=now)
    say(Kind.VIEW, actor_kind="agent", at=now - timedelta(days=2))
    say(Kind.VIEW, actor_kind="agent", at=now - timedelta(days=20))
    say(Kind.VIEW, actor_kind="self")
    say(Kind.PERMIT, actor_kind="self")
    say(Kind.REFUSAL, reason="no_consent")
    counts = told(alice, queries.counts, alice, since)
    assert (counts.used, counts.shared, counts.own_views, counts.refused) == (2, 1, 1, 1)
    assert counts.last_used_at == now


def test_the_copy_holds_every_line_and_column(alice: UUID, say: Say) -> None:
    """The export names every declared column, and nobody else's line."""
    lines = [say(Kind.COLLECT, items=("name",)), say(Kind.SHARE, recipient="bank_a")]
    say(subject_id=ids.uuid7())
    rows = told(alice, queries.export, alice)["evidence_line"]
    assert [row["id"] for row in rows] == [str(line.id) for line in lines]
    (declared,) = [table for table in DECLARATION.tables if table.name == "evidence_line"]
    assert set(rows[0]) == set(declared.columns)


@pytest.mark.promise("4.1.7")
def test_the_people_of_an_incident(say: Say) -> None:
    """Whose item left to whom and when, in pages, over all people."""
    noon = datetime(2020, 5, 17, 4, 0, tzinfo=clock.BEIJING)
    cast = sorted(ids.uuid7() for _ in range(5))
    share = {"recipient": "leaky", "purpose": "loans.pay_out", "at": noon}
    for person in cast[:3]:
        say(Kind.SHARE, subject_id=person, items=("phone", "name"), **share)
    say(Kind.SHARE, subject_id=cast[0], items=("phone",), **share)
    say(Kind.SHARE, subject_id=cast[3], items=("name",), **share)
    say(
        Kind.SHARE,
        subject_id=cast[4],
        items=("phone",),
        **{**share, "at": noon + timedelta(days=1)},
    )
    say(Kind.SHARE, subject_id=cast[4], items=("phone",), **{**share, "recipient": "other"})
    say(Kind.VIEW, subject_id=cast[4], items=("phone",), **share)
    say(Kind.SHARE, subject_id=cast[4], items=("phone",), **{**share, "purpose": "aml.report"})
    span = {"recipient": "leaky", "since": noon, "until": noon + timedelta(hours=1)}
    people = queries.affected(item="phone", **span)
    assert [(person.subject_id, person.count) for person in people] == [
        (cast[0], 2), (cast[1], 1), (cast[2], 1),
    ]  # fmt: skip
    assert queries.affected(item="phone", **span, after=cast[0], limit=1) == people[1:2]
    assert [person.subject_id for person in queries.affected(item="", **span)] == cast[:4]
    told_too = queries.affected(item="phone", **span, confidential=True)
    assert [person.subject_id for person in told_too] == [*cast[:3], cast[4]]


def test_the_regulators_register(say: Say) -> None:
    """Counts by kind, purpose, recipient and outcome, naming nobody."""
    noon = datetime(2019, 5, 17, 4, 0, tzinfo=clock.BEIJING)
    for person in (ids.uuid7(), ids.uuid7()):
        for _ in range(2):
            say(Kind.SHARE, subject_id=person, recipient="bank_a", purpose="loans.pay_out", at=noon)
    say(Kind.REFUSAL, reason="no_consent", at=noon, outcome="refused")
    rows = queries.register(since=noon, until=noon + timedelta(seconds=1))
    assert [(row.kind, row.recipient, row.lines, row.people) for row in rows] == [
        (Kind.REFUSAL, "", 1, 1),
        (Kind.SHARE, "bank_a", 4, 2),
    ]


@pytest.mark.parametrize("kind", list(Kind))
def test_nothing_tips_off(alice: UUID, say: Say, kind: Kind) -> None:
    """A person with a report sees exactly what a person without one sees (AML 35)."""
    now = clock.now()
    fine = {
        "kind": Kind.SHARE,
        "recipient": "bank_a",
        "items": ("name",),
        "purpose": "loans.pay_out",
    }
    say(**fine, at=now)
    asked = (
        (queries.of_subject, ()),
        (queries.collected, ()),
        (queries.shared, ()),
        (queries.looked, ()),
        (queries.counts, (now - YEAR_AGO,)),
        (queries.export, ()),
    )
    before = [told(alice, query, alice, *rest) for query, rest in asked]
    say(kind, purpose="aml.report", recipient="authority", items=("name",), actor_kind="reviewer")
    assert [told(alice, query, alice, *rest) for query, rest in asked] == before


def test_no_door_could_tip_off_if_it_wanted(alice: UUID, say: Say) -> None:
    """Even a query of a door's own does not see the line; the auditor does."""
    say(Kind.SHARE, purpose="aml.report", recipient="authority")
    statement = "SELECT count(*) FROM evidence_line WHERE subject_id = %s"
    for reading in (False, True):
        with transaction.atomic():
            session.set_subject(alice)
            if reading:
                session.read_only()
            assert fetch(statement, alice, using="default") == [(0,)]
    assert fetch(statement, alice, using="audit") == [(1,)]


def test_every_column_is_declared() -> None:
    """The two tables have the columns that the policy accounts for, no more and no fewer."""
    for table in DECLARATION.tables:
        with connection.cursor() as cursor:
            real = connection.introspection.get_table_description(cursor, table.name)
        assert {column.name for column in real} == set(table.columns)


def test_evidence_survives_erasure_and_is_exported() -> None:
    """The holding hands in the export; erasing takes nothing (PIPL 56)."""
    from xingnuo.trust.policy import queries as policy

    (holding,) = [each for each in policy.holdings() if each.room == "evidence"]
    assert holding.export is queries.export
    assert holding.erase(ids.uuid7()) == 0


def test_a_stranger_is_told_nothing(alice: UUID, charlie: UUID, say: Say) -> None:
    """Asking about Alice with Charlie's subject set is asking about nobody."""
    say(Kind.SHARE, recipient="bank_a", items=("name",))
    assert told(charlie, queries.of_subject, alice) == []
    assert told(charlie, queries.collected, alice) == []
    assert told(charlie, queries.shared, alice) == []
    assert told(charlie, queries.looked, alice) == []
    assert told(charlie, queries.export, alice) == {"evidence_line": []}
    with transaction.atomic():
        session.set_subject(charlie)
        actions.record(Line(kind=Kind.ACCESS_DENIED, subject_id=charlie, purpose="profile.manage"))
