"""Who we are to each channel, and the keys on both sides.

Ours are files under `<data>/secrets/channel`. What a channel tells its merchants (its own keys,
our ids there) is `channels.json` in the same place; in development, where the channels are the
sandbox, it is fetched there at first use, as a merchant's portal would give it.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

from xingnuo.kit import ids
from xingnuo.kit.errors import Unavailable
from xingnuo.partners._line import Line
from xingnuo.partners._signing import text
from xingnuo.partners.channel import wire
from xingnuo.partners.channel.contracts import Style

LINE = Line("channel")
ENROL_PATH = "/channel/enrol"
KEY_BITS = 2048
SECRET_BYTES = 32
RENEW_SECONDS = 2.0
CHAIN_MAX = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Alipay:
    """Our application and our seller's account, with the keys of both sides."""

    app_id: str
    seller_id: str
    own: rsa.RSAPrivateKey
    theirs: rsa.RSAPublicKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Wechat:
    """Our merchant, its certificate's serial, the platform's keys by serial, the APIv3 key."""

    mchid: str
    appid: str
    serial: str
    own: rsa.RSAPrivateKey
    theirs: Mapping[str, rsa.RSAPublicKey]
    secret: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Unionpay:
    """Our merchant, the authorities that may vouch for the gateway, and what we encrypt with."""

    mer_id: str
    cert_id: str
    own: rsa.RSAPrivateKey
    roots: tuple[x509.Certificate, ...]
    sealing: rsa.RSAPublicKey
    sealing_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """Everything that is signed with and believed by."""

    alipay: Alipay
    wechat: Wechat
    unionpay: Unionpay
    made: float


class NotEnrolled(Unavailable):
    """The sandbox, where keys are exchanged in development, does not answer."""


_lock = threading.Lock()
_rings: dict[tuple[str, str], Ring] = {}


def ring() -> Ring:
    """Give the keys; raises `Unavailable` where they cannot be had."""
    base, folder = LINE.base(), _folder()
    with _lock:
        found = _rings.get((base, str(folder)))
        if found is None:
            found = _rings[(base, str(folder))] = _make(folder)
        return found


def renew() -> None:
    """Forget what is known of the channels' keys, so that changed ones are fetched; not often."""
    with _lock:
        now = time.monotonic()
        for name in [name for name, one in _rings.items() if now - one.made > RENEW_SECONDS]:
            del _rings[name]


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "secrets" / "channel"


def _make(folder: Path) -> Ring:
    own = {style: _own(folder / f"{style.value}.pem") for style in Style}
    secret = _secret(folder / "wechat.v3key")
    told = _told(folder, own, secret)
    try:
        return _read(told, own, secret)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Unavailable("channel") from None


def _told(folder: Path, own: Mapping[Style, rsa.RSAPrivateKey], secret: bytes) -> Mapping[str, Any]:
    if settings.ENV == "production":
        try:
            found = wire.object_of((folder / "channels.json").read_bytes())
        except FileNotFoundError:
            found = None
        if found is None:
            raise Unavailable("channel")
        return found
    asked: dict[str, object] = {style.value: _public(key) for style, key in own.items()}
    told = LINE.post(ENROL_PATH, {**asked, "v3_key": secret.decode()})
    if not told.signed or told.status != 200:
        raise NotEnrolled("channel")
    return told.fields


def _read(told: Mapping[str, Any], own: Mapping[Style, rsa.RSAPrivateKey], secret: bytes) -> Ring:
    alipay, wechat, unionpay = (told[style.value] for style in Style)
    platform = {str(serial): _theirs(pem) for serial, pem in wechat["platform"].items()}
    roots = x509.load_pem_x509_certificates(str(unionpay["roots"]).encode())
    if len(roots) > CHAIN_MAX or not platform:
        raise ValueError("roots")
    return Ring(
        alipay=Alipay(
            app_id=_name(alipay, "app_id"), seller_id=_name(alipay, "seller_id"),
            own=own[Style.ALIPAY], theirs=_theirs(alipay["public_key"]),
        ),
        wechat=Wechat(
            mchid=_name(wechat, "mchid"), appid=_name(wechat, "appid"),
            serial=_name(wechat, "serial"), own=own[Style.WECHAT], theirs=platform, secret=secret,
        ),
        unionpay=Unionpay(
            mer_id=_name(unionpay, "mer_id"), cert_id=_name(unionpay, "cert_id"),
            own=own[Style.UNIONPAY], roots=tuple(roots), sealing=_theirs(unionpay["sealing"]),
            sealing_id=_name(unionpay, "sealing_id"),
        ),
        made=time.monotonic(),
    )  # fmt: skip


def _name(told: Mapping[str, Any], name: str) -> str:
    found = text(told, name)
    if not found:
        raise ValueError(name)
    return found


def _theirs(pem: object) -> rsa.RSAPublicKey:
    key = wire.public_key(pem)
    if key is None:
        raise ValueError("key")
    return key


def _public(key: rsa.RSAPrivateKey) -> str:
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def _own(path: Path) -> rsa.RSAPrivateKey:
    def make() -> bytes:
        return rsa.generate_private_key(65537, KEY_BITS).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    key = serialization.load_pem_private_key(_read_or_make(path, make), None)
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < KEY_BITS:
        raise Unavailable("channel")
    return key


def _secret(path: Path) -> bytes:
    # 32 characters of text, as the merchant's portal takes them.
    return _read_or_make(path, lambda: ids.token(256)[:SECRET_BYTES].encode())


def _read_or_make(path: Path, make: Any) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        if settings.ENV == "production":
            raise Unavailable("channel") from None
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = path.with_name(f".{path.name}.{ids.token(128)}")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(make())
    try:
        # Whole or not at all, and never in place of another process's key.
        os.link(half, path)
    except FileExistsError:
        pass
    finally:
        half.unlink()
    return path.read_bytes()
