"""What people and staff do with a case: open, write, ask, answer, close, reopen."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput, Conflict, TooMany
from xingnuo.people.notices import actions as notices
from xingnuo.people.support import _rows, _scope, _thread
from xingnuo.people.support._topics import CANNED, DESKS, topic
from xingnuo.people.support.contracts import (
    RUNNING,
    Act,
    Author,
    Desk,
    ForbiddenStep,
    Kind,
    Level,
    NeedsProof,
    Proof,
    State,
)
from xingnuo.people.support.models import CaseRow
from xingnuo.trust.evidence.contracts import Kind as Evidence
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Reason, Strength
from xingnuo.trust.policy.contracts import ActorKind

OPEN_MAX = 20  # open cases of one person
REOPEN_DAYS = 90


def who(actor: Actor) -> UUID:
    """Give the person who acts for themselves; anybody else is refused."""
    if actor.kind is not ActorKind.SELF or actor.subject_id is None:
        raise GateRefusal(Reason.ACTOR_NOT_ALLOWED, purpose=_scope.MESSAGES, actor=actor)
    return actor.subject_id


def open_case(
    actor: Actor,
    *,
    topic_id: str,
    text: str,
    key: UUID,
    authority: bytes | None = None,
) -> UUID:
    """Open a case with its first words; the same key opens it once. Gives the case.

    `authority` is the picture of a power of attorney, where one acts for another. Raises
    `NeedsProof` where the topic needs the person proved anew, `GateRefusal` without consent.
    """
    subject_id, known = who(actor), topic(topic_id)
    words = _thread.checked(text)
    if authority is not None and not known.for_another:
        raise BadInput({"authority": "这类问题不需要授权书"})
    if known.level is Level.VERIFIED and actor.strength < Strength.REVERIFIED:
        raise NeedsProof(known.id)
    case_id = UUID(hex=ids.digest(f"support:{subject_id}:{key}")[:32])
    session.set_subject(subject_id)
    if CaseRow.objects.filter(id=case_id).exists():
        return case_id
    running = [state.value for state in RUNNING]
    if CaseRow.objects.filter(subject_id=subject_id, state__in=running).count() >= OPEN_MAX:
        raise TooMany("cases")
    now = clock.now()
    row = CaseRow(
        id=case_id,
        subject_id=subject_id,
        desk=DESKS[known.kind].value,
        kind=known.kind.value,
        topic=known.id,
        proof=(Proof.WAITING if authority is not None else Proof.NONE).value,
        opened_at=now,
    )
    _rows.count(row, since=now)
    permit = gate.permit(actor, subject_id=subject_id, purpose=_scope.MESSAGES)
    row.save(force_insert=True)
    _thread.write(permit, row, key=key, author=Author.PERSON, text=words)
    if authority is not None:
        proof_key = UUID(hex=ids.digest(f"authority:{key}")[:32])
        _thread.put_photo(permit, row, key=proof_key, content=authority)
    return case_id


def say(actor: Actor, *, case_id: UUID, text: str, key: UUID) -> None:
    """Write into one's own case; a case that was answered comes back with it."""
    words = _thread.checked(text)
    row = _rows.own(who(actor), case_id, lock=True)
    permit = gate.permit(actor, subject_id=row.subject_id, purpose=_scope.MESSAGES)
    if _thread.write(permit, row, key=key, author=Author.PERSON, text=words) is not None:
        _rows.step(row, Act.SAY)


def send_photo(actor: Actor, *, case_id: UUID, content: bytes, key: UUID) -> None:
    """Send a picture into one's own case; raises `BadPicture` for what is none."""
    row = _rows.own(who(actor), case_id, lock=True)
    permit = gate.permit(actor, subject_id=row.subject_id, purpose=_scope.MESSAGES)
    if _thread.put_photo(permit, row, key=key, content=content) is not None:
        _rows.step(row, Act.SAY)


def send_voice(actor: Actor, *, case_id: UUID, content: bytes, key: UUID) -> None:
    """Send a recording into one's own case, under its own consent and the microphone's."""
    row = _rows.own(who(actor), case_id, lock=True)
    session.set_subject(row.subject_id)
    if _thread.put_voice(actor, row, key=key, content=content) is not None:
        _rows.step(row, Act.SAY)


def close_own(actor: Actor, *, case_id: UUID) -> None:
    """Close one's own case."""
    row = _rows.own(who(actor), case_id, lock=True)
    row.ground = "by_person"
    _rows.step(row, Act.CLOSE)


def reopen_own(actor: Actor, *, case_id: UUID) -> None:
    """Open one's own case again; the clock starts anew."""
    row = _rows.own(who(actor), case_id, lock=True)
    if row.closed_at is not None and row.closed_at < clock.now() - timedelta(days=REOPEN_DAYS):
        raise ForbiddenStep(
            "old", message="这件事办结已经超过 90 天。", remedy="请提一个新问题，说明是同一件事。"
        )
    _rows.step(row, Act.REOPEN)


def answer(actor: Actor, *, case_id: UUID, key: UUID, text: str = "", canned: str = "") -> None:
    """Answer a case that one holds; the person is told, with the ways that stay open to them.

    Where one acts for another, nothing is answered before the authority was looked at.
    """
    _reply(actor, case_id, Act.ANSWER, key=key, text=text, canned=canned)


def ask(actor: Actor, *, case_id: UUID, key: UUID, text: str = "", canned: str = "") -> None:
    """Ask the person for more; the clock goes on."""
    _reply(actor, case_id, Act.ASK, key=key, text=text, canned=canned)


def _reply(actor: Actor, case_id: UUID, act: Act, *, key: UUID, text: str, canned: str) -> None:
    if canned and canned not in CANNED:
        raise BadInput({"canned": "没有这一条"})
    if canned and text.strip():
        raise BadInput({"text": "常用答复和自己写的，只能选一样"})
    words = "" if canned else _thread.checked(text)
    row = _scope.held(actor, case_id, lock=True)
    if act is Act.ANSWER and _awaits_proof(row):
        raise ForbiddenStep("proof", message="还没有审核授权书。", remedy="请先审核再答复。")
    permit = _scope.desk(actor, row, items=(_thread.TEXT,))
    wrote = _thread.write(permit, row, key=key, author=Author.STAFF, text=words, canned=canned)
    if wrote is None:
        return
    _rows.step(row, act)
    _record(actor, row, f"case.{act.value}")
    notices.tell(row.subject_id, "case_answered", key=f"case:{wrote.id}")


def _awaits_proof(row: CaseRow) -> bool:
    return row.proof == Proof.WAITING.value


def check_authority(actor: Actor, *, case_id: UUID, accept: bool) -> None:
    """Say whether the authority to act for another holds; only the professional team does."""
    row = _scope.held(actor, case_id, lock=True)
    if actor.kind is not ActorKind.COMPLIANCE:
        raise _scope.refusal(actor, _scope.MESSAGES, row, reason=Reason.ACTOR_NOT_ALLOWED)
    if row.proof != Proof.WAITING.value:
        raise ForbiddenStep(row.proof)
    row.proof = (Proof.ACCEPTED if accept else Proof.REFUSED).value
    row.save(update_fields=["proof"])
    _record(actor, row, f"case.authority_{row.proof}")


def raise_to_complaint(actor: Actor, *, case_id: UUID) -> None:
    """Pass a question on as a complaint: to the other desk, by the earlier of the clocks."""
    row = _scope.held(actor, case_id, lock=True)
    if row.kind != Kind.QUESTION.value:
        raise ForbiddenStep(row.kind)
    row.kind, row.desk = Kind.COMPLAINT.value, Desk.COMPLAINTS.value
    row.taken_by, row.taken_at = "", None
    _rows.count(row, since=row.counted_from)
    row.save()
    _record(actor, row, "case.raised")


def close(actor: Actor, *, case_id: UUID, ground: str) -> None:
    """Close a held case of which the person was asked for more and wrote nothing."""
    row = _scope.held(actor, case_id, lock=True)
    if ground not in GROUNDS_TO_CLOSE:
        raise BadInput({"ground": "请选择理由"})
    if row.state != State.WAITING_PERSON.value:
        raise ForbiddenStep(row.state, remedy="先答复；只有问过客户、没有等到回话的才能直接办结。")
    row.ground = ground
    _rows.step(row, Act.CLOSE)
    _record(actor, row, "case.close")
    notices.tell(row.subject_id, "case_answered", key=f"closed:{row.id}:{row.closed_at:%Y%m%d}")


GROUNDS_TO_CLOSE = {"no_reply": "问过客户，没有回话", "solved": "客户说已经解决"}


def _record(actor: Actor, row: CaseRow, reason: str) -> None:
    gate.record(
        actor,
        subject_id=row.subject_id,
        kind=Evidence.OPERATOR,
        reason=reason,
        purpose=_scope.MESSAGES,
        ref=row.id,
    )


def take(*, staff_id: str, case_id: UUID) -> CaseRow:
    """Give a case to a member of staff; raises `Conflict` when it is another's or over."""
    row = CaseRow.objects.select_for_update().filter(id=case_id).first()
    running = row is not None and State(row.state) in RUNNING
    if row is None or not running or row.taken_by not in ("", staff_id):
        raise Conflict("taken")
    row.taken_by, row.taken_at = staff_id, clock.now()
    row.save(update_fields=["taken_by", "taken_at"])
    return row
