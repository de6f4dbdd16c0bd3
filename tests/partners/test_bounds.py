"""A partner that misbehaves on the wire costs bounded time and memory, and is not believed."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from xingnuo.kit.errors import Unavailable
from xingnuo.partners.account_provider import client
from xingnuo.partners.authority import client as authority
from xingnuo.partners.bank import client as bank
from xingnuo.partners.credit_bureau import client as credit_bureau
from xingnuo.partners.email import client as email
from xingnuo.partners.face import client as face
from xingnuo.partners.regulator import client as regulator
from xingnuo.partners.sms import client as sms
from xingnuo.partners.telecom import client as telecom

KEY = "k" * 8
LARGE = b'{"a": "' + b"x" * 200_000 + b'"}'


class Rude(BaseHTTPRequestHandler):
    """Answers by its path: a redirect, too much, drop by drop, or what is no JSON object."""

    def do_GET(self) -> None:
        """Answer rudely."""
        kind = self.path.split("/")[1]
        if kind == "redirect":
            self._head(302, ("Location", "http://localhost:1/elsewhere"))
        elif kind == "drip":
            self._head(200)
            for _ in range(100):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.05)
        else:
            bodies = {"large": LARGE, "list": b"[1]", "text": b"hello", "deep": b"[" * 50_000}
            self._head(500 if kind == "broken" else 200)
            self.wfile.write(bodies.get(kind, b"{}"))

    def _head(self, status: int, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Stay quiet."""
        return


@pytest.fixture(scope="module")
def rude() -> Iterator[str]:
    """Give the address of a rude partner."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Rude)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("kind", ["redirect", "large", "list", "text", "deep", "broken", "drip"])
def test_a_rude_provider_is_unavailable(
    rude: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No redirect is followed, no answer is read without end, and nothing half is believed."""
    monkeypatch.setenv("XN_ACCOUNT_ISSUER", f"{rude}/{kind}")
    monkeypatch.setattr(client, "ANSWER_SECONDS_MAX", 0.5)
    client.forget()
    began = time.monotonic()
    with pytest.raises(Unavailable):
        client.sign_in_url(state="s", nonce="n", verifier="v")
    assert time.monotonic() - began < 5
    client.forget()


SIGNED = {
    "AUTHORITY": lambda: authority.status(KEY).finding,
    "TELECOM": lambda: telecom.status(KEY).finding,
    "BANK": lambda: bank.status(KEY).outcome,
    "FACE": lambda: face.status(KEY).outcome,
    "CREDIT_BUREAU": lambda: credit_bureau.status(KEY).outcome,
    "EMAIL": lambda: email.status(KEY),
    "REGULATOR": lambda: regulator.status(KEY).outcome,
    "SMS": lambda: sms.status(KEY),
}


@pytest.mark.parametrize("partner", SIGNED)
@pytest.mark.parametrize(
    "kind", ["redirect", "large", "list", "text", "deep", "broken", "drip", "empty"]
)
def test_a_rude_partner_is_pending(
    rude: str, kind: str, partner: str, hasty: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On every signed line the same: bounded, and nothing half or unsigned is believed."""
    monkeypatch.setenv(f"XN_{partner}_URL", f"{rude}/{kind}")
    began = time.monotonic()
    assert SIGNED[partner]().value == "pending"
    assert time.monotonic() - began < 3


def test_a_partner_that_is_away_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing listens there."""
    monkeypatch.setenv("XN_ACCOUNT_ISSUER", "http://127.0.0.1:1/account")
    client.forget()
    with pytest.raises(Unavailable):
        client.sign_in_url(state="s", nonce="n", verifier="v")
    with pytest.raises(Unavailable):
        client.logged_out("a.b.c")


def test_no_development_secret_is_used_in_production(
    monkeypatch: pytest.MonkeyPatch, settings
) -> None:  # type: ignore[no-untyped-def]
    """Without a secret of its own, production asks nobody anything."""
    settings.ENV = "production"
    monkeypatch.delenv("XN_ACCOUNT_CLIENT_SECRET", raising=False)
    monkeypatch.delenv("XN_SMS_SECRET", raising=False)
    with pytest.raises(Unavailable):
        client._secret()
    with pytest.raises(Unavailable):
        sms.LINE.secret()
    monkeypatch.setenv("XN_SMS_SECRET", "own")
    assert sms.LINE.secret() == "own"
