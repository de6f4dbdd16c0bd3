"""Key providers: the root key in a file under a passphrase, or in a process of its own."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from xingnuo.trust.vault import _cipher, _locked_file
from xingnuo.trust.vault.contracts import KeyProvider, KeysClosed, Unreadable

LABEL = "xingnuo root key 1"
PASSPHRASE = "XN_KEYS_PASSPHRASE"  # noqa: S105 - the name of a variable
CHOICE = "XN_KEY_PROVIDER"
_LINE_BYTES_MAX = 64 * 1024

_chosen: dict[Path, KeyProvider] = {}
_choosing = threading.Lock()


class FileProvider:
    """The root key in `<data>/secrets/root.key`, in the memory of this process."""

    name = "file.1"

    def __init__(self, data_dir: Path) -> None:
        self._root = AESGCM(_open_root(data_dir / "secrets"))

    def wrap(self, key: bytes, context: bytes) -> bytes:
        """Wrap a key under the root key."""
        return _cipher.wrap(key, self._root, context)

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """Unwrap a key; a changed or foreign one is refused."""
        return _cipher.unwrap(wrapped, self._root, context)


class KeeperProvider:
    """The root key in another process, asked over a pipe: what an HSM or KMS looks like from here.

    This process never holds the root key, so a dump of its memory does not either.
    """

    name = "keeper.1"

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._talk = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def wrap(self, key: bytes, context: bytes) -> bytes:
        """Have a key wrapped by the keeper."""
        return self._ask("wrap", key, context)

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """Have a key unwrapped by the keeper; a changed or foreign one is refused."""
        return self._ask("unwrap", wrapped, context)

    def close(self) -> None:
        """End the keeper."""
        with self._talk:
            self._end()

    def _ask(self, verb: str, text: bytes, context: bytes) -> bytes:
        question = {
            "do": verb,
            "text": base64.b64encode(text).decode(),
            "context": base64.b64encode(context).decode(),
        }
        with self._talk:
            keeper = self._keeper()
            assert keeper.stdin is not None and keeper.stdout is not None
            try:
                keeper.stdin.write(json.dumps(question).encode() + b"\n")
                keeper.stdin.flush()
                line = keeper.stdout.readline(_LINE_BYTES_MAX)
            except OSError:
                line = b""
        answer: dict[str, Any] = json.loads(line) if line else {"error": "closed"}
        if "error" in answer:
            raise (
                Unreadable("wrapped key")
                if answer["error"] == "unreadable"
                else KeysClosed("keeper")
            )
        return base64.b64decode(answer["text"])

    def _keeper(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            # It ends by itself when this process, and with it the pipe, ends.
            self._process = subprocess.Popen(
                [sys.executable, "-m", "xingnuo.trust.vault._keeper", str(self._data_dir)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,
            )
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        for pipe in (process.stdin, process.stdout) if process else ():
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr]
        if process:
            process.wait(timeout=10)


def provider(data_dir: Path) -> KeyProvider:
    """Give this process's key provider: `XN_KEY_PROVIDER` is `file` (default) or `keeper`."""
    with _choosing:
        if data_dir not in _chosen:
            choice = os.environ.get(CHOICE, "file")
            kinds: dict[str, type[FileProvider | KeeperProvider]] = {
                "file": FileProvider,
                "keeper": KeeperProvider,
            }
            if choice not in kinds:
                raise KeysClosed(CHOICE)
            _chosen[data_dir] = kinds[choice](data_dir)
        return _chosen[data_dir]


def _open_root(secrets: Path) -> bytes:
    """Open the root key; it is made on first use, and never a second time over keys that exist."""
    path = secrets / "root.key"
    passphrase = os.environ.get(PASSPHRASE, "")
    if not passphrase:
        if os.environ.get("XN_ENV") == "production":
            raise KeysClosed(PASSPHRASE, remedy=f"生产环境必须用 {PASSPHRASE} 给出口令。")
        passphrase = _locked_file.passphrase_beside(secrets / "root.passphrase")
    if not path.exists():
        _locked_file.write(path, _cipher.new_key(), passphrase=passphrase, label=LABEL)
    try:
        return _locked_file.read(path, passphrase=passphrase, label=LABEL)
    except _locked_file.WrongPassphrase:
        raise KeysClosed("root key", remedy=f"请核对 {PASSPHRASE} 与 secrets/root.key。") from None
