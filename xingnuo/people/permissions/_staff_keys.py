"""How staff come in: a one-time code makes the first passkey, a passkey begins a session."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock, ids
from xingnuo.kit.errors import TooMany
from xingnuo.people.permissions import _staff_sessions, _staff_webauthn
from xingnuo.people.permissions._staff_record import leave
from xingnuo.people.permissions._staff_rules import (
    CHALLENGE_SECONDS,
    CHALLENGES_MAX,
    CODE_BITS,
    CODE_SECONDS,
)
from xingnuo.people.permissions.contracts import (
    CodeRefused,
    KeyRefused,
    StaffAct,
    StaffSession,
    StaffState,
    Stage,
)
from xingnuo.people.permissions.models import Staff, StaffChallenge, StaffCode, StaffKey


def issue_code(row: Staff) -> str:
    """Give a fresh one-time code; one that was not used yet is worth nothing any more."""
    now = clock.now()
    StaffCode.objects.filter(staff_id=row.id, used_at__isnull=True).update(expires_at=now)
    code = ids.token(CODE_BITS)
    StaffCode.objects.create(
        staff_id=row.id,
        digest=ids.digest(code),
        made_at=now,
        expires_at=now + timedelta(seconds=CODE_SECONDS),
    )
    return code


def enter(*, staff_code: str, code: str, host: str) -> str:
    """Take a one-time code and give the token of a session that may make a passkey.

    The code is used up by the passkey, not here: a browser that fails may try again.
    """
    row = Staff.objects.filter(code=staff_code).first()
    found = StaffCode.objects.filter(
        digest=ids.digest(code.strip()), used_at__isnull=True, expires_at__gt=clock.now()
    ).first()
    if row is None or found is None or found.staff_id != row.id:
        raise CodeRefused
    if StaffState(row.state) not in (StaffState.INVITED, StaffState.ACTIVE):
        raise CodeRefused
    return _staff_sessions.begin(row.id, host=host, stage=Stage.ENROL)


def options(act: StaffAct, current: StaffSession | None = None) -> dict[str, Any]:
    """Give WebAuthn options with a fresh challenge for one act."""
    if act is StaffAct.SIGN_IN:
        return _staff_webauthn.request_options(_challenge(act, None), [])
    if current is None:
        raise KeyRefused("session")
    secret = _challenge(act, current.id)
    known = list(_keys(current.member.id).values_list("credential", flat=True))
    if act is StaffAct.ENROL:
        return _staff_webauthn.creation_options(
            current.member.id, current.member.code, secret, known
        )
    return _staff_webauthn.request_options(secret, known)


def enrol(current: StaffSession, answer: str, *, host: str) -> str:
    """Keep a new passkey, use up the code, and give the token of a full session."""
    given = _staff_webauthn.read(answer)
    _claim(StaffAct.ENROL, current.id, given.challenge)
    fresh = _staff_webauthn.made(given)
    row = Staff.objects.select_for_update().get(id=current.member.id)
    codes = StaffCode.objects.filter(
        staff_id=row.id, used_at__isnull=True, expires_at__gt=clock.now()
    )
    if current.stage is not Stage.ENROL or codes.update(used_at=clock.now()) != 1:
        raise CodeRefused
    # A passkey made anew stands in for a lost one: the old ones open nothing from now on.
    _keys(row.id).update(ended_at=clock.now())
    StaffKey.objects.create(
        staff_id=row.id,
        credential=fresh.credential,
        public_key=fresh.public_key,
        sign_count=fresh.sign_count,
        made_at=clock.now(),
    )
    if StaffState(row.state) is StaffState.INVITED:
        row.state, row.moved_at, row.moved_why = StaffState.ACTIVE.value, clock.now(), "enrolled"
        row.save(update_fields=["state", "moved_at", "moved_why"])
    leave("staff.enrolled", by=row.code, ref=row.id)
    return _staff_sessions.begin(row.id, host=host, stage=Stage.FULL)


def sign_in(answer: str, *, host: str) -> str:
    """Begin a session by a passkey and give its token; opens a transaction of its own.

    Every way to fail says the same. A copied passkey is ended, with every session of its member.
    """
    with transaction.atomic():
        given = _staff_webauthn.read(answer)
        _claim(StaffAct.SIGN_IN, None, given.challenge)
        key = StaffKey.objects.filter(credential=given.credential, ended_at__isnull=True).first()
        row = Staff.objects.filter(id=key.staff_id).first() if key is not None else None
        if key is None or row is None or StaffState(row.state) is not StaffState.ACTIVE:
            raise KeyRefused
        known, member = key, row
    _prove(known, given, member.code)
    with transaction.atomic():
        leave("staff.signed_in", by=member.code, ref=member.id)
        return _staff_sessions.begin(member.id, host=host, stage=Stage.FULL)


def verify(current: StaffSession, answer: str) -> None:
    """Take a fresh touch of the passkey; opens transactions of its own."""
    with transaction.atomic():
        given = _staff_webauthn.read(answer)
        _claim(StaffAct.VERIFY, current.id, given.challenge)
        key = _keys(current.member.id).filter(credential=given.credential).first()
        if key is None:
            raise KeyRefused
    _prove(key, given, current.member.code)
    with transaction.atomic():
        _staff_sessions.touched(current)


def _prove(key: StaffKey, given: _staff_webauthn.Answer, code: str) -> None:
    # The end of a copied passkey must outlive the refusal, so it commits before it is raised.
    copied: KeyRefused | None = None
    with transaction.atomic():
        held = StaffKey.objects.select_for_update().get(id=key.id)
        try:
            count = _staff_webauthn.proved(
                given, public_key=held.public_key, sign_count=held.sign_count
            )
        except KeyRefused as refused:
            if refused.detail != "copied":
                raise
            copied = refused
            StaffKey.objects.filter(id=key.id).update(ended_at=clock.now())
            _staff_sessions.end_all(held.staff_id, why="copied")
            leave("staff.key_copied", by=code, ref=held.staff_id, outcome="refused")
        else:
            StaffKey.objects.filter(id=key.id).update(sign_count=count)
    if copied is not None:
        raise copied


def _keys(staff_id: UUID) -> Any:
    return StaffKey.objects.filter(staff_id=staff_id, ended_at__isnull=True)


def _challenge(act: StaffAct, session_id: UUID | None) -> bytes:
    now = clock.now()
    StaffChallenge.objects.filter(expires_at__lte=now).delete()
    if StaffChallenge.objects.count() >= CHALLENGES_MAX:
        raise TooMany("challenges")
    secret = ids.token().encode()
    StaffChallenge.objects.create(
        session_id=session_id,
        act=act.value,
        digest=ids.digest(secret),
        expires_at=now + timedelta(seconds=CHALLENGE_SECONDS),
    )
    return secret


def _claim(act: StaffAct, session_id: UUID | None, challenge: bytes) -> None:
    gone, _ = StaffChallenge.objects.filter(
        act=act.value,
        session_id=session_id,
        digest=ids.digest(challenge),
        expires_at__gt=clock.now(),
    ).delete()
    if gone != 1:
        raise KeyRefused("challenge")
