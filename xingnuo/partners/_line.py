"""The signed line to a partner: bounded in time and size, no redirect, nothing half is believed."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx
from django.conf import settings

from xingnuo.kit import clock, ids
from xingnuo.kit.errors import Unavailable
from xingnuo.partners import _signing

CONNECT_SECONDS_MAX = 2.0
ANSWER_SECONDS_MAX = 5.0
CONNECTIONS_MAX = 16
ANSWER_BYTES_MAX = 16 * 1024


@dataclass(frozen=True, slots=True)
class Told:
    """What a partner answered: status, the object in the body, and whether its signature holds."""

    status: int
    fields: Mapping[str, Any]
    signed: bool


# No answer that could be read: whether the partner did what was asked is not known.
NOTHING = Told(0, {}, False)


@dataclass(frozen=True, slots=True)
class Line:
    """One partner's line; address and secret come from `XN_<PARTNER>_URL` and `…_SECRET`."""

    partner: str

    def post(self, path: str, told: Mapping[str, object]) -> Told:
        """Ask a partner to do something; `NOTHING` for an answer that cannot be read."""
        return self._ask("POST", path, _signing.body_of(told))

    def record(self, path: str, key: str) -> Told:
        """Ask what a partner has on record of a key; `NOTHING` for what cannot be read."""
        if not _signing.IDEMPOTENCY_KEY.fullmatch(key):
            return NOTHING
        return self._ask("GET", f"{path}{key}", b"")

    def read(self, path: str, told: Mapping[str, str], body: bytes) -> Mapping[str, Any]:
        """Give the content of the partner's call to our hook at a path; raises `NotAuthentic`."""
        return _signing.read_call(
            self.secret(), partner=self.partner, path=path, told=told, body=body, now=_now()
        )

    def secret(self) -> str:
        """Give the shared secret; raises `Unavailable` where production has none."""
        given = os.environ.get(f"XN_{self.partner.upper()}_SECRET", "")
        if not given and settings.ENV == "production":
            raise Unavailable(self.partner)
        return given or f"dev-{self.partner}-secret"

    def base(self) -> str:
        """Give where the partner answers."""
        given = os.environ.get(f"XN_{self.partner.upper()}_URL", settings.SANDBOX_URL)
        return given.rstrip("/")

    def _ask(self, method: str, path: str, body: bytes) -> Told:
        address, nonce, secret = f"{self.base()}{path}", ids.token(128), self.secret()
        try:
            target = httpx.URL(address).raw_path.decode()
        except httpx.InvalidURL:
            return NOTHING
        signed = _signing.headers(
            secret, method=method, target=target, stamp=_now(), nonce=nonce, body=body
        )
        answer = call(method, address, headers=signed, body=body)
        if answer is None:
            return NOTHING
        status, raw, tops = answer
        try:
            fields = json.loads(raw)
        except (ValueError, RecursionError):
            return NOTHING
        if not isinstance(fields, dict):
            return NOTHING
        holds = _signing.is_signed(
            secret, status=status, nonce=nonce, told=tops, body=raw, now=_now()
        )
        return Told(status, fields, holds)


def call(
    method: str, address: str, *, headers: Mapping[str, str], body: bytes
) -> tuple[int, bytes, Mapping[str, str]] | None:
    """Give status, body and headers of an answer; None for none, too large a one, or a slow one."""
    raw, until = b"", time.monotonic() + ANSWER_SECONDS_MAX
    try:
        with client().stream(method, address, headers=headers, content=body or None) as answer:
            for part in answer.iter_bytes():
                raw += part
                if len(raw) > ANSWER_BYTES_MAX or time.monotonic() > until:
                    return None
            tops = {name.lower(): value for name, value in answer.headers.items()}
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return None
    return answer.status_code, raw, tops


_opening = threading.Lock()


def client() -> httpx.Client:
    """Give the one client of all lines; callers at the same moment open no second one."""
    with _opening:
        return _http()


@cache
def _http() -> httpx.Client:
    # No redirects, no proxies of the environment: the address called is the address meant.
    return httpx.Client(
        timeout=httpx.Timeout(ANSWER_SECONDS_MAX, connect=CONNECT_SECONDS_MAX),
        limits=httpx.Limits(max_connections=CONNECTIONS_MAX),
        follow_redirects=False,
        trust_env=False,
    )


def _now() -> int:
    return int(clock.now().timestamp())
