"""Web push: VAPID (RFC 8292), message encryption (RFC 8291) and its headers; no network."""

from __future__ import annotations

import base64
import re
from collections.abc import Collection
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey

from xingnuo.kit import ids
from xingnuo.partners.push.contracts import BadSubscription, Outcome, Subscription

CURVE = ec.SECP256R1()
# Push services of browsers that need no settings; a name that begins with a dot stands for all
# below it. XN_PUSH_HOSTS names those that a deployment calls besides.
HOSTS = (
    "updates.push.services.mozilla.com",
    "web.push.apple.com",
    ".notify.windows.com",
)
CONTENT_BYTES_MAX = 3 * 1024
PADDED_BYTES = 256
RECORD_BYTES = 4096
SALT_BYTES, SECRET_BYTES, AUTH_BYTES = 16, 32, 16
ENDPOINT_CHARS_MAX = 2000
TOKEN_SECONDS = 12 * 3600
TTL_SECONDS_MAX = 28 * 86_400
CONTACT = "mailto:push@xingnuo.example"
TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")
_LAST_RECORD = b"\x02"
_GONE = (404, 410)


def check(subscription: Subscription, *, hosts: Collection[str], sandbox: str = "") -> None:
    """Raise `BadSubscription` for an address off the list, or keys that are none.

    `sandbox` is the one origin that may stand without TLS, while developing.
    """
    address = subscription.endpoint
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise BadSubscription from None
    if len(address) > ENDPOINT_CHARS_MAX or not address.isascii() or not address.isprintable():
        raise BadSubscription
    plain = not parts.username and not parts.password and not parts.fragment and " " not in address
    name = parts.hostname or ""
    known = any(name.endswith(host) if host.startswith(".") else name == host for host in hosts)
    listed = parts.scheme == "https" and port in (None, 443) and known
    ours = bool(sandbox) and f"{parts.scheme}://{parts.netloc}" == sandbox.rstrip("/")
    if not plain or not (listed or ours):
        raise BadSubscription
    _point(subscription.p256dh)
    if len(_read(subscription.auth)) != AUTH_BYTES:
        raise BadSubscription


def encrypted(
    content: bytes,
    subscription: Subscription,
    *,
    sender: ec.EllipticCurvePrivateKey,
    salt: bytes,
    padded: int = PADDED_BYTES,
) -> bytes:
    """Encrypt for one browser: aes128gcm with one record, padded to a multiple of `padded`."""
    theirs, auth = _point(subscription.p256dh), _read(subscription.auth)
    own = public_of(sender)
    shared = sender.exchange(ec.ECDH(), theirs)
    receiver = theirs.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    seed = _hkdf(auth, shared, b"WebPush: info\0" + receiver + own, SECRET_BYTES)
    key = _hkdf(salt, seed, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _hkdf(salt, seed, b"Content-Encoding: nonce\0", 12)
    record = content + _LAST_RECORD
    record += bytes(-len(record) % padded)
    head = salt + RECORD_BYTES.to_bytes(4) + len(own).to_bytes(1) + own
    return head + AESGCM(key).encrypt(nonce, record, None)


def headers(
    private: ec.EllipticCurvePrivateKey,
    *,
    endpoint: str,
    now: int,
    ttl_seconds: int,
    topic: str,
    urgent: bool,
) -> dict[str, str]:
    """Give the headers of a message, with who sends it."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": now + TOKEN_SECONDS,
        "sub": CONTACT,
    }
    key = ECKey.import_key(_jwk(private))
    token = jwt.encode({"alg": "ES256", "typ": "JWT"}, claims, key, algorithms=["ES256"])
    told = {
        "Authorization": f"vapid t={token}, k={written(public_of(private))}",
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(min(max(ttl_seconds, 0), TTL_SECONDS_MAX)),
        "Urgency": "high" if urgent else "normal",
    }
    return {**told, "Topic": topic} if TOPIC.fullmatch(topic) else told


def outcome(status: int) -> Outcome:
    """Read a push service's status; TLS alone vouches for it."""
    if status in (200, 201, 202):
        return Outcome.ACCEPTED
    if status in _GONE:
        return Outcome.GONE
    again = status in (408, 425, 429) or not 400 <= status < 500
    return Outcome.PENDING if again else Outcome.REFUSED


def private_key(text: str) -> ec.EllipticCurvePrivateKey:
    """Give the sender's key from 32 bytes in base64url; raises `ValueError`."""
    return ec.derive_private_key(int.from_bytes(_decoded(text)), CURVE)


def development_key() -> ec.EllipticCurvePrivateKey:
    """Give the key that every developer has; production has one of its own."""
    return ec.derive_private_key(int(ids.digest("dev-push-key")[:60], 16), CURVE)


def public_of(private: ec.EllipticCurvePrivateKey) -> bytes:
    """Give the public point of a key, uncompressed."""
    point = private.public_key()
    return point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def written(raw: bytes) -> str:
    """Write bytes as base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _point(text: str) -> ec.EllipticCurvePublicKey:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, _read(text))
    except ValueError:
        raise BadSubscription from None


def _read(text: str) -> bytes:
    try:
        return _decoded(text)
    except ValueError:
        raise BadSubscription from None


def _decoded(text: str) -> bytes:
    stripped = text.rstrip("=")
    return base64.b64decode(stripped + "=" * (-len(stripped) % 4), altchars=b"-_", validate=True)


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)


def _jwk(private: ec.EllipticCurvePrivateKey) -> dict[str, str | list[str]]:
    numbers = private.private_numbers()
    public = numbers.public_numbers
    return {
        "kty": "EC",
        "crv": "P-256",
        "x": written(public.x.to_bytes(SECRET_BYTES)),
        "y": written(public.y.to_bytes(SECRET_BYTES)),
        "d": written(numbers.private_value.to_bytes(SECRET_BYTES)),
    }
