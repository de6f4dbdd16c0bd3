"""WebAuthn with verification demanded: the device checks finger or face, we a signature."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.conf import settings

from xingnuo.kit import passkeys
from xingnuo.kit.passkeys import Answer, Made
from xingnuo.people.unlock._digests import handle
from xingnuo.people.unlock._limits import (
    CHALLENGE_SECONDS,
    CREDENTIAL_CHARS_MAX,
    PUBLIC_KEY_CHARS_MAX,
)
from xingnuo.people.unlock.contracts import AnswerRefused

__all__ = ["Answer", "Made", "creation_options", "made", "proved", "read", "request_options"]

# Shown by the device beside the key: it says which service, and nothing of the person.
USER_NAME = "星诺解锁"


def _site() -> passkeys.Site:
    return passkeys.Site(
        name="星诺", origin=settings.BASE_URL, seconds=CHALLENGE_SECONDS, device_only=True
    )


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except passkeys.BadAnswer as error:
        raise AnswerRefused(error.detail) from None


def creation_options(subject_id: UUID, challenge: bytes, known: list[str]) -> dict[str, Any]:
    """Give the options for a new credential; `known` ones are not made a second time."""
    return passkeys.creation_options(
        _site(),
        user_id=handle(subject_id),
        user_name=USER_NAME,
        challenge=challenge,
        known=known,
    )


def request_options(challenge: bytes, known: list[str]) -> dict[str, Any]:
    """Give the options for a proof by one of the person's credentials."""
    return passkeys.request_options(_site(), challenge=challenge, known=known)


def read(answer: str) -> Answer:
    """Parse an answer; raises `AnswerRefused` for what is none."""
    with _told():
        return passkeys.read(answer)


def made(answer: Answer) -> Made:
    """Check the answer to creation options and give what is kept; raises `AnswerRefused`."""
    with _told():
        fresh = passkeys.made(_site(), answer)
    if len(fresh.credential) > CREDENTIAL_CHARS_MAX or len(fresh.public_key) > PUBLIC_KEY_CHARS_MAX:
        raise AnswerRefused("size")
    return fresh


def proved(answer: Answer, *, public_key: str, sign_count: int) -> int:
    """Check the answer to request options and give the new count; raises `AnswerRefused`.

    A count that does not rise tells of a copied credential: `detail` is then `copied`.
    """
    with _told():
        return passkeys.proved(_site(), answer, public_key=public_key, sign_count=sign_count)
