"""Passkeys of staff: made and asked on the console's own host, the user always verified."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from cryptography.exceptions import UnsupportedAlgorithm
from django.conf import settings
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_authentication_credential_json,
    parse_client_data_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from xingnuo.people.permissions._staff_rules import CHALLENGE_SECONDS
from xingnuo.people.permissions.contracts import KeyRefused

RP_NAME = "星诺工作台"
ANSWER_CHARS_MAX = 8000
_BROKEN = (WebAuthnException, UnsupportedAlgorithm, ValueError, KeyError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of which nothing is believed yet."""

    body: dict[str, Any]
    challenge: bytes
    credential: str


@dataclass(frozen=True, slots=True)
class Made:
    """What is kept of a new passkey."""

    credential: str
    public_key: str
    sign_count: int


def site() -> tuple[str, str]:
    """Give the host that staff's passkeys belong to and the one origin that may answer."""
    return str(urlsplit(settings.CONSOLE_URL).hostname), settings.CONSOLE_URL


def creation_options(
    staff_id: UUID, code: str, challenge: bytes, known: list[str]
) -> dict[str, Any]:
    """Give the options for a new passkey that the device keeps by itself."""
    options = webauthn.generate_registration_options(
        rp_id=site()[0],
        rp_name=RP_NAME,
        user_name=code,
        user_id=staff_id.bytes,
        challenge=challenge,
        timeout=CHALLENGE_SECONDS * 1000,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_described(known),
    )
    return _plain(options)


def request_options(challenge: bytes, known: list[str]) -> dict[str, Any]:
    """Give the options for a proof; without known passkeys the device offers its own."""
    options = webauthn.generate_authentication_options(
        rp_id=site()[0],
        challenge=challenge,
        timeout=CHALLENGE_SECONDS * 1000,
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
    """Parse an answer; raises `KeyRefused` for what is none."""
    if not answer or len(answer) > ANSWER_CHARS_MAX:
        raise KeyRefused("shape")
    try:
        parsed = json.loads(answer)
        data = parse_client_data_json(base64url_to_bytes(parsed["response"]["clientDataJSON"]))
        credential = bytes_to_base64url(base64url_to_bytes(parsed["rawId"]))
    except (*_BROKEN, RecursionError):
        raise KeyRefused("shape") from None
    return Answer(parsed, data.challenge, credential)


def made(answer: Answer) -> Made:
    """Check the answer to creation options; raises `KeyRefused`."""
    host, origin = site()
    try:
        verified = webauthn.verify_registration_response(
            credential=answer.body,
            expected_challenge=answer.challenge,
            expected_rp_id=host,
            expected_origin=origin,
            require_user_verification=True,
        )
    except _BROKEN:
        raise KeyRefused("creation") from None
    return Made(
        credential=bytes_to_base64url(verified.credential_id),
        public_key=bytes_to_base64url(verified.credential_public_key),
        sign_count=verified.sign_count,
    )


def proved(answer: Answer, *, public_key: str, sign_count: int) -> int:
    """Check the answer to request options and give the new count; raises `KeyRefused`.

    A count that does not rise tells of a copied passkey: `detail` is then `copied`.
    """
    host, origin = site()
    try:
        verified = webauthn.verify_authentication_response(
            credential=parse_authentication_credential_json(answer.body),
            expected_challenge=answer.challenge,
            expected_rp_id=host,
            expected_origin=origin,
            credential_public_key=base64url_to_bytes(public_key),
            # Counted below, once the signature is known to be right.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except _BROKEN:
        raise KeyRefused("proof") from None
    count = verified.new_sign_count
    if (count or sign_count) and count <= sign_count:
        raise KeyRefused("copied")
    return count
