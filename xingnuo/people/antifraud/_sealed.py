"""Sealing of reports: AES-256-GCM under a key of this room, bound to the report's own id.

A report must stay readable to compliance when the person's own keys are long destroyed (AML 34),
so it does not rest in the person's vault.
"""

from __future__ import annotations

from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from xingnuo.kit import ids
from xingnuo.kit.errors import Unavailable
from xingnuo.people.antifraud._digests import key

_NONCE_BYTES = 12
_VERSION = b"\x01"


class Unreadable(Unavailable):
    """A sealed report does not open: it was changed, or the key is another."""

    code = "report_unreadable"


def seal(report_id: UUID, content: bytes) -> bytes:
    """Seal a report's bytes."""
    # Nonces are secrets' kin: they come from the system and never from a seeded replay.
    nonce = bytes.fromhex(ids.digest(ids.token()))[:_NONCE_BYTES]
    return _VERSION + nonce + AESGCM(key("report")).encrypt(nonce, content, report_id.bytes)


def opened(report_id: UUID, sealed: bytes) -> bytes:
    """Open a report's bytes; raises `Unreadable`."""
    nonce, text = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        if sealed[:1] != _VERSION:
            raise Unreadable
        return AESGCM(key("report")).decrypt(nonce, text, report_id.bytes)
    except InvalidTag:
        raise Unreadable from None
