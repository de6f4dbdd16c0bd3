"""Keyed digests: what a room keeps of a secret, useless to whoever holds the table alone.

Each room has a key file of its own in the data directory; each use has a key derived from it, so
that rooms and uses share nothing.
"""

from __future__ import annotations

import hmac
from functools import cache

from django.conf import settings

from xingnuo.kit.db.place import secret_file


@cache
def _key(room: str, use: str) -> bytes:
    root = secret_file(settings.DATA_DIR, f"{room}.key").encode()
    return hmac.digest(root, f"xingnuo.{room}.{use}".encode(), "sha256")


class Keyed:
    """One room's keyed digests; called with a use and parts, gives HMAC-SHA256 in hex."""

    def __init__(self, room: str) -> None:
        self._room = room

    def __call__(self, use: str, *parts: object) -> str:
        """Give the digest of parts under the key of one use."""
        text = "\0".join(str(part) for part in parts)
        return hmac.digest(self.key(use), text.encode("utf-8", "replace"), "sha256").hex()

    def key(self, use: str) -> bytes:
        """Give the key of one use, for a digest of another shape."""
        return _key(self._room, use)
