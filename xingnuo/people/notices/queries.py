"""What the notices room lets out: a person's messages, feed and reminders; promotions as work."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from xingnuo.kit.db import session
from xingnuo.partners.push.client import public_key as push_key
from xingnuo.people.notices import _campaigns, _limits, _templates
from xingnuo.people.notices._calendar import of_secret as calendar_of
from xingnuo.people.notices._calendar import reminders
from xingnuo.people.notices._feed import card, everybody, is_personal
from xingnuo.people.notices._feed import of_person as feed
from xingnuo.people.notices._push import count as push_ends
from xingnuo.people.notices._versions import has_seen as has_seen_version
from xingnuo.people.notices._way_out import find as whose_way_out
from xingnuo.people.notices.contracts import (
    Campaign,
    Channel,
    Delivery,
    Message,
    MessageKind,
    MessageState,
)
from xingnuo.people.notices.models import CalendarFeed, CampaignRow, MessageRow, PushEnd, WayOut
from xingnuo.trust.gate.contracts import Actor

__all__ = [
    "calendar_of",
    "campaigns",
    "card",
    "deliveries",
    "everybody",
    "export",
    "feed",
    "has_seen_version",
    "is_personal",
    "messages",
    "push_ends",
    "push_key",
    "reminders",
    "unread",
    "whose_way_out",
]


def messages(actor: Actor) -> tuple[Message, ...]:
    """List the person's messages as the app shows them, newest first."""
    return tuple(_shown(row) for row in _in_app(actor).order_by("-id")[: _limits.LIST_MAX])


def unread(actor: Actor) -> int:
    """Count the person's unread messages."""
    return int(_in_app(actor).filter(read_at__isnull=True).count())


def deliveries(subject_id: UUID) -> tuple[Delivery, ...]:
    """List how far a person's messages have come, newest first; sets the subject."""
    session.set_subject(subject_id)
    rows = MessageRow.objects.of(subject_id).order_by("-id")[: _limits.LIST_MAX]
    return tuple(
        Delivery(
            id=row.id,
            code=row.code,
            kind=MessageKind(row.kind),
            channel=Channel(row.channel),
            state=MessageState(row.state),
            due_at=row.due_at,
            why=row.why,
        )
        for row in rows
    )


def campaigns() -> tuple[Campaign, ...]:
    """List promotions, newest first."""
    rows = CampaignRow.objects.order_by("-id")[: _limits.LIST_MAX]
    return tuple(_campaigns.shown(row) for row in rows)


def export(subject_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Give every row about a person, by table."""
    session.set_subject(subject_id)
    return {
        "notices_message": list(MessageRow.objects.of(subject_id).values()),
        "notices_push": list(PushEnd.objects.of(subject_id).values()),
        "notices_way_out": _plain(WayOut.objects.filter(subject_id=subject_id).values()),
        "notices_calendar": _plain(CalendarFeed.objects.filter(subject_id=subject_id).values()),
    }


def _plain(rows: Iterable[Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in rows]


def _in_app(actor: Actor) -> Any:
    subject_id = actor.subject_id or UUID(int=0)
    session.set_subject(subject_id)
    return MessageRow.objects.of(subject_id).filter(channel=Channel.APP.value)


def _shown(row: MessageRow) -> Message:
    text = _templates.one(row.code, row.version)
    return Message(
        id=row.id,
        code=row.code,
        kind=MessageKind(row.kind),
        title=text.title,
        text=text.text.format(label=row.label),
        href=text.href.format(label=row.label),
        created_at=row.created_at,
        is_read=row.read_at is not None,
    )
