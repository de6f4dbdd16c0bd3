"""Sessions: begun, strengthened and ended; the subject's rows and the look-up together."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.people.accounts._limits import REVERIFIED_SECONDS, SESSION_SECONDS, SESSIONS_MAX
from xingnuo.people.accounts._secret import keyed
from xingnuo.people.accounts.contracts import Ended, NotSignedIn, Session
from xingnuo.people.accounts.models import AccessToken, Code, SessionRow, Token
from xingnuo.trust.gate.contracts import Strength

# Ends of these kinds also take back what sibling apps may read.
_TAKES_TOKENS = frozenset({Ended.EVERYWHERE, Ended.MISUSE, Ended.PROVIDER, Ended.CLOSED})


def begin(
    subject_id: UUID, *, session_id: UUID, device_id: UUID, label: str, provider_session: str
) -> tuple[str, Session]:
    """Begin a session and give its token, which is told once and kept as a digest alone."""
    session.set_subject(subject_id)
    now = clock.now()
    live = list(_live(subject_id).values_list("id", flat=True))
    if len(live) >= SESSIONS_MAX:
        end(subject_id, why=Ended.TOO_MANY, only=live[: len(live) - SESSIONS_MAX + 1])
    row = SessionRow.objects.create(
        id=session_id,
        subject_id=subject_id,
        device_id=device_id,
        label=label,
        created_at=now,
        expires_at=now + timedelta(seconds=SESSION_SECONDS),
    )
    sealed = keyed("provider_session", provider_session) if provider_session else ""
    return _new_token(row, provider_session=sealed), shown(row)


def _new_token(row: SessionRow, *, provider_session: str) -> str:
    token = ids.token()
    Token.objects.create(
        digest=keyed("session", token),
        subject_id=row.subject_id,
        session_id=row.id,
        provider_session=provider_session,
        expires_at=row.expires_at,
    )
    return token


def rotate(current: Session) -> str:
    """Give a live session a new token; the old one is worth nothing from then on."""
    row = _row(current)
    old = Token.objects.filter(session_id=row.id)
    sealed = old.values_list("provider_session", flat=True).first() or ""
    old.delete()
    return _new_token(row, provider_session=sealed)


def raise_strength(current: Session, strength: Strength) -> Session:
    """Note that the person just proved themselves; a re-verification lasts five minutes."""
    row = _row(current)
    now = clock.now()
    if strength >= Strength.UNLOCKED:
        row.unlocked_at = now
    if strength >= Strength.REVERIFIED:
        row.reverified_at = now
    row.save()
    return shown(row)


def lock(current: Session) -> Session:
    """Take back what was proved: the person must unlock again."""
    row = _row(current)
    row.unlocked_at = row.reverified_at = None
    row.save()
    return shown(row)


def end(
    subject_id: UUID, *, why: Ended, only: list[UUID] | None = None, but: UUID | None = None
) -> int:
    """End live sessions of a subject, all or some, and give how many there were."""
    session.set_subject(subject_id)
    rows = _live(subject_id)
    if only is not None:
        rows = rows.filter(id__in=only)
    if but is not None:
        rows = rows.exclude(id=but)
    ended = list(rows.values_list("id", flat=True))
    SessionRow.objects.of(subject_id).filter(id__in=ended).update(
        revoked_at=clock.now(), revoked_why=why.value
    )
    Token.objects.filter(subject_id=subject_id, session_id__in=ended).delete()
    if why in _TAKES_TOKENS:
        AccessToken.objects.filter(subject_id=subject_id).delete()
        Code.objects.filter(subject_id=subject_id).delete()
    return len(ended)


def end_token(token: str, *, why: Ended) -> None:
    """End the session of a token, whoever's it is: the browser that held it goes on as another."""
    found = Token.objects.filter(digest=keyed("session", token)).first()
    if found is not None:
        end(found.subject_id, why=why, only=[found.session_id])


def shown(row: SessionRow) -> Session:
    """Give a session as doors see it, with the strength that it has now."""
    until = row.reverified_at and row.reverified_at + timedelta(seconds=REVERIFIED_SECONDS)
    return Session(
        id=row.id,
        subject_id=row.subject_id,
        label=row.label,
        created_at=row.created_at,
        expires_at=row.expires_at,
        strength=_strength(row.unlocked_at, until),
        unlocked_at=row.unlocked_at,
        reverified_until=until,
    )


def last_proof(current: Session) -> datetime:
    """Give when a session was last begun or strengthened."""
    return max(current.created_at, current.unlocked_at or current.created_at)


def _strength(unlocked_at: datetime | None, reverified_until: datetime | None) -> Strength:
    if reverified_until is not None and clock.now() < reverified_until:
        return Strength.REVERIFIED
    return Strength.UNLOCKED if unlocked_at is not None else Strength.SIGNED_IN


def _live(subject_id: UUID) -> QuerySet[SessionRow]:
    return SessionRow.objects.of(subject_id).filter(
        revoked_at__isnull=True, expires_at__gt=clock.now()
    )


def _row(current: Session) -> SessionRow:
    session.set_subject(current.subject_id)
    row = _live(current.subject_id).filter(id=current.id).first()
    if row is None:
        raise NotSignedIn
    return row
