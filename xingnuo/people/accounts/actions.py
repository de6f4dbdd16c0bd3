"""What the accounts room does: sign-in, sessions, misuse, sibling apps, upkeep."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, connection, models, transaction

from xingnuo.kit import clock
from xingnuo.kit.db import session
from xingnuo.kit.errors import NotFound, Refused
from xingnuo.partners.account_provider import client as provider
from xingnuo.people.accounts import (
    _devices,
    _limits,
    _linking,
    _refusals,
    _sessions,
    _sync,
    _telling,
)
from xingnuo.people.accounts._authorize import agree as agree_sync
from xingnuo.people.accounts._authorize import go_on as continue_sync
from xingnuo.people.accounts._authorize import refuse as refuse_sync
from xingnuo.people.accounts._avatar import keep as keep_avatar
from xingnuo.people.accounts._avatar import remove as remove_avatar
from xingnuo.people.accounts._counting import count_attempt, forget_attempts
from xingnuo.people.accounts._secret import keyed
from xingnuo.people.accounts._sessions import lock, raise_strength, rotate
from xingnuo.people.accounts._siblings import NAMES
from xingnuo.people.accounts._sign_in import begin_reverify, begin_sign_in
from xingnuo.people.accounts._sign_in import finish as finish_sign_in
from xingnuo.people.accounts._sync import client_of, end_consent, exchange, revoke, tell_sibling
from xingnuo.people.accounts._telling import through as tell_through
from xingnuo.people.accounts.contracts import Ended, NeedsReverify, News, NotSignedIn, WayNews
from xingnuo.people.accounts.models import (
    AccessToken,
    Attempt,
    Code,
    Device,
    Flow,
    Logout,
    SessionRow,
    SiblingNotice,
    Sync,
    Token,
)
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor, Strength
from xingnuo.trust.policy.contracts import ActorKind, SubjectState

__all__ = [
    "agree_sync",
    "begin_reverify",
    "begin_sign_in",
    "client_of",
    "continue_sync",
    "count_attempt",
    "end_consent",
    "end_syncs",
    "erase",
    "exchange",
    "finish_sign_in",
    "forget_attempts",
    "keep_avatar",
    "lock",
    "provider_logged_out",
    "raise_strength",
    "refuse_sync",
    "remove_avatar",
    "report_misuse",
    "revoke",
    "rotate",
    "sign_out",
    "sign_out_everywhere",
    "sign_out_one",
    "sign_out_others",
    "stop_sync",
    "sweep",
    "tell_of_document",
    "tell_of_phone",
    "tell_of_way",
    "tell_sibling",
    "tell_through",
    "unfreeze",
]


def sign_out(actor: Actor) -> None:
    """End the session that acts."""
    subject_id, current = _who(actor)
    _sessions.end(subject_id, why=Ended.SIGNED_OUT, only=[current])
    _record(actor, Ended.SIGNED_OUT)


def sign_out_one(actor: Actor, *, session_id: UUID) -> None:
    """End one of the person's own sessions; a foreign or ended one is as if it were not there."""
    subject_id, _ = _who(actor)
    if not _sessions.end(subject_id, why=Ended.OTHERS, only=[session_id]):
        raise NotFound
    _record(actor, Ended.OTHERS)


def sign_out_others(actor: Actor) -> int:
    """End all the person's sessions but the one that acts; gives how many."""
    subject_id, current = _who(actor)
    count = _sessions.end(subject_id, why=Ended.OTHERS, but=current)
    _record(actor, Ended.OTHERS)
    return count


def sign_out_everywhere(actor: Actor) -> int:
    """End all the person's sessions and what sibling apps may read; gives how many sessions."""
    subject_id, _ = _who(actor)
    count = _sessions.end(subject_id, why=Ended.EVERYWHERE)
    _record(actor, Ended.EVERYWHERE)
    return count


def report_misuse(actor: Actor) -> None:
    """Freeze the account at once, end every other session, and forget the other browsers."""
    subject_id, current = _who(actor)
    gate.change_state(actor, subject_id=subject_id, to=SubjectState.FROZEN, cause="misuse_reported")
    _sessions.end(subject_id, why=Ended.MISUSE, but=current)
    kept = SessionRow.objects.of(subject_id).filter(id=current).values_list("device_id", flat=True)
    _devices.forget(subject_id, but=kept.first())
    _telling.tell(subject_id, News.FROZEN)


def unfreeze(actor: Actor) -> None:
    """Open a frozen account again; raises `NeedsReverify` without a proof of minutes ago."""
    subject_id, _ = _who(actor)
    if actor.strength < Strength.REVERIFIED:
        raise NeedsReverify
    gate.change_state(
        actor, subject_id=subject_id, to=SubjectState.ACTIVE, cause="unfrozen_by_self"
    )
    _telling.tell(subject_id, News.UNFROZEN)


def tell_of_document(subject_id: UUID, *, is_over: bool) -> None:
    """Tell the person that the document of their real name runs out, or is over."""
    _telling.tell(subject_id, News.DOCUMENT_OVER if is_over else News.DOCUMENT_ENDS)


def tell_of_phone(subject_id: UUID, *, is_gone: bool) -> None:
    """Tell the person that their number is another's now, or not theirs yet; in the app alone."""
    _telling.tell(subject_id, News.PHONE_GONE if is_gone else News.PHONE_HELD)


def tell_of_way(subject_id: UUID, *, news: WayNews, way: str) -> None:
    """Tell the person that a way to unlock was added, changed or removed; `way` is its name."""
    _telling.tell(subject_id, news, label=way)


def stop_sync(actor: Actor, *, client: str, text_hash: str) -> None:
    """Switch a sibling app off: its access ends now, and it is told to erase."""
    subject_id, _ = _who(actor)
    if client not in NAMES:
        raise NotFound
    _sync.decline(actor, subject_id=subject_id, client=client, text_hash=text_hash)


def end_syncs(subject_id: UUID, *, why: str) -> int:
    """End every sibling app's access, for withdrawal and closure; gives how many had any."""
    return _sync.end_all(subject_id, why=why)


def provider_logged_out(token: str) -> int:
    """Follow a verified logout notice of the provider's; the same notice again has no effect.

    Opens its own transaction after the check. Gives how many sessions it ended.
    """
    try:
        notice = provider.logged_out(token)
    except Refused as refusal:
        _refusals.leave(refusal, channel="hooks", actor=ActorKind.PARTNER)
        raise
    digest = keyed("logout", notice.token_id)
    with transaction.atomic(durable=True):
        try:
            with transaction.atomic():
                row = Logout.objects.create(digest=digest, ended=0, received_at=clock.now())
        except IntegrityError:
            return Logout.objects.get(digest=digest).ended
        if notice.provider_session:
            row.ended = _end_of_provider(notice.provider_session)
        else:
            row.ended = _end_of_account(notice.account_id)
        row.save(update_fields=["ended"])
        return row.ended


def _end_of_provider(provider_session: str) -> int:
    sealed = keyed("provider_session", provider_session)
    found = list(
        Token.objects.filter(provider_session=sealed).values_list("subject_id", "session_id")
    )
    return sum(
        _sessions.end(subject_id, why=Ended.PROVIDER, only=[session_id])
        for subject_id, session_id in found
    )


def _end_of_account(account_id: str) -> int:
    subject_id = _linking.known(account_id, channel="hooks")
    if subject_id is None:
        return 0
    count = _sessions.end(subject_id, why=Ended.PROVIDER)
    if count:
        _telling.tell(subject_id, News.SIGNED_OUT_EVERYWHERE)
    return count


def erase(subject_id: UUID) -> int:
    """Delete every row of a subject in the caller's transaction; sibling apps are told first."""
    session.set_subject(subject_id)
    _sync.end_all(subject_id, why="erased")
    owned: tuple[type[models.Model], ...] = (Token, Code, AccessToken)
    gone = sum(each._default_manager.filter(subject_id=subject_id).delete()[0] for each in owned)
    for kept in (SessionRow, Device, Sync):
        gone += kept.objects.of(subject_id).delete()[0]
    return gone


def sweep() -> int:
    """Delete what is past its time, and wake lost erase notices; gives how many rows went."""
    now = clock.now()
    _sync.wake_due()
    old = now - timedelta(seconds=_limits.LOGOUT_KEPT_SECONDS)
    gone = 0
    for expiring in (Flow, Attempt, Token, Code, AccessToken):
        rows = expiring.objects.filter(expires_at__lt=now)
        gone += _delete_some(rows, expiring)
    gone += _delete_some(Logout.objects.filter(received_at__lt=old), Logout)
    told_before = now - timedelta(days=_limits.SIBLING_NOTICE_KEPT_DAYS)
    gone += _delete_some(SiblingNotice.objects.filter(created_at__lt=told_before), SiblingNotice)
    ended_before = now - timedelta(seconds=_limits.ENDED_SESSION_KEPT_SECONDS)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT accounts_sweep_sessions(%s, %s)", [ended_before, _limits.SWEEP_ROWS_MAX]
        )
        return gone + int(cursor.fetchone()[0])


def _delete_some(rows: models.QuerySet, model: type[models.Model]) -> int:  # type: ignore[type-arg]
    # A part at a time, so that no statement holds many locks.
    keys = list(rows.values_list("pk", flat=True)[: _limits.SWEEP_ROWS_MAX])
    return model._default_manager.filter(pk__in=keys).delete()[0]


def _who(actor: Actor) -> tuple[UUID, UUID]:
    if actor.subject_id is None or actor.session_id is None:
        raise NotSignedIn
    if actor.strength < Strength.SIGNED_IN:
        raise NotSignedIn
    session.set_subject(actor.subject_id)
    return actor.subject_id, actor.session_id


def _record(actor: Actor, why: Ended) -> None:
    subject_id, current = _who(actor)
    gate.record(actor, subject_id=subject_id, kind=Kind.SIGN_OUT, reason=why.value, ref=current)
