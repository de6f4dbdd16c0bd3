"""A device in software that proves its user as WebAuthn asks: for checks of unlocking alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from webauthn.helpers import bytes_to_base64url, encode_cbor

from xingnuo.kit import ids

_PRESENT, _VERIFIED, _ATTESTED = 0x01, 0x04, 0x40


class Device:
    """One device with one key; `verified` says whether finger or face was accepted on it."""

    def __init__(self) -> None:
        self.verified = True
        self._count = 0
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = ids.random_bytes(32)

    def create(self, options: Mapping[str, Any]) -> str:
        """Answer creation options."""
        numbers = self._key.public_key().public_numbers()
        public = encode_cbor(
            {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        )
        known = bytes(16) + len(self._name).to_bytes(2) + self._name + public
        told = {"fmt": "none", "attStmt": {}, "authData": self._data(_ATTESTED) + known}
        return self._answer(
            {
                "clientDataJSON": _text(_client("webauthn.create", options)),
                "attestationObject": _text(encode_cbor(told)),
            }
        )

    def get(self, options: Mapping[str, Any]) -> str:
        """Answer request options with a signature."""
        self._count += 1
        client, data = _client("webauthn.get", options), self._data(0)
        signature = self._key.sign(
            data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256())
        )
        return self._answer(
            {
                "clientDataJSON": _text(client),
                "authenticatorData": _text(data),
                "signature": _text(signature),
            }
        )

    def _data(self, flags: int) -> bytes:
        flags |= _PRESENT | (_VERIFIED if self.verified else 0)
        host = hashlib.sha256(str(urlsplit(settings.BASE_URL).hostname).encode()).digest()
        return host + bytes([flags]) + self._count.to_bytes(4)

    def _answer(self, response: Mapping[str, str]) -> str:
        name = _text(self._name)
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "authenticatorAttachment": "platform",
                "response": response,
                "clientExtensionResults": {},
            }
        )


def _client(kind: str, options: Mapping[str, Any]) -> bytes:
    told = {
        "type": kind,
        "challenge": options["challenge"],
        "origin": settings.BASE_URL,
        "crossOrigin": False,
    }
    return json.dumps(told).encode()


def _text(raw: bytes) -> str:
    return str(bytes_to_base64url(raw))
