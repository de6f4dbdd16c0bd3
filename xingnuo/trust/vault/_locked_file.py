"""A secret in a file that a passphrase opens: Argon2id, then AES-256-GCM, readable by its owner."""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

# OWASP's first choice for Argon2id; about 35 ms, once in a process's life.
_COST = {"iterations": 2, "lanes": 1, "memory_kib": 19 * 1024}
# Bounds on what a file may ask for, so that a planted file cannot exhaust the machine.
_COST_MAX = {"iterations": 10, "lanes": 8, "memory_kib": 256 * 1024}


class WrongPassphrase(Exception):
    """The passphrase does not open the file, or the file was changed."""


def write(path: Path, secret: bytes, *, passphrase: str, label: str) -> bool:
    """Write a locked file once; False when one is there already, which then stands."""
    salt, nonce = os.urandom(16), os.urandom(12)
    key = _derive(passphrase, salt, _COST)
    text = json.dumps(
        {
            "format": 1,
            "label": label,
            "cost": _COST,
            "salt": base64.b64encode(salt).decode(),
            "sealed": base64.b64encode(
                nonce + AESGCM(key).encrypt(nonce, secret, label.encode())
            ).decode(),
        }
    )
    return write_once(path, text.encode())


def read(path: Path, *, passphrase: str, label: str) -> bytes:
    """Open a locked file; raises WrongPassphrase, or FileNotFoundError."""
    text = path.read_bytes()
    try:
        told = json.loads(text)
        cost = {name: int(told["cost"][name]) for name in _COST}
        salt, sealed = base64.b64decode(told["salt"]), base64.b64decode(told["sealed"])
        if told["format"] != 1 or any(cost[name] > most for name, most in _COST_MAX.items()):
            raise WrongPassphrase
        key = _derive(passphrase, salt, cost)
        return AESGCM(key).decrypt(sealed[:12], sealed[12:], label.encode())
    except (InvalidTag, ValueError, KeyError, TypeError):
        raise WrongPassphrase from None


def label_of(path: Path) -> str:
    """Give the label of a locked file without opening it."""
    try:
        return str(json.loads(path.read_bytes())["label"])
    except (ValueError, KeyError, TypeError):
        raise WrongPassphrase from None


def write_once(path: Path, content: bytes, *, mode: int = 0o600) -> bool:
    """Write a whole file unless one is there; two writers at once leave one whole file."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(half, path)
    except FileExistsError:
        return False
    finally:
        half.unlink()
    return True


def passphrase_beside(path: Path) -> str:
    """Give the passphrase kept in a file of its own, made on first use (development alone)."""
    if not path.exists():
        write_once(path, secrets.token_urlsafe(32).encode())
    return path.read_text().strip()


def _derive(passphrase: str, salt: bytes, cost: dict[str, int]) -> bytes:
    return Argon2id(
        salt=salt,
        length=32,
        iterations=cost["iterations"],
        lanes=cost["lanes"],
        memory_cost=cost["memory_kib"],
    ).derive(passphrase.encode())
