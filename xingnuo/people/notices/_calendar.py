"""Reminders as calendar files (RFC 5545): a file to take, and a feed that a calendar client reads.

What reminds registers here at start-up. A feed's address is a secret; it shows days and plain
words, no amount and no name, since it is read without signing in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from uuid import UUID

from icalendar import Alarm, Calendar, Event

from xingnuo.kit import clock, ids
from xingnuo.kit.errors import NotFound
from xingnuo.people.notices import _way_out
from xingnuo.people.notices._limits import CALENDAR_TOKENS_MAX
from xingnuo.people.notices.contracts import Reminder
from xingnuo.people.notices.models import CalendarFeed
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor

PURPOSE = "notices.reminder"
type Source = Callable[[UUID], Iterable[Reminder]]
_sources: dict[str, Source] = {}


def remind(room: str, source: Source) -> None:
    """Take in what a room wants remembered about a person; called at start-up."""
    _sources[room] = source


def reminders(subject_id: UUID) -> tuple[Reminder, ...]:
    """Give the days worth remembering, soonest first; the subject is set by the caller."""
    found = [one for source in _sources.values() for one in source(subject_id)]
    return tuple(sorted(found, key=lambda one: (one.day, one.uid)))


def take(actor: Actor, *, subject_id: UUID) -> bytes:
    """Give the person's reminders as a calendar file; asks for the calendar permission's yes."""
    gate.permit(actor, subject_id=subject_id, purpose=PURPOSE)
    return _file(reminders(subject_id))


def subscribe(actor: Actor, *, subject_id: UUID) -> str:
    """Make a secret address for a calendar client; the oldest of three gives way."""
    gate.permit(actor, subject_id=subject_id, purpose=PURPOSE)
    mine = CalendarFeed.objects.filter(subject_id=subject_id).order_by("-created_at")
    for old in mine[CALENDAR_TOKENS_MAX - 1 :]:
        old.delete()
    secret = ids.token()
    CalendarFeed.objects.create(
        digest=_way_out.keyed("calendar", secret), subject_id=subject_id, created_at=clock.now()
    )
    return secret


def unsubscribe(subject_id: UUID) -> int:
    """End every calendar feed of a person; gives how many."""
    gone, _ = CalendarFeed.objects.filter(subject_id=subject_id).delete()
    return gone


def of_secret(secret: str) -> bytes:
    """Give the calendar of a secret address, while the person's consent stands.

    Raises `NotFound` for an address that is not ours; a consent taken back raises `GateRefusal`.
    """
    if not _way_out.is_secret(secret):
        raise NotFound
    row = CalendarFeed.objects.filter(digest=_way_out.keyed("calendar", secret)).first()
    if row is None:
        raise NotFound
    gate.permit(_way_out.bearer(row.subject_id), subject_id=row.subject_id, purpose=PURPOSE)
    return _file(reminders(row.subject_id))


def _file(found: Iterable[Reminder]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//xingnuo//reminders//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "星诺提醒")
    calendar.add("refresh-interval", timedelta(hours=12), parameters={"VALUE": "DURATION"})
    stamp = clock.now()
    for one in found:
        event = Event()
        event.add("uid", f"{one.uid}@xingnuo")
        event.add("dtstamp", stamp)
        event.add("dtstart", one.day)
        event.add("dtend", one.day + timedelta(days=1))
        event.add("summary", one.title)
        event.add("description", one.text)
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", one.title)
        alarm.add("trigger", timedelta(hours=9))
        event.add_component(alarm)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
