"""What the accounts room lets out: live sessions, a person's own lists, and what apps are given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from xingnuo.kit import clock
from xingnuo.kit.db import session
from xingnuo.kit.db.models import SubjectModel
from xingnuo.people.accounts import _addresses, _authorize, _limits, _sessions
from xingnuo.people.accounts._avatar import held as avatar_held
from xingnuo.people.accounts._avatar import shown as avatar
from xingnuo.people.accounts._labels import label_of
from xingnuo.people.accounts._secret import is_idle, is_secret, is_stale, keyed, stamp
from xingnuo.people.accounts._siblings import NAMES, pairwise, purpose_of
from xingnuo.people.accounts._sync import note_read, sibling_actor
from xingnuo.people.accounts.contracts import (
    Access,
    AccountState,
    AuthorizeRequest,
    BadToken,
    DeviceShown,
    NotSignedIn,
    Session,
    SessionShown,
    SiblingShown,
    SyncedProfile,
)
from xingnuo.people.accounts.models import (
    AccessToken,
    Device,
    SessionRow,
    Sync,
    Token,
)
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, Sheet, Strength
from xingnuo.trust.policy.contracts import SubjectState

__all__ = [
    "account",
    "addresses",
    "avatar",
    "avatar_held",
    "devices",
    "export",
    "is_stale",
    "label_of",
    "profile_for",
    "resolve",
    "sessions",
    "siblings",
    "stamp",
    "sync_sheet",
]
# What of a sync may leave only masked, whatever the permit shows plain to processing.
_MASKED_AWAY = ("phone",)
_RECORDS = "transaction"


def resolve(token: str, *, seen: str = "") -> Session | None:
    """Give the live session of a cookie, or None; sets the subject for the transaction.

    `seen` is the stamp of the last use (`stamp`): a session unused for half an hour is over, and
    one that comes without a stamp counts from when it was begun or last proved.
    """
    if not is_secret(token):
        return None
    now = clock.now()
    found = (
        Token.objects.filter(digest=keyed("session", token), expires_at__gt=now)
        .values_list("subject_id", "session_id")
        .first()
    )
    if found is None:
        return None
    subject_id, session_id = found
    session.set_subject(subject_id)
    row = (
        SessionRow.objects.of(subject_id)
        .filter(id=session_id, revoked_at__isnull=True, expires_at__gt=now)
        .first()
    )
    if row is None:
        return None
    shown = _sessions.shown(row)
    return None if is_idle(row.id, seen, _sessions.last_proof(shown)) else shown


def sessions(actor: Actor) -> tuple[SessionShown, ...]:
    """List the person's own live sessions, newest first."""
    rows = SessionRow.objects.of(_own(actor)).filter(
        revoked_at__isnull=True, expires_at__gt=clock.now()
    )
    return tuple(
        SessionShown(
            id=row.id,
            device_id=row.device_id,
            label=row.label,
            created_at=row.created_at,
            expires_at=row.expires_at,
            is_current=row.id == actor.session_id,
        )
        for row in rows.order_by("-id")[: _limits.SESSIONS_LISTED_MAX]
    )


def devices(actor: Actor) -> tuple[DeviceShown, ...]:
    """List the browsers from which the person signed in, last used first."""
    rows = Device.objects.of(_own(actor)).order_by("-last_seen_at")[: _limits.DEVICES_MAX]
    return tuple(
        DeviceShown(
            id=row.id,
            label=row.label,
            first_seen_at=row.first_seen_at,
            last_seen_at=row.last_seen_at,
        )
        for row in rows
    )


def addresses(actor: Actor) -> Mapping[UUID, str]:
    """Give by device the masked network address of its last sign-in."""
    return _addresses.masked(actor, subject_id=_own(actor))


def siblings(actor: Actor) -> tuple[SiblingShown, ...]:
    """List the sibling apps with their switches."""
    subject_id = _own(actor)
    decisions = {g.purpose: g for g in gate_queries.standing(subject_id).decisions}
    rows = {row.client: row for row in Sync.objects.of(subject_id)}
    shown = []
    for client, name in NAMES.items():
        decided = decisions.get(purpose_of(client))
        shown.append(
            SiblingShown(
                id=client,
                name=name,
                purpose=purpose_of(client),
                is_on=decided is not None and decided.decision == "grant",
                is_due_again=decided is not None and decided.due_again,
                last_at=rows[client].last_at if client in rows else None,
            )
        )
    return tuple(shown)


def account(actor: Actor) -> AccountState:
    """Give what the page on the account's state shows."""
    standing = gate_queries.standing(_own(actor))
    return AccountState(
        state=standing.state,
        since=standing.since,
        accepted_version=standing.accepted_version,
        policy_due=standing.policy_due,
        sessions=sessions(actor),
        devices=devices(actor),
        siblings=siblings(actor),
        may_report=standing.state is SubjectState.ACTIVE,
        may_unfreeze=standing.state is SubjectState.FROZEN
        and actor.strength >= Strength.REVERIFIED,
    )


def authorize_request(query: str) -> AuthorizeRequest:
    """Check a sibling app's authorization request; raises `BadClient` or `OAuthFault`."""
    return _authorize.check(query)


def sync_sheet(request: AuthorizeRequest) -> Sheet:
    """Give the consent sheet of the app's purpose."""
    return gate_queries.sheet(request.purpose)


def access_of(token: str) -> Access:
    """Give what a sibling app's access token stands for; raises `BadToken`."""
    if not is_secret(token):
        raise BadToken("shape")
    row = AccessToken.objects.filter(
        digest=keyed("access", token), expires_at__gt=clock.now()
    ).first()
    if row is None:
        raise BadToken("unknown")
    return Access(client=row.client, subject_id=row.subject_id)


def profile_for(token: str) -> SyncedProfile:
    """Give a sibling app what the person agreed to; raises `BadToken` or `GateRefusal`."""
    access = access_of(token)
    permit = gate.permit(
        sibling_actor(access.client),
        subject_id=access.subject_id,
        purpose=purpose_of(access.client),
    )
    held = gate_queries.read(permit)
    done = sorted((one for one in held if one.item == _RECORDS), key=lambda one: one.written_at)
    given = {one.item: one.text for one in held if one.item != _RECORDS}
    note_read(permit, (*given, *([_RECORDS] if done else [])))
    for item in _MASKED_AWAY:
        if item in given:
            given[item] = gate_queries.mask(item, given[item])
    return SyncedProfile(
        pairwise=pairwise(access.client, access.subject_id),
        items=given,
        transactions=tuple(one.text for one in done),
        policy_version=permit.policy_version,
    )


def export(subject_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Give every row of a person for the copy of their data."""
    owned = (SessionRow, Device, Sync)
    return {each._meta.db_table: _rows(each, subject_id) for each in owned}


def _rows(model: type[SubjectModel], subject_id: UUID) -> list[dict[str, Any]]:
    return [dict(row) for row in model.objects.of(subject_id).values()]


def _own(actor: Actor) -> UUID:
    if actor.subject_id is None:
        raise NotSignedIn
    session.set_subject(actor.subject_id)
    return actor.subject_id
