"""Secrets that live beside the data: read, or made once with owner-only rights."""

from __future__ import annotations

import os
from pathlib import Path

from xingnuo.kit import ids


def read_or_make(data_dir: Path, name: str) -> str:
    """Give the secret in `<data>/secrets/<name>`, made on first use, for its owner alone."""
    path = data_dir / "secrets" / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        secret = ids.token(512)
        file.write(secret)
    return secret
