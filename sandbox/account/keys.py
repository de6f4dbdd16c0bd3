"""The provider's signing keys, and JSON Web Signatures with RS256 (RFC 7515, 7518)."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from sandbox.ground import chance, clock
from sandbox.ground.partner import World

KEY_BITS = 2048


def start(world: World) -> None:
    """Make the first key where there is none."""
    if world.store.row("SELECT kid FROM account_key WHERE retired_at IS NULL") is None:
        rotate(world, retire=False)


def rotate(world: World, *, retire: bool) -> str:
    """Sign with a new key from now on; give its id. `retire` stops publishing the others."""
    private, now, kid = rsa.generate_private_key(65537, KEY_BITS), clock.now(), chance.name("key")
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    with world.store.transaction():
        if retire:
            world.store.run("UPDATE account_key SET retired_at = ? WHERE retired_at IS NULL", now)
        world.store.run(
            "INSERT INTO account_key (kid, pem, made_at) VALUES (?, ?, ?)", kid, pem, now
        )
    return kid


def jwks(world: World) -> dict[str, Any]:
    """Give the published keys, newest first."""
    return {"keys": [_public(kid, pem) for kid, pem in _published(world)]}


def sign(world: World, claims: Mapping[str, Any], *, kind: str, spoil: str = "") -> str:
    """Sign claims with the newest key; `spoil` is a fault that makes the token one to refuse."""
    kid, pem = _published(world)[0]
    key = _private(pem)
    if spoil == "wrong_key":
        kid, key = "key_of_nobody", _stranger()
    head = _part({"alg": "RS256", "typ": kind, "kid": kid})
    text = f"{head}.{_part(claims)}"
    signature = key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    if spoil == "bad_signature":
        signature = bytes([signature[0] ^ 1]) + signature[1:]
    return f"{text}.{encoded(signature)}"


def read_own(world: World, token: str) -> dict[str, Any]:
    """Give the claims of a token that we signed, however old; anything else has none."""
    try:
        head, body, signature = token.split(".")
        kid = json.loads(_decoded(head))["kid"]
        found = world.store.row("SELECT pem FROM account_key WHERE kid = ?", str(kid))
        if found is None:
            return {}
        _private(found["pem"]).public_key().verify(
            _decoded(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256()
        )
        claims = json.loads(_decoded(body))
    except (ValueError, KeyError, TypeError, InvalidSignature):
        return {}
    return claims if isinstance(claims, dict) else {}


def encoded(data: bytes) -> str:
    """Give bytes in base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _part(told: Mapping[str, Any]) -> str:
    return encoded(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode())


def _published(world: World) -> list[tuple[str, str]]:
    found = world.store.rows(
        "SELECT kid, pem FROM account_key WHERE retired_at IS NULL ORDER BY made_at DESC"
    )
    return [(key["kid"], key["pem"]) for key in found]


@cache
def _private(pem: str) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("not an RSA key")
    return key


@cache
def _stranger() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, KEY_BITS)


def _public(kid: str, pem: str) -> dict[str, str]:
    numbers = _private(pem).public_key().public_numbers()
    size = (numbers.n.bit_length() + 7) // 8
    return {
        "kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid,
        "n": encoded(numbers.n.to_bytes(size, "big")),
        "e": encoded(numbers.e.to_bytes(3, "big")),
    }  # fmt: skip
