"""What the three conventions share: amounts, times, numbers, sorted pairs, RSA; no network."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from xingnuo.kit.clock import BEIJING

BODY_BYTES_MAX = 64 * 1024
FIELDS_MAX = 100
FEN_MAX = 10**11 - 1
TEXT_CHARS_MAX = 64
FRESH = timedelta(minutes=5)
# The hex of a UUIDv7: fits all three channels, and its time is the order's own.
NUMBER = re.compile(r"[0-9a-f]{12}7[0-9a-f]{19}")
_YUAN = re.compile(r"([0-9]{1,11})(?:\.([0-9]{1,2})0{0,4})?", re.ASCII)
_FEN = re.compile(r"[0-9]{1,12}", re.ASCII)


def is_number(text: str) -> bool:
    """Say whether a text can be an order's or refund's number."""
    return bool(NUMBER.fullmatch(text))


def is_amount(fen: int) -> bool:
    """Say whether an amount can be paid or refunded."""
    return type(fen) is int and 0 < fen <= FEN_MAX


def made_at(number: str) -> datetime:
    """Give the instant that an order's number was made."""
    return datetime.fromtimestamp(int(number[:12], 16) // 1000, UTC)


def yuan(fen: int) -> str:
    """Write fen as yuan with two decimals."""
    return f"{fen // 100}.{fen % 100:02d}"


def fen_of_yuan(text: object) -> int | None:
    """Read yuan as fen; None for anything but digits with at most two decimals that count."""
    found = _YUAN.fullmatch(text) if isinstance(text, str) else None
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else None


def fen_of_digits(text: object) -> int | None:
    """Read fen that are written as digits alone."""
    return int(text) if isinstance(text, str) and _FEN.fullmatch(text) else None


def fen_of_whole(told: object) -> int | None:
    """Read fen that are a JSON number; None for anything but a whole one in range."""
    return told if type(told) is int and 0 <= told <= 10**12 else None


def at_beijing(text: object, shape: str = "%Y-%m-%d %H:%M:%S") -> datetime | None:
    """Read a Beijing time without a zone."""
    try:
        return datetime.strptime(str(text), shape).replace(tzinfo=BEIJING).astimezone(UTC)
    except ValueError:
        return None


def at_zoned(text: object) -> datetime | None:
    """Read a time that names its zone."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None


def is_fresh(at: datetime | None, *, now: datetime, within: timedelta = FRESH) -> bool:
    """Say whether an instant is of now; a time to come is no fresher than one gone."""
    return at is not None and abs(now - at) <= within


def pairs(fields: Mapping[str, str], *, without: Iterable[str]) -> str:
    """Join sorted fields as `k=v&k=v`; empty ones and those named are left out."""
    left = frozenset(without)
    return "&".join(f"{k}={fields[k]}" for k in sorted(fields) if k not in left and fields[k])


def fields_of(body: bytes) -> dict[str, str] | None:
    """Read a form; None for what is none, is too large, or names a field twice."""
    if len(body) > BODY_BYTES_MAX:
        return None
    try:
        told = parse_qsl(
            body.decode(), keep_blank_values=True, strict_parsing=True,
            max_num_fields=FIELDS_MAX, errors="strict",
        )  # fmt: skip
    except ValueError:
        return None
    found = dict(told)
    return found if found and len(found) == len(told) else None


def form(fields: Mapping[str, str]) -> bytes:
    """Write a form."""
    return urlencode(fields).encode()


def object_of(body: str | bytes) -> dict[str, Any] | None:
    """Read a JSON object; None for anything else."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def compact(told: Mapping[str, object]) -> str:
    """Write JSON in one fixed form."""
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sign(key: rsa.RSAPrivateKey, text: bytes) -> str:
    """Sign with SHA-256 and RSA (PKCS #1 v1.5); base64."""
    return base64.b64encode(key.sign(text, padding.PKCS1v15(), hashes.SHA256())).decode()


def holds(key: rsa.RSAPublicKey, signature: str, text: bytes) -> bool:
    """Say whether a base64 signature holds over a text."""
    try:
        given = base64.b64decode(signature, validate=True)
        key.verify(given, text, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def public_key(pem: object) -> rsa.RSAPublicKey | None:
    """Read an RSA public key; None for anything else."""
    try:
        key = serialization.load_pem_public_key(str(pem).encode())
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, rsa.RSAPublicKey) and key.key_size >= 2048 else None


def hex_digest(text: str) -> bytes:
    """Give the SHA-256 of a text, written in hex."""
    return hashlib.sha256(text.encode()).hexdigest().encode()
