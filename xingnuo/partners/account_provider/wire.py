"""OpenID Connect as the account provider speaks it: pure shapes and checks, no network."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from joserfc import jws, jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from xingnuo.partners.account_provider.contracts import Identity, LoggedOut, TokenRefused

ALGORITHMS = ("RS256",)
SCOPE = "openid profile phone"
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
CLOCK_LEEWAY_SECONDS = 30
ID_TOKEN_AGE_SECONDS_MAX = 600
LOGOUT_TOKEN_AGE_SECONDS_MAX = 300
KEYS_MAX = 20
CLAIM_CHARS_MAX = 500
_ID_TYPES = (None, "JWT")
_LOGOUT_TYPES = ("logout+jwt",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """Where the issuer answers, as its discovery document says."""

    issuer: str
    authorization: str
    token: str
    userinfo: str
    keys: str


class UnknownKey(TokenRefused):
    """No key of the set has the token's key id; the set may have been rotated."""

    code = "token_key_unknown"


class Malformed(Exception):
    """A document of the provider's is not of the shape that its protocol says."""


def endpoints(document: Mapping[str, Any], *, issuer: str) -> Endpoints:
    """Read a discovery document; every address must be of the issuer's own origin."""
    if document.get("issuer") != issuer:
        raise Malformed("issuer")
    names = {
        "authorization": "authorization_endpoint",
        "token": "token_endpoint",
        "userinfo": "userinfo_endpoint",
        "keys": "jwks_uri",
    }
    found = {name: document.get(key) for name, key in names.items()}
    for name, address in found.items():
        if not isinstance(address, str) or _origin(address) != _origin(issuer):
            raise Malformed(name)
    if "S256" not in document.get("code_challenge_methods_supported", ("S256",)):
        raise Malformed("pkce")
    return Endpoints(issuer=issuer, **{name: str(address) for name, address in found.items()})


def is_own(where: Endpoints, address: str) -> bool:
    """Say whether an address is of the issuer's own origin."""
    return _origin(address) == _origin(where.issuer)


def _origin(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""  # half a bracket is no address, and nobody's origin
    return parts.scheme, parts.netloc


def key_set(document: Mapping[str, Any]) -> KeySet:
    """Read a JWKS document: RSA keys for signatures alone."""
    listed = document.get("keys")
    if not isinstance(listed, list) or not 0 < len(listed) <= KEYS_MAX:
        raise Malformed("keys")
    fit = [
        key
        for key in listed
        if isinstance(key, dict) and key.get("kty") == "RSA" and key.get("use", "sig") == "sig"
    ]
    try:
        return KeySet.import_key_set({"keys": fit})
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Malformed(type(error).__name__) from None


def challenge(verifier: str) -> str:
    """Give the S256 challenge of a PKCE verifier (RFC 7636)."""
    return (
        base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One attempt's secrets and what is asked of the provider."""

    client_id: str
    redirect_uri: str
    state: str
    nonce: str
    verifier: str
    scope: str = SCOPE
    fresh: bool = False  # ask for the person's proof anew, even where they are signed in there


def authorization_url(where: Endpoints, ask: Ask) -> str:
    """Give the address that the browser is sent to."""
    query = {
        "response_type": "code",
        "client_id": ask.client_id,
        "redirect_uri": ask.redirect_uri,
        "scope": ask.scope,
        "state": ask.state,
        "nonce": ask.nonce,
        "code_challenge": challenge(ask.verifier),
        "code_challenge_method": "S256",
    }
    if ask.fresh:
        query |= {"prompt": "login", "max_age": "0"}
    joint = "&" if urlsplit(where.authorization).query else "?"
    return f"{where.authorization}{joint}{urlencode(query)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """What a token must say to be believed."""

    issuer: str
    client_id: str
    now: datetime


def id_token(
    token: str, keys: KeySet, expect: Expect, *, nonce: str, access_token: str = ""
) -> dict[str, Any]:
    """Verify an ID token and give its claims; raises `TokenRefused` with the failing claim."""
    claims = _signed(token, keys, types=_ID_TYPES)
    _for_us(claims, expect)
    now = int(expect.now.timestamp())
    if _number(claims, "exp") <= now - CLOCK_LEEWAY_SECONDS:
        raise TokenRefused("exp")
    _recent(claims, now, ID_TOKEN_AGE_SECONDS_MAX)
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise TokenRefused("nonce")
    if "at_hash" in claims and not _is_half_hash(str(claims["at_hash"]), access_token):
        raise TokenRefused("at_hash")
    return claims


def logout_token(token: str, keys: KeySet, expect: Expect) -> LoggedOut:
    """Verify a back-channel logout token (OpenID Connect Back-Channel Logout 1.0, 2.6)."""
    claims = _signed(token, keys, types=_LOGOUT_TYPES)
    _for_us(claims, expect)
    now = int(expect.now.timestamp())
    issued = _recent(claims, now, LOGOUT_TOKEN_AGE_SECONDS_MAX)
    if _number(claims, "exp") <= now - CLOCK_LEEWAY_SECONDS:
        raise TokenRefused("exp")
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
        raise TokenRefused("events")
    if "nonce" in claims:
        raise TokenRefused("nonce")
    account, session = _text(claims, "sub"), _text(claims, "sid")
    if not account and not session:
        raise TokenRefused("sub")
    token_id = _text(claims, "jti")
    if not token_id:
        raise TokenRefused("jti")
    return LoggedOut(
        account_id=account,
        provider_session=session,
        token_id=token_id,
        issued_at=datetime.fromtimestamp(issued, UTC),
    )


def identity(claims: Mapping[str, Any], profile: Mapping[str, Any]) -> Identity:
    """Join a verified ID token with the profile; the profile must be of the same person."""
    subject = _text(claims, "sub")
    if not subject:
        raise TokenRefused("sub")
    if profile and _text(profile, "sub") != subject:
        raise TokenRefused("userinfo")
    both = {**profile, **claims}
    phone = _text(both, "phone_number") if both.get("phone_number_verified") is not False else ""
    phone = phone.replace(" ", "").replace("-", "").removeprefix("+86")
    proven = claims.get("auth_time")
    if proven is not None and type(proven) not in (int, float):
        raise TokenRefused("auth_time")
    return Identity(
        account_id=subject,
        phone=phone,
        nickname=_text(both, "nickname"),
        avatar=_text(both, "picture"),
        provider_session=_text(claims, "sid"),
        authenticated_at=None if proven is None else datetime.fromtimestamp(proven, UTC),
    )


def lacks_profile(claims: Mapping[str, Any]) -> bool:
    """Say whether the ID token leaves the profile to the userinfo endpoint."""
    return any(name not in claims for name in ("phone_number", "nickname", "picture"))


def _signed(token: str, keys: KeySet, *, types: tuple[str | None, ...]) -> dict[str, Any]:
    registry = jws.JWSRegistry(algorithms=ALGORITHMS)
    try:
        told = jwt.decode(token, keys, algorithms=list(ALGORITHMS), registry=registry)
    except InvalidKeyIdError:
        raise UnknownKey("kid") from None
    except (JoseError, ValueError, TypeError) as error:
        raise TokenRefused(type(error).__name__) from None
    if told.header.get("typ") not in types:
        raise TokenRefused("typ")
    return told.claims


def _for_us(claims: Mapping[str, Any], expect: Expect) -> None:
    if claims.get("iss") != expect.issuer:
        raise TokenRefused("iss")
    audience = claims.get("aud")
    listed = audience if isinstance(audience, list) else [audience]
    if expect.client_id not in listed:
        raise TokenRefused("aud")
    if len(listed) > 1 and claims.get("azp") != expect.client_id:
        raise TokenRefused("azp")
    if "azp" in claims and claims["azp"] != expect.client_id:
        raise TokenRefused("azp")


def _recent(claims: Mapping[str, Any], now: int, age_max: int) -> int:
    issued = _number(claims, "iat")
    if not now - age_max - CLOCK_LEEWAY_SECONDS <= issued <= now + CLOCK_LEEWAY_SECONDS:
        raise TokenRefused("iat")
    if "nbf" in claims and _number(claims, "nbf") > now + CLOCK_LEEWAY_SECONDS:
        raise TokenRefused("nbf")
    return issued


def _number(claims: Mapping[str, Any], name: str) -> int:
    value = claims.get(name)
    if type(value) is not int:
        raise TokenRefused(name)
    return value


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name, "")
    return value.strip() if isinstance(value, str) and len(value) <= CLAIM_CHARS_MAX else ""


def _is_half_hash(told: str, access_token: str) -> bool:
    half = hashlib.sha256(access_token.encode()).digest()[:16]
    right = base64.urlsafe_b64encode(half).rstrip(b"=").decode()
    return hmac.compare_digest(told.encode(), right.encode())
