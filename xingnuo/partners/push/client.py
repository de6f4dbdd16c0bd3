"""Calls to browsers' push services: encrypt, send once, read what became of it."""

from __future__ import annotations

import os

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from xingnuo.kit import clock, ids
from xingnuo.kit.errors import Unavailable
from xingnuo.partners import _line
from xingnuo.partners.push import wire
from xingnuo.partners.push.contracts import BadSubscription, Outcome, Subscription

PARTNER = "push"


def public_key() -> str:
    """Give the key that a page subscribes with (`applicationServerKey`)."""
    return wire.written(wire.public_of(_key()))


def check(subscription: Subscription) -> None:
    """Raise `BadSubscription` for a push service that is not on the list, or bad keys."""
    named = os.environ.get("XN_PUSH_HOSTS", "")
    hosts = (*wire.HOSTS, *(host for host in named.split(",") if host.strip(".")))
    sandbox = "" if settings.ENV == "production" else settings.SANDBOX_URL
    wire.check(subscription, hosts=hosts, sandbox=os.environ.get("XN_PUSH_URL", sandbox))


def send(
    subscription: Subscription,
    *,
    content: bytes,
    ttl_seconds: int = 86_400,
    topic: str = "",
    urgent: bool = False,
) -> Outcome:
    """Hand one message over; a newer one of the same topic takes the place of one that waits.

    Never raises for what the push service does. Raises `BadSubscription` as `check` does.
    """
    check(subscription)
    if len(content) > wire.CONTENT_BYTES_MAX:
        return Outcome.REFUSED
    sender = ec.generate_private_key(wire.CURVE)
    body = wire.encrypted(
        content, subscription, sender=sender, salt=ids.random_bytes(wire.SALT_BYTES)
    )
    told = wire.headers(
        _key(),
        endpoint=subscription.endpoint,
        now=int(clock.now().timestamp()),
        ttl_seconds=ttl_seconds,
        topic=topic,
        urgent=urgent,
    )
    answer = _line.call("POST", subscription.endpoint, headers=told, body=body)
    return Outcome.PENDING if answer is None else wire.outcome(answer[0])


def _key() -> ec.EllipticCurvePrivateKey:
    given = os.environ.get("XN_PUSH_KEY", "")
    if not given and settings.ENV == "production":
        raise Unavailable(PARTNER)
    try:
        return wire.private_key(given) if given else wire.development_key()
    except ValueError:
        raise Unavailable(PARTNER) from None


__all__ = ["BadSubscription", "Outcome", "Subscription", "check", "public_key", "send"]
