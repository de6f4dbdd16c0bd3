"""Calls to the account provider: sign-in requests, code exchange, profile, logout notices."""

from __future__ import annotations

import json
import os
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from joserfc.jwk import KeySet

from xingnuo.kit import clock, ids
from xingnuo.kit.errors import Unavailable
from xingnuo.partners.account_provider import _erasing, wire
from xingnuo.partners.account_provider.contracts import (
    CodeRefused,
    Identity,
    LoggedOut,
    TokenRefused,
)

PARTNER = "account_provider"
CONNECT_SECONDS_MAX = 2.0
ANSWER_SECONDS_MAX = 5.0
CONNECTIONS_MAX = 8
ANSWER_BYTES_MAX = 64 * 1024
CACHE_SECONDS = 3600
CACHED_ISSUERS_MAX = 4
# Keys are fetched anew for a key id that is not known, but nobody can make us do so all day.
KEY_REFETCHES_MAX, KEY_REFETCH_WINDOW_SECONDS = 6, 60
CODE_CHARS_MAX = 512
TOKEN_CHARS_MAX = 16 * 1024


def sign_in_url(
    *, state: str, nonce: str, verifier: str, fresh: bool = False, profile: bool = True
) -> str:
    """Give the address at which a person signs in; `fresh` asks for their proof anew.

    `state`, `nonce` and `verifier` are secrets of one attempt. Without `profile` the provider is
    asked for the account id alone. Raises `Unavailable`.
    """
    ask = wire.Ask(
        client_id=client_id(),
        redirect_uri=_redirect_uri(),
        state=state,
        nonce=nonce,
        verifier=verifier,
        scope=wire.SCOPE if profile else "openid",
        fresh=fresh,
    )
    return wire.authorization_url(_endpoints(), ask)


def exchange(code: str, *, verifier: str, nonce: str, profile: bool = True) -> Identity:
    """Change a code for a verified identity.

    Raises `CodeRefused`, `TokenRefused`, or `Unavailable` for anything not understood.
    """
    if not 0 < len(code) <= CODE_CHARS_MAX:
        raise CodeRefused("length")
    where = _endpoints()
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": _redirect_uri(),
        "code_verifier": verifier,
    }
    status, told = _call("POST", where.token, data=form, auth=(client_id(), _secret()))
    if status in (400, 401) and told.get("error") == "invalid_grant":
        raise CodeRefused("invalid_grant")
    id_token, access_token = told.get("id_token"), told.get("access_token")
    if status != 200 or not isinstance(access_token, str):
        raise Unavailable(PARTNER)
    if not isinstance(id_token, str) or len(id_token) > TOKEN_CHARS_MAX:
        raise TokenRefused("id_token")
    expect = _expect(where)
    claims = _verified(
        lambda keys: wire.id_token(id_token, keys, expect, nonce=nonce, access_token=access_token)
    )
    about = _userinfo(where, access_token) if profile and wire.lacks_profile(claims) else {}
    found = wire.identity(claims, about)
    return replace(found, picture=_picture(where, found.avatar)) if profile else found


def logged_out(token: str) -> LoggedOut:
    """Verify a back-channel logout token; raises `TokenRefused` or `Unavailable`."""
    if not 0 < len(token) <= TOKEN_CHARS_MAX:
        raise TokenRefused("length")
    expect = _expect(_endpoints())
    return _verified(lambda keys: wire.logout_token(token, keys, expect))


def tell_to_erase(app: str, *, secret: str, pairwise: str, notice_id: str) -> None:
    """Tell a sibling app to erase a person's copy; raises `Unavailable` without its receipt.

    The same notice id again erases nothing twice: the app answers with its first receipt.
    """
    address = f"{_siblings_url()}{_erasing.path_of(app)}"
    body, nonce = _erasing.body_of(notice_id=notice_id, pairwise=pairwise), ids.token(128)
    told = _erasing.headers(
        secret,
        target=urlsplit(address).path,
        stamp=int(clock.now().timestamp()),
        nonce=nonce,
        body=body,
    )
    status, tops, raw = _answer("POST", address, content=body, headers=told)
    now = int(clock.now().timestamp())
    if not _erasing.is_receipt(secret, status=status, nonce=nonce, told=tops, body=raw, now=now):
        raise Unavailable(PARTNER)


def client_id() -> str:
    """Give our id at the provider."""
    return os.environ.get("XN_ACCOUNT_CLIENT_ID", "xingnuo")


def issuer() -> str:
    """Give the issuer that we believe."""
    return os.environ.get("XN_ACCOUNT_ISSUER", f"{settings.SANDBOX_URL}/account").rstrip("/")


def forget() -> None:
    """Drop what is cached of the provider's documents."""
    _kept.clear()
    _refetches.clear()


@dataclass(slots=True)
class _Kept:
    where: wire.Endpoints
    until: float
    keys: KeySet | None = field(default=None)


_lock = Lock()
_kept: dict[str, _Kept] = {}
_refetches: deque[float] = deque(maxlen=KEY_REFETCHES_MAX)


def _endpoints() -> wire.Endpoints:
    return _known().where


def _known() -> _Kept:
    name = issuer()
    with _lock:
        kept = _kept.get(name)
    if kept is None or kept.until < time.monotonic():
        document = _document(f"{name}/.well-known/openid-configuration")
        try:
            where = wire.endpoints(document, issuer=name)
        except wire.Malformed:
            raise Unavailable(PARTNER) from None
        kept = _Kept(where, time.monotonic() + CACHE_SECONDS)
        with _lock:
            if len(_kept) >= CACHED_ISSUERS_MAX:
                _kept.clear()
            _kept[name] = kept
    return kept


def _verified[T](check: Callable[[KeySet], T]) -> T:
    kept = _known()
    if kept.keys is None:
        kept.keys = _fetched_keys(kept.where)
    try:
        return check(kept.keys)
    except wire.UnknownKey:
        if not _may_refetch():
            raise
    kept.keys = _fetched_keys(kept.where)
    return check(kept.keys)


def _may_refetch() -> bool:
    now = time.monotonic()
    with _lock:
        full = len(_refetches) == KEY_REFETCHES_MAX
        if full and now - _refetches[0] < KEY_REFETCH_WINDOW_SECONDS:
            return False
        _refetches.append(now)
    return True


def _fetched_keys(where: wire.Endpoints) -> KeySet:
    try:
        return wire.key_set(_document(where.keys))
    except wire.Malformed:
        raise Unavailable(PARTNER) from None


def _document(address: str) -> dict[str, Any]:
    status, told = _call("GET", address)
    if status != 200:
        raise Unavailable(PARTNER)
    return told


def _userinfo(where: wire.Endpoints, access_token: str) -> dict[str, Any]:
    status, told = _call("GET", where.userinfo, bearer=access_token)
    if status != 200:
        raise Unavailable(PARTNER)
    return told


def _picture(where: wire.Endpoints, address: str) -> bytes:
    # Whoever may set their own picture's address must not lead our calls anywhere else.
    if not wire.is_own(where, address):
        return b""
    try:
        status, _, body = _answer("GET", address)
    except Unavailable:
        return b""
    return body if status == httpx.codes.OK else b""


def _expect(where: wire.Endpoints) -> wire.Expect:
    return wire.Expect(issuer=where.issuer, client_id=client_id(), now=clock.now())


def _redirect_uri() -> str:
    return f"{settings.BASE_URL}/auth/callback"


def _siblings_url() -> str:
    return os.environ.get("XN_SIBLINGS_URL", settings.SANDBOX_URL).rstrip("/")


def _secret() -> str:
    given = os.environ.get("XN_ACCOUNT_CLIENT_SECRET", "")
    if not given and settings.ENV == "production":
        raise Unavailable(PARTNER)
    return given or "dev-account-client-secret"


@cache
def _http() -> httpx.Client:
    # No redirects, no proxies of the environment: the address called is the address meant.
    return httpx.Client(
        timeout=httpx.Timeout(ANSWER_SECONDS_MAX, connect=CONNECT_SECONDS_MAX),
        limits=httpx.Limits(max_connections=CONNECTIONS_MAX),
        follow_redirects=False,
        trust_env=False,
    )


def _call(
    method: str,
    address: str,
    *,
    data: dict[str, str] | None = None,
    auth: tuple[str, str] | None = None,
    bearer: str = "",
) -> tuple[int, dict[str, Any]]:
    """Give status and JSON object of an answer; anything else is `Unavailable`."""
    headers = {"Accept": "application/json"}
    if bearer:
        headers["Authorization"] = f"Bearer {bearer}"
    status, _, body = _answer(method, address, data=data, auth=auth, headers=headers)
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise Unavailable(PARTNER) from None
    if status >= httpx.codes.INTERNAL_SERVER_ERROR or not isinstance(told, dict):
        raise Unavailable(PARTNER)
    return status, told


def _answer(method: str, address: str, **sent: Any) -> tuple[int, dict[str, str], bytes]:
    body, until = b"", time.monotonic() + ANSWER_SECONDS_MAX
    try:
        with _http().stream(method, address, **sent) as answer:
            for part in answer.iter_bytes():
                body += part
                # Drop by drop, an answer could hold a thread for ever: the whole has its limit.
                if len(body) > ANSWER_BYTES_MAX or time.monotonic() > until:
                    raise Unavailable(PARTNER)
            tops = {name.lower(): value for name, value in answer.headers.items()}
            return answer.status_code, tops, body
    except (httpx.HTTPError, httpx.InvalidURL):
        # What was sent may hold a code or a secret, so nothing of the fault is kept.
        raise Unavailable(PARTNER) from None
