"""The sibling apps' erase notice: HMAC-SHA256 over time stamp, nonce, target and body."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping

KEY_ID = "xingnuo"
STALE_SECONDS_MAX = 300


def path_of(app: str) -> str:
    """Give where an app takes erase notices."""
    return f"/{app}/erase"


def body_of(*, notice_id: str, pairwise: str) -> bytes:
    """Write the notice: its own id, and the name that the person has at this app alone."""
    return json.dumps({"notice_id": notice_id, "account_id": pairwise}).encode()


def headers(secret: str, *, target: str, stamp: int, nonce: str, body: bytes) -> dict[str, str]:
    """Sign a notice."""
    return {
        "Content-Type": "application/json",
        "X-Key-Id": KEY_ID,
        "X-Timestamp": str(stamp),
        "X-Nonce": nonce,
        "X-Signature": _digest(secret, "POST", target, str(stamp), nonce, body=body),
    }


def is_receipt(
    secret: str, *, status: int, nonce: str, told: Mapping[str, str], body: bytes, now: int
) -> bool:
    """Say whether an answer is the app's own receipt to this notice, of now, and of an erasure."""
    stamp = told.get("x-timestamp", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        return False
    right = _digest(secret, str(status), nonce, stamp, body=body)
    signed = hmac.compare_digest(told.get("x-signature", "").encode(), right.encode())
    if not signed or status != 200 or abs(now - int(stamp)) > STALE_SECONDS_MAX:
        return False
    try:
        receipt = json.loads(body)
    except ValueError:
        return False
    return isinstance(receipt, dict) and receipt.get("state") == "erased"


def _digest(secret: str, *lines: str, body: bytes) -> str:
    text = "\n".join(("v1", *lines, hashlib.sha256(body).hexdigest()))
    return hmac.digest(secret.encode(), text.encode(), "sha256").hex()
