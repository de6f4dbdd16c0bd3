"""A stand-in for xingnuo at XN_BASE_URL: takes logout notices, lets sibling apps in, or refuses."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode

WAIT_SECONDS_MAX = 10.0

PROFILE = {
    "sub": "pairwise-0001",
    "items": {"account_id": "1000000001", "phone": "199****0001", "name": "王小明"},
    "transactions": [{"at": "2026-11-01", "kind": "还款", "amount_fen": 173194}],
    "policy_version": "v2",
}


@dataclass(kw_only=True)
class Call:
    """One call that the sandbox made."""

    path: str
    headers: dict[str, str]
    form: dict[str, str] = field(default_factory=dict)


class House:
    """Answers by path: status, body, content type; keeps every call."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.reset()
        house = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                size = int(self.headers.get("Content-Length") or 0)
                form = dict(parse_qsl(self.rfile.read(size).decode()))
                headers = {name.lower(): value for name, value in self.headers.items()}
                path, _, query = self.path.partition("?")
                house.calls.append(Call(path=path, headers=headers, form=form))
                status, told, kind = house.answers.get(path, (404, {}, "application/json"))
                body = json.dumps(told).encode()
                self.send_response(status)
                if path == "/oauth/authorize":
                    asked = dict(parse_qsl(query))
                    back = urlencode({"code": "code-0001", "state": asked["state"]})
                    self.send_header("Location", f"{asked['redirect_uri']}?{back}")
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = answer

            def log_message(self, format: str, *args: Any) -> None:
                """Keep the test's output clean."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        self.url = f"http://localhost:{self._server.server_port}"

    def reset(self) -> None:
        """Answer as a house where all is well."""
        self.calls.clear()
        self.answers: dict[str, tuple[int, Any, str]] = {}
        for path in ("/", "/favicon.ico", "/auth/callback"):
            self.say(path, 200, {})
        self.say("/hooks/account/logout", 200, {})
        self.say("/oauth/authorize", 303, {})
        token = {"access_token": "access-0001", "token_type": "Bearer", "expires_in": 600}
        self.say("/oauth/token", 200, token)
        self.say("/api/v1/sync/profile", 200, PROFILE)

    def say(self, path: str, status: int, told: Any, kind: str = "application/json") -> None:
        """Set the answer of a path."""
        self.answers[path] = (status, told, kind)

    def notices(self, count: int) -> list[str]:
        """Wait for so many logout tokens and give them in the order they came."""
        end = time.monotonic() + WAIT_SECONDS_MAX
        while time.monotonic() < end and len(self._tokens()) < count:
            time.sleep(0.02)
        return self._tokens()

    def stop(self) -> None:
        """End the stand-in."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _tokens(self) -> list[str]:
        return [call.form["logout_token"] for call in self.calls if "logout_token" in call.form]
