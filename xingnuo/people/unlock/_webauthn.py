"""WebAuthn with verification demanded: the device checks finger or face, we a signature.

What arrives is a signature over our challenge and one bit that says the device verified its user.
No sample, template or score is asked for, and none has a field to arrive in.
"""

from __future__ import annotations

import binascii
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
    AuthenticatorAttachment,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from xingnuo.people.unlock._digests import handle
from xingnuo.people.unlock._limits import (
    ANSWER_CHARS_MAX,
    CHALLENGE_SECONDS,
    CREDENTIAL_CHARS_MAX,
    PUBLIC_KEY_CHARS_MAX,
)
from xingnuo.people.unlock.contracts import AnswerRefused

RP_NAME = "星诺"
# Shown by the device beside the key: it says which service, and nothing of the person.
USER_NAME = "星诺解锁"
# What a broken or hostile answer can make the parsers raise.
_BROKEN = (WebAuthnException, UnsupportedAlgorithm, ValueError, KeyError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True)
class Made:
    """What is kept of a new credential."""

    credential: str
    public_key: str
    sign_count: int


def site() -> tuple[str, str]:
    """Give the host that credentials belong to and the one origin that may answer."""
    return str(urlsplit(settings.BASE_URL).hostname), settings.BASE_URL


def creation_options(subject_id: UUID, challenge: bytes, known: list[str]) -> dict[str, Any]:
    """Give the options for a new credential; `known` ones are not made a second time."""
    options = webauthn.generate_registration_options(
        rp_id=site()[0],
        rp_name=RP_NAME,
        user_name=USER_NAME,
        user_id=handle(subject_id),
        challenge=challenge,
        timeout=CHALLENGE_SECONDS * 1000,
        authenticator_selection=AuthenticatorSelectionCriteria(
            authenticator_attachment=AuthenticatorAttachment.PLATFORM,
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_described(known),
    )
    return _plain(options)


def request_options(challenge: bytes, known: list[str]) -> dict[str, Any]:
    """Give the options for a proof by one of the person's credentials."""
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


def read(answer: str) -> tuple[dict[str, Any], bytes, str]:
    """Give an answer as JSON, the challenge that it answers, and the credential it names.

    Nothing of it is believed yet. Raises `AnswerRefused` for what is no answer at all.
    """
    if not answer or len(answer) > ANSWER_CHARS_MAX:
        raise AnswerRefused("shape")
    try:
        parsed = json.loads(answer)
        data = parse_client_data_json(base64url_to_bytes(parsed["response"]["clientDataJSON"]))
        credential = bytes_to_base64url(base64url_to_bytes(parsed["rawId"]))
    except (*_BROKEN, RecursionError, binascii.Error):
        raise AnswerRefused("shape") from None
    return parsed, data.challenge, credential


def made(answer: dict[str, Any], challenge: bytes) -> Made:
    """Check the answer to creation options and give what is kept; raises `AnswerRefused`."""
    host, origin = site()
    try:
        verified = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=host,
            expected_origin=origin,
            require_user_verification=True,
        )
    except _BROKEN:
        raise AnswerRefused("creation") from None
    fresh = Made(
        credential=bytes_to_base64url(verified.credential_id),
        public_key=bytes_to_base64url(verified.credential_public_key),
        sign_count=verified.sign_count,
    )
    if len(fresh.credential) > CREDENTIAL_CHARS_MAX or len(fresh.public_key) > PUBLIC_KEY_CHARS_MAX:
        raise AnswerRefused("size")
    return fresh


def proved(answer: dict[str, Any], challenge: bytes, *, public_key: str, sign_count: int) -> int:
    """Check the answer to request options and give the new count; raises `AnswerRefused`.

    A count that does not rise tells of a copied credential: `detail` is then `copied`.
    """
    host, origin = site()
    try:
        verified = webauthn.verify_authentication_response(
            credential=parse_authentication_credential_json(answer),
            expected_challenge=challenge,
            expected_rp_id=host,
            expected_origin=origin,
            credential_public_key=base64url_to_bytes(public_key),
            # Counted below, once the signature is known to be right.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except _BROKEN:
        raise AnswerRefused("proof") from None
    count = verified.new_sign_count
    if (count or sign_count) and count <= sign_count:
        raise AnswerRefused("copied")
    return count
