"""Trying to unlock: one try at a time for a person and way, counted before anything else is.

The way's row is held from the look at its count to the new count: of any number of tries at once
each sees what the one before left. The count commits with the try, right or wrong.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock
from xingnuo.kit.errors import BadInput
from xingnuo.people.accounts import actions as accounts
from xingnuo.people.accounts.contracts import Session
from xingnuo.people.unlock import _challenges, _digests, _gesture, _rows, _webauthn
from xingnuo.people.unlock._limits import PASSWORD_CHARS_MAX
from xingnuo.people.unlock._lockout import cost
from xingnuo.people.unlock._states import after
from xingnuo.people.unlock._weak import spelled
from xingnuo.people.unlock.contracts import (
    Act,
    AnswerRefused,
    FaceOff,
    Outcome,
    State,
    Step,
    Verdict,
    Way,
)
from xingnuo.people.unlock.models import Credential, Digest, WayRow
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, Permit, Strength

_LEVELS = {Act.UNLOCK: Strength.UNLOCKED, Act.REVERIFY: Strength.REVERIFIED}
_DONE = {Act.UNLOCK: "unlocked", Act.REVERIFY: "reverified"}


@transaction.atomic(durable=True)
def try_secret(
    actor: Actor, *, current: Session, way: Way, typed: str, act: Act = Act.UNLOCK
) -> Verdict:
    """Try a password or gesture; on success the session is stronger and has a new token.

    Opens its own transaction, so that a wrong try is counted whatever the door answers. A way
    that the person does not have answers like one whose first try was wrong, in the same time.
    """
    subject_id, _ = _rows.who(actor)
    now = ready(actor, subject_id, way)
    if isinstance(now, Verdict):
        return now
    row, _ = now
    kept = Digest.objects.of(subject_id).filter(way_id=row.id, is_current=True).first()
    secret = _spelled(way, typed)
    if kept is None or not secret:
        _digests.waste()
        return wrong(actor, row)
    if not _digests.fits(kept.text, subject_id, way, secret):
        return wrong(actor, row)
    if _digests.is_outdated(kept.text):
        kept.text = _digests.make(subject_id, way, secret)
        kept.save(update_fields=["text"])
    return _right(actor, row, current, act)


def _spelled(way: Way, typed: str) -> str:
    if way is Way.PASSWORD:
        return spelled(typed) if len(typed) <= PASSWORD_CHARS_MAX else ""
    try:
        return _gesture.path(typed)
    except BadInput:
        return ""


@transaction.atomic(durable=True)
def try_answer(actor: Actor, *, current: Session, answer: str, act: Act = Act.UNLOCK) -> Verdict:
    """Try a device's answer to a challenge of ours; like `try_secret` else."""
    subject_id, session_id = _rows.who(actor)
    now = ready(actor, subject_id, Way.BIOMETRIC)
    if isinstance(now, Verdict):
        return now
    row, permit = now
    try:
        kept, count = _checked(subject_id, session_id, answer, act)
    except AnswerRefused as refused:
        return wrong(actor, row, why=refused.detail)
    kept.sign_count = count
    kept.used_at = clock.now()
    kept.save(update_fields=["sign_count", "used_at"])
    gate.note(permit, tuple(permit.outcomes), ref=kept.id)
    return _right(actor, row, current, act)


def _checked(subject_id: UUID, session_id: UUID, answer: str, act: Act) -> tuple[Credential, int]:
    given = _webauthn.read(answer)
    # Used up first: an answer that fails for another reason does not come a second time.
    if not _challenges.claim(subject_id, session_id, act, given.challenge):
        raise AnswerRefused("challenge")
    rows = Credential.objects.of(subject_id).filter(credential=given.credential)
    kept = rows.select_for_update().first()
    if kept is None:
        raise AnswerRefused("credential")
    count = _webauthn.proved(given, public_key=kept.public_key, sign_count=kept.sign_count)
    return kept, count


def begin_answer(actor: Actor, *, act: Act) -> dict[str, object]:
    """Give the options for a device's proof, with a fresh challenge."""
    subject_id, session_id = _rows.who(actor)
    gate.permit(actor, subject_id=subject_id, purpose=Way.BIOMETRIC.purpose, items=results(actor))
    known = list(Credential.objects.of(subject_id).values_list("credential", flat=True))
    challenge = _challenges.make(subject_id, session_id, act)
    return _webauthn.request_options(challenge, known)


def results(actor: Actor) -> tuple[str, ...]:
    """Name the result that a proof on this device leaves with us.

    On an Apple device it is Face ID's (1.3.8), and needs the person's leave for it: the device
    does not say which of its sensors it used.
    """
    if actor.platform.os != "ios":
        return (_rows.ITEMS[Way.BIOMETRIC],)
    subject_id, _ = _rows.who(actor)
    known = _rows.agreed(subject_id, Way.BIOMETRIC)
    standing = gate_queries.standing(subject_id)
    if known is None or _rows.FACE not in known.items or "face_id" not in standing.permissions_on:
        raise FaceOff
    return (_rows.FACE,)


def ready(actor: Actor, subject_id: UUID, way: Way) -> tuple[WayRow, Permit] | Verdict:
    """Give the held way with its permit where a try may be looked at, else how the try ends."""
    row = _rows.held(subject_id, way)
    if row is not None and _rows.agreed(subject_id, way) is None:
        # Consent was taken back elsewhere: what it covered goes before anything is compared.
        _rows.drop(actor, row)
        row = None
    if row is None or _rows.state_of(row) is State.PENDING:
        _digests.waste()
        return Verdict(outcome=Outcome.WRONG, way=way, wrong_count=1)
    items = results(actor) if way is Way.BIOMETRIC else (_rows.ITEMS[way],)
    permit = gate.permit(actor, subject_id=subject_id, purpose=way.purpose, items=items)
    if _rows.state_of(row) is State.LOCKED and not _rows.released(row):
        return Verdict(outcome=Outcome.LOCKED, way=way, wrong_count=row.wrong_count)
    wait = wait_of(row)
    if wait:
        return Verdict(
            outcome=Outcome.WAIT, way=way, wrong_count=row.wrong_count, wait_seconds=wait
        )
    return row, permit


def wait_of(row: WayRow) -> int:
    """Give how many whole seconds must still pass before a try is looked at."""
    if row.wait_until_at is None:
        return 0
    left = row.wait_until_at - clock.now()
    return max(0, -(-left // timedelta(seconds=1)))


def wrong(actor: Actor, row: WayRow, *, why: str = "wrong") -> Verdict:
    """Count a wrong try, and say what it costs."""
    row.wrong_count += 1
    price = cost(row.wrong_count)
    now = clock.now()
    row.wait_until_at = now + timedelta(seconds=price.wait_seconds) if price.wait_seconds else None
    if price.locks:
        row.state = after(_rows.state_of(row), Step.LOCK).value
        row.locked_at = now
    row.save()
    way = Way(row.way)
    _rows.leave(
        actor,
        row.subject_id,
        Kind.ACCESS_DENIED,
        way=way,
        outcome="refused",
        reason=f"unlock.{'locked' if price.locks else why}",
        ref=row.id,
    )
    return Verdict(
        outcome=Outcome.LOCKED if price.locks else Outcome.WRONG,
        way=way,
        wrong_count=row.wrong_count,
        wait_seconds=price.wait_seconds,
    )


def _right(actor: Actor, row: WayRow, current: Session, act: Act) -> Verdict:
    row.wrong_count = 0
    row.wait_until_at = None
    row.used_at = clock.now()
    row.save()
    way = Way(row.way)
    _rows.leave(
        actor, row.subject_id, Kind.UNLOCK, way=way, reason=f"{_DONE[act]}.{way.value}", ref=row.id
    )
    stronger = accounts.raise_strength(current, _LEVELS[act])
    return Verdict(
        outcome=Outcome.RIGHT,
        way=way,
        session=stronger,
        token=accounts.rotate(stronger),
    )
