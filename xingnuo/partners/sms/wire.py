"""The gateway's shapes: HMAC-SHA256 over time stamp, nonce, target and body; no network."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import datetime

from xingnuo.partners._signing import NotAuthentic, text
from xingnuo.partners.sms.contracts import Outcome, Reply

KEY_ID = "xingnuo"
TEXT_CHARS_MAX = 500
STALE_SECONDS_MAX = 300
SEND_PATH = "/sms/send"
STATUS_PATH = "/sms/status/"
HOOK_PATH = "/hooks/sms/reply"
REPLY_CHARS_MAX = 500
PHONE = re.compile(r"1[3-9][0-9]{9}")
_HAS_IT = frozenset({"accepted", "delivered"})
# Refused for good: what was asked is wrong and stays wrong. Anything else may be tried again.
_FINAL = frozenset({"phone_refused", "phone_malformed", "text_malformed", "message_id_reused"})


def body_of(*, key: str, phone: str, text: str) -> bytes:
    """Write the request's body: message id, phone, text and nothing else."""
    asked = {"message_id": key, "phone": phone, "text": text}
    return json.dumps(asked, ensure_ascii=False).encode()


def headers(secret: str, *, target: str, stamp: int, nonce: str, body: bytes) -> dict[str, str]:
    """Sign a request."""
    return {
        "Content-Type": "application/json",
        "X-Key-Id": KEY_ID,
        "X-Timestamp": str(stamp),
        "X-Nonce": nonce,
        "X-Signature": _digest(secret, "POST", target, str(stamp), nonce, body=body),
    }


def is_signed(
    secret: str, *, status: int, nonce: str, told: Mapping[str, str], body: bytes, now: int
) -> bool:
    """Say whether an answer is the gateway's own, to this request, and of now."""
    stamp = told.get("x-timestamp", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        return False
    right = _digest(secret, str(status), nonce, stamp, body=body)
    fresh = abs(now - int(stamp)) <= STALE_SECONDS_MAX
    return fresh and hmac.compare_digest(told.get("x-signature", "").encode(), right.encode())


def outcome(status: int, told: Mapping[str, object], *, signed: bool) -> Outcome:
    """Read an answer to a send: taken only if signed, refused only by a code that is final."""
    if status in (200, 202):
        taken = signed and told.get("state") in _HAS_IT
        return Outcome.ACCEPTED if taken else Outcome.PENDING
    refused = status in (409, 422) and told.get("code") in _FINAL
    return Outcome.REFUSED if refused else Outcome.PENDING


def recorded(status: int, told: Mapping[str, object]) -> Outcome:
    """Read the gateway's record of a message; one that it does not know is still to be sent."""
    has_it = status == 200 and told.get("state") in _HAS_IT
    return Outcome.ACCEPTED if has_it else Outcome.PENDING


def reply(told: Mapping[str, object]) -> Reply:
    """Read a call that tells a reply; raises `NotAuthentic` for one that tells none."""
    name, phone = text(told, "id"), text(told, "phone")
    said = text(told, "text", chars_max=REPLY_CHARS_MAX)
    try:
        at = datetime.fromisoformat(text(told, "at"))
    except ValueError:
        raise NotAuthentic("sms") from None
    if not name or not said or at.tzinfo is None or not PHONE.fullmatch(phone):
        raise NotAuthentic("sms")
    return Reply(id=name, phone=phone, text=said, at=at)


def _digest(secret: str, *lines: str, body: bytes) -> str:
    text = "\n".join(("v1", *lines, hashlib.sha256(body).hexdigest()))
    return hmac.digest(secret.encode(), text.encode(), "sha256").hex()
