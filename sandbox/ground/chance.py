"""Random names and secrets, and how a secret is kept: as its hash alone."""

from __future__ import annotations

import hashlib
import secrets


def token() -> str:
    """Give 256 random bits, fit for an address."""
    return secrets.token_urlsafe(32)


def digits(length: int) -> str:
    """Give a random number of so many digits that does not begin with a zero."""
    rest = "".join(secrets.choice("0123456789") for _ in range(length - 1))
    return secrets.choice("123456789") + rest


def name(prefix: str) -> str:
    """Give a random id with a prefix that says what it names."""
    return f"{prefix}_{secrets.token_hex(10)}"


def kept(secret: str) -> str:
    """Give what is stored of a secret that has 128 random bits or more."""
    return hashlib.sha256(secret.encode()).hexdigest()
