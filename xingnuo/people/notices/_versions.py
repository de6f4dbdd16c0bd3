"""Telling people of a new policy version before it binds: everybody once, and on record (8.1)."""

from __future__ import annotations

from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from xingnuo.kit import clock, ids, jobs
from xingnuo.kit.db import session
from xingnuo.kit.errors import NotFound
from xingnuo.people.notices import _sending, _templates
from xingnuo.people.notices._channels import PURPOSES, WORKER
from xingnuo.people.notices._limits import TOLD_PAGE
from xingnuo.people.notices.contracts import Channel
from xingnuo.people.notices.models import MessageRow
from xingnuo.trust.evidence.contracts import NOBODY, Kind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as standing
from xingnuo.trust.gate.contracts import Actor
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import SubjectState

CODE = "policy_version"
TELL_VERSION = "notices.tell_version"
# Everybody who can still sign in, and so may come to be bound by it.
_TOLD_IN = (
    SubjectState.NEW,
    SubjectState.ACTIVE,
    SubjectState.FROZEN,
    SubjectState.MINOR,
    SubjectState.WITHDRAWN,
    SubjectState.CLOSING,
)


def announce() -> bool:
    """Begin to tell everybody of what is coming; gives whether there is anything to tell."""
    if not policy.coming(material=True):
        return False
    jobs.defer(TELL_VERSION, queue=_sending.QUEUE, after=NOBODY)
    return True


def tell_page(*, after: UUID) -> int:
    """Tell the next people of every material version that is coming; the job goes on from there.

    Whoever knows already is left alone, so that it may run at any time. Gives how many were told.
    """
    coming = policy.coming(material=True)
    people = standing.people_after(after, states=_TOLD_IN, limit=TOLD_PAGE) if coming else []
    count = sum(_tell(people, one.version) for one in coming)
    if len(people) == TOLD_PAGE:
        jobs.defer(TELL_VERSION, queue=_sending.QUEUE, after=people[-1])
    return count


def _tell(people: list[UUID], version: str) -> int:
    text = _templates.newest(CODE)
    fresh = [ids.uuid7() for _ in people]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person, message FROM notices_tell_version(%s, %s, %s, %s, %s)",
            [version, text.version, people, fresh, clock.now()],
        )
        told = cursor.fetchall()
    for person, message in told:
        _on_record(WORKER, person, f"policy:{version}", message)
    return len(told)


def seen(actor: Actor, *, version: str) -> None:
    """Note that the person saw what is coming; it is not shown to them again."""
    if version not in {one.version for one in policy.coming(material=True)}:
        raise NotFound
    subject_id = actor.subject_id
    assert subject_id is not None, "a person who is nobody"
    session.set_subject(subject_id)
    if _tell([subject_id], version):
        session.set_subject(subject_id)
    row = _of(subject_id, version).get()
    if row.read_at is None:
        row.read_at = clock.now()
        row.save(update_fields=["read_at"])
    _on_record(actor, subject_id, f"policy_seen:{version}", row.id)


def has_seen(actor: Actor, version: str) -> bool:
    """Say whether the person saw it, in the pop-up or among their messages."""
    if actor.subject_id is None:
        return False
    session.set_subject(actor.subject_id)
    return bool(_of(actor.subject_id, version).filter(read_at__isnull=False).exists())


def _of(subject_id: UUID, version: str) -> QuerySet[MessageRow]:
    rows = MessageRow.objects.of(subject_id)
    return rows.filter(key=f"policy:{version}", channel=Channel.APP.value)


def _on_record(actor: Actor, subject_id: UUID, reason: str, message: UUID) -> None:
    gate.record(
        actor,
        subject_id=subject_id,
        kind=Kind.NOTICE,
        purpose=PURPOSES[_templates.newest(CODE).kind],
        reason=reason,
        ref=message,
    )
