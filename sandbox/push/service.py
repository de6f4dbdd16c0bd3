"""The push service's side: subscriptions, who may send to one, and what was sent."""

from __future__ import annotations

import json
import re
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from sandbox.ground import chance, clock
from sandbox.ground.http import Problem, Request, Response
from sandbox.ground.partner import World
from sandbox.push import browser

BODY_BYTES_MAX = 4096
TOKEN_SECONDS_MAX = 24 * 3600
INBOX_MAX = 200
TTL_DIGITS_MAX = 9
VAPID = re.compile(r"vapid\s+t=([A-Za-z0-9._-]{1,2000})\s*,\s*k=([A-Za-z0-9_-]{86,88}=?)")
TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")
URGENCIES = frozenset({"", "very-low", "low", "normal", "high"})

SCHEMA = """
CREATE TABLE IF NOT EXISTS push_subscription (
    id TEXT PRIMARY KEY, private TEXT NOT NULL, public BLOB NOT NULL, auth BLOB NOT NULL,
    sender TEXT NOT NULL, gone INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS push_message (
    id TEXT PRIMARY KEY, subscription TEXT NOT NULL, content TEXT, topic TEXT NOT NULL,
    urgency TEXT NOT NULL, ttl INTEGER NOT NULL, at REAL NOT NULL
) WITHOUT ROWID;
"""


def subscribe(world: World, *, sender: str = "") -> dict[str, Any]:
    """Make a subscription of a pretend browser, as a page would get it."""
    keys, name = browser.make(), chance.token()
    world.store.run(
        "INSERT INTO push_subscription (id, private, public, auth, sender, gone)"
        " VALUES (?, ?, ?, ?, ?, 0)",
        name, str(keys.private), keys.public, keys.auth, sender,
    )  # fmt: skip
    return {
        "endpoint": f"{world.settings.own_url}/push/to/{name}",
        "keys": {"p256dh": browser.told(keys.public), "auth": browser.told(keys.auth)},
    }


def take(world: World, request: Request) -> Response:
    """Take one message: 201, or as a push service refuses."""
    found = world.store.row("SELECT * FROM push_subscription WHERE id = ?", request.params["name"])
    if found is None or found["gone"] or request.fault.kind == "decline":
        raise Problem(410 if found else 404, "gone", "这个订阅已经不在。")
    key = _believed(world, request)
    if found["sender"] not in ("", key):
        raise Problem(403, "sender_wrong", "不是订阅时的那把钥匙。")
    if len(request.body) > BODY_BYTES_MAX:
        raise Problem(413, "too_large", "内容太大。")
    ttl, topic = request.headers.get("ttl", ""), request.headers.get("topic", "")
    urgency = request.headers.get("urgency", "")
    if not (ttl.isascii() and ttl.isdigit() and len(ttl) <= TTL_DIGITS_MAX):
        raise Problem(400, "ttl_missing", "缺少 TTL。")
    if (topic and not TOPIC.fullmatch(topic)) or urgency not in URGENCIES:
        raise Problem(400, "header_malformed", "Topic 或 Urgency 不对。")
    name = _keep(world, request, found, ttl=int(ttl), topic=topic, urgency=urgency)
    return Response(
        status=201, headers=(("Location", f"{world.settings.own_url}/push/message/{name}"),)
    )


def received(world: World) -> list[dict[str, Any]]:
    """List what pretend browsers have received, newest first; no content for what did not open."""
    found = world.store.rows("SELECT * FROM push_message ORDER BY at DESC, id LIMIT ?", INBOX_MAX)
    return [{**one, "at": clock.iso(one["at"])} for one in found]


def forget(world: World, name: str) -> None:
    """Let a subscription be gone, as when its person takes the permission back."""
    if not world.store.run("UPDATE push_subscription SET gone = 1 WHERE id = ?", name):
        raise Problem(404, "gone", "没有这个订阅。")


def _keep(
    world: World, request: Request, found: dict[str, Any], *, ttl: int, topic: str, urgency: str
) -> str:
    keys = browser.Keys(int(found["private"]), found["public"], found["auth"])
    content: str | None = None
    if request.headers.get("content-encoding") == "aes128gcm":
        try:
            content = browser.opened(keys, request.body).decode(errors="replace")
        except browser.CannotOpen:
            content = None
    name = chance.name("push")
    with world.store.transaction():
        if topic:
            # The newer message of a topic takes the place of the one that waits.
            world.store.run(
                "DELETE FROM push_message WHERE subscription = ? AND topic = ?",
                found["id"], topic,
            )  # fmt: skip
        for copy in range(2 if request.fault.kind == "duplicate" else 1):
            world.store.run(
                "INSERT INTO push_message (id, subscription, content, topic, urgency, ttl, at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                f"{name}{copy or ''}", found["id"], content, topic, urgency, ttl, clock.now(),
            )  # fmt: skip
    return name


def _believed(world: World, request: Request) -> str:
    """Give the key of a VAPID token that holds; raises a 401 or 403."""
    found = VAPID.fullmatch(request.headers.get("authorization", ""))
    if not found:
        raise Problem(401, "vapid_missing", "缺少 VAPID。")
    token, key = found.groups()
    try:
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), browser.read(key))
        numbers = point.public_numbers()
        jwk = ECKey.import_key({
            "kty": "EC", "crv": "P-256",
            "x": browser.told(numbers.x.to_bytes(32)), "y": browser.told(numbers.y.to_bytes(32)),
        })  # fmt: skip
        told = json.loads(jws.deserialize_compact(token, jwk, algorithms=["ES256"]).payload)
        audience, expires = str(told["aud"]), int(told["exp"])
    except (JoseError, ValueError, KeyError, TypeError):
        raise Problem(403, "vapid_wrong", "VAPID 不对。") from None
    left = expires - clock.now()
    if audience != world.settings.own_url or not 0 < left <= TOKEN_SECONDS_MAX:
        raise Problem(403, "vapid_wrong", "VAPID 的对象或期限不对。")
    return key.rstrip("=")
