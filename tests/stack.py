"""The real processes a browser or HTTP test talks to: sandbox, web and, on request, the worker."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from xingnuo.kit import child

REPO = Path(__file__).resolve().parents[1]
ANSWER_SECONDS_MAX = 60


class Stack:
    """The sandbox and the web process over one worker's database, and the worker if asked for."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.base_url = os.environ["XN_BASE_URL"]
        self.sandbox_url = os.environ["XN_SANDBOX_URL"]
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Start sandbox and web, and wait until both answer."""
        port = os.environ["XN_SANDBOX_PORT"]
        store = str(self.data_dir / "sandbox")
        self._run("sandbox", "-m", "sandbox", "--port", port, "--data", store)
        self._run(
            "web", "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
            "--port", os.environ["XN_PORT"], "--workers", "1", "--blocking-threads", "4",
            "--no-ws", "xingnuo.config.wsgi:application",
        )  # fmt: skip
        self._wait("sandbox", self.sandbox_url)
        self._wait("web", self.base_url)

    def start_worker(self) -> None:
        """Start the job worker, once."""
        if "worker" not in self._children:
            self._run("worker", "-m", "xingnuo.doors.worker")

    def stop(self) -> None:
        """End every process that was started, web first."""
        for name in ("web", "worker", "sandbox"):
            process = self._children.pop(name, None)
            if process is not None:
                child.end(process, ask=signal.SIGTERM, seconds=10)

    def log(self, name: str) -> str:
        """Give what a process has said so far."""
        file = self.data_dir / "logs" / f"{name}.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def _run(self, name: str, *arguments: str) -> None:
        log = self.data_dir / "logs" / f"{name}.log"
        self._children[name] = child.start([sys.executable, *arguments], log=log, cwd=REPO)

    def _wait(self, name: str, url: str) -> None:
        deadline = time.monotonic() + ANSWER_SECONDS_MAX
        while time.monotonic() < deadline and not child.ended(self._children[name]):
            if _answers(url):
                return
            time.sleep(0.05)
        raise RuntimeError(f"{name} does not answer:\n{self.log(name)[-4000:]}")


def _answers(url: str) -> bool:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=10)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()
