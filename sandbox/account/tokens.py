"""What clients ask for behind the browser's back: tokens, the profile, revocation."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from typing import Any
from urllib.parse import unquote_plus

from sandbox.account import clients, flows, keys, people
from sandbox.account.clients import Client
from sandbox.ground import chance, clock
from sandbox.ground.http import Problem, Request, Response, json_response
from sandbox.ground.partner import World

ACCESS_SECONDS = 600
REFRESH_SECONDS = 30 * 86_400
ID_TOKEN_SECONDS = 300
LONG_AGO_SECONDS = 3600
# How long used codes and tokens are remembered, to know one that is shown again.
KEPT_SECONDS = 86_400
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
ID_TOKEN_FAULTS = frozenset("bad_signature wrong_key wrong_nonce wrong_aud expired_token".split())


class OAuthError(Problem):
    """A refusal in the words of RFC 6749, 5.2."""

    def __init__(self, error: str, why: str, *, status: int = 400, basic: bool = False) -> None:
        super().__init__(status, error, why)
        self.basic = basic

    def response(self) -> Response:
        """Give error and description as JSON."""
        told = json_response(
            {"error": self.code, "error_description": self.detail}, status=self.status
        )
        return told.plus(("WWW-Authenticate", 'Basic realm="account"')) if self.basic else told


class BearerError(Problem):
    """A refusal in the words of RFC 6750, 3."""

    def response(self) -> Response:
        """Give the error with its header."""
        told = json_response({"error": self.code}, status=self.status)
        return told.plus(("WWW-Authenticate", f'Bearer realm="account", error="{self.code}"'))


def start(world: World) -> None:
    """Drop what no one can use any more."""
    now = clock.now()
    world.store.run("DELETE FROM account_code WHERE made_at < ?", now - KEPT_SECONDS)
    world.store.run("DELETE FROM account_token WHERE expires_at < ?", now - KEPT_SECONDS)


def token(world: World, request: Request) -> Response:
    """Change a code or a refresh token for tokens."""
    fields = request.form()
    client = _client(world, request, fields)
    kind = fields.get("grant_type", "")
    if kind == "authorization_code":
        given = _redeem_code(world, client, fields)
    elif kind == "refresh_token":
        given = _redeem_refresh(world, client, fields)
    else:
        raise OAuthError("unsupported_grant_type", "a code or a refresh token is needed")
    return json_response(_issue(world, given, spoil=request.fault.kind))


def userinfo(world: World, request: Request) -> Response:
    """Tell the profile that the access token's scopes allow."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    found = world.store.row(
        "SELECT * FROM account_token WHERE kept = ? AND kind = 'access' AND revoked_at IS NULL"
        " AND expires_at > ?",
        chance.kept(secret.strip()), clock.now(),
    )  # fmt: skip
    person = people.by_sub(world, found["sub"]) if found else None
    if scheme.lower() != "bearer" or found is None or person is None:
        raise BearerError(401, "invalid_token", "令牌无效。")
    return json_response({"sub": person["sub"], **about(world, person, found["scope"])})


def revoke(world: World, request: Request) -> Response:
    """Revoke a token and all that came from the same sign-in (RFC 7009)."""
    fields = request.form()
    client = _client(world, request, fields)
    found = world.store.row(
        "SELECT family FROM account_token WHERE kept = ? AND client_id = ?",
        chance.kept(fields.get("token", "")), client.id,
    )  # fmt: skip
    if found:
        _revoke_family(world, found["family"])
    return json_response({})


def about(world: World, person: dict[str, Any], scope: str) -> dict[str, Any]:
    """Give the claims about a person that the scopes allow."""
    told: dict[str, Any] = {}
    if "profile" in scope.split():
        told["nickname"] = person["nickname"]
        told["picture"] = f"{flows.issuer(world)}/pictures/{person['sub']}.png"
    if "phone" in scope.split():
        told["phone_number"] = f"+86{person['phone']}"
        told["phone_number_verified"] = True
    return told


def _client(world: World, request: Request, fields: dict[str, str]) -> Client:
    scheme, _, packed = request.headers.get("authorization", "").partition(" ")
    basic = scheme.lower() == "basic"
    if basic and "client_secret" in fields:
        raise OAuthError("invalid_request", "one way of client authentication only")
    name, secret = fields.get("client_id", ""), fields.get("client_secret", "")
    if basic:
        try:
            told = base64.b64decode(packed, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            told = ""
        name, _, secret = (unquote_plus(part) for part in told.partition(":"))
    client = clients.find(world.settings, name)
    if client is None or not client.knows(secret):
        raise OAuthError("invalid_client", "client or secret is wrong", status=401, basic=basic)
    return client


def _redeem_code(world: World, client: Client, fields: dict[str, str]) -> dict[str, Any]:
    now, kept = clock.now(), chance.kept(fields.get("code", ""))
    found = world.store.row("SELECT * FROM account_code WHERE kept = ?", kept)
    if found is None or found["client_id"] != client.id:
        raise OAuthError("invalid_grant", "the code is not known")
    # Used up before it is looked at closer: a code has one try, right or wrong.
    first = world.store.run(
        "UPDATE account_code SET used_at = ? WHERE kept = ? AND used_at IS NULL", now, kept
    )
    if not first:
        # A code shown twice may be stolen, so what it gave before is taken back (RFC 9700).
        _revoke_family(world, found["family"])
        raise OAuthError("invalid_grant", "the code was used before")
    if now - found["made_at"] > flows.CODE_SECONDS_MAX:
        raise OAuthError("invalid_grant", "the code is too old")
    if fields.get("redirect_uri") != found["redirect_uri"]:
        raise OAuthError("invalid_grant", "redirect_uri is not that of the question")
    verifier = fields.get("code_verifier", "")
    digest = keys.encoded(hashlib.sha256(verifier.encode()).digest())
    right = hmac.compare_digest(digest, found["challenge"])
    if not VERIFIER.fullmatch(verifier) or not right:
        raise OAuthError("invalid_grant", "code_verifier does not fit the challenge")
    return found


def _redeem_refresh(world: World, client: Client, fields: dict[str, str]) -> dict[str, Any]:
    now, kept = clock.now(), chance.kept(fields.get("refresh_token", ""))
    found = world.store.row(
        "SELECT * FROM account_token WHERE kept = ? AND kind = 'refresh' AND client_id = ?",
        kept, client.id,
    )  # fmt: skip
    if found is None or found["revoked_at"] or found["expires_at"] < now:
        raise OAuthError("invalid_grant", "the refresh token is not good any more")
    first = world.store.run(
        "UPDATE account_token SET used_at = ? WHERE kept = ? AND used_at IS NULL", now, kept
    )
    if not first:
        _revoke_family(world, found["family"])
        raise OAuthError("invalid_grant", "the refresh token was used before")
    return {**found, "nonce": ""}


def _issue(world: World, given: dict[str, Any], *, spoil: str) -> dict[str, Any]:
    access = _keep(world, given, kind="access", seconds=ACCESS_SECONDS)
    told = {
        "access_token": access, "token_type": "Bearer", "expires_in": ACCESS_SECONDS,
        "scope": given["scope"], "id_token": _id_token(world, given, access=access, spoil=spoil),
    }  # fmt: skip
    if "offline_access" in given["scope"].split():
        told["refresh_token"] = _keep(world, given, kind="refresh", seconds=REFRESH_SECONDS)
    return told


def _keep(world: World, given: dict[str, Any], *, kind: str, seconds: int) -> str:
    secret = chance.token()
    world.store.run(
        "INSERT INTO account_token (kept, kind, family, sub, client_id, scope, sid, auth_time,"
        " expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        chance.kept(secret), kind, given["family"], given["sub"], given["client_id"],
        given["scope"], given["sid"], given["auth_time"], clock.now() + seconds,
    )  # fmt: skip
    return secret


def _id_token(world: World, given: dict[str, Any], *, access: str, spoil: str) -> str:
    person = people.by_sub(world, given["sub"])
    if person is None:
        raise OAuthError("invalid_grant", "the account is gone")
    at = int(clock.now()) - (LONG_AGO_SECONDS if spoil == "expired_token" else 0)
    claims = {
        "iss": flows.issuer(world), "sub": given["sub"], "sid": given["sid"],
        "aud": "client_of_nobody" if spoil == "wrong_aud" else given["client_id"],
        "iat": at, "exp": at + ID_TOKEN_SECONDS, "auth_time": given["auth_time"], "amr": ["pwd"],
        "at_hash": keys.encoded(hashlib.sha256(access.encode()).digest()[:16]),
        **about(world, person, given["scope"]),
    }  # fmt: skip
    nonce = chance.token() if spoil == "wrong_nonce" else given["nonce"]
    return keys.sign(world, claims | ({"nonce": nonce} if nonce else {}), kind="JWT", spoil=spoil)


def _revoke_family(world: World, family: str) -> None:
    world.store.run(
        "UPDATE account_token SET revoked_at = ? WHERE family = ? AND revoked_at IS NULL",
        clock.now(), family,
    )  # fmt: skip
