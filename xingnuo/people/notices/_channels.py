"""The channels: who may be reached by which, under which permit, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction

from xingnuo.partners.email import client as email
from xingnuo.partners.email.contracts import Outcome as EmailOutcome
from xingnuo.partners.push import client as push
from xingnuo.partners.push.contracts import Outcome as PushOutcome
from xingnuo.partners.push.contracts import Subscription
from xingnuo.partners.sms import client as sms
from xingnuo.partners.sms.contracts import Outcome as SmsOutcome
from xingnuo.people.notices import _push, _templates, _way_out
from xingnuo.people.notices.contracts import (
    PROMOTION,
    Channel,
    MessageKind,
    MessageState,
    Template,
)
from xingnuo.people.notices.models import MessageRow
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor, Permit, Strength
from xingnuo.trust.policy.contracts import ActorKind
from xingnuo.trust.sharing import actions as sharing
from xingnuo.trust.sharing.contracts import Parcel

WORKER = Actor(kind=ActorKind.SYSTEM, strength=Strength.SIGNED_IN, channel="worker")
PURPOSES = {
    MessageKind.SERVICE: "notices.service",
    MessageKind.DUTY: "notices.duty",
    # Nothing goes to anybody for marketing (1.6.1): the carrier gets it under its own purpose,
    # after the person's consent to promotions was looked at.
    MessageKind.PROMOTION: "notices.deliver",
}
RECIPIENTS = {Channel.SMS: ("sms_gateway", "phone"), Channel.EMAIL: ("email_gateway", "email")}


@dataclass(frozen=True, slots=True)
class Leaving:
    """What is about to leave, outside every transaction."""

    text: Template
    label: str
    key: str
    parcel: Parcel | None = None
    subject_id: UUID | None = None
    ends: tuple[tuple[UUID, Subscription], ...] = ()
    way_out: str = ""


def open_to(subject_id: UUID, text: Template) -> tuple[Channel, ...]:
    """Name the channels by which a text may reach a person; the address is looked up later."""
    pushable = Channel.PUSH in text.channels and _push.has_any(subject_id)
    return tuple(one for one in text.channels if one is not Channel.PUSH or pushable)


def prepare(row: MessageRow) -> Leaving | None:
    """Ask the gate and pack what the channel needs; None when the person has no such address."""
    channel, kind = Channel(row.channel), MessageKind(row.kind)
    text = _templates.one(row.code, row.version)
    if kind is MessageKind.PROMOTION:
        agreed(row.subject_id)
    key, label = str(row.id), row.label
    if channel is Channel.PUSH:
        ends = _push.ends(WORKER, row.subject_id)
        return Leaving(text, label, key, subject_id=row.subject_id, ends=ends) if ends else None
    recipient, item = RECIPIENTS[channel]
    permit = _permit(row.subject_id, PURPOSES[kind], items=(item,), recipient=recipient)
    parcel = sharing.pack(permit, (item,))
    if not parcel.items:
        return None
    stops = kind is MessageKind.PROMOTION and channel is Channel.EMAIL
    way_out = _way_out.link(row.subject_id) if stops else ""
    return Leaving(text, label, key, parcel=parcel, way_out=way_out)


def agreed(subject_id: UUID) -> None:
    """Raise `GateRefusal` unless a promotion may go to a person now."""
    _permit(subject_id, PROMOTION)


def _permit(
    subject_id: UUID, purpose: str, *, items: tuple[str, ...] | None = None, recipient: str = ""
) -> Permit:
    return gate.permit(
        WORKER, subject_id=subject_id, purpose=purpose, items=items, recipient=recipient
    )


def hand_over(leaving: Leaving, *, was_sent: bool) -> MessageState | None:
    """Hand a message to its channel; None while what became of it is not known."""
    if leaving.ends:
        return _pushed(leaving)
    assert leaving.parcel is not None, "a message without an address"
    if leaving.parcel.recipient == "sms_gateway":
        return _texted(leaving.parcel, leaving, was_sent=was_sent)
    return _mailed(leaving.parcel, leaving, was_sent=was_sent)


def _texted(parcel: Parcel, leaving: Leaving, *, was_sent: bool) -> MessageState | None:
    # After an unknown answer the carrier's own record is asked before anything is sent again.
    found = sms.status(leaving.key) if was_sent else SmsOutcome.PENDING
    if found is SmsOutcome.PENDING:
        found = sms.send(parcel, text=leaving.text.sms or leaving.text.title, key=leaving.key)
    return {
        SmsOutcome.ACCEPTED: MessageState.SENT,
        SmsOutcome.REFUSED: MessageState.DROPPED,
    }.get(found)


def _mailed(parcel: Parcel, leaving: Leaving, *, was_sent: bool) -> MessageState | None:
    found = email.status(leaving.key) if was_sent else EmailOutcome.PENDING
    if found is EmailOutcome.PENDING:
        body = leaving.text.text.format(label=leaving.label)
        tail = f"\n\n{settings.BASE_URL}{leaving.text.href.format(label=leaving.label)}"
        out = f"\n不想再收到：{leaving.way_out}" if leaving.way_out else ""
        found = email.send(
            parcel,
            subject=f"【星诺】{leaving.text.title}",
            text=f"{body}{tail}{out}",
            key=leaving.key,
            unsubscribe=leaving.way_out.replace("/out/", "/hooks/email/out/").rstrip("/"),
        )
    return {
        EmailOutcome.ACCEPTED: MessageState.SENT,
        EmailOutcome.REFUSED: MessageState.DROPPED,
    }.get(found)


def _pushed(leaving: Leaving) -> MessageState | None:
    # Only a title that would do for everybody: the words wait in the app.
    content, topic = leaving.text.title.encode(), leaving.text.code[:32]
    found = {row: push.send(end, content=content, topic=topic) for row, end in leaving.ends}
    over = [row for row, outcome in found.items() if outcome is PushOutcome.GONE]
    if over and leaving.subject_id is not None:
        with transaction.atomic(durable=True):
            _push.gone(WORKER, leaving.subject_id, over)
    if PushOutcome.ACCEPTED in found.values():
        return MessageState.SENT
    return None if PushOutcome.PENDING in found.values() else MessageState.DROPPED
