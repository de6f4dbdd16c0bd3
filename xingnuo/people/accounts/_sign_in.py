"""Signing in: a trip to the account provider and back, bound to one browser and used once."""

from __future__ import annotations

import ipaddress
from dataclasses import replace
from datetime import timedelta

from django.db import transaction

from xingnuo.kit import clock, ids
from xingnuo.kit.errors import Conflict, TooMany, XingnuoError
from xingnuo.partners.account_provider import client as provider
from xingnuo.partners.account_provider.contracts import CodeRefused, Identity, TokenRefused
from xingnuo.people.accounts import (
    _addresses,
    _devices,
    _limits,
    _linking,
    _refusals,
    _sessions,
    _telling,
)
from xingnuo.people.accounts._counting import (
    count_attempt,
    forget_attempts,
    refuse_if_spent,
)
from xingnuo.people.accounts._secret import is_secret, keyed
from xingnuo.people.accounts.contracts import (
    Accepted,
    Caller,
    Ended,
    FlowKind,
    FlowRefused,
    News,
    NotSamePerson,
    NotSignedIn,
    ProviderDeclined,
    Session,
    SignedIn,
    Started,
)
from xingnuo.people.accounts.models import Flow
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Strength
from xingnuo.trust.policy.contracts import ActorKind

# What a guesser would see; an outage of the provider's or a change of mind counts against nobody.
_GUESSES = (FlowRefused, TokenRefused, CodeRefused)


def begin_sign_in(*, accepted: Accepted | None, caller: Caller, next_path: str = "/") -> Started:
    """Begin a trip to sign in; `accepted` is what the person agreed to in the form just sent.

    Without it the provider is asked for the account id alone, and only people who are known
    already can sign in. Opens its own transactions; raises `TooMany`, `Unavailable`.
    """
    return _begin(FlowKind.SIGN_IN, caller, next_path, accepted=accepted)


def begin_reverify(current: Session, *, caller: Caller, next_path: str = "/") -> Started:
    """Begin a trip on which the person proves themselves anew at the provider."""
    return _begin(FlowKind.REVERIFY, caller, next_path, current=current)


def finish(
    *,
    code: str,
    state: str,
    cookie: str,
    caller: Caller,
    current: Session | None = None,
    fault: str = "",
    issuer: str = "",
) -> SignedIn:
    """Finish a trip: check browser, code and token, then sign in or raise the session's strength.

    `fault` and `issuer` are the provider's `error` and `iss` parameters. Opens its own
    transactions, since it asks the provider in between; every refusal leaves evidence.
    """
    _refuse_if_spent(caller)
    try:
        flow = _claim(state, cookie)
        if issuer and issuer != provider.issuer():
            raise FlowRefused("issuer")
        if fault or not code:
            raise ProviderDeclined
        if flow.kind == FlowKind.REVERIFY.value:
            identity = provider.exchange(code, verifier=cookie, nonce=_nonce(cookie), profile=False)
            return _reverified(flow, identity, current, caller)
        profile = bool(flow.accepted_version)
        identity = provider.exchange(code, verifier=cookie, nonce=_nonce(cookie), profile=profile)
        signed_in = _entered(flow, identity, caller)
    except GateRefusal:
        raise
    except XingnuoError as error:
        _refusals.leave(error, channel=caller.channel)
        if isinstance(error, _GUESSES):
            _note_guess(caller)
        raise
    if caller.device:
        forget_attempts("finish_device", caller.device)
    return signed_in


def _begin(
    kind: FlowKind,
    caller: Caller,
    next_path: str,
    *,
    accepted: Accepted | None = None,
    current: Session | None = None,
) -> Started:
    for counted, key in _keys("start", caller):
        count_attempt(counted, key, *_limits.STARTS[counted])
    state, verifier = ids.token(), ids.token(384)
    url = provider.sign_in_url(
        state=state,
        nonce=_nonce(verifier),
        verifier=verifier,
        fresh=kind is FlowKind.REVERIFY,
        profile=accepted is not None,
    )
    now = clock.now()
    with transaction.atomic(durable=True):
        Flow.objects.create(
            digest=keyed("flow", state),
            cookie_digest=keyed("verifier", verifier),
            kind=kind.value,
            accepted_version=accepted.version if accepted else "",
            accepted_hash=accepted.text_hash if accepted else "",
            next_path=own_path(next_path),
            session_id=current.id if current else None,
            created_at=now,
            expires_at=now + timedelta(seconds=_limits.FLOW_SECONDS),
        )
    return Started(url=url, cookie=verifier, seconds=_limits.FLOW_SECONDS)


def own_path(path: str) -> str:
    """Give a path of our own to go on to; anything that could lead elsewhere becomes home."""
    fit = (
        path.startswith("/")
        and not path.startswith("//")
        and len(path) <= _limits.NEXT_PATH_CHARS_MAX
        and path.isascii()
        and path.isprintable()
        and "\\" not in path
    )
    return path if fit else "/"


def _nonce(verifier: str) -> str:
    # Made from the browser's own secret: nothing of it needs to be kept, and it fits no other trip.
    return keyed("nonce", verifier)


def _keys(step: str, caller: Caller) -> list[tuple[str, str]]:
    """Name whose tries are counted: the browser, and the address unless everybody shares it."""
    found = [(f"{step}_device", caller.device)] if caller.device else []
    if caller.address and not _is_loopback(caller.address):
        found.append((f"{step}_address", caller.address))
    return found


def _is_loopback(address: str) -> bool:
    # Behind a proxy on the same machine it is everybody's address: one guesser would shut all out.
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _refuse_if_spent(caller: Caller) -> None:
    for kind, key in _keys("finish", caller):
        refuse_if_spent(kind, key, _limits.GUESSES[kind][0])


def _note_guess(caller: Caller) -> None:
    for kind, key in _keys("finish", caller):
        limit, seconds = _limits.GUESSES[kind]
        try:
            count_attempt(kind, key, limit, seconds)
        except TooMany:
            # What was wrong is told; that it is now too much is told at the next try.
            continue


def _claim(state: str, cookie: str) -> Flow:
    if not is_secret(state) or not is_secret(cookie):
        raise FlowRefused("shape")
    now = clock.now()
    with transaction.atomic(durable=True):
        # One conditional update: of two callbacks at once one wins, of another browser none.
        claimed = Flow.objects.filter(
            digest=keyed("flow", state),
            cookie_digest=keyed("verifier", cookie),
            used_at__isnull=True,
            expires_at__gt=now,
        ).update(used_at=now)
        if claimed != 1:
            raise FlowRefused("claim")
        return Flow.objects.get(digest=keyed("flow", state))


def _entered(flow: Flow, identity: Identity, caller: Caller) -> SignedIn:
    try:
        return _enter(flow, identity, caller)
    except Conflict as conflict:
        if conflict.detail not in ("account_id", "phone"):
            raise
    # Two first sign-ins at once: the other was first, so the account or its phone is known now.
    return _enter(flow, identity, caller)


@transaction.atomic(durable=True)
def _enter(flow: Flow, identity: Identity, caller: Caller) -> SignedIn:
    session_id = ids.uuid7()
    accepted = Accepted(version=flow.accepted_version, text_hash=flow.accepted_hash)
    # Before anything opens: another person's session is ended under their own subject.
    if caller.token:
        _sessions.end_token(caller.token, why=Ended.REPLACED)
    linked = _linking.link(
        identity,
        accepted if flow.accepted_version else None,
        session_id=session_id,
        channel=caller.channel,
    )
    device = _devices.cookie_of(caller.device)
    device_id, is_new = _devices.seen(linked.subject_id, device, label=caller.label)
    token, begun = _sessions.begin(
        linked.subject_id,
        session_id=session_id,
        device_id=device_id,
        label=caller.label,
        provider_session=identity.provider_session,
    )
    _addresses.keep(
        linked.actor, subject_id=linked.subject_id, device_id=device_id, address=caller.address
    )
    if is_new:
        _telling.tell(linked.subject_id, News.NEW_DEVICE, label=caller.label)
    gate.record(
        linked.actor,
        subject_id=linked.subject_id,
        kind=Kind.SIGN_IN,
        reason="new_device" if is_new else "known_device",
        ref=session_id,
    )
    return SignedIn(
        token=token,
        session=begun,
        device=device,
        next_path=flow.next_path,
        is_first=linked.is_first,
        is_new_device=is_new,
        state=linked.state,
    )


def _reverified(
    flow: Flow, identity: Identity, current: Session | None, caller: Caller
) -> SignedIn:
    if current is None or current.id != flow.session_id:
        raise NotSignedIn
    proven = identity.authenticated_at
    oldest = clock.now() - timedelta(seconds=_limits.PROOF_SECONDS_MAX)
    with transaction.atomic(durable=True):
        actor = Actor(
            kind=ActorKind.SELF,
            subject_id=current.subject_id,
            session_id=current.id,
            strength=Strength.SIGNED_IN,
            channel=caller.channel,
        )
        same = _linking.known(identity.account_id, channel=caller.channel) == current.subject_id
        # The provider may have been signed in for days: then nothing was proved now.
        if not same or proven is None or proven < oldest:
            raise NotSamePerson("account" if not same else "auth_time")
        raised = _sessions.raise_strength(current, Strength.REVERIFIED)
        token = _sessions.rotate(raised)
        gate.record(
            actor,
            subject_id=current.subject_id,
            kind=Kind.UNLOCK,
            reason="reverified.account",
            ref=current.id,
        )
        state = _linking.state_of(current.subject_id)
    return SignedIn(
        token=token,
        session=replace(raised),
        device=_devices.cookie_of(caller.device),
        next_path=flow.next_path,
        is_first=False,
        is_new_device=False,
        state=state,
    )
