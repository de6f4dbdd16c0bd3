"""What sibling apps are given, under the person's own consent; and telling them to erase."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.kit.errors import NotFound, Unavailable
from xingnuo.kit.steps import step
from xingnuo.partners.account_provider import client as partner
from xingnuo.people.accounts import _jobs, _limits
from xingnuo.people.accounts._counting import count_attempt
from xingnuo.people.accounts._secret import keyed, s256, same
from xingnuo.people.accounts._siblings import NAMES, Sibling, pairwise, purpose_of, sibling
from xingnuo.people.accounts._states import TELL_STEPS
from xingnuo.people.accounts.contracts import Issued, OAuthFault, TellState
from xingnuo.people.accounts.models import AccessToken, Code, SiblingNotice, Sync
from xingnuo.trust.consent.contracts import Decision, Scope
from xingnuo.trust.evidence import actions as evidence
from xingnuo.trust.evidence.contracts import Kind, Line
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, Permit, Strength
from xingnuo.trust.policy.contracts import ActorKind


def sibling_actor(client: str) -> Actor:
    """Give the actor that a sibling app is, for the gate."""
    return Actor(
        kind=ActorKind.SIBLING, staff_id=client, strength=Strength.SIGNED_IN, channel="api"
    )


def client_of(client_id: str, secret: str) -> Sibling:
    """Believe a sibling app by its secret; raises `OAuthFault`, and `TooMany` after many faults."""
    known = sibling(client_id)
    if known is None or not same(known.secret, secret):
        count_attempt("token_fault", client_id[:40], *_limits.TOKEN_FAULTS_PER_CLIENT)
        raise OAuthFault("invalid_client")
    return known


def exchange(client: Sibling, *, code: str, redirect_uri: str, verifier: str) -> Issued:
    """Change a code for an access token; a code that comes twice takes its tokens back.

    Opens its own transaction, which stands even where the answer is a refusal.
    """
    digest = keyed("code", code)
    with transaction.atomic(durable=True):
        row = Code.objects.select_for_update().filter(digest=digest).first()
        if row is None or row.client != client.id:
            raise OAuthFault("invalid_grant")
        if row.used_at is None:
            # Burnt by the first try, right or wrong, so that nobody guesses a verifier.
            row.used_at = clock.now()
            row.save(update_fields=["used_at"])
            issued = _issue(client, row) if _fits(row, redirect_uri, verifier) else None
        else:
            AccessToken.objects.filter(code_digest=digest).delete()
            _leave_replay(row)
            issued = None
    if issued is None:
        raise OAuthFault("invalid_grant")
    return issued


def _fits(row: Code, redirect_uri: str, verifier: str) -> bool:
    return (
        row.expires_at > clock.now()
        and same(row.redirect_uri, redirect_uri)
        and same(row.challenge, s256(verifier))
    )


def _issue(client: Sibling, row: Code) -> Issued:
    # Asked again here, for the person may have changed their mind within the minute.
    gate.permit(sibling_actor(client.id), subject_id=row.subject_id, purpose=client.purpose)
    token, now = ids.token(), clock.now()
    AccessToken.objects.create(
        digest=keyed("access", token),
        client=client.id,
        subject_id=row.subject_id,
        code_digest=row.digest,
        created_at=now,
        expires_at=now + timedelta(seconds=_limits.ACCESS_SECONDS),
    )
    Sync.objects.update_or_create(
        subject_id=row.subject_id,
        client=client.id,
        defaults={"last_at": now, "ended_at": None},
        create_defaults={"first_at": now, "last_at": now},
    )
    return Issued(
        access_token=token,
        seconds=_limits.ACCESS_SECONDS,
        scope="openid sync",
        pairwise=pairwise(client.id, row.subject_id),
    )


def _leave_replay(row: Code) -> None:
    session.set_subject(row.subject_id)
    evidence.record(
        Line(
            kind=Kind.ACCESS_DENIED,
            subject_id=row.subject_id,
            outcome="refused",
            reason="code_replayed",
            actor_kind=ActorKind.SIBLING.value,
            actor_ref=row.client,
            channel="api",
            purpose=purpose_of(row.client),
        )
    )


def note_read(permit: Permit, items: tuple[str, ...]) -> None:
    """Put an app's reading among those whom the person sees looking; one permit is one use."""
    evidence.record(
        Line(
            kind=Kind.REVEAL,
            subject_id=permit.subject_id,
            outcome="done",
            actor_kind=permit.actor.kind.value,
            actor_ref=permit.actor.staff_id,
            channel=permit.actor.channel,
            purpose=permit.purpose,
            items=items,
            policy_version=permit.policy_version,
            permit_id=permit.id,
        )
    )


def revoke(client: Sibling, token: str) -> None:
    """Take back an access token of the app's own (RFC 7009); an unknown one is no fault."""
    AccessToken.objects.filter(digest=keyed("access", token), client=client.id).delete()


def decline(actor: Actor, *, subject_id: UUID, client: str, text_hash: str) -> None:
    """Record refusal or withdrawal, whichever it is, and end the app's access at once."""
    purpose = purpose_of(client)
    standing = gate_queries.standing(subject_id)
    on = any(g.purpose == purpose and g.decision == "grant" for g in standing.decisions)
    gate.decide(
        actor,
        subject_id=subject_id,
        scope=Scope(purpose=purpose),
        decision=Decision.WITHDRAW if on else Decision.REFUSE,
        text_hash=text_hash,
    )
    end(subject_id, client=client, why="withdrawn")


def end_consent(subject_id: UUID, purpose: str) -> int:
    """End an app's access when its consent is taken back, by whichever door."""
    ended = [client for client in NAMES if purpose_of(client) == purpose]
    return sum(end(subject_id, client=client, why="withdrawn") for client in ended)


def end(subject_id: UUID, *, client: str, why: str) -> bool:
    """End an app's access and put the erase notice on its way; says whether there was any."""
    session.set_subject(subject_id)
    AccessToken.objects.filter(subject_id=subject_id, client=client).delete()
    Code.objects.filter(subject_id=subject_id, client=client).delete()
    now = clock.now()
    live = Sync.objects.of(subject_id).filter(client=client, ended_at__isnull=True)
    if not live.update(ended_at=now):
        return False
    row = SiblingNotice.objects.create(
        id=ids.uuid7(),
        client=client,
        pairwise=pairwise(client, subject_id),
        why=why,
        created_at=now,
    )
    _jobs.defer(_jobs.TELL_SIBLING, notice_id=row.id)
    return True


def end_all(subject_id: UUID, *, why: str) -> int:
    """End every app's access; gives how many had any."""
    return sum(end(subject_id, client=client, why=why) for client in NAMES)


def tell_sibling(*, notice_id: UUID) -> TellState:
    """Send one erase notice, signed; safe to repeat. Raises `Unavailable` while tries are left."""
    row = _due(notice_id)
    if not TELL_STEPS[TellState(row.state)] or row.state == TellState.GIVEN_UP.value:
        return TellState(row.state)
    app = sibling(row.client)
    if app is None:
        return _told(notice_id, TellState.GIVEN_UP)
    try:
        partner.tell_to_erase(
            app.id, secret=app.secret, pairwise=row.pairwise, notice_id=str(row.id)
        )
    except Unavailable:
        if row.tries + 1 >= _limits.TELL_TRIES_MAX:
            return _told(notice_id, TellState.GIVEN_UP)
        _told(notice_id, TellState.DUE)
        raise
    return _told(notice_id, TellState.DONE)


def wake_due() -> int:
    """Put erase notices whose job was lost back into the queue; gives how many."""
    before = clock.now() - timedelta(seconds=_limits.TELL_LOST_SECONDS)
    due = SiblingNotice.objects.filter(state=TellState.DUE.value, created_at__lt=before)
    found = list(due.values_list("id", flat=True)[: _limits.TELL_WOKEN_MAX])
    for notice_id in found:
        _jobs.defer(_jobs.TELL_SIBLING, notice_id=notice_id)
    return len(found)


def _due(notice_id: UUID) -> SiblingNotice:
    row = SiblingNotice.objects.filter(id=notice_id).first()
    if row is None:
        raise NotFound
    return row


@transaction.atomic(durable=True)
def _told(notice_id: UUID, state: TellState) -> TellState:
    row = SiblingNotice.objects.select_for_update().get(id=notice_id)
    row.state = step(TELL_STEPS, TellState(row.state), state).value
    row.tries += 1
    row.told_at = clock.now() if state is TellState.DONE else None
    row.save(update_fields=["state", "tries", "told_at"])
    return state
