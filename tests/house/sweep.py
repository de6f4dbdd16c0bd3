"""What sweeps share: every route as it can be asked for, and who knocks at it.

Routes come from the router, methods from the route's own `Allow`, JSON bodies from the OpenAPI
document, so that a new route is swept without being told. A parameter without an entry below is a
complaint of the sweep.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests import pictures
from xingnuo.kit import ids
from xingnuo.people.accounts import _sessions, queries
from xingnuo.people.accounts.contracts import Session
from xingnuo.trust.gate.contracts import Strength

PIXEL = pictures.picture("PNG", size=(64, 64))
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
UNKNOWN = "PROPFIND"
HERE = {"host": "localhost", "origin": settings.BASE_URL}
CONSOLE_URLS = "xingnuo.doors.console.urls"
CONSOLE = {"host": urlsplit(settings.CONSOLE_URL).netloc, "origin": settings.CONSOLE_URL}
_PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")

# What stands in an address. OWNED ids belong to one person: another's and a missing one must look
# the same. SHOWN ids are declared in the published policy and are the same for everyone.
OWNED = frozenset({"decision", "session", "session_id", "notice", "device", "check"})
# Things of the console, which a customer or a guest never finds, whether they exist or not.
OWNED |= {"case", "look", "release", "member"}
OWNED |= {"message"}
# Codes and sales of a merchant.
OWNED |= {"qr", "sale"}
# Bound cards, their checks, resets, confirmations and agreements.
OWNED |= {"bound", "binding", "reset", "confirmation", "agreement", "payment"}
# Top-ups and bills, and accounts at their issuers.
OWNED |= {"order", "account"}
# Movements of the change card.
OWNED |= {"movement"}
# Whoever holds a receipt code may look: the person's own account is gone by then.
BEARER = frozenset({"code", "secret"})
SHOWN: Mapping[str, str] = {
    "purpose": "accounts.sync_suixingjie",
    "recipient": "alipay",
    "item": "nickname",
    "item_id": "nickname",
    "permission": "camera",
    "name": "camera",
    "way": "pattern",
    "version": "2.0",
    "card": "apr",
    "old": "1.0",
    "new": "2.0",
    "queue": "rights",
    "course": "privacy",
    "source": "case",
    "article": "refund",
    "topic": "product",
    "form": "photo",
    "step": "suspend",
    "number": "0",
    "body": "regulator",
    "side": "front",
    "issuer": "utility_power",
    "link": "no-link",
}
SERVICE = {"service": {"name": "loans"}}


@dataclass(frozen=True, slots=True)
class Route:
    """One address of the house, whoever answers it."""

    pattern: str
    name: str
    view: Any = field(compare=False, hash=False, repr=False)
    is_console: bool = False

    @property
    def parameters(self) -> tuple[str, ...]:
        """Name what stands in the address."""
        return tuple(name for _, name in _PARAMETER.findall(self.pattern))

    @property
    def is_api(self) -> bool:
        """Say whether a token in a header opens it, and no cookie."""
        return self.pattern.startswith("api/")

    def path(self, values: Mapping[str, str] | None = None) -> str:
        """Fill the address; what is not told gets its declared sample."""
        known = {**SHOWN, **SERVICE.get(self.name, {}), **(values or {})}
        return "/" + _PARAMETER.sub(lambda found: known[found.group(2)], self.pattern)


def routes() -> list[Route]:
    """Give every route once; the operations of one API path share it."""
    found = {route.pattern: route for route in _walk(get_resolver().url_patterns, "")}
    console = _walk(get_resolver(CONSOLE_URLS).url_patterns, "")
    found |= {route.pattern: replace(route, is_console=True) for route in console}
    return sorted(found.values(), key=lambda route: route.pattern)


def _walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[Route]:
    for each in patterns:
        pattern = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _walk(each.url_patterns, pattern)
        else:
            yield Route(pattern, str(each.name), each.callback)


def unknown_parameters(all_routes: list[Route]) -> list[str]:
    """Name parameters that no table knows."""
    known = OWNED | BEARER | SHOWN.keys()
    return [
        f"{route.pattern}: {name}"
        for route in all_routes
        for name in route.parameters
        if name not in known
    ]


@dataclass(frozen=True, slots=True)
class Knocker:
    """Somebody at the door: a cookie for pages, the same token for the API, or neither."""

    who: str
    token: str = ""
    seen: str = ""
    subject_id: UUID | None = None

    def client(self, route: Route, *, checks: bool = False) -> Client:
        """Give a client in which this somebody is signed in as the route's door wants it."""
        here = CONSOLE if route.is_console else HERE
        client = Client(enforce_csrf_checks=checks, headers=here, raise_request_exception=False)
        if self.token and not route.is_api:
            client.cookies[settings.SESSION_COOKIE] = self.token
            client.cookies["xn_seen"] = self.seen
        return client

    def ask(
        self,
        route: Route,
        method: str,
        path: str,
        body: object = None,
        *,
        checks: bool = False,
        query: str = "",
    ) -> HttpResponse:
        """Ask; an unsafe API call carries a fresh key."""
        headers = {}
        if route.is_api:
            headers["Idempotency-Key"] = str(ids.uuid7())
            if self.token:
                headers["Authorization"] = f"Bearer {self.token}"
        address = f"{path}?{query}" if query else path
        client: Any = self.client(route, checks=checks)
        answer: HttpResponse
        if _has_file(body):
            answer = client.post(address, body, headers=headers)
        elif route.is_api or method not in ("POST", "GET", "HEAD"):
            data = json.dumps(body) if body is not None else ""
            kind = "application/json"
            answer = client.generic(method, address, data, content_type=kind, headers=headers)
        elif method == "POST":
            answer = client.post(address, body or {}, headers=headers)
        else:
            answer = client.generic(method, address, headers=headers)
        return answer


def _is_file(given: object) -> bool:
    one = given[0] if isinstance(given, list) and given else given
    return isinstance(one, SimpleUploadedFile)


def _has_file(body: object) -> bool:
    given = body.values() if isinstance(body, dict) else ()
    return any(_is_file(each) for each in given)


NOBODY = Knocker("anonymous")


def knocker(who: str, session: Session, token: str) -> Knocker:
    """Give somebody with a session."""
    return Knocker(who, token, queries.stamp(session.id), session.subject_id)


def session_for(subject_id: UUID, who: str, *, proved: bool = False) -> Knocker:
    """Begin a session without the trip to the provider, for people made by the dozen."""
    with transaction.atomic():
        token, begun = _sessions.begin(
            subject_id,
            session_id=ids.uuid7(),
            device_id=ids.uuid7(),
            label="Android · Chrome",
            provider_session="",
        )
        if proved:
            begun = _sessions.raise_strength(begun, Strength.REVERIFIED)
    return knocker(who, begun, token)


@cache
def allowed(route: Route) -> tuple[str, ...] | None:
    """Give the methods that a route takes by its own word, or None when it takes any."""
    answer = NOBODY.ask(route, UNKNOWN, route.path(_missing(route)))
    if answer.status_code != 405:
        return None
    return tuple(part.strip() for part in answer["Allow"].split(",") if part.strip())


def _missing(route: Route) -> dict[str, str]:
    return {name: str(ids.uuid7()) for name in route.parameters if name in OWNED | BEARER}


def document() -> dict[str, Any]:
    """Give the OpenAPI document as a client reads it."""
    answer = Client(headers=HERE).get("/api/v1/openapi.json")
    found: dict[str, Any] = json.loads(answer.content)
    return found


def json_body(told: dict[str, Any], route: Route, method: str, values: Mapping[str, Any]) -> Any:
    """Make the body that an operation declares, its fields filled from `values` by name."""
    path = "/" + _PARAMETER.sub(lambda found: "{" + found.group(2) + "}", route.pattern)
    operation = told["paths"].get(path, {}).get(method.lower(), {})
    content = operation.get("requestBody", {}).get("content", {})
    if not content:
        return None
    schema = _meant(told, next(iter(content.values()))["schema"])
    return {
        name: values.get(name, _sample(_meant(told, kind)))
        for name, kind in schema["properties"].items()
    }


def _meant(told: dict[str, Any], kind: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow a schema to what it names, and an optional one to what it may be."""
    if "anyOf" in kind:
        kind = next(one for one in kind["anyOf"] if one.get("type") != "null")
    if "$ref" in kind:
        found: Mapping[str, Any] = told["components"]["schemas"][kind["$ref"].rpartition("/")[2]]
        return found
    return kind


def _sample(kind: Mapping[str, Any]) -> object:
    if "enum" in kind:
        return kind["enum"][0]
    if kind.get("format") == "binary":
        return SimpleUploadedFile("a.png", PIXEL, "image/png")
    if kind.get("items", {}).get("format") == "binary":
        return [SimpleUploadedFile("a.png", PIXEL, "image/png")]
    if kind.get("format") == "uuid":
        return str(ids.uuid7())
    return {"boolean": True, "array": [], "integer": 1}.get(str(kind.get("type")), "x")


def all_bytes(answer: HttpResponse) -> bytes:
    """Give everything of an answer that a reader sees: status line, headers, cookies, body.

    The parts of an archive are unpacked, since a value inside would be hidden by compression.
    """
    body = b"".join(answer) if answer.streaming else answer.content
    parts = [body, *(f"{name}: {value}".encode() for name, value in answer.items())]
    parts += [str(cookie).encode() for cookie in answer.cookies.values()]
    if zipfile.is_zipfile(io.BytesIO(body)):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            parts += [archive.read(name) for name in archive.namelist()]
    return b"\n".join(parts)
