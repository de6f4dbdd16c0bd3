"""Signed messages between machines: HMAC over time stamp, nonce, target and body; no network.

Lines joined by a line feed: of a request `v1`, method, target, time stamp, nonce, SHA-256 of the
body in hex; of an answer `v1`, status, the request's nonce, time stamp, SHA-256 of the body in hex.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from typing import Any

from xingnuo.kit.errors import Refused

KEY_ID = "xingnuo"
STALE_SECONDS_MAX = 300
CALL_BYTES_MAX = 16 * 1024
NONCE_CHARS = range(16, 129)
IDEMPOTENCY_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")


class NotAuthentic(Refused):
    """What came in a partner's name is not its own, is too old, or has no readable content."""

    code = "not_authentic"
    message = "这条消息不是合作机构发来的，或已过时。"
    remedy = "不会因它改动任何内容。"


def body_of(told: Mapping[str, object]) -> bytes:
    """Write a body in one fixed form, so that equal content has equal bytes."""
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def headers(
    secret: str, *, method: str, target: str, stamp: int, nonce: str, body: bytes
) -> dict[str, str]:
    """Sign a request."""
    return {
        "Content-Type": "application/json",
        "X-Key-Id": KEY_ID,
        "X-Timestamp": str(stamp),
        "X-Nonce": nonce,
        "X-Signature": digest(secret, method, target, str(stamp), nonce, body=body),
    }


def is_signed(
    secret: str, *, status: int, nonce: str, told: Mapping[str, str], body: bytes, now: int
) -> bool:
    """Say whether an answer is the partner's own, to this request, and of now."""
    stamp = told.get("x-timestamp", "")
    right = digest(secret, str(status), nonce, stamp, body=body)
    return _fresh(stamp, now=now) and _same(told.get("x-signature", ""), right)


def read_call(
    secret: str, *, partner: str, path: str, told: Mapping[str, str], body: bytes, now: int
) -> Mapping[str, Any]:
    """Give the content of a partner's call to one of our hooks; raises `NotAuthentic`.

    Fresh for five minutes: who takes it keeps its id and does nothing twice.
    """
    tops = {name.lower(): value for name, value in told.items()}
    stamp, nonce = tops.get("x-timestamp", ""), tops.get("x-nonce", "")
    right = digest(secret, "POST", path, stamp, nonce, body=body[:CALL_BYTES_MAX])
    if (
        len(body) > CALL_BYTES_MAX
        or len(nonce) not in NONCE_CHARS
        or not _same(tops.get("x-key-id", ""), partner)
        or not _same(tops.get("x-signature", ""), right)
        or not _fresh(stamp, now=now)
    ):
        raise NotAuthentic(partner)
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise NotAuthentic(partner) from None
    if not isinstance(content, dict):
        raise NotAuthentic(partner)
    return content


def text(told: Mapping[str, object], name: str, *, chars_max: int = 64) -> str:
    """Give a short printable text of an answer, or nothing where it is anything else."""
    found = told.get(name)
    good = isinstance(found, str) and len(found) <= chars_max and found.isprintable()
    return str(found) if good else ""


def is_not_known(status: int, told: Mapping[str, object], *, signed: bool) -> bool:
    """Say whether a partner states under its signature that it has nothing under our key."""
    return signed and status == 404 and told.get("code") == "key_unknown"


def whole(told: Mapping[str, object], name: str, *, most: int) -> int | None:
    """Give a whole number from 0 to `most` of an answer, or None where it is anything else."""
    found = told.get(name)
    return found if type(found) is int and 0 <= found <= most else None


def digest(secret: str, *lines: str, body: bytes) -> str:
    """Give the signature of lines and body in hex."""
    signed = "\n".join(("v1", *lines, hashlib.sha256(body).hexdigest()))
    return hmac.digest(secret.encode(), signed.encode(), "sha256").hex()


def _fresh(stamp: str, *, now: int) -> bool:
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        return False
    return abs(now - int(stamp)) <= STALE_SECONDS_MAX


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), right.encode())
