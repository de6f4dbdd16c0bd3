"""Keyed digests of this room: counter codes and marks of photos, useless without the key."""

from __future__ import annotations

import hmac
from functools import cache

from django.conf import settings

from xingnuo.kit.db.place import secret_file

_KEY_FILE = "identity.key"


@cache
def _key(use: str) -> bytes:
    root = secret_file(settings.DATA_DIR, _KEY_FILE).encode()
    return hmac.digest(root, f"xingnuo.identity.{use}".encode(), "sha256")


def keyed(use: str, *parts: object) -> str:
    """Give the digest of parts under the key of one use; uses share nothing."""
    text = "\0".join(str(part) for part in parts)
    return hmac.digest(_key(use), text.encode(), "sha256").hex()
