"""What leaves the notices room: messages, their states, the feed, reminders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from xingnuo.kit.errors import Refused

# The one purpose under which anything is advertised: named here and nowhere else in the room.
PROMOTION = "notices.promotion"


class Channel(StrEnum):
    """By which way a message goes."""

    APP = "app"
    SMS = "sms"
    EMAIL = "email"
    PUSH = "push"


class MessageKind(StrEnum):
    """Why a message is sent: a result, a duty to tell, or something to buy."""

    SERVICE = "service"
    DUTY = "duty"
    PROMOTION = "promotion"


class MessageState(StrEnum):
    """How far a message has come by its channel."""

    DUE = "due"
    PENDING = "pending"  # handed over, the answer not known
    SENT = "sent"
    BOUNCED = "bounced"  # taken, then given back
    DROPPED = "dropped"  # will not be sent: refused, no address, or no longer wanted


class CampaignState(StrEnum):
    """How far a promotion has come; nobody releases their own."""

    DRAFT = "draft"
    RELEASED = "released"
    SENDING = "sending"
    DONE = "done"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One text with its version; `{label}` takes a declared word, a date or a number."""

    code: str
    version: int
    kind: MessageKind
    title: str
    text: str
    channels: tuple[Channel, ...]
    sms: str = ""  # shorter, without anything that a stranger at the screen may learn
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as its person sees it."""

    id: UUID
    code: str
    kind: MessageKind
    title: str
    text: str
    href: str
    created_at: datetime
    is_read: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How far one message has come by one channel."""

    id: UUID
    code: str
    kind: MessageKind
    channel: Channel
    state: MessageState
    due_at: datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A promotion with who made it and who let it go."""

    id: UUID
    code: str
    version: int
    state: CampaignState
    made_by: str
    released_by: str
    made_at: datetime
    sent_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedCard:
    """A card of the feed; `because` says why it stands where it stands."""

    code: str
    topic: str
    title: str
    text: str
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """A day worth remembering, as a calendar shows it."""

    uid: str
    day: date
    title: str
    text: str


class OwnRelease(Refused):
    """Who made a campaign may not release it."""

    code = "own_release"
    message = "不能放行自己提交的推广。"
    remedy = "请另一位同事复核。"


class UnknownTemplate(Refused):
    """No text is registered under the code, or the words do not fit it."""

    code = "unknown_template"
    message = "没有登记这条消息的文字。"
    remedy = "请先登记文字并升一个版本。"
