"""The sibling apps: two clients of the same operator, registered here and nowhere else."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from django.conf import settings

from xingnuo.kit.errors import Unavailable
from xingnuo.people.accounts._secret import keyed

NAMES = {"suixingjie": "随星借", "xingnuo_wallet": "星诺钱包"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sibling:
    """One sibling app as a client of ours."""

    id: str
    name: str
    purpose: str
    redirect_uris: tuple[str, ...]
    secret: str = field(repr=False)


def sibling(client: str) -> Sibling | None:
    """Give a registered sibling app, or None."""
    if client not in NAMES:
        return None
    given = os.environ.get(f"XN_SIBLING_REDIRECT_{client.upper()}", "")
    return Sibling(
        id=client,
        name=NAMES[client],
        purpose=purpose_of(client),
        redirect_uris=tuple(given.split()) or (f"{settings.SANDBOX_URL}/{client}/callback",),
        secret=_secret(client),
    )


def purpose_of(client: str) -> str:
    """Name the purpose under which an app is let in; each app has its own."""
    return f"accounts.sync_{client}"


def pairwise(client: str, subject_id: object) -> str:
    """Give the name of a person at one app: two apps cannot join what they know by it."""
    return keyed("pairwise", client, subject_id)


def _secret(client: str) -> str:
    given = os.environ.get(f"XN_SIBLING_SECRET_{client.upper()}", "")
    if not given and settings.ENV == "production":
        raise Unavailable("sibling_secret")
    return given or f"dev-{client}-secret"
