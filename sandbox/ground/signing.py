"""Signed messages between machines: HMAC-SHA256 over time stamp, nonce, target and body.

What is signed, lines joined by a line feed: for a request `v1`, method, target (path and
query), time stamp, nonce, SHA-256 of the body in hex; for an answer `v1`, status, the
request's nonce, time stamp, SHA-256 of the body in hex.
"""

from __future__ import annotations

import hashlib
import hmac

from sandbox.ground import chance, clock
from sandbox.ground.http import Problem, Request, Response
from sandbox.ground.store import Store

STALE_SECONDS_MAX = 300
NONCE_CHARS = range(16, 129)

SCHEMA = """
CREATE TABLE IF NOT EXISTS signing_nonce (
    key_id TEXT NOT NULL, nonce TEXT NOT NULL, seen_at REAL NOT NULL,
    PRIMARY KEY (key_id, nonce)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS signing_nonce_age ON signing_nonce (seen_at);
"""


def verify(store: Store, request: Request, *, key_id: str, secret: str) -> None:
    """Believe a request or raise a 401 that says which part failed; a nonce is good once."""
    stamp = request.headers.get("x-timestamp", "")
    nonce = request.headers.get("x-nonce", "")
    if not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12:
        raise Problem(401, "timestamp_missing", "缺少时间戳，或时间戳不是秒数。")
    if len(nonce) not in NONCE_CHARS or not nonce.isascii():
        raise Problem(401, "nonce_missing", "缺少随机串，或随机串长度不对。")
    lines = (request.method, request.target, stamp, nonce)
    given = request.headers.get("x-signature", "").encode()
    right = _digest(secret, *lines, body=request.body).encode()
    known = hmac.compare_digest(request.headers.get("x-key-id", "").encode(), key_id.encode())
    if not hmac.compare_digest(given, right) or not known:
        raise Problem(401, "signature_wrong", "签名不对。")
    now = clock.now()
    if abs(now - int(stamp)) > STALE_SECONDS_MAX:
        raise Problem(401, "timestamp_stale", "时间戳超出五分钟。")
    with store.transaction():
        store.run("DELETE FROM signing_nonce WHERE seen_at < ?", now - 2 * STALE_SECONDS_MAX)
        fresh = store.run(
            "INSERT OR IGNORE INTO signing_nonce (key_id, nonce, seen_at) VALUES (?, ?, ?)",
            key_id, nonce, now,
        )  # fmt: skip
    if not fresh:
        raise Problem(401, "nonce_replayed", "这个随机串已经用过。")


def signed(response: Response, request: Request, *, secret: str) -> Response:
    """Sign an answer, bound to the request it answers; the fault `bad_signature` spoils it."""
    stamp = str(int(clock.now()))
    lines = (str(response.status), request.headers.get("x-nonce", ""), stamp)
    signature = _digest(secret, *lines, body=response.body)
    if request.fault.kind == "bad_signature":
        signature = spoiled(signature)
    return response.plus(("X-Timestamp", stamp), ("X-Signature", signature))


def call_headers(
    secret: str, *, key_id: str, target: str, body: bytes, stamp: int, spoil: bool = False
) -> dict[str, str]:
    """Sign a partner's own call to xingnuo; `spoil` makes the signature wrong."""
    nonce = chance.token()
    signature = _digest(secret, "POST", target, str(stamp), nonce, body=body)
    return {
        "Content-Type": "application/json",
        "X-Key-Id": key_id,
        "X-Timestamp": str(stamp),
        "X-Nonce": nonce,
        "X-Signature": spoiled(signature) if spoil else signature,
    }


def spoiled(signature: str) -> str:
    """Give a signature of the same shape that is wrong."""
    return ("1" if signature[0] == "0" else "0") + signature[1:]


def _digest(secret: str, *lines: str, body: bytes) -> str:
    text = "\n".join(("v1", *lines, hashlib.sha256(body).hexdigest()))
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
