"""Passkeys of staff: made and asked on the console's own host, the user always verified."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.conf import settings

from xingnuo.kit import passkeys
from xingnuo.kit.passkeys import Answer, Made
from xingnuo.people.permissions._staff_rules import CHALLENGE_SECONDS
from xingnuo.people.permissions.contracts import KeyRefused

__all__ = ["Answer", "Made", "creation_options", "made", "proved", "read", "request_options"]


def _site() -> passkeys.Site:
    return passkeys.Site(
        name="星诺工作台", origin=settings.CONSOLE_URL, seconds=CHALLENGE_SECONDS, resident=True
    )


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except passkeys.BadAnswer as error:
        raise KeyRefused(error.detail) from None


def creation_options(
    staff_id: UUID, code: str, challenge: bytes, known: list[str]
) -> dict[str, Any]:
    """Give the options for a new passkey that the device keeps by itself."""
    return passkeys.creation_options(
        _site(), user_id=staff_id.bytes, user_name=code, challenge=challenge, known=known
    )


def request_options(challenge: bytes, known: list[str]) -> dict[str, Any]:
    """Give the options for a proof; without known passkeys the device offers its own."""
    return passkeys.request_options(_site(), challenge=challenge, known=known)


def read(answer: str) -> Answer:
    """Parse an answer; raises `KeyRefused` for what is none."""
    with _told():
        return passkeys.read(answer)


def made(answer: Answer) -> Made:
    """Check the answer to creation options; raises `KeyRefused`."""
    with _told():
        return passkeys.made(_site(), answer)


def proved(answer: Answer, *, public_key: str, sign_count: int) -> int:
    """Check the answer to request options and give the new count; raises `KeyRefused`.

    A count that does not rise tells of a copied passkey: `detail` is then `copied`.
    """
    with _told():
        return passkeys.proved(_site(), answer, public_key=public_key, sign_count=sign_count)
