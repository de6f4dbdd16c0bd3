"""Evidence of what was refused before anybody is known: a code, and nothing of what was sent."""

from __future__ import annotations

from django.db import transaction

from xingnuo.kit.errors import XingnuoError
from xingnuo.trust.evidence import actions as evidence
from xingnuo.trust.evidence.contracts import Kind, Line
from xingnuo.trust.policy.contracts import ActorKind

_REASON_CHARS_MAX = 60
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz._")


def leave(error: XingnuoError, *, channel: str, actor: ActorKind = ActorKind.SELF) -> None:
    """Record a refused sign-in or notice in a transaction of its own."""
    told = f"{error.code}.{error.detail}".lower()
    known = "".join(one for one in told if one in _LETTERS).strip(".")
    with transaction.atomic(durable=True):
        evidence.record(
            Line(
                kind=Kind.ACCESS_DENIED,
                outcome="refused",
                reason=known[:_REASON_CHARS_MAX],
                actor_kind=actor.value,
                channel=channel,
                purpose="accounts.sign_in",
            )
        )
