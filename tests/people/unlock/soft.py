"""An authenticator in software: real keys and real signatures, and every lie that a test needs."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One device with one key. `verified` says whether finger or face was accepted."""

    origin: str
    host: str = "localhost"
    verified: bool = True
    present: bool = True
    sign_count: int = 0
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def create(self, options: dict[str, Any], **lies: Any) -> str:
        """Answer creation options with an attestation of format none."""
        data = self._client_data("webauthn.create", options, lies)
        numbers = self.key.public_key().public_numbers()
        public = encode_cbor(
            {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        )
        attested = bytes(16) + len(self.credential).to_bytes(2) + self.credential + public
        attestation = encode_cbor(
            {"fmt": "none", "attStmt": {}, "authData": self._data(ATTESTED) + attested}
        )
        return self._answer(
            {
                "clientDataJSON": bytes_to_base64url(data),
                "attestationObject": bytes_to_base64url(attestation),
            }
        )

    def get(self, options: dict[str, Any], **lies: Any) -> str:
        """Answer request options with a signature; the count rises by one."""
        self.sign_count = lies.get("sign_count", self.sign_count + 1)
        data = self._client_data("webauthn.get", options, lies)
        known = self._data(0)
        signed = known + hashlib.sha256(data).digest()
        signature = self.key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": bytes_to_base64url(data),
                "authenticatorData": bytes_to_base64url(known),
                "signature": bytes_to_base64url(lies.get("signature", signature)),
            }
        )

    def _client_data(self, kind: str, options: dict[str, Any], lies: dict[str, Any]) -> bytes:
        return json.dumps(
            {
                "type": lies.get("type", kind),
                "challenge": lies.get("challenge", options["challenge"]),
                "origin": lies.get("origin", self.origin),
                "crossOrigin": False,
            }
        ).encode()

    def _data(self, flags: int) -> bytes:
        flags |= PRESENT * self.present | VERIFIED * self.verified
        host = hashlib.sha256(self.host.encode()).digest()
        return host + bytes([flags]) + self.sign_count.to_bytes(4)

    def _answer(self, response: dict[str, str]) -> str:
        name = bytes_to_base64url(self.credential)
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


def signature_of(answer: str) -> bytes:
    """Give the signature of an answer, to spoil it."""
    return base64url_to_bytes(json.loads(answer)["response"]["signature"])
