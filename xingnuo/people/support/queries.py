"""Reading cases: a person's own, a desk's queue, the words of a held case, the help centre."""

from __future__ import annotations

from uuid import UUID

from xingnuo.kit.db import session
from xingnuo.people.support import _calendar, _calls, _cases, _handover, _rows, _scope, _thread
from xingnuo.people.support._articles import ARTICLES, article, search
from xingnuo.people.support._calendar import entered as entered_days
from xingnuo.people.support._calendar import load as workdays
from xingnuo.people.support._calls import at_desk as call_at_desk
from xingnuo.people.support._cases import GROUNDS_TO_CLOSE
from xingnuo.people.support._clocks import RULES
from xingnuo.people.support._closing import reminders, warns
from xingnuo.people.support._proof import unsettled as unsettled_handovers
from xingnuo.people.support._queue import counted, one, open_cases
from xingnuo.people.support._scope import read_person, read_transactions
from xingnuo.people.support._thread import TEXT_CHARS_MAX, VOICE_BYTES_MAX, VOICE_SECONDS_MAX
from xingnuo.people.support._topics import CANNED, TOPICS, WAYS_ON, topic
from xingnuo.people.support._watch import export
from xingnuo.people.support._workdays import YEARS
from xingnuo.people.support.contracts import (
    FORBIDDEN,
    GROUNDS,
    Form,
    HandOver,
    Message,
    PersonCall,
    Ticket,
    Topic,
)
from xingnuo.people.support.models import CaseRow
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor

__all__ = [
    "ARTICLES",
    "CANNED",
    "FORBIDDEN",
    "GROUNDS",
    "GROUNDS_TO_CLOSE",
    "RULES",
    "TEXT_CHARS_MAX",
    "TOPICS",
    "VOICE_BYTES_MAX",
    "VOICE_SECONDS_MAX",
    "WAYS_ON",
    "YEARS",
    "article",
    "call_at_desk",
    "call_of",
    "counted",
    "entered_days",
    "export",
    "file",
    "file_at_desk",
    "handovers",
    "items_of_case",
    "one",
    "open_cases",
    "read_person",
    "read_transactions",
    "reminders",
    "search",
    "thread",
    "thread_at_desk",
    "ticket",
    "tickets",
    "topic",
    "topic_of",
    "unsettled_handovers",
    "warns",
    "workdays",
]
SHOWN_MAX = 50


def tickets(actor: Actor) -> tuple[Ticket, ...]:
    """Give a person's own cases, newest first."""
    rows = CaseRow.objects.filter(subject_id=_cases.who(actor)).order_by("-id")[:SHOWN_MAX]
    days = _calendar.load()
    found = [_rows.shown(row, days) for row in rows]
    return tuple(sorted(found, key=lambda one: one.opened_at, reverse=True))


def ticket(actor: Actor, case_id: UUID) -> Ticket:
    """Give one of a person's own cases; raises `NotFound`."""
    return _rows.shown(_rows.own(_cases.who(actor), case_id), _calendar.load())


def call_of(actor: Actor, case_id: UUID) -> PersonCall | None:
    """Give the call about one's own case that goes on now, with both codes."""
    return _calls.of_person(_cases.who(actor), case_id)


def thread(actor: Actor, case_id: UUID) -> tuple[Message, ...]:
    """Give the messages of one's own case, oldest first."""
    row = _rows.own(_cases.who(actor), case_id)
    permit = gate.permit(
        actor, subject_id=row.subject_id, purpose=_scope.MESSAGES, items=(_thread.TEXT,)
    )
    return _thread.opened(permit, row)


def file(actor: Actor, case_id: UUID, message_id: UUID) -> tuple[bytes, str]:
    """Give a picture or recording of one's own case with its media type; raises `NotFound`."""
    row = _rows.own(_cases.who(actor), case_id)
    session.set_subject(row.subject_id)
    return _file(actor, row, message_id)


def _file(actor: Actor, row: CaseRow, message_id: UUID) -> tuple[bytes, str]:
    form = _thread.form_of(row, message_id)
    is_voice = form is Form.VOICE
    purpose = _scope.VOICE if is_voice else _scope.MESSAGES
    items = (_thread.SOUND if is_voice else _thread.PHOTO,)
    permit = gate.permit(actor, subject_id=row.subject_id, purpose=purpose, items=items)
    return _thread.file(permit, form, message_id)


def handovers(actor: Actor, case_id: UUID) -> tuple[HandOver, ...]:
    """Give the hand-overs of one's own case, or of a case that one holds."""
    row = _rows.own(actor.subject_id, case_id) if actor.subject_id else _scope.held(actor, case_id)
    session.set_subject(row.subject_id)
    return _handover.of_case(row)


def thread_at_desk(actor: Actor, case_id: UUID) -> tuple[Message, ...]:
    """Give the messages of a case that a member of staff holds; on the person's list of looks."""
    row = _scope.held(actor, case_id)
    permit = _scope.desk(actor, row, items=(_thread.TEXT,))
    return _thread.opened(permit, row)


def file_at_desk(actor: Actor, case_id: UUID, message_id: UUID) -> tuple[bytes, str]:
    """Give a picture or recording of a held case; raises `GateRefusal` or `NotFound`."""
    row = _scope.held(actor, case_id)
    session.set_subject(row.subject_id)
    return _file(actor, row, message_id)


def items_of_case(case_id: UUID) -> tuple[str, ...]:
    """Name the person's items that a case needs, whoever holds it."""
    row = CaseRow.objects.filter(id=case_id).first()
    return _scope.items_of(row) if row is not None else ()


def topic_of(case_id: UUID) -> tuple[Topic, str]:
    """Give the topic of a case and the standing of its authority, for its desk."""
    row = CaseRow.objects.get(id=case_id)
    return topic(row.topic), row.proof
