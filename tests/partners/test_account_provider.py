"""Tokens of the account provider: right ones are believed, every wrong one is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc.jwk import KeySet, RSAKey

from xingnuo.kit import clock
from xingnuo.partners.account_provider import wire
from xingnuo.partners.account_provider.contracts import TokenRefused

ISSUER = "http://localhost:1/account"


@pytest.fixture(scope="module")
def key() -> RSAKey:
    """Give the provider's key."""
    return RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})


@pytest.fixture(scope="module")
def keys(key: RSAKey) -> KeySet:
    """Give the provider's published keys."""
    return wire.key_set({"keys": [key.as_dict(private=False)]})


def expect() -> wire.Expect:
    """Give what a token must say."""
    return wire.Expect(issuer=ISSUER, client_id="xingnuo", now=clock.now())


def claims(**changed: Any) -> dict[str, Any]:
    """Give right claims with changes; None takes one out."""
    now = int(clock.now().timestamp())
    right = {"iss": ISSUER, "sub": "12", "aud": "xingnuo", "iat": now, "exp": now + 300}
    right |= {"nonce": "n"}
    right |= changed
    return {name: value for name, value in right.items() if value is not None}


def signed(key: RSAKey, told: dict[str, Any], **head: str) -> str:
    """Sign claims."""
    from joserfc import jwt

    return jwt.encode({"alg": "RS256", "typ": "JWT", "kid": "one"} | head, told, key)


def verify(token: str, keys: KeySet) -> dict[str, Any]:
    """Verify a token as the client does."""
    return wire.id_token(token, keys, expect(), nonce="n", access_token="a")


def test_a_right_token_is_believed(key: RSAKey, keys: KeySet) -> None:
    """Its claims come out."""
    assert verify(signed(key, claims()), keys)["sub"] == "12"
    assert verify(signed(key, claims(aud=["xingnuo"])), keys)["sub"] == "12"


NOW = int(datetime.now(UTC).timestamp())


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"iss": "http://localhost:2/account"}, "iss"),
        ({"iss": None}, "iss"),
        ({"aud": "other"}, "aud"),
        ({"aud": None}, "aud"),
        ({"aud": ["xingnuo", "other"]}, "azp"),
        ({"aud": ["xingnuo", "other"], "azp": "other"}, "azp"),
        ({"azp": "other"}, "azp"),
        ({"exp": NOW - 60}, "exp"),
        ({"exp": None}, "exp"),
        ({"exp": "9999999999"}, "exp"),
        ({"exp": True}, "exp"),
        ({"iat": NOW - 3600}, "iat"),
        ({"iat": NOW + 3600}, "iat"),
        ({"iat": None}, "iat"),
        ({"nbf": NOW + 3600}, "nbf"),
        ({"nonce": "m"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"at_hash": "x"}, "at_hash"),
    ],
)
def test_a_wrong_claim_is_refused_by_name(
    key: RSAKey, keys: KeySet, changed: dict[str, Any], named: str
) -> None:
    """Each claim is checked by itself."""
    with pytest.raises(TokenRefused) as refused:
        verify(signed(key, claims(**changed)), keys)
    assert refused.value.detail == named


def test_a_token_of_another_kind_is_refused(key: RSAKey, keys: KeySet) -> None:
    """A logout token or an access token is no ID token, and the other way round."""
    for kind in ("logout+jwt", "at+jwt", "jwt+x"):
        with pytest.raises(TokenRefused) as refused:
            verify(signed(key, claims(), typ=kind), keys)
        assert refused.value.detail == "typ"
    with pytest.raises(TokenRefused) as refused:
        wire.logout_token(signed(key, claims()), keys, expect())
    assert refused.value.detail == "typ"


def test_other_algorithms_and_keys_are_refused(key: RSAKey, keys: KeySet) -> None:
    """No signature, an HMAC with the public key, a stranger's key, an unknown key id."""
    from tests.people.accounts.forge import _encoded, _part, unsigned

    stranger = RSAKey.generate_key(2048, {"kid": "one"})
    hmac_head = _part({"alg": "HS256", "typ": "JWT", "kid": "one"})
    forged = [
        unsigned(claims()),
        f"{hmac_head}.{_part(claims())}.{_encoded(b'x' * 32)}",
        signed(stranger, claims()),
        signed(key, claims())[:-6] + "AAAAAA",
        "",
        "a.b.c",
        "a.b",
        "." * 50,
    ]
    for token in forged:
        with pytest.raises(TokenRefused):
            verify(token, keys)
    with pytest.raises(wire.UnknownKey):
        verify(signed(key, claims(), kid="two"), keys)


EVENTS = {wire.LOGOUT_EVENT: {}}


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"events": None}, "events"),
        ({"events": {"other": {}}}, "events"),
        ({"events": {wire.LOGOUT_EVENT: True}}, "events"),
        ({"nonce": "n"}, "nonce"),
        ({"sub": None}, "sub"),
        ({"jti": None}, "jti"),
        ({"exp": NOW - 60}, "exp"),
        ({"iat": NOW - 3600}, "iat"),
        ({"aud": "other"}, "aud"),
    ],
)
def test_a_wrong_logout_token_is_refused(
    key: RSAKey, keys: KeySet, changed: dict[str, Any], named: str
) -> None:
    """By Back-Channel Logout 1.0, section 2.6."""
    right = {"events": EVENTS, "jti": "j", "nonce": None}
    token = signed(key, claims(**(right | changed)), typ="logout+jwt")
    with pytest.raises(TokenRefused) as refused:
        wire.logout_token(token, keys, expect())
    assert refused.value.detail == named
    whole = signed(key, claims(**right), typ="logout+jwt")
    assert wire.logout_token(whole, keys, expect()).account_id == "12"


def discovery(**changed: Any) -> dict[str, Any]:
    """Give a right discovery document with changes."""
    return {
        "issuer": ISSUER,
        "authorization_endpoint": f"{ISSUER}/authorize",
        "token_endpoint": f"{ISSUER}/token",
        "userinfo_endpoint": f"{ISSUER}/userinfo",
        "jwks_uri": f"{ISSUER}/jwks.json",
    } | changed


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "http://localhost:2/account"},
        {"token_endpoint": "http://localhost:2/token"},
        {"jwks_uri": "https://localhost:1/jwks"},
        {"jwks_uri": "http://localhost:1.evil.test/jwks"},
        {"userinfo_endpoint": None},
        {"code_challenge_methods_supported": ["plain"]},
    ],
)
def test_a_discovery_document_that_leads_elsewhere_is_refused(changed: dict[str, Any]) -> None:
    """Every address is of the issuer's own origin."""
    wire.endpoints(discovery(), issuer=ISSUER)
    with pytest.raises(wire.Malformed):
        wire.endpoints(discovery(**changed), issuer=ISSUER)


@pytest.mark.parametrize(
    "document",
    [{}, {"keys": []}, {"keys": "x"}, {"keys": [{"kty": "oct", "k": "AA"}]}, {"keys": [1]},
     {"keys": [{"kty": "RSA", "n": "x"}]}, {"keys": [{}] * 21}],
)  # fmt: skip
def test_a_key_set_without_a_fit_key_is_refused(document: dict[str, Any]) -> None:
    """Only RSA keys for signatures count, and not without end."""
    with pytest.raises(wire.Malformed):
        wire.key_set(document)


def test_the_question_carries_state_nonce_and_challenge() -> None:
    """The verifier itself never leaves; a proof anew is asked for in words."""
    where = wire.endpoints(discovery(), issuer=ISSUER)
    ask = wire.Ask(
        client_id="xingnuo", redirect_uri="http://localhost/cb", state="s", nonce="n", verifier="v"
    )
    url = wire.authorization_url(where, ask)
    assert "code_challenge_method=S256" in url and f"code_challenge={wire.challenge('v')}" in url
    assert "code_verifier" not in url and "prompt" not in url
    fresh = wire.authorization_url(where, wire.Ask(**{**_fields(ask), "fresh": True}))
    assert "prompt=login" in fresh


def _fields(ask: wire.Ask) -> dict[str, Any]:
    return {name: getattr(ask, name) for name in wire.Ask.__slots__}


def test_the_profile_must_be_of_the_same_person() -> None:
    """A userinfo answer about somebody else is refused; an unverified phone is none."""
    told = {"sub": "12", "auth_time": 1.5}
    profile = {"sub": "12", "phone_number": "+86 138-0000-0000", "nickname": "艾", "picture": "p"}
    identity = wire.identity(told, profile)
    assert identity.phone == "13800000000"
    assert identity.authenticated_at == datetime.fromtimestamp(1.5, UTC)
    unverified = wire.identity(told, profile | {"phone_number_verified": False})
    assert unverified.phone == ""
    for wrong in ({"sub": "13"}, {"nickname": "x"}):
        with pytest.raises(TokenRefused):
            wire.identity(told, profile | {"sub": wrong.get("sub", "")})
    with pytest.raises(TokenRefused):
        wire.identity({"sub": ""}, {})
