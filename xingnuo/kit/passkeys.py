"""Passkeys: options that demand a verified user, and checks of what a device answers to them.

Whose keys they are is the caller's: people unlock with theirs, staff come in with theirs, and each
site answers for its own host and origin alone. What arrives is a signature over our challenge and
one bit that says the device verified its user. No sample, template or score has a field here.
"""

from __future__ import annotations

import binascii
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import webauthn
from cryptography.exceptions import UnsupportedAlgorithm
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_authentication_credential_json,
    parse_client_data_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorAttachment,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

ANSWER_CHARS_MAX = 16_384
# What a broken or hostile answer can make the parsers raise.
_BROKEN = (
    WebAuthnException,
    UnsupportedAlgorithm,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RecursionError,
    binascii.Error,
)


class BadAnswer(Exception):
    """An answer proves nothing; `detail` is one of shape, creation, proof, copied."""

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__(detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Whose keys: the name that the device shows, the one origin, and where keys may rest."""

    name: str
    origin: str
    seconds: int  # how long an answer is waited for
    device_only: bool = False  # made in this device, beside no other's
    resident: bool = False  # the device finds the key by itself

    @property
    def host(self) -> str:
        """Give the host that the keys belong to."""
        return str(urlsplit(self.origin).hostname)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of which nothing is believed yet."""

    body: dict[str, Any]
    challenge: bytes
    credential: str


@dataclass(frozen=True, slots=True)
class Made:
    """What is kept of a new credential."""

    credential: str
    public_key: str
    sign_count: int


def creation_options(
    site: Site, *, user_id: bytes, user_name: str, challenge: bytes, known: list[str]
) -> dict[str, Any]:
    """Give the options for a new credential; `known` ones are not made a second time."""
    kept = ResidentKeyRequirement.REQUIRED if site.resident else ResidentKeyRequirement.PREFERRED
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_name=user_name,
        user_id=user_id,
        challenge=challenge,
        timeout=site.seconds * 1000,
        authenticator_selection=AuthenticatorSelectionCriteria(
            authenticator_attachment=AuthenticatorAttachment.PLATFORM if site.device_only else None,
            resident_key=kept,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_described(known),
    )
    return _plain(options)


def request_options(site: Site, *, challenge: bytes, known: list[str]) -> dict[str, Any]:
    """Give the options for a proof; without known credentials the device offers its own."""
    options = webauthn.generate_authentication_options(
        rp_id=site.host,
        challenge=challenge,
        timeout=site.seconds * 1000,
        allow_credentials=_described(known),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _plain(options)


def _described(known: list[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in known]


def _plain(options: Any) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(webauthn.options_to_json(options))
    return plain


def read(answer: str) -> Answer:
    """Parse an answer; raises `BadAnswer` for what is none."""
    if not answer or len(answer) > ANSWER_CHARS_MAX:
        raise BadAnswer("shape")
    try:
        parsed = json.loads(answer)
        data = parse_client_data_json(base64url_to_bytes(parsed["response"]["clientDataJSON"]))
        credential = bytes_to_base64url(base64url_to_bytes(parsed["rawId"]))
    except _BROKEN:
        raise BadAnswer("shape") from None
    return Answer(parsed, data.challenge, credential)


def made(site: Site, answer: Answer) -> Made:
    """Check the answer to creation options and give what is kept; raises `BadAnswer`."""
    try:
        verified = webauthn.verify_registration_response(
            credential=answer.body,
            expected_challenge=answer.challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except _BROKEN:
        raise BadAnswer("creation") from None
    return Made(
        credential=bytes_to_base64url(verified.credential_id),
        public_key=bytes_to_base64url(verified.credential_public_key),
        sign_count=verified.sign_count,
    )


def proved(site: Site, answer: Answer, *, public_key: str, sign_count: int) -> int:
    """Check the answer to request options and give the new count; raises `BadAnswer`.

    A count that does not rise tells of a copied credential: `detail` is then `copied`.
    """
    try:
        verified = webauthn.verify_authentication_response(
            credential=parse_authentication_credential_json(answer.body),
            expected_challenge=answer.challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(public_key),
            # Counted below, once the signature is known to be right.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except _BROKEN:
        raise BadAnswer("proof") from None
    count = verified.new_sign_count
    if (count or sign_count) and count <= sign_count:
        raise BadAnswer("copied")
    return count
