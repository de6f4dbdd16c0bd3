"""Writing messages and sending them: one row for each channel, at most one text for each row."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock, ids, jobs
from xingnuo.kit.db import session
from xingnuo.kit.errors import NotFound, Unavailable
from xingnuo.kit.steps import step
from xingnuo.people.notices import _channels, _limits, _templates
from xingnuo.people.notices._states import MESSAGE_STEPS
from xingnuo.people.notices.contracts import Channel, MessageKind, MessageState, Template
from xingnuo.people.notices.models import MessageRow
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import GateRefusal

QUEUE = "notices"
DELIVER = "notices.deliver"
WAITING = (MessageState.DUE.value, MessageState.PENDING.value)


def tell(subject_id: UUID, code: str, *, key: str, label: str = "") -> int:
    """Write a text for an event by every channel it knows; gives how many messages are new.

    The same key writes nothing again. Promotions wait until it is no quiet hour.
    """
    text = _templates.newest(code)
    session.set_subject(subject_id)
    now = clock.now()
    due = _limits.loud_after(now) if text.kind is MessageKind.PROMOTION else now
    rows = [
        _row(subject_id, text, channel, key=key, label=label, now=now, due=due)
        for channel in _channels.open_to(subject_id, text)
    ]
    MessageRow.objects.bulk_create(rows, ignore_conflicts=True)
    mine = [row.id for row in rows]
    fresh = list(MessageRow.objects.of(subject_id).filter(id__in=mine))
    for row in fresh:
        if row.channel != Channel.APP.value:
            _defer(row)
    return len(fresh)


def _row(
    subject_id: UUID,
    text: Template,
    channel: Channel,
    *,
    key: str,
    label: str,
    now: datetime,
    due: datetime,
) -> MessageRow:
    # What is shown in the app has arrived when it is written.
    state = MessageState.SENT if channel is Channel.APP else MessageState.DUE
    return MessageRow(
        id=ids.uuid7(),
        subject_id=subject_id,
        key=key,
        code=text.code,
        version=text.version,
        kind=text.kind.value,
        channel=channel.value,
        label=_templates.checked_label(label),
        state=state.value,
        created_at=now,
        due_at=due,
    )


def _defer(row: MessageRow) -> None:
    at = row.due_at if row.due_at > clock.now() else None
    jobs.defer(DELIVER, queue=QUEUE, at=at, subject_id=row.subject_id, message_id=row.id)


def deliver(*, subject_id: UUID, message_id: UUID) -> MessageState:
    """Send one message by its channel, at most once; safe to repeat.

    Opens its own transactions: what leaves is on record before. Raises `Unavailable` while the
    answer of the channel is not known and tries are left.
    """
    try:
        with transaction.atomic(durable=True):
            row = _locked(subject_id, message_id)
            state = MessageState(row.state)
            if state not in (MessageState.DUE, MessageState.PENDING):
                return state
            if _wait_for_morning(row) or row.due_at > clock.now():
                _defer(row)
                return state
            if row.tries >= _limits.TRIES_MAX:
                return _move(row, MessageState.DROPPED, why="tries")
            was_sent = row.tries > 0
            row.tries += 1
            _move(row, MessageState.PENDING)
            leaving = _channels.prepare(row)
    except GateRefusal as refusal:
        # What was withdrawn between the event and the job stays unsent, and the refusal is told.
        gate.refused(refusal)
        return _settle(subject_id, message_id, MessageState.DROPPED, why=refusal.reason.value)
    if leaving is None:
        return _settle(subject_id, message_id, MessageState.DROPPED, why="no_address")
    outcome = _channels.hand_over(leaving, was_sent=was_sent)
    if outcome is None:
        raise Unavailable("notices")
    return _settle(
        subject_id, message_id, outcome, why="" if outcome.value == "sent" else "refused"
    )


def _wait_for_morning(row: MessageRow) -> bool:
    # A worker that comes late, or a try that comes again, disturbs nobody at night either; what
    # may not leave at all is dropped at once.
    now = clock.now()
    loud = _limits.loud_after(now)
    if row.kind != MessageKind.PROMOTION.value or loud == now:
        return False
    _channels.agreed(row.subject_id)
    row.due_at = loud
    row.save(update_fields=["due_at"])
    return True


def drop_promotions(subject_id: UUID, *, why: str) -> int:
    """Take back every promotion that waits; gives how many."""
    session.set_subject(subject_id)
    waiting = MessageRow.objects.of(subject_id).filter(
        kind=MessageKind.PROMOTION.value, state__in=WAITING
    )
    return waiting.update(state=MessageState.DROPPED.value, why=why)


def bounced(subject_id: UUID, message_id: UUID) -> None:
    """Note that a message which was taken came back."""
    with transaction.atomic():
        _move(_locked(subject_id, message_id), MessageState.BOUNCED, why="bounced")


def _locked(subject_id: UUID, message_id: UUID) -> MessageRow:
    session.set_subject(subject_id)
    rows = MessageRow.objects.of(subject_id).filter(id=message_id).select_for_update()
    row: MessageRow | None = rows.first()
    if row is None:
        raise NotFound
    return row


def _settle(subject_id: UUID, message_id: UUID, state: MessageState, *, why: str) -> MessageState:
    with transaction.atomic(durable=True):
        return _move(_locked(subject_id, message_id), state, why=why)


def _move(row: MessageRow, state: MessageState, *, why: str = "") -> MessageState:
    row.state = step(MESSAGE_STEPS, MessageState(row.state), state).value
    row.why = why
    row.save(update_fields=["state", "why", "tries"])
    return state
