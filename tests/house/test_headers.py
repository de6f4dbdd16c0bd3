"""Every answer carries the headers of the house, and the browser is given nothing unregistered."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from django.conf import settings
from django.http import HttpResponse

from tests import cast
from tests.house import sweep
from tests.house.sweep import NOBODY, Knocker, Route
from tests.web import knock
from xingnuo.doors.porch import cookies
from xingnuo.kit import ids
from xingnuo.trust.policy import queries as policy

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
CLOSED = ("camera", "microphone", "geolocation", "payment", "usb")
# Answers that are the same for everybody may be kept by the browser, for a while.
SHARED = {"/sw.js": "no-cache"}
ELSEWHERE = (
    "https://evil.example", "http://evil.example/", "//evil.example", "///evil.example",
    "////evil.example", "/\\evil.example", "\\\\evil.example", "/\\/evil.example",
    "https:evil.example", "https:/evil.example", "http:///evil.example", "//evil.example/%2f..",
    "/%09/evil.example", "/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example",
    "\t//evil.example", " //evil.example", "//evil.example@localhost", "//localhost@evil.example",
    "https://localhost@evil.example", "https://localhost.evil.example",
    "//localhost:80@evil.example",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,x",
    "vbscript:x", "file:///etc/passwd", "ftp://evil.example", "//[::1]/", "//2130706433/",
    "https://evil。example", "/／evil.example", "//evil%E3%80%82example", "/..//evil.example",
    "/.//evil.example", "/me//evil.example/..//", "/%5cevil.example", "?next=//evil.example",
    "/hooks/account/logout", "/api/v1/me", "/auth/callback?code=x", "/oauth/token",
    "/me/\r\nSet-Cookie: a=b", "/me/\x00", "https://evil.example/" + "a" * 3000,
)  # fmt: skip


@pytest.fixture(scope="module")
def person() -> Knocker:
    """Give somebody who is signed in."""
    return sweep.session_for(cast.make_person().subject_id, "alice", proved=True)


def answers(who: Knocker) -> Iterator[tuple[Route, HttpResponse]]:
    """Give what every route that takes a GET answers, found or not."""
    for route in sweep.routes():
        if "GET" in (sweep.allowed(route) or ()):
            missing = dict.fromkeys(sweep.OWNED | sweep.BEARER, str(ids.uuid7()))
            yield route, who.ask(route, "GET", route.path(missing))


def faults(answer: HttpResponse, path: str) -> list[str]:
    """Tell what the headers of an answer lack."""
    wrong = [f"{name} is not {told}" for name, told in FIXED.items() if answer.get(name) != told]
    policy_ = _csp(answer.get("Content-Security-Policy", ""))
    for source in ("default-src", "frame-ancestors", "base-uri", "object-src"):
        if policy_.get(source) != "'none'":
            wrong.append(f"CSP {source}")
    loose = ("unsafe-", "data:", "blob:", "*", "https:", "http:")
    told = " ".join(policy_.values()).replace(settings.SANDBOX_URL, "")
    wrong += [f"CSP allows {word}" for word in loose if word in told]
    allowed = answer.get("Permissions-Policy", "")
    wrong += [f"{name} is open" for name in CLOSED if f"{name}=(" not in allowed]
    if answer.get("Cache-Control") != SHARED.get(path, "no-store"):
        wrong.append(f"Cache-Control: {answer.get('Cache-Control')}")
    for name, cookie in kept(answer).items():
        if name not in cookies.REGISTER or not cookie["httponly"] or cookie["samesite"] != "Lax":
            wrong.append(f"cookie {name}")
    wrong += [name for name in ("Server", "X-Powered-By") if name in answer]
    return wrong


def kept(answer: HttpResponse) -> dict[str, Any]:
    """Give the cookies that an answer leaves in the browser: taking one back is none."""
    return {name: one for name, one in answer.cookies.items() if one.value or one["max-age"] != 0}


def _csp(header: str) -> dict[str, str]:
    return {
        name: sources
        for name, _, sources in (part.strip().partition(" ") for part in header.split(";"))
    }


@pytest.mark.parametrize("who", ["guest", "person"])
def test_every_page_carries_the_headers(person: Knocker, who: str) -> None:
    """CSP, nosniff, referrer, permissions, opener and resource policy, no-store; known cookies."""
    asker = person if who == "person" else NOBODY
    wrong = []
    for route, answer in answers(asker):
        wrong += [f"{route.pattern}: {fault}" for fault in faults(answer, "/" + route.pattern)]
        if who == "guest" and kept(answer):
            wrong.append(f"{route.pattern}: a cookie before any answer: {list(kept(answer))}")
    assert not wrong, "\n".join(wrong)


def test_a_fault_carries_them_too(person: Knocker) -> None:
    """Refused, missing, malformed and broken answers are no way around the headers."""
    for path in ("/nope/", "/me/personal/nope/", "/welcome/"):
        for answer in (knock.guest().get(path), knock.guest().post(path), knock.guest().put(path)):
            assert not faults(answer, path), path
    home = next(route for route in sweep.routes() if route.name == "sign_out_others")
    refused = person.ask(home, "POST", home.path(), checks=True)
    assert refused.status_code == 403 and not faults(refused, home.path())


def test_the_check_sees_what_is_missing() -> None:
    """The negative control: each header taken away, each loose cookie, is told."""
    whole = knock.guest().get("/support/")
    assert not faults(whole, "/support/")
    for name in (*FIXED, "Content-Security-Policy", "Permissions-Policy", "Cache-Control"):
        bare = knock.guest().get("/support/")
        del bare[name]
        assert faults(bare, "/support/"), name
    whole.set_cookie("tracker", "1")
    assert "cookie tracker" in faults(whole, "/support/")


def _leaves(location: str) -> bool:
    # As browsers read it: controls are dropped, a backslash is a slash.
    read = re.sub(r"[\t\r\n\x00]", "", location).strip().replace("\\", "/")
    parts = urlsplit(read) if not read.startswith("///") else urlsplit("//x")
    at_home = f"{parts.scheme}://{parts.netloc}" == settings.BASE_URL
    provider = location.startswith(settings.SANDBOX_URL)
    return bool(parts.scheme or parts.netloc) and not at_home and not provider


@pytest.mark.timeout(280)
def test_no_next_leads_elsewhere(person: Knocker) -> None:
    """Forty-odd payloads on every page and form: no redirect and no link leaves the house."""
    assert len(ELSEWHERE) >= 40
    pages = [r for r in sweep.routes() if not r.is_api and r.pattern not in ("sign-out/",)]
    pages = [r for r in pages if not set(r.parameters) & (sweep.OWNED | sweep.BEARER)]
    reads = [route for route in pages if _echoes(person, route)]
    assert len(reads) >= 8, [route.name for route in reads]
    wrong = []
    for route in reads:
        for payload in ELSEWHERE:
            answer = person.ask(route, "GET", route.path(), query=f"next={quote(payload)}")
            if _leaves(answer.get("Location", "")) or _links(answer):
                wrong.append(f"GET {route.pattern} {payload!r}")
    for payload in ELSEWHERE:
        client = knock.guest()
        told = {"answer": "agree", "text_hash": policy.in_force().hash, "next": payload}
        for path in ("/welcome/", "/display/"):
            if _leaves(client.post(path, told)["Location"]):
                wrong.append(f"POST {path} {payload!r}")
    assert not wrong, "\n".join(wrong)


def _echoes(person: Knocker, route: Route) -> bool:
    """Say whether a page takes a good `next`: then it is in the answer."""
    if "GET" not in (sweep.allowed(route) or ()):
        return False
    marked = "/support/?from=next-is-read"
    answer = person.ask(route, "GET", route.path(), query=f"next={quote(marked)}")
    return b"next-is-read" in sweep.all_bytes(answer)


def _links(answer: HttpResponse) -> bool:
    found = re.findall(r'(?:href|action|formaction|src)="([^"]*)"', answer.content.decode())
    return any("evil" in one and _leaves(one) for one in found)


def test_the_redirect_check_knows_elsewhere() -> None:
    """The negative control: what browsers would follow elsewhere is told apart from home."""
    for away in (
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
    ):
        assert _leaves(away), away
    for home in ("/me/", f"{settings.BASE_URL}/me/", "/sign-in/?next=%2Fme%2F"):
        assert not _leaves(home), home


def test_a_secure_house_sets_secure_cookies() -> None:
    """Under https the session's and the form's cookie bind to the host and to TLS."""
    program = (
        "import django; django.setup(); from django.conf import settings as s;"
        "assert s.SESSION_COOKIE.startswith('__Host-') and s.CSRF_COOKIE_SECURE and s.SECURE;"
        "assert s.CSRF_COOKIE_NAME.startswith('__Host-') and s.SECURE_HSTS_SECONDS > 31_000_000"
    )
    env = {**os.environ, "XN_BASE_URL": "https://localhost"}
    subprocess.run([sys.executable, "-c", program], env=env, check=True, timeout=60)
