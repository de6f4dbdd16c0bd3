"""Calls that the sandbox itself makes to xingnuo: no proxy, no redirect, a limit on the answer."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sandbox.ground.http import FORM_TYPE

ANSWER_SECONDS_MAX = 10.0
ANSWER_BYTES_MAX = 1024 * 1024


class Unreachable(Exception):
    """No whole answer came; whether the other side did what was asked is not known."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: bytes

    def json(self) -> dict[str, Any]:
        """Read the body as a JSON object; anything else is an empty one."""
        try:
            told = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return told if isinstance(told, dict) else {}


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Follow nothing: the redirect itself is the answer."""
        return None


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())


def call(
    address: str,
    *,
    form: Mapping[str, str] | None = None,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """GET an address, or POST a form or a body to it; raises `Unreachable`."""
    told = {"Accept": "application/json", **(headers or {})}
    if form is not None:
        body = urlencode(form).encode()
        told["Content-Type"] = FORM_TYPE
    request = urllib.request.Request(address, data=body, headers=told)
    try:
        with _opener.open(request, timeout=ANSWER_SECONDS_MAX) as answer:
            return Answer(answer.status, answer.read(ANSWER_BYTES_MAX))
    except urllib.error.HTTPError as refused:
        with refused:
            return Answer(refused.code, refused.read(ANSWER_BYTES_MAX))
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(type(error).__name__) from None
