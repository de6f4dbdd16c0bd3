"""The sandbox as a process of its own, and short ways to it for tests."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from xingnuo.doors.cli import programs
from xingnuo.kit import child

ANSWER_SECONDS_MAX = 60
SIGNED = (
    "AUTHORITY",
    "TELECOM",
    "BANK",
    "FACE",
    "CREDIT_BUREAU",
    "EMAIL",
    "REGULATOR",
    "CHANNEL",
    "UTILITY",
)


class Partners:
    """Short ways to a running sandbox."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.port = int(str(urlsplit(url).port))

    def ask(self, method: str, path: str, told: Mapping[str, Any] | None = None) -> Any:
        """Ask the sandbox for JSON."""
        connection = http.client.HTTPConnection("localhost", self.port, timeout=30)
        body = None if told is None else json.dumps(told)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            raw = answer.read()
            assert answer.status < 400, (answer.status, raw[:500])
            return json.loads(raw)
        finally:
            connection.close()

    def make_account(self, **told: str) -> dict[str, str]:
        """Make an account at the provider: sub, phone, nickname, password."""
        made: dict[str, str] = self.ask("POST", "/account/test/accounts", told)
        return made

    def sign_in(self, url: str, sub: str, *, decision: str = "agree") -> dict[str, str]:
        """Answer an authorization address as that person; gives what comes back to us."""
        asked = {"url": url, "sub": sub, "decision": decision}
        to = self.ask("POST", "/account/test/sign-in", asked)["redirect_to"]
        return dict(parse_qsl(urlsplit(to).query))

    def script(self, service: str, operation: str, *faults: str, match: str = "") -> None:
        """Say what goes wrong at the next requests."""
        told = {"service": service, "operation": operation, "script": list(faults), "match": match}
        self.ask("POST", "/faults", told)

    def cause(self, event: str, sub: str) -> None:
        """Cause an event at the provider."""
        self.ask("POST", "/account/test/events", {"event": event, "sub": sub})

    def rotate(self, *, retire_old: bool = False) -> None:
        """Let the provider sign with a new key."""
        self.ask("POST", "/account/test/keys", {"retire_old": retire_old})

    def inbox(self, phone: str) -> list[dict[str, Any]]:
        """Give what a phone received."""
        found: list[dict[str, Any]] = self.ask("GET", f"/sms/inbox.json?phone={phone}")["messages"]
        return found

    def books(self, service: str) -> dict[str, Any]:
        """Give everything that a service holds."""
        found: dict[str, Any] = self.ask("GET", f"/books/{service}.json")
        return found


class Outside(Partners):
    """One sandbox on a port of its own; `variables` lead xingnuo's clients to it."""

    def __init__(self, data_dir: Path) -> None:
        super().__init__(f"http://localhost:{programs.free_port()}")
        self.variables = {
            "XN_ACCOUNT_ISSUER": f"{self.url}/account",
            "XN_SMS_URL": self.url,
            "XN_SIBLINGS_URL": self.url,
            **{f"XN_{name}_URL": self.url for name in SIGNED},
            "XN_PUSH_URL": self.url,
            "XN_SIBLING_REDIRECT_SUIXINGJIE": f"{self.url}/suixingjie/callback",
            "XN_SIBLING_REDIRECT_XINGNUO_WALLET": f"{self.url}/xingnuo_wallet/callback",
        }
        # A place of its own: folders of tests that use one at the same time each start theirs.
        name = f"outside-{self.port}"
        self._log = data_dir / "logs" / f"{name}.log"
        self._data = data_dir / name
        self.store = self._data / "sandbox.sqlite3"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Outside:
        """Start the process and wait until it answers."""
        argv = [sys.executable, "-m", "sandbox", "--port", str(self.port)]
        env = {**os.environ, "XN_SANDBOX_URL": self.url, "XN_SANDBOX_PORT": str(self.port)}
        process = child.start([*argv, "--data", str(self._data)], log=self._log, env=env)
        self._process = process
        deadline = time.monotonic() + ANSWER_SECONDS_MAX
        while not programs.answers(self.port, "/health"):
            if child.ended(process) or time.monotonic() > deadline:
                raise RuntimeError(f"the sandbox does not answer:\n{self._log.read_text()[-3000:]}")
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        if self._process is not None:
            child.end(self._process, ask=signal.SIGTERM, seconds=5)
