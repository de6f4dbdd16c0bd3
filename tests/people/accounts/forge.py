"""Tokens made in tests with the provider's own key, right ones and wrong ones."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import sqlite3
from contextlib import closing
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.outside import Outside
from xingnuo.kit import clock, ids

EVENT = "http://schemas.openid.net/event/backchannel-logout"


def provider_key(outside: Outside) -> tuple[str, RSAKey]:
    """Give the key with which the provider signs now, and its id."""
    with closing(sqlite3.connect(f"file:{outside.store}?mode=ro", uri=True)) as books:
        kid, pem = books.execute(
            "SELECT kid, pem FROM account_key WHERE retired_at IS NULL ORDER BY made_at DESC"
        ).fetchone()
    return kid, RSAKey.import_key(pem)


def sign(
    outside: Outside, claims: dict[str, Any], *, kind: str = "JWT", key: RSAKey | None = None
) -> str:
    """Sign claims as the provider would, or with another key under its id."""
    kid, own = provider_key(outside)
    return jwt.encode({"alg": "RS256", "typ": kind, "kid": kid}, claims, key or own)


def id_claims(outside: Outside, **changed: Any) -> dict[str, Any]:
    """Give the claims of a right ID token, with changes; a value of None takes a claim out."""
    now = int(clock.now().timestamp())
    claims: dict[str, Any] = {
        "iss": f"{outside.url}/account",
        "sub": "100000000009",
        "aud": "xingnuo",
        "iat": now,
        "exp": now + 300,
        "nonce": "n",
    }
    claims |= changed
    return {name: value for name, value in claims.items() if value is not None}


def logout_claims(outside: Outside, sub: str, **changed: Any) -> dict[str, Any]:
    """Give the claims of a right logout token, with changes."""
    own: dict[str, Any] = {"sub": sub, "nonce": None, "jti": ids.token(), "events": {EVENT: {}}}
    return id_claims(outside, **(own | changed))


def logout_token(outside: Outside, sub: str, **changed: Any) -> str:
    """Give a logout token of the provider's."""
    return sign(outside, logout_claims(outside, sub, **changed), kind="logout+jwt")


def unsigned(claims: dict[str, Any]) -> str:
    """Give a token that says it needs no signature."""
    return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims)}."


def confused(outside: Outside, claims: dict[str, Any]) -> str:
    """Give a token signed by HMAC with the provider's public key as the secret."""
    kid, key = provider_key(outside)
    text = f"{_part({'alg': 'HS256', 'typ': 'JWT', 'kid': kid})}.{_part(claims)}"
    secret = key.as_pem(private=False)
    return f"{text}.{_encoded(hmac.new(secret, text.encode(), hashlib.sha256).digest())}"


def _part(told: dict[str, Any]) -> str:
    return _encoded(json.dumps(told).encode())


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
