"""Calls to the text message gateway: send once by a key, ask what became of it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from xingnuo.kit import clock, ids
from xingnuo.kit.errors import Unavailable
from xingnuo.partners._line import Line
from xingnuo.partners.sms import wire
from xingnuo.partners.sms.contracts import RECIPIENT, Outcome, Reply
from xingnuo.trust.sharing import queries as sharing
from xingnuo.trust.sharing.contracts import Parcel

PARTNER = "sms"
CONNECT_SECONDS_MAX = 2.0
ANSWER_SECONDS_MAX = 5.0
CONNECTIONS_MAX = 4
ANSWER_BYTES_MAX = 16 * 1024


def send(parcel: Parcel, *, text: str, key: str) -> Outcome:
    """Hand one text over for the parcel's phone; the same key again sends no second text.

    Never raises for what the gateway does: whatever is not understood is `PENDING`. Raises
    `NotSealed` or `WrongRecipient` for a parcel that is not the gateway's.
    """
    phone = sharing.contents(parcel, recipient=RECIPIENT)["phone"]
    body = wire.body_of(key=key, phone=phone, text=text[: wire.TEXT_CHARS_MAX])
    address, nonce = f"{_base()}{wire.SEND_PATH}", ids.token(128)
    headers = wire.headers(
        _secret(),
        target=urlsplit(address).path,
        stamp=int(clock.now().timestamp()),
        nonce=nonce,
        body=body,
    )
    answer = _call("POST", address, headers=headers, body=body)
    if answer is None:
        return Outcome.PENDING
    status, told, raw, tops = answer
    now = int(clock.now().timestamp())
    signed = wire.is_signed(_secret(), status=status, nonce=nonce, told=tops, body=raw, now=now)
    return wire.outcome(status, told, signed=signed)


def status(key: str) -> Outcome:
    """Ask the gateway's record of a key; `PENDING` when it knows none or does not answer."""
    answer = _call("GET", f"{_base()}{wire.STATUS_PATH}{key}")
    return Outcome.PENDING if answer is None else wire.recorded(answer[0], answer[1])


def verify_reply(headers: Mapping[str, str], body: bytes) -> Reply:
    """Take a call to our hook that tells what a phone's owner answered; raises `NotAuthentic`."""
    return wire.reply(Line(PARTNER).read(wire.HOOK_PATH, headers, body))


def _base() -> str:
    return os.environ.get("XN_SMS_URL", settings.SANDBOX_URL).rstrip("/")


def _secret() -> str:
    given = os.environ.get("XN_SMS_SECRET", "")
    if not given and settings.ENV == "production":
        raise Unavailable(PARTNER)
    return given or "dev-sms-secret"


@cache
def _http() -> httpx.Client:
    # No redirects, no proxies of the environment: the address called is the address meant.
    return httpx.Client(
        timeout=httpx.Timeout(ANSWER_SECONDS_MAX, connect=CONNECT_SECONDS_MAX),
        limits=httpx.Limits(max_connections=CONNECTIONS_MAX),
        follow_redirects=False,
        trust_env=False,
    )


def _call(
    method: str, address: str, *, headers: Mapping[str, str] | None = None, body: bytes = b""
) -> tuple[int, dict[str, Any], bytes, Mapping[str, str]] | None:
    """Give status, JSON, raw body and headers of an answer; None for none that can be read."""
    raw, until = b"", time.monotonic() + ANSWER_SECONDS_MAX
    try:
        with _http().stream(method, address, headers=headers, content=body or None) as answer:
            for part in answer.iter_bytes():
                raw += part
                if len(raw) > ANSWER_BYTES_MAX or time.monotonic() > until:
                    return None
            told = json.loads(raw)
            tops = {name.lower(): value for name, value in answer.headers.items()}
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError):
        return None
    return (answer.status_code, told, raw, tops) if isinstance(told, dict) else None
