"""What the notices room does: tells, delivers, stops; feeds and reminders as a person likes."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction

from xingnuo.kit import clock
from xingnuo.kit.db import session
from xingnuo.kit.errors import NotFound
from xingnuo.partners.email.contracts import Event, EventKind
from xingnuo.partners.sms.contracts import Reply
from xingnuo.people.notices import _calendar as _reminders
from xingnuo.people.notices import _limits, _push, _sending, _templates, _way_out
from xingnuo.people.notices._calendar import remind
from xingnuo.people.notices._calendar import subscribe as subscribe_calendar
from xingnuo.people.notices._calendar import take as take_calendar
from xingnuo.people.notices._calendar import unsubscribe as unsubscribe_calendar
from xingnuo.people.notices._campaigns import make as make_campaign
from xingnuo.people.notices._campaigns import release as release_campaign
from xingnuo.people.notices._campaigns import send_page as send_campaign_page
from xingnuo.people.notices._campaigns import stop as stop_campaign
from xingnuo.people.notices._feed import opened as open_card
from xingnuo.people.notices._push import subscribe as subscribe_push
from xingnuo.people.notices._sending import deliver, tell
from xingnuo.people.notices._versions import announce as announce_versions
from xingnuo.people.notices._versions import seen as see_version
from xingnuo.people.notices._versions import tell_page as tell_versions
from xingnuo.people.notices.contracts import PROMOTION
from xingnuo.people.notices.models import (
    CalendarFeed,
    MessageRow,
    PushEnd,
    TakenNotice,
    WayOut,
)
from xingnuo.trust.gate import queries as standing
from xingnuo.trust.gate.contracts import Actor

__all__ = [
    "announce_versions",
    "deliver",
    "end_consent",
    "erase",
    "make_campaign",
    "open_card",
    "read_all",
    "read_one",
    "release_campaign",
    "remind",
    "see_version",
    "send_campaign_page",
    "stop_by_link",
    "stop_campaign",
    "subscribe_calendar",
    "subscribe_push",
    "sweep",
    "take_calendar",
    "take_event",
    "take_reply",
    "tell",
    "tell_versions",
    "unsubscribe_calendar",
]


def take_reply(reply: Reply) -> bool:
    """Act on a person's reply by text message; gives whether promotions stopped.

    The caller has verified the carrier's signature. The same reply again changes nothing, and
    whose number it is leaves no trace but the person's own decision.
    """
    with transaction.atomic():
        if not _way_out.take_once("reply", reply.id) or not _way_out.is_stop(reply.text):
            return False
        found = standing.find(_way_out.CARRIER, purpose=PROMOTION, item="phone", value=reply.phone)
        return found is not None and _stopped(found, channel="sms", key=f"stop:{reply.id}")


def stop_by_link(secret: str) -> None:
    """Stop promotions by the link of a letter; again changes nothing. Raises `NotFound`."""
    with transaction.atomic():
        _stopped(_way_out.find(secret), channel="email", key=f"stop:{secret[:16]}")


def _stopped(subject_id: UUID, *, channel: str, key: str) -> bool:
    if not _way_out.stop(subject_id, channel=channel):
        return False
    tell(subject_id, "promotion_stopped", key=key[:80])
    return True


def take_event(event: Event) -> None:
    """Take a letter's fate from its gateway: what bounced is marked, a complaint stops promotions.

    The caller has verified the gateway's signature. Unknown letters change nothing.
    """
    with transaction.atomic():
        if not _way_out.take_once("email", event.id):
            return
        subject_id = _whose(event.key)
        if subject_id is None:
            return
        if event.kind is EventKind.BOUNCED:
            _sending.bounced(subject_id, UUID(event.key))
        elif event.kind is EventKind.COMPLAINED:
            _stopped(subject_id, channel="email", key=f"stop:{event.id}")


def _whose(key: str) -> UUID | None:
    try:
        message_id = UUID(key)
    except ValueError:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT notices_whose(%s)", [message_id])
        row = cursor.fetchone()
    return row[0] if row else None


def read_all(actor: Actor) -> int:
    """Mark the person's messages as read; gives how many."""
    if actor.subject_id is None:
        raise NotFound
    session.set_subject(actor.subject_id)
    unread = MessageRow.objects.of(actor.subject_id).filter(channel="app", read_at__isnull=True)
    return unread.update(read_at=clock.now())


def read_one(actor: Actor, *, message_id: UUID) -> str:
    """Mark one of the person's messages as read; gives where it leads. Raises `NotFound`."""
    if actor.subject_id is None:
        raise NotFound
    session.set_subject(actor.subject_id)
    mine = MessageRow.objects.of(actor.subject_id).filter(id=message_id, channel="app")
    row = mine.first()
    if row is None:
        raise NotFound
    mine.filter(read_at__isnull=True).update(read_at=clock.now())
    return _templates.one(row.code, row.version).href.format(label=row.label)


def end_consent(subject_id: UUID, purpose: str) -> int:
    """Let go of what rests on a consent that ended; gives how many rows."""
    if purpose == PROMOTION:
        return _sending.drop_promotions(subject_id, why="stopped")
    if purpose == _push.PURPOSE:
        return _push.forget(subject_id)
    if purpose == _reminders.PURPOSE:
        return _reminders.unsubscribe(subject_id)
    return 0


def erase(subject_id: UUID) -> int:
    """Delete everything of a person's; gives how many rows."""
    session.set_subject(subject_id)
    gone = MessageRow.objects.of(subject_id).delete()[0]
    gone += PushEnd.objects.of(subject_id).delete()[0]
    gone += WayOut.objects.filter(subject_id=subject_id).delete()[0]
    return gone + CalendarFeed.objects.filter(subject_id=subject_id).delete()[0]


def sweep() -> int:
    """Delete taken notices and links past their year; gives how many."""
    now = clock.now()
    taken = TakenNotice.objects.filter(at__lt=now - timedelta(days=_limits.TAKEN_DAYS))
    links = WayOut.objects.filter(created_at__lt=now - timedelta(days=_limits.LINK_DAYS))
    return taken.delete()[0] + links.delete()[0]
