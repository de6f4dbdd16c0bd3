"""Host names of the house: the operators' door has its own, served by the same process."""

from __future__ import annotations

import os
from urllib.parse import urlsplit


def console_host() -> str:
    """Give the console's host name."""
    return os.environ.get("XN_CONSOLE_HOST", "ops.localhost")


def console_url(base_url: str) -> str:
    """Give the console's address: the house's own scheme and port, on the console's host name."""
    parts = urlsplit(base_url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{console_host()}{port}"
