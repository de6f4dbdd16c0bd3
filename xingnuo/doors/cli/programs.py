"""The programs of the house, how each is started, and how to ask whether one answers."""

from __future__ import annotations

import http.client
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from xingnuo.kit import ids

WEB_THREADS = 4
# Below the range from which systems lend ports to outgoing connections.
SCRATCH_PORTS = range(21000, 32000)


@dataclass(frozen=True)
class Program:
    """A program to keep running: its name, command line and how long its farewell may take."""

    name: str
    argv: Sequence[str]
    stop_seconds: float = 10


def sandbox(data_dir: Path, port: int) -> Program:
    """The outside world to develop and test against."""
    store = str(data_dir / "sandbox")
    argv = [sys.executable, "-m", "sandbox", "--port", str(port), "--data", store]
    return Program("sandbox", argv, stop_seconds=5)


def worker() -> Program:
    """The job worker."""
    return Program("worker", [sys.executable, "-m", "xingnuo.doors.worker"], stop_seconds=20)


def documents() -> Program:
    """The worker that reads document photos and does nothing else."""
    argv = [sys.executable, "-m", "xingnuo.doors.worker", "documents"]
    return Program("documents", argv, stop_seconds=20)


def reads_documents() -> bool:
    """Tell whether the optional reader is installed; without it people type by hand."""
    return all(find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


def web(port: int) -> Program:
    """The web server on loopback.

    Static files come from the application: the server's own way cannot send them compressed.
    """
    argv = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
        "--port", str(port), "--workers", "1", "--blocking-threads", str(WEB_THREADS),
        "--respawn-failed-workers", "--respawn-interval", "1", "--workers-kill-timeout", "5",
        "--no-ws", "--log-level", "warning", "xingnuo.config.wsgi:application",
    ]  # fmt: skip
    return Program("web", argv, stop_seconds=8)


def prepare() -> Program:
    """The preparation of databases and static files; it ends by itself."""
    return Program("prepare", [sys.executable, "-m", "xingnuo.doors.cli.database"])


def answers(port: int, path: str = "/") -> bool:
    """Tell whether a page comes back from a port of this machine without a server error."""
    return 0 < status_of(port, path) < http.HTTPStatus.INTERNAL_SERVER_ERROR


def status_of(port: int, path: str = "/") -> int:
    """Give the HTTP status of a page on a port of this machine, 0 when nothing comes back."""
    connection = http.client.HTTPConnection("localhost", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def is_taken(port: int) -> bool:
    """Tell whether something listens on a port of this machine.

    Asked by connecting, since a server may share a port and would start without an error.
    """
    connection = http.client.HTTPConnection("localhost", port, timeout=2)
    try:
        connection.connect()
    except TimeoutError:
        return True
    except OSError:
        return False
    finally:
        connection.close()
    return True


def free_port() -> int:
    """Give a port that nothing listens on now, for scratch processes."""
    while True:
        port = SCRATCH_PORTS[int.from_bytes(ids.random_bytes(4)) % len(SCRATCH_PORTS)]
        if not is_taken(port):
            return port
