"""The personal feed is off until asked for and forgets when it ends; reminders as a calendar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from tests import cast
from tests.people.support import cases
from xingnuo.kit import ids
from xingnuo.kit.db import session
from xingnuo.kit.errors import NotFound
from xingnuo.people.notices import _calendar, actions, queries
from xingnuo.people.notices.contracts import Reminder
from xingnuo.trust.consent.contracts import Decision, Scope
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as standing
from xingnuo.trust.gate.contracts import GateRefusal

FEED = "feed.personal"


def withdraw(who: cast.Person, purpose: str) -> None:
    """Take a consent back as a person does."""
    with cast.transaction():
        items = next(
            one.items for one in standing.standing(who.subject_id).decisions
            if one.purpose == purpose
        )  # fmt: skip
        gate.decide(
            who.actor,
            subject_id=who.subject_id,
            scope=Scope(purpose=purpose, items=items),
            decision=Decision.WITHDRAW,
            text_hash=standing.sheet(purpose).text_hash,
        )


def feed(who: cast.Person) -> list[str]:
    """Give the codes of a person's feed."""
    with cast.transaction():
        return [one.code for one in queries.feed(who.actor, subject_id=who.subject_id)]


def tags(who: cast.Person) -> int:
    """Count the tags that are kept of a person."""
    with cast.transaction():
        return standing.residue(who.subject_id)["vault_value"]


@pytest.mark.promise("1.6.2")
def test_without_a_consent_nothing_is_noted() -> None:
    """Opening cards changes nothing and keeps nothing: the feed is everybody's."""
    alice = cast.make_person()
    before = feed(alice)
    with cast.transaction():
        actions.open_card(alice.actor, subject_id=alice.subject_id, code="insurance_exempt")
    assert feed(alice) == before == [one.code for one in queries.everybody()]
    assert tags(alice) == 0


@pytest.mark.promise("1.6.2", "5.1.5")
def test_off_is_everybodys_feed_and_the_tags_are_gone() -> None:
    """On, a card opened moves its topic up and says why; off, order and tags are gone at once."""
    alice = cast.make_person()
    cast.agree(alice, FEED, optional=("browsing",))
    with cast.transaction():
        actions.open_card(alice.actor, subject_id=alice.subject_id, code="insurance_exempt")
    with cast.transaction():
        first = queries.feed(alice.actor, subject_id=alice.subject_id)[0]
    assert (first.code, first.because) == ("insurance_exempt", "你看过保险的内容")
    assert tags(alice) == 1
    withdraw(alice, FEED)
    assert feed(alice) == [one.code for one in queries.everybody()]
    assert tags(alice) == 0
    with cast.transaction():
        actions.open_card(alice.actor, subject_id=alice.subject_id, code="insurance_exempt")
    assert tags(alice) == 0


def test_a_feed_without_browsing_has_everybodys_order() -> None:
    """Who agreed to the feed and not to browsing gets no tags."""
    alice = cast.make_person()
    cast.agree(alice, FEED)
    with cast.transaction():
        actions.open_card(alice.actor, subject_id=alice.subject_id, code="apr")
    assert feed(alice) == [one.code for one in queries.everybody()]
    assert tags(alice) == 0


@pytest.fixture
def reminder() -> Iterator[Reminder]:
    """Let something remind for the length of a test."""
    one = Reminder(uid=str(ids.uuid7()), day=date(2027, 1, 31), title="证件到期", text="记得更新")
    _calendar.remind("test", lambda subject_id: [one])
    yield one
    _calendar._sources.pop("test")


@pytest.mark.promise("1.3.4")
def test_a_calendar_client_reads_the_file_and_the_feed(reminder: Reminder) -> None:
    """Both parse, hold the day and an alarm; without a consent there is neither."""
    alice = cast.make_person()
    with pytest.raises(GateRefusal), cast.transaction():
        actions.take_calendar(alice.actor, subject_id=alice.subject_id)
    cast.agree(alice, "notices.reminder")
    with cast.transaction():
        content = actions.take_calendar(alice.actor, subject_id=alice.subject_id)
        secret = actions.subscribe_calendar(alice.actor, subject_id=alice.subject_id)
    with cast.transaction():
        fed = queries.calendar_of(secret)
    for text in (content, fed):
        (event,) = Calendar.from_ical(text).walk("VEVENT")
        assert str(event["SUMMARY"]) == reminder.title
        assert event.decoded("DTSTART") == reminder.day
        assert event.walk("VALARM")


LINE = re.compile(
    rb"[A-Z0-9-]+(;[A-Z0-9-]+=(\"[^\"\x00-\x1f]*\"|[^;:\",\x00-\x1f]*))*:[^\x00-\x08\x0a-\x1f]*"
)
BLOCKS = {"VCALENDAR": {"VERSION", "PRODID"}, "VEVENT": {"UID", "DTSTAMP", "DTSTART", "SUMMARY"},
          "VALARM": {"ACTION", "TRIGGER", "DESCRIPTION"}}  # fmt: skip


def strictly(content: bytes) -> list[str]:
    """Check a calendar line by line against RFC 5545 (3.1, 3.4, 3.6); give the events' uids."""
    assert content.endswith(b"\r\n") and b"\n" not in content.replace(b"\r\n", b"")
    physical = content.split(b"\r\n")[:-1]
    assert all(0 < len(one) <= 75 for one in physical)
    open_blocks: list[tuple[str, list[str]]] = []
    uids = []
    for line in content.replace(b"\r\n ", b"").split(b"\r\n")[:-1]:
        assert LINE.fullmatch(line), line
        line.decode("utf-8", errors="strict")
        head, _, value = line.decode().partition(":")
        name = head.partition(";")[0]
        if name == "BEGIN":
            open_blocks.append((value, []))
        elif name == "END":
            block, names = open_blocks.pop()
            assert block == value and set(names) >= BLOCKS[block]
            assert all(names.count(one) == 1 for one in BLOCKS[block])
        else:
            open_blocks[-1][1].append(name)
            uids += [value] if name == "UID" else []
    assert open_blocks == [] and len(uids) == len(set(uids))
    return uids


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=120)


@pytest.mark.promise("1.3.4")
@given(words=st.lists(st.tuples(WORDS, WORDS, st.dates(date(2000, 1, 1), date(2099, 12, 31)))))
def test_any_words_make_a_calendar_by_the_letter(words: list[tuple[str, str, date]]) -> None:
    """Commas, semicolons, backslashes, emoji and long lines: valid, and read back as written."""
    found = [
        Reminder(uid=str(place), day=day, title=title, text=text)
        for place, (title, text, day) in enumerate(words)
    ]
    content = _calendar._file(found)
    assert len(strictly(content)) == len(found)
    events = Calendar.from_ical(content).walk("VEVENT")
    read = [
        (str(one["SUMMARY"]), str(one["DESCRIPTION"]), one.decoded("DTSTART")) for one in events
    ]
    assert read == [(title, text, day) for title, text, day in words]


@pytest.mark.promise("1.3.4")
def test_a_client_without_cookies_reads_the_subscription(reminder: Reminder) -> None:
    """Over HTTP, by GET and HEAD, as text/calendar, uncached; a wrong address is no page."""
    alice = cast.make_person()
    cast.agree(alice, "notices.reminder")
    with cast.transaction():
        secret = actions.subscribe_calendar(alice.actor, subject_id=alice.subject_id)
    client = Client(headers={"host": "localhost"})
    answer = client.get(f"/calendar/{secret}.ics")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    assert strictly(answer.content) == [f"{reminder.uid}@xingnuo"]
    assert client.head(f"/calendar/{secret}.ics").status_code == 200
    assert not answer.cookies
    for wrong in (f"/calendar/{ids.token()}.ics", "/calendar/x.ics"):
        assert client.get(wrong).status_code == 404


@pytest.mark.promise("1.3.4")
def test_what_the_house_knows_stands_in_the_calendar() -> None:
    """The last day of an open case's answer, without what it is about; another's never."""
    alice, bob = cases.asker(), cases.asker()
    case_id = cases.opened(alice, "finance_complaint", "还款日不对")
    with cast.transaction():
        session.set_subject(alice.subject_id)
        (mine,) = queries.reminders(alice.subject_id)
        session.set_subject(bob.subject_id)
        assert queries.reminders(bob.subject_id) == ()
    assert str(case_id) in mine.uid and "还款" not in mine.title + mine.text


@pytest.mark.promise("1.3.4")
def test_taking_the_consent_back_ends_the_feed(reminder: Reminder) -> None:
    """The address is dead at once, and looks like one that never was."""
    alice = cast.make_person()
    cast.agree(alice, "notices.reminder")
    with cast.transaction():
        secret = actions.subscribe_calendar(alice.actor, subject_id=alice.subject_id)
    withdraw(alice, "notices.reminder")
    for address in (secret, ids.token(), "x", "../" * 9):
        with pytest.raises(NotFound), cast.transaction():
            queries.calendar_of(address)


def test_three_addresses_live_at_once(reminder: Reminder) -> None:
    """The oldest gives way to a fourth."""
    alice = cast.make_person()
    cast.agree(alice, "notices.reminder")
    made = []
    for _ in range(4):
        with cast.transaction():
            made.append(actions.subscribe_calendar(alice.actor, subject_id=alice.subject_id))
    with pytest.raises(NotFound), cast.transaction():
        queries.calendar_of(made[0])
    for secret in made[1:]:
        with cast.transaction():
            assert queries.calendar_of(secret)
