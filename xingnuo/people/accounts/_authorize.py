"""xingnuo as authorization server of its sibling apps: code flow with PKCE S256, nothing else."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from django.conf import settings

from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.people.accounts import _limits, _sync
from xingnuo.people.accounts._secret import keyed
from xingnuo.people.accounts._siblings import sibling
from xingnuo.people.accounts.contracts import AuthorizeRequest, BadClient, NotSignedIn, OAuthFault
from xingnuo.people.accounts.models import Code
from xingnuo.trust.consent.contracts import Decision, Scope
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor

SCOPES = frozenset({"openid", "sync"})
_FIELDS_MAX = 20
_CHALLENGE_CHARS = 43  # base64url of SHA-256, without padding


def check(query: str) -> AuthorizeRequest:
    """Check a sibling app's request.

    Raises `BadClient` where nothing may be sent to the address given, else `OAuthFault` whose
    `location` tells the app.
    """
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=_FIELDS_MAX)
    except ValueError:
        raise BadClient("query") from None
    given = dict(pairs)
    client = sibling(given.get("client_id", ""))
    redirect_uri = given.get("redirect_uri", "")
    # Compared as a whole and letter by letter: no prefix, no other port, no added query.
    if client is None or redirect_uri not in client.redirect_uris:
        raise BadClient("client")
    if len(given) != len(pairs) or len(query) > _limits.NEXT_PATH_CHARS_MAX:
        raise BadClient("query")
    state = given.get("state", "")
    fault = _fault(given)
    if fault:
        raise OAuthFault(fault, location=_answer(redirect_uri, state, error=fault))
    return AuthorizeRequest(
        client=client.id,
        name=client.name,
        purpose=client.purpose,
        redirect_uri=redirect_uri,
        state=state,
        challenge=given["code_challenge"],
        query=query,
    )


def _fault(given: dict[str, str]) -> str:
    if given.get("response_type") != "code":
        return "unsupported_response_type"
    scopes = set(given.get("scope", "").split())
    if "sync" not in scopes or scopes - SCOPES:
        return "invalid_scope"
    challenge = given.get("code_challenge", "")
    plain = challenge.replace("-", "").replace("_", "")
    right = len(challenge) == _CHALLENGE_CHARS and plain.isascii() and plain.isalnum()
    if not right or given.get("code_challenge_method") != "S256" or not given.get("state"):
        return "invalid_request"
    return ""


def agree(
    actor: Actor, request: AuthorizeRequest, *, optional: tuple[str, ...], text_hash: str
) -> str:
    """Record the person's agreement to let the app in, and give the address to go back to."""
    subject_id = _person(actor)
    shown = gate_queries.sheet(request.purpose)
    chosen = tuple(item.id for item in shown.optional if item.id in optional)
    items = (*(item.id for item in shown.needed), *chosen)
    gate.decide(
        actor,
        subject_id=subject_id,
        scope=Scope(purpose=request.purpose, items=items),
        decision=Decision.GRANT,
        text_hash=text_hash,
    )
    return go_on(actor, request)


def go_on(actor: Actor, request: AuthorizeRequest) -> str:
    """Give the address back with a code, where the person has let the app in; else refused."""
    subject_id = _person(actor)
    session_id = actor.session_id
    assert session_id is not None, "a person without a session"
    gate.permit(actor, subject_id=subject_id, purpose=request.purpose)
    code = ids.token()
    now = clock.now()
    Code.objects.create(
        digest=keyed("code", code),
        client=request.client,
        subject_id=subject_id,
        session_id=session_id,
        redirect_uri=request.redirect_uri,
        challenge=request.challenge,
        created_at=now,
        expires_at=now + timedelta(seconds=_limits.CODE_SECONDS),
    )
    return _answer(request.redirect_uri, request.state, code=code)


def refuse(actor: Actor, request: AuthorizeRequest, *, text_hash: str) -> str:
    """Record the person's no, end what was agreed before, and give the address to go back to."""
    subject_id = _person(actor)
    _sync.decline(actor, subject_id=subject_id, client=request.client, text_hash=text_hash)
    return _answer(request.redirect_uri, request.state, error="access_denied")


def _answer(redirect_uri: str, state: str, **told: str) -> str:
    # `iss` lets the app see which server answers (RFC 9207).
    values = {**told, "iss": settings.BASE_URL} | ({"state": state} if state else {})
    joint = "&" if urlsplit(redirect_uri).query else "?"
    return f"{redirect_uri}{joint}{urlencode(values)}"


def _person(actor: Actor) -> UUID:
    if actor.subject_id is None or actor.session_id is None:
        raise NotSignedIn
    session.set_subject(actor.subject_id)
    return actor.subject_id
