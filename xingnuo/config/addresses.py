"""Addresses that follow from others, so that one setting moves them all."""

from __future__ import annotations

from urllib.parse import urlsplit


def console_url(base_url: str, host: str) -> str:
    """Give the console's address: the house's own scheme and port, on the console's host name."""
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{host}:{parts.port}" if parts.port else f"{parts.scheme}://{host}"
