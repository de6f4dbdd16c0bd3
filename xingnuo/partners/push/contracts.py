"""What leaves the push client: how far a message has come; and what a subscription is."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from xingnuo.kit.errors import BadInput


class Outcome(StrEnum):
    """What is known of a message; anything not understood is pending."""

    ACCEPTED = "accepted"
    GONE = "gone"  # the subscription is over: delete it
    PENDING = "pending"
    REFUSED = "refused"  # for good: the push service does not take this message


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A browser's subscription as its page gives it: an address and two keys in base64url."""

    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)


class BadSubscription(BadInput):
    """A subscription names no push service that we call, or its keys are none."""

    code = "bad_subscription"
    message = "这个浏览器的推送地址不能用。"
    remedy = "请在浏览器里重新打开通知。"

    def __init__(self) -> None:
        super().__init__({"subscription": self.message})
