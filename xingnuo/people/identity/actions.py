"""What can be done about who somebody is: checks, cases, audits of sources.

Actions that ask a source open their own transactions; the others run in the caller's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock
from xingnuo.kit.cases import Case
from xingnuo.kit.db import parts, session
from xingnuo.partners.authority import client as authority
from xingnuo.partners.face import client as face
from xingnuo.people.identity import _asking, _cases, _limits, _rows
from xingnuo.people.identity._cases import by_code as case_by_code
from xingnuo.people.identity._clocks import audit_sources, resume, take_up_due
from xingnuo.people.identity._grown import reopen
from xingnuo.people.identity._guardian import tell as tell_of_minor
from xingnuo.people.identity._photos import confirm as confirm_photos
from xingnuo.people.identity._photos import read_document
from xingnuo.people.identity._photos import upload as upload_photos
from xingnuo.people.identity._presence import (
    ask_counter,
    ask_reused,
    ask_review,
    ask_video,
    ends,
    give_up,
    refuse_if_minor,
)
from xingnuo.people.identity._routes import (
    begin_card,
    check_face,
    check_name,
    check_phone,
    confirm_card,
    prove_age,
)
from xingnuo.people.identity._settle import settle
from xingnuo.people.identity._sources import (
    accept_inbound,
    ensure_lawful,
    propose_audit,
    release_audit,
)
from xingnuo.people.identity.contracts import Ground, State, Verdict
from xingnuo.people.identity.models import CheckRow, ClockRow, PhotoMark
from xingnuo.people.identity.queries import case_of
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor
from xingnuo.trust.policy import queries as policy

__all__ = [
    "accept_inbound",
    "ask_counter",
    "ask_reused",
    "ask_review",
    "ask_video",
    "audit_sources",
    "authority_notice",
    "begin_card",
    "case_by_code",
    "check_face",
    "check_name",
    "check_phone",
    "confirm_card",
    "confirm_photos",
    "decide",
    "ends",
    "ensure_lawful",
    "erase",
    "face_notice",
    "give_up",
    "propose_audit",
    "prove_age",
    "put_back",
    "read_document",
    "refuse_if_minor",
    "release_audit",
    "reopen",
    "resume",
    "settle",
    "supplement",
    "sweep",
    "take",
    "take_up_all",
    "take_up_due",
    "tell_of_minor",
    "upload_photos",
]


def supplement(actor: Actor, *, values: Mapping[str, str]) -> None:
    """Take the further items that the law asks for in some cases; raises `BadInput` by item."""
    subject_id = _rows.who(actor)
    permit = gate.permit(
        actor, subject_id=subject_id, purpose="identity.supplement", items=tuple(values)
    )
    gate.collect(permit, values)


def take(actor: Actor, *, case_id: UUID) -> Case:
    """Take a case: one reviewer has it until they decide or put it back."""
    return case_of(_cases.take(actor, case_id=case_id))


def put_back(actor: Actor, *, case_id: UUID) -> Case:
    """Put a case back into the queue."""
    return case_of(_cases.put_back(actor, case_id=case_id))


def decide(actor: Actor, *, case_id: UUID, approve: bool, ground: Ground = Ground.NONE) -> Case:
    """Decide a case that one took; a no names its ground."""
    return case_of(_cases.decide(actor, case_id=case_id, approve=approve, ground=ground))


def authority_notice(headers: Mapping[str, str], body: bytes) -> State | None:
    """Take the authority's later answer; None for a check that nobody knows. Own transaction.

    Raises `NotAuthentic` for anything but the authority's own, fresh word.
    """
    notice = authority.receive(headers, body)
    return _notice(notice.key, _asking.of_authority(notice.answer, notice=notice.id))


def face_notice(headers: Mapping[str, str], body: bytes) -> State | None:
    """Take the face service's later answer, as `authority_notice`."""
    notice = face.receive(headers, body)
    return _notice(notice.key, _asking.of_face(notice.answer, notice=notice.id))


def _notice(key: str, verdict: Verdict) -> State | None:
    try:
        check_id = UUID(key)
    except ValueError:
        return None
    with transaction.atomic(durable=True):
        subject_id = _rows.subject_of(check_id)
        if subject_id is None:
            return None
        return settle(subject_id, check_id, verdict)


def take_up_all() -> int:
    """Take up what is due, round by round, in bounded stretches; gives how many."""
    done = 0
    for _ in range(_limits.ROUNDS_PER_RUN):
        now = take_up_due()
        done += now
        if now < _limits.CLOCKS_PER_RUN:
            break
    return done


def erase(subject_id: UUID) -> int:
    """Delete a person's checks, clocks and marks; cases stay as proof of handling."""
    session.set_subject(subject_id)
    gone = CheckRow.objects.of(subject_id).delete()[0]
    gone += ClockRow.objects.filter(subject_id=subject_id).delete()[0]
    gone += PhotoMark.objects.filter(subject_id=subject_id).delete()[0]
    return int(gone)


def sweep() -> int:
    """Delete cases that were decided three years ago (PIPL 56); gives how many."""
    days = policy.in_force().retention["handling_record"].days
    before = clock.now() - timedelta(days=days)
    return parts.delete("identity_sweep", before, most=_limits.SWEEP_ROWS_MAX)
