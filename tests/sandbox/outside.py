"""What the tests do to the sandbox: start it, sign in, sign messages, write faults."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import signal
import socket
import ssl
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
from joserfc import jws, jwt
from joserfc.jwk import KeySet

REPO = Path(__file__).resolve().parents[2]
START_SECONDS_MAX = 30
SECRET = "dev-account-client-secret"
AUTH = ("xingnuo", SECRET)
# One empty context for all calls: making one reads every root certificate, each time.
PLAIN: dict[str, Any] = {"verify": ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), "trust_env": False}


class Process:
    """A real sandbox process on a free port."""

    def __init__(self, data: Path, house_url: str, *, port: int = 0, **env: str) -> None:
        self.port = port or free_port()
        self.url = f"http://localhost:{self.port}"
        self.data = data
        self.log = data.with_suffix(".log")
        given = {name: value for name, value in os.environ.items() if not name.startswith("XN_")}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "sandbox", "--port", str(self.port), "--data", str(data)],
                cwd=REPO, env={**given, "XN_BASE_URL": house_url, **env}, stdout=log, stderr=log,
            )  # fmt: skip

    def ready(self) -> Process:
        """Wait until it answers."""
        end = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < end and self.process.poll() is None:
            try:
                if httpx.get(f"{self.url}/health", **PLAIN).status_code == 200:
                    return self
            except httpx.TransportError:
                time.sleep(0.05)
        raise RuntimeError(self.log.read_text())

    def end(self) -> int:
        """Ask it to end and give its status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=10)


def free_port() -> int:
    """Give a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((told["action"], {}))
        elif tag == "input" and self.forms:
            self.forms[-1][1][told["name"]] = told.get("value", "")


def forms(page: httpx.Response) -> dict[str, dict[str, str]]:
    """Give the forms of a page by their action, with the values that are in them."""
    reader = _Forms()
    reader.feed(page.text)
    return dict(reader.forms)


class Person:
    """A browser without scripts, as a person uses it; it follows redirects inside the sandbox."""

    def __init__(self, sandbox: Process) -> None:
        self.http = httpx.Client(base_url=sandbox.url, **PLAIN)
        self.origin = sandbox.url

    def get(self, address: str) -> httpx.Response:
        """Open an address."""
        return self._follow(self.http.get(address))

    def fill(self, page: httpx.Response, action: str, **values: str) -> httpx.Response:
        """Fill a form of a page and send it."""
        fields = {**forms(page)[action], **values}
        return self._follow(self.http.post(action, data=fields))

    def sign_in(self, question: Question, account: dict[str, str]) -> dict[str, str]:
        """Go the whole way through the pages; give what the client is told."""
        page = self.get(question.url)
        page = self.fill(
            page, "/account/sign-in", phone=account["phone"], password=account["password"]
        )
        if "/account/consent" in forms(page):
            page = self.fill(page, "/account/consent", decision="agree")
        return came_back(page)

    def _follow(self, answer: httpx.Response) -> httpx.Response:
        while answer.is_redirect and self._inside(answer.headers["location"]):
            answer = self.http.get(answer.headers["location"])
        return answer

    def _inside(self, address: str) -> bool:
        return address.startswith(("/", f"{self.origin}/"))


class Question:
    """A client's question with its secrets; values given replace or, when None, leave out."""

    def __init__(self, sandbox: Process, house_url: str, **changed: str | None) -> None:
        self.verifier = secrets.token_urlsafe(48)
        self.redirect_uri = f"{house_url}/auth/callback"
        digest = hashlib.sha256(self.verifier.encode()).digest()
        asked: dict[str, str | None] = {
            "response_type": "code",
            "client_id": "xingnuo",
            "redirect_uri": self.redirect_uri,
            "scope": "openid profile phone offline_access",
            "state": secrets.token_urlsafe(16),
            "nonce": secrets.token_urlsafe(16),
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            **changed,
        }
        self.asked = {name: value for name, value in asked.items() if value is not None}
        self.url = f"{sandbox.url}/account/authorize?{urlencode(self.asked)}"

    def form(self, code: str, /, **changed: str) -> dict[str, str]:
        """Give what changes the code for tokens."""
        return {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": self.verifier,
            **changed,
        }


def came_back(answer: httpx.Response) -> dict[str, str]:
    """Give what the client's address is told."""
    assert answer.status_code == 303, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def post(sandbox: Process, path: str, told: Any, *, status: int) -> Any:
    """Post JSON and give the JSON that comes back."""
    answer = httpx.post(f"{sandbox.url}{path}", json=told, **PLAIN)
    assert answer.status_code == status, answer.text
    return answer.json()


def get(sandbox: Process, path: str) -> Any:
    """Give the JSON of an address."""
    answer = httpx.get(f"{sandbox.url}{path}", **PLAIN)
    assert answer.status_code == 200, answer.text
    return answer.json()


def account(sandbox: Process) -> dict[str, str]:
    """Make a fresh account."""
    return dict(post(sandbox, "/account/test/accounts", {}, status=201))


def code_for(sandbox: Process, question: Question, sub: str) -> str:
    """Give a code by the short way."""
    told = post(sandbox, "/account/test/sign-in", {"url": question.url, "sub": sub}, status=200)
    return str(dict(parse_qsl(urlsplit(told["redirect_to"]).query))["code"])


def tokens(sandbox: Process, form: dict[str, str], *, status: int = 200) -> Any:
    """Ask the token endpoint."""
    answer = httpx.post(f"{sandbox.url}/account/token", data=form, auth=AUTH, **PLAIN)
    assert answer.status_code == status, answer.text
    return answer.json()


def decode(sandbox: Process, token: str) -> Any:
    """Verify a token with the published keys, by another library than the one that signed it."""
    keys = KeySet.import_key_set(get(sandbox, "/account/jwks.json"))
    registry = jws.JWSRegistry(algorithms=["RS256"])
    return jwt.decode(token, keys, algorithms=["RS256"], registry=registry)


def script(
    sandbox: Process, service: str, operation: str, *lines: Any, match: str = ""
) -> dict[str, Any]:
    """Write a script of faults."""
    told = {"service": service, "operation": operation, "script": list(lines), "match": match}
    return dict(post(sandbox, "/faults", told, status=201))


def signed(
    sandbox: Process,
    path: str,
    told: Any,
    *,
    secret: str,
    method: str = "POST",
    seconds: float = 10.0,
    **changed: str,
) -> httpx.Response:
    """Send a signed request; `changed` spoils its headers."""
    body = json.dumps(told).encode()
    stamp, nonce = str(int(time.time())), secrets.token_hex(16)
    headers = {"X-Key-Id": "xingnuo", "X-Timestamp": stamp, "X-Nonce": nonce, **changed}
    text = "\n".join(
        ("v1", method, path, headers["X-Timestamp"], headers["X-Nonce"],
         hashlib.sha256(body).hexdigest())
    )  # fmt: skip
    right = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "X-Signature": right, **headers}
    return httpx.request(
        method, f"{sandbox.url}{path}", content=body, headers=headers, **PLAIN, timeout=seconds
    )


def is_signed(answer: httpx.Response, *, secret: str) -> bool:
    """Say whether an answer is signed for the request that it answers."""
    nonce = answer.request.headers["X-Nonce"]
    text = "\n".join(
        ("v1", str(answer.status_code), nonce, answer.headers["X-Timestamp"],
         hashlib.sha256(answer.content).hexdigest())
    )  # fmt: skip
    right = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(answer.headers["X-Signature"], right)
