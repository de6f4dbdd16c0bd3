"""Backups at rest: dumps sealed as they stream, named by kind and instant, removed in time.

`XNB1 | length(4) | head | (length(4) | sealed chunk)…`. Each backup has a key of its own, wrapped
by the key provider in the head; each chunk is bound to the head, its number and whether it is the
last, so a backup that was cut, mixed or changed is refused before anything is restored from it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from xingnuo.kit import clock
from xingnuo.trust.vault import _cipher, _keyring
from xingnuo.trust.vault.contracts import BackupUnfit, Unreadable
from xingnuo.trust.vault.policy import BACKUP_DATA_DAYS, BACKUP_KEYS_DAYS

DAYS = {"data": BACKUP_DATA_DAYS, "keys": BACKUP_KEYS_DAYS}
_MAGIC = b"XNB1"
_CHUNK_BYTES = 1024 * 1024
_HEAD_BYTES_MAX = 4096
_STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A sealed backup file: what it holds and when it was made."""

    path: Path
    kind: str
    made_at: datetime

    @property
    def expires_at(self) -> datetime:
        """The instant from which it may not be kept any more."""
        return self.made_at + timedelta(days=DAYS[self.kind])


def keep(folder: Path, kind: str, dump: BinaryIO) -> Backup:
    """Seal a dump into the folder as it streams; a half-written file never bears the name."""
    made_at = clock.now().astimezone(UTC).replace(microsecond=0)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{kind}-{made_at:{_STAMP}}.xnb"
    half = path.with_suffix(".part")
    key = _cipher.new_key()
    context = _context(kind, made_at)
    head = json.dumps(
        {
            "format": 1,
            "kind": kind,
            "made_at": made_at.isoformat(),
            "wrapped": _keyring.root().wrap(key, context).hex(),
        },
        sort_keys=True,
    ).encode()
    try:
        handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(_MAGIC + len(head).to_bytes(4) + head)
            for sealed in _seal(AESGCM(key), head, dump):
                file.write(len(sealed).to_bytes(4) + sealed)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
    return Backup(path=path, kind=kind, made_at=made_at)


def unseal(path: Path, kind: str, out: BinaryIO) -> datetime:
    """Write a backup's dump in the clear to `out`; gives when it was made.

    Raises BackupUnfit for one that is changed, cut short, of another kind or another house.
    """
    with path.open("rb") as file:
        try:
            head = _head(file)
            told = json.loads(head)
            made_at = datetime.fromisoformat(told["made_at"])
            if told["format"] != 1 or told["kind"] != kind:
                raise BackupUnfit("kind")
            key = _keyring.root().unwrap(bytes.fromhex(told["wrapped"]), _context(kind, made_at))
            for plain in _open(AESGCM(key), head, file):
                out.write(plain)
        except (InvalidTag, ValueError, KeyError, TypeError, Unreadable):
            raise BackupUnfit from None
    out.flush()
    return made_at


def present(folder: Path) -> list[Backup]:
    """Give the backups in a folder, newest first; the name tells, the head is checked on use."""
    found = []
    for path in folder.glob("*.xnb") if folder.is_dir() else ():
        kind, _, stamp = path.stem.partition("-")
        try:
            made_at = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
        except ValueError:
            continue
        if kind in DAYS:
            found.append(Backup(path=path, kind=kind, made_at=made_at))
    return sorted(found, key=lambda backup: backup.made_at, reverse=True)


def expire(folder: Path) -> list[Backup]:
    """Remove the backups past their days: keys after 7, data after 30; gives which."""
    old = [backup for backup in present(folder) if clock.now() >= backup.expires_at]
    for backup in old:
        backup.path.unlink(missing_ok=True)
    return old


def _context(kind: str, made_at: datetime) -> bytes:
    return _cipher.bound("backup key", kind, made_at.isoformat())


def _seal(cipher: AESGCM, head: bytes, dump: BinaryIO) -> Iterator[bytes]:
    number, chunk = 0, dump.read(_CHUNK_BYTES)
    while True:
        following = dump.read(_CHUNK_BYTES) if chunk else b""
        last = b"\x00" if following else b"\x01"
        # The key is new for each backup, so its counter is a nonce that never repeats.
        yield cipher.encrypt(number.to_bytes(12), chunk, head + last)
        if not following:
            return
        number, chunk = number + 1, following


def _open(cipher: AESGCM, head: bytes, file: BinaryIO) -> Iterator[bytes]:
    number, sealed = 0, _chunk(file)
    while True:
        following = _chunk(file)
        last = b"\x00" if following else b"\x01"
        yield cipher.decrypt(number.to_bytes(12), sealed, head + last)
        if not following:
            return
        number, sealed = number + 1, following


def _head(file: BinaryIO) -> bytes:
    if file.read(len(_MAGIC)) != _MAGIC:
        raise BackupUnfit("magic")
    length = int.from_bytes(file.read(4))
    if length > _HEAD_BYTES_MAX:
        raise BackupUnfit("head")
    return file.read(length)


def _chunk(file: BinaryIO) -> bytes:
    length = file.read(4)
    if not length:
        return b""
    wanted = int.from_bytes(length)
    sealed = file.read(wanted) if wanted <= _CHUNK_BYTES + _cipher.TAG_BYTES else b""
    if not sealed or len(sealed) != wanted:
        raise BackupUnfit("chunk")
    return sealed
