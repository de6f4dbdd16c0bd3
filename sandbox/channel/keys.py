"""The channels' keys and certificates, and the merchant's portal where keys are exchanged."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from sandbox.ground import clock, signing
from sandbox.ground.http import Problem, Request, Response, json_response
from sandbox.ground.partner import World

APP_ID, SELLER_ID = "2026112300000001", "2088000000000001"
MCHID, APPID = "1900000001", "wx0000000000000001"
MER_ID = "777290000000001"
HOLDER = "中国银联股份有限公司"
STYLES = ("alipay", "wechat", "unionpay")
KEY_BITS = 2048
TRIED_MAX = 5

SCHEMA = """
CREATE TABLE IF NOT EXISTS channel_key (
    name TEXT PRIMARY KEY, pem TEXT NOT NULL, cert TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS channel_client (
    style TEXT NOT NULL, serial TEXT NOT NULL, pem TEXT NOT NULL, secret TEXT NOT NULL,
    made_at REAL NOT NULL, PRIMARY KEY (style, serial)
) WITHOUT ROWID;
"""


def enrol(world: World, request: Request) -> Response:
    """Take a merchant's public keys, and give the channels' keys and the merchant's ids."""
    secret = world.settings.partner_secrets["channel"]
    signing.verify(world.store, request, key_id="xingnuo", secret=secret)
    asked = request.json()
    if asked.keys() != {*STYLES, "v3_key"} or len(str(asked["v3_key"])) != 32:
        raise Problem(422, "fields_wrong", f"需要这些项：{'、'.join(STYLES)}、v3_key。")
    serials = {style: _take(world, style, str(asked[style]), asked["v3_key"]) for style in STYLES}
    certificate(world, "unionpay")  # all keys are made now, so that no later answer waits for one
    answer = json_response(_told(world, serials))
    return signing.signed(answer, request, secret=secret)


def sign(world: World, name: str, text: bytes, *, spoil: bool = False) -> str:
    """Sign with one of the channels' keys; base64. `spoil` makes it wrong."""
    signature = private(world, name).sign(text, padding.PKCS1v15(), hashes.SHA256())
    if spoil:
        signature = bytes([signature[0] ^ 1]) + signature[1:]
    return base64.b64encode(signature).decode()


def is_merchants(world: World, style: str, signature: str, text: bytes, serial: str = "") -> bool:
    """Say whether the merchant signed a text; with a serial, by that very key."""
    for one in _clients(world, style):
        if serial in ("", one["serial"]) and _holds(one["pem"], signature, text):
            return True
    return False


def secret_of(world: World) -> bytes:
    """Give the merchant's APIv3 key."""
    found = _clients(world, "wechat")
    return str(found[0]["secret"]).encode() if found else b"0" * 32


def private(world: World, name: str) -> rsa.RSAPrivateKey:
    """Give one of the channels' own keys, made when it is first asked for."""
    return _loaded(_row(world, name)["pem"])


def certificate(world: World, name: str) -> str:
    """Give the certificate of one of the channels' own keys."""
    return str(_row(world, name)["cert"])


def serial(world: World, name: str) -> str:
    """Give the serial of the platform's key, as its notices name it."""
    return hashlib.sha256(_row(world, name)["pem"].encode()).hexdigest()[:40].upper()


def public(world: World, name: str) -> str:
    """Give one of the channels' public keys."""
    return (
        private(world, name)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def opened(world: World, name: str, sealed: str, *, way: str) -> str:
    """Open what the merchant sealed with our key, by `oaep` or `pkcs1`; raises ValueError."""
    # The wire's own padding of WeChat Pay; OAEP does not rest on the hash being free of collisions.
    oaep = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)  # noqa: S303
    raw = base64.b64decode(sealed, validate=True)
    return private(world, name).decrypt(raw, oaep if way == "oaep" else padding.PKCS1v15()).decode()


def _told(world: World, serials: dict[str, str]) -> dict[str, Any]:
    return {
        "alipay": {
            "app_id": APP_ID, "seller_id": SELLER_ID, "public_key": public(world, "alipay"),
        },
        "wechat": {
            "mchid": MCHID, "appid": APPID, "serial": serials["wechat"],
            "platform": {serial(world, "wechat"): public(world, "wechat")},
        },
        "unionpay": {
            "mer_id": MER_ID, "cert_id": serials["unionpay"],
            "roots": certificate(world, "unionpay_root"),
            "sealing": public(world, "sealing"), "sealing_id": serial(world, "sealing"),
        },
    }  # fmt: skip


def _take(world: World, style: str, pem: str, secret: str) -> str:
    try:
        key = serialization.load_pem_public_key(pem.encode())
    except ValueError:
        raise Problem(422, "key_malformed", "公钥不对。") from None
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < KEY_BITS:
        raise Problem(422, "key_malformed", "公钥不对。")
    digest = hashlib.sha256(json.dumps([style, pem]).encode())
    name = str(int(digest.hexdigest()[:16], 16)) if style == "unionpay" else digest.hexdigest()[:40]
    world.store.run(
        "INSERT OR REPLACE INTO channel_client (style, serial, pem, secret, made_at)"
        " VALUES (?, ?, ?, ?, ?)",
        style, name.upper(), pem, secret, clock.now(),
    )  # fmt: skip
    return name.upper()


def _clients(world: World, style: str) -> list[dict[str, Any]]:
    return world.store.rows(
        "SELECT * FROM channel_client WHERE style = ? ORDER BY made_at DESC LIMIT ?",
        style, TRIED_MAX,
    )  # fmt: skip


def _holds(pem: str, signature: str, text: bytes) -> bool:
    key = serialization.load_pem_public_key(pem.encode())
    assert isinstance(key, rsa.RSAPublicKey), "only RSA keys are taken"
    try:
        given = base64.b64decode(signature, validate=True)
        key.verify(given, text, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _row(world: World, name: str) -> dict[str, Any]:
    with world.store.transaction():
        found = world.store.row("SELECT * FROM channel_key WHERE name = ?", name)
        if found is None:
            key = rsa.generate_private_key(65537, KEY_BITS)
            pem = key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ).decode()
            world.store.run(
                "INSERT INTO channel_key (name, pem, cert) VALUES (?, ?, ?)",
                name, pem, _certificate(world, name, key),
            )  # fmt: skip
            found = world.store.row("SELECT * FROM channel_key WHERE name = ?", name)
    assert found is not None, "a key that was just made"
    return found


def _certificate(world: World, name: str, key: rsa.RSAPrivateKey) -> str:
    if name not in ("unionpay", "unionpay_root"):
        return ""
    root = name == "unionpay_root"
    subject = _named("沙盒银联根证书" if root else HOLDER)
    signer = key if root else private(world, "unionpay_root")
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(_named("沙盒银联根证书"))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2049, 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=root, path_length=None), critical=True)
        .sign(signer, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


def _named(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


@cache
def _loaded(pem: str) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("not an RSA key")
    return key
