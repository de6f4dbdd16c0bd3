"""The outside world for the clients' tests: a sandbox, a place it calls back to, ready parcels."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Any

import httpx

from tests.cast import document_number, phone
from tests.sandbox.outside import PLAIN, Process, get, post
from xingnuo.kit import ids
from xingnuo.trust.sharing._release import Release
from xingnuo.trust.sharing.contracts import Parcel

WAIT_SECONDS_MAX = 10.0


@dataclass(frozen=True, slots=True)
class Call:
    """One call that came back: where to, with which headers and body."""

    path: str
    headers: dict[str, str]
    body: bytes


class Hooks:
    """Takes what the sandbox tells xingnuo, and answers as told."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        # What is said at a path; Alipay's channel believes no status, only its word.
        self.answers: dict[str, tuple[int, bytes]] = {}
        hooks = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                """Keep the call."""
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                hooks.calls.append(Call(self.path, dict(self.headers.items()), body))
                said = (200, b"success") if self.path.endswith("/alipay/notify") else (204, b"")
                status, word = hooks.answers.get(self.path, said)
                self.send_response(status)
                self.send_header("Content-Length", str(len(word)))
                self.end_headers()
                self.wfile.write(word)

            def log_message(self, format: str, *args: Any) -> None:
                """Keep the test's output clean."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        self.url = f"http://localhost:{self._server.server_port}"

    def wait(self, text: str, count: int = 1) -> list[Call]:
        """Wait for so many calls whose body holds a text."""
        end = time.monotonic() + WAIT_SECONDS_MAX
        while time.monotonic() < end and len(self.about(text)) < count:
            time.sleep(0.02)
        return self.about(text)

    def until(self, seen: Callable[[], bool]) -> None:
        """Wait until something is seen, or the time is over."""
        end = time.monotonic() + WAIT_SECONDS_MAX
        while time.monotonic() < end and not seen():
            time.sleep(0.02)

    def about(self, text: str) -> list[Call]:
        """Give the calls whose body holds a text, in the order they came."""
        return [call for call in self.calls if text.encode() in call.body]

    def stop(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@dataclass(frozen=True, slots=True)
class Somebody:
    """A fresh person of the outside world with a card."""

    name: str
    number: str
    phone: str
    card: str

    @property
    def values(self) -> dict[str, str]:
        """Give what a person's parcels can hold."""
        return {
            "name": self.name,
            "document_number": self.number,
            "phone": self.phone,
            "card_number": self.card,
            "card_reserved_phone": self.phone,
        }


def somebody(sandbox: Process, *, card_state: str = "normal", **more: Any) -> Somebody:
    """Register a fresh person and a card of theirs."""
    number, own = document_number(), phone()
    told = {"number": number, "name": "测试人", "phone": own, **more}
    post(sandbox, "/authority/test/people", told, status=201)
    asked = {"document_number": number, "state": card_state}
    made = post(sandbox, "/bank/test/cards", asked, status=201)
    return Somebody(told["name"], number, own, made["card_number"])


def parcel(recipient: str, values: dict[str, str], files: dict[str, bytes] | None = None) -> Parcel:
    """Give a parcel as the sharing room gives it after its commit."""
    seal = Release()
    seal.let_go()
    return Parcel(
        id=ids.uuid7(),
        recipient=recipient,
        purpose="a.test",
        subject_id=ids.uuid7(),
        items=tuple(sorted((*values, *(files or {})))),
        values=MappingProxyType(values),
        files=MappingProxyType(files or {}),
        seal=seal,
    )


def card(who: Somebody, recipient: str) -> Parcel:
    """Give the parcel that a channel takes a person's card from."""
    return parcel(recipient, {k: v for k, v in who.values.items() if k != "phone"})


def key() -> str:
    """Give a fresh key."""
    return str(ids.uuid7())


def cases(sandbox: Process, service: str, name: str) -> list[dict[str, Any]]:
    """Give what the books of a service hold under a key."""
    held = get(sandbox, f"/books/{service}.json")["cases"]
    return [case for case in held if case["key"] == name]


def code(sandbox: Process, number: str) -> str:
    """Give the newest code that a phone received."""
    text = get(sandbox, f"/sms/inbox.json?phone={number}")["messages"][0]["text"]
    return str(text).split("验证码 ")[1][:6]


def picture(sandbox: Process, name: str) -> bytes:
    """Give a sample picture."""
    answer = httpx.get(f"{sandbox.url}/face/samples/{name}.png", **PLAIN)
    assert answer.status_code == 200
    return answer.content


def call_headers(
    partner: str, path: str, body: bytes, *, secret: str = "", stamp: int | None = None
) -> dict[str, str]:
    """Sign a call as the partner does, written apart from the code under test."""
    at, nonce = str(int(time.time()) if stamp is None else stamp), secrets.token_hex(16)
    lines = ("v1", "POST", path, at, nonce, hashlib.sha256(body).hexdigest())
    right = hmac.new(
        (secret or f"dev-{partner}-secret").encode(), "\n".join(lines).encode(), hashlib.sha256
    )
    return {
        "X-Key-Id": partner,
        "X-Timestamp": at,
        "X-Nonce": nonce,
        "X-Signature": right.hexdigest(),
    }
