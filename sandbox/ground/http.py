"""Requests and responses, as the partners see them, and the routes that join the two."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from sandbox.ground.faults import OK, Fault

if TYPE_CHECKING:
    from sandbox.ground.partner import World

BODY_BYTES_MAX = 256 * 1024
FIELDS_MAX = 100
FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What is sent back."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    file: Path | None = None  # sent in place of a body, in bounded memory

    def plus(self, *headers: tuple[str, str]) -> Response:
        """Give the same response with more headers."""
        return replace(self, headers=(*self.headers, *headers))


class Problem(Exception):
    """A refusal told to the caller: status, a code for machines, a sentence for people."""

    def __init__(self, status: int, code: str, detail: str, **more: Any) -> None:
        super().__init__(code)
        self.status, self.code, self.detail, self.more = status, code, detail, more

    def response(self) -> Response:
        """Give the problem as RFC 9457 JSON."""
        told = {"title": self.code, "status": self.status, "code": self.code, "detail": self.detail}
        return json_response(
            {**told, **self.more}, status=self.status, content_type="application/problem+json"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked, with the fault that the script of faults has for it."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes = b""
    params: Mapping[str, str] = field(default_factory=dict)
    fault: Fault = OK

    @property
    def target(self) -> str:
        """Give path and query as they were sent, for signatures."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def query_fields(self) -> dict[str, str]:
        """Read the query; a field given twice is refused."""
        return _fields(self.query)

    def form(self) -> dict[str, str]:
        """Read a form body; another type or a field given twice is refused."""
        if self._type() != FORM_TYPE:
            raise Problem(415, "form_expected", "只接受表单格式。")
        try:
            return _fields(self.body.decode("utf-8"))
        except UnicodeDecodeError:
            raise Problem(400, "malformed_form", "表单不是 UTF-8 文本。") from None

    def json(self) -> dict[str, Any]:
        """Read a JSON object; another type, a repeated key or bad JSON is refused."""
        # The type is asked for so that another site's page cannot post it without a preflight.
        if self._type() != "application/json":
            raise Problem(415, "json_expected", "只接受 application/json。")
        try:
            told = json.loads(self.body, object_pairs_hook=_once, parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            raise Problem(400, "malformed_json", "内容不是有效的 JSON。") from None
        if not isinstance(told, dict):
            raise Problem(400, "malformed_json", "内容应是一个 JSON 对象。")
        return told

    def cookie(self, name: str) -> str:
        """Give a cookie's value, or nothing."""
        try:
            found = SimpleCookie(self.headers.get("cookie", "")).get(name)
        except CookieError:
            return ""
        return found.value if found else ""

    def _type(self) -> str:
        return self.headers.get("content-type", "").split(";")[0].strip().lower()


type Handler = Callable[[World, Request], Response]

DECLINED = Problem(403, "declined", "对方拒绝了这次请求。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One address and what answers there.

    `operation` names it in the script of faults; without one no fault applies. `faults` are
    those that the handler itself shows; the others are shown by the server for every operation.
    """

    method: str
    pattern: str
    handler: Handler
    operation: str = ""
    faults: frozenset[str] = frozenset()
    declined: Problem = DECLINED
    page: bool = False  # refusals are told as a page, not as JSON
    body_bytes_max: int = BODY_BYTES_MAX
    when: Callable[[Request], bool] | None = None  # several operations may share one address

    def matcher(self) -> re.Pattern[str]:
        """Give the expression that finds the route's path; `<name>` stands for one segment."""
        return re.compile(re.sub(r"<(\w+)>", r"(?P<\1>[A-Za-z0-9._~+-]{1,200})", self.pattern))


def json_response(
    told: Any, *, status: int = 200, content_type: str = "application/json"
) -> Response:
    """Give a JSON answer."""
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(status=status, body=body, content_type=f"{content_type}; charset=utf-8")


def redirect(address: str, **query: str) -> Response:
    """Send the browser on with GET; empty values are left out of the query."""
    given = {name: value for name, value in query.items() if value}
    joint = "&" if "?" in address else "?"
    return Response(
        status=303,
        headers=(("Location", f"{address}{joint}{urlencode(given)}" if given else address),),
    )


def cookie_header(
    name: str, value: str, *, path: str, seconds: int, secure: bool = False
) -> tuple[str, str]:
    """Give the header that sets a cookie which scripts cannot read; no value clears it."""
    age = seconds if value else 0
    text = f"{name}={value}; Path={path}; Max-Age={age}; HttpOnly; SameSite=Lax"
    return "Set-Cookie", text + ("; Secure" if secure else "")


def _fields(text: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=FIELDS_MAX, errors="strict")
    except ValueError:
        raise Problem(400, "malformed_fields", "参数格式不对。") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Problem(400, "repeated_field", "同一个参数出现了多次。")
    return fields


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        raise ValueError("repeated key")
    return told


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
