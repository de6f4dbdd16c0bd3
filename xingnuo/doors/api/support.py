"""Help, questions and complaints by machine: the same cases and clocks as on the pages."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from xingnuo.doors.api.house_api import PROBLEMS, me
from xingnuo.doors.api.shapes import Done, In
from xingnuo.doors.porch.idempotency import once
from xingnuo.kit import ids
from xingnuo.people.support import actions, queries
from xingnuo.people.support.contracts import HandOver, HandState, Message, Ticket

router = Router(tags=["support"])


class AskIn(In):
    """A new question or complaint."""

    topic: str = Field(max_length=24)
    text: str = Field(max_length=2000)


class SayIn(In):
    """A further message."""

    text: str = Field(max_length=2000)


class TopicOut(Schema):
    """A topic, and how much of who the person is it needs."""

    id: str
    title: str
    kind: str
    level: int
    transactions: bool


class ArticleOut(Schema):
    """A page of the help centre."""

    id: str
    topic: str
    title: str
    answer: list[str]


class TicketOut(Schema):
    """A case with its clock."""

    id: UUID
    kind: str
    topic: str
    state: str
    opened_at: datetime
    due_at: datetime
    days_left: int
    answered_at: datetime | None
    closed_at: datetime | None


class MessageOut(Schema):
    """One message; `has_file` says whether its file can be fetched."""

    id: UUID
    author: str
    form: str
    sent_at: datetime
    text: str
    has_file: bool


class HandOverOut(Schema):
    """Where a complaint was handed over, and by which law."""

    body: str
    law: str
    state: str
    reference: str


class ThreadOut(Schema):
    """A case with its messages, and the ways that stay open."""

    case: TicketOut
    messages: list[MessageOut]
    handovers: list[HandOverOut]
    ways_on: str


def _told(one: Ticket) -> dict[str, object]:
    return {
        "id": one.id,
        "kind": one.kind.value,
        "topic": one.topic.id,
        "state": one.state.value,
        "opened_at": one.opened_at,
        "due_at": one.due_at,
        "days_left": one.days_left,
        "answered_at": one.answered_at,
        "closed_at": one.closed_at,
    }


def _message(one: Message) -> dict[str, object]:
    return {
        "id": one.id,
        "author": one.author.value,
        "form": one.form.value,
        "sent_at": one.sent_at,
        "text": one.text,
        "has_file": one.is_file,
    }


def _hand(one: HandOver) -> dict[str, object]:
    return {
        "body": one.body_name,
        "law": one.law,
        "state": one.state.value,
        "reference": one.reference,
    }


@router.get("/support/topics", response={200: list[TopicOut], **PROBLEMS})
def topics(request: HttpRequest) -> list[dict[str, object]]:
    """List the topics, and the least that each needs."""
    return [
        {
            "id": one.id,
            "title": one.title,
            "kind": one.kind.value,
            "level": int(one.level),
            "transactions": one.transactions,
        }
        for one in queries.TOPICS.values()
    ]


@router.get("/support/articles", response={200: list[ArticleOut], **PROBLEMS})
def articles(request: HttpRequest, q: str = "") -> list[dict[str, object]]:
    """Find pages of the help centre by words, or list them all; the words are kept nowhere."""
    found = queries.search(q[:40]) if q else tuple(queries.ARTICLES.values())
    return [
        {"id": one.id, "topic": one.topic, "title": one.title, "answer": list(one.answer)}
        for one in found
    ]


@router.get("/support/cases", response={200: list[TicketOut], **PROBLEMS})
def cases(request: HttpRequest) -> list[dict[str, object]]:
    """List the person's cases, newest first."""
    return [_told(one) for one in queries.tickets(me(request)[0])]


@router.post("/support/cases", response={200: Done, **PROBLEMS})
def ask(request: HttpRequest, body: AskIn) -> HttpResponse:
    """Open a case; the person agreed to write to the desk before."""
    actor, subject_id = me(request)

    def act() -> dict[str, str]:
        case_id = actions.open_case(actor, topic_id=body.topic, text=body.text, key=ids.uuid7())
        return {"id": str(case_id), "state": "open"}

    return once(request, subject_id, act)


@router.get("/support/cases/{uuid:case}", response={200: ThreadOut, **PROBLEMS})
def thread(request: HttpRequest, case: UUID) -> dict[str, object]:
    """Give a case with its messages and where it was handed over."""
    actor, _ = me(request)
    not_gone = {HandState.PROPOSED, HandState.DECLINED}
    return {
        "case": _told(queries.ticket(actor, case)),
        "messages": [_message(one) for one in queries.thread(actor, case)],
        "handovers": [
            _hand(one) for one in queries.handovers(actor, case) if one.state not in not_gone
        ],
        "ways_on": queries.WAYS_ON,
    }


@router.post("/support/cases/{uuid:case}/messages", response={200: Done, **PROBLEMS})
def say(request: HttpRequest, case: UUID, body: SayIn) -> HttpResponse:
    """Write into a case."""
    actor, subject_id = me(request)

    def act() -> dict[str, str]:
        actions.say(actor, case_id=case, text=body.text, key=ids.uuid7())
        return {"id": str(case), "state": "said"}

    return once(request, subject_id, act)


@router.post("/support/cases/{uuid:case}/close", response={200: Done, **PROBLEMS})
def close(request: HttpRequest, case: UUID) -> HttpResponse:
    """Close a case."""
    actor, subject_id = me(request)

    def act() -> dict[str, str]:
        actions.close_own(actor, case_id=case)
        return {"id": str(case), "state": "closed"}

    return once(request, subject_id, act)


@router.post("/support/cases/{uuid:case}/reopen", response={200: Done, **PROBLEMS})
def reopen(request: HttpRequest, case: UUID) -> HttpResponse:
    """Open a case again; the clock starts anew."""
    actor, subject_id = me(request)

    def act() -> dict[str, str]:
        actions.reopen_own(actor, case_id=case)
        return {"id": str(case), "state": "reopened"}

    return once(request, subject_id, act)
