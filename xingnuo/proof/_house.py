"""People who signed in for real, and what they see: over HTTP, through the doors of the
settings.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.db import transaction
from django.test import Client

from xingnuo.kit import ids
from xingnuo.people.accounts import actions as accounts
from xingnuo.people.accounts import queries as known
from xingnuo.people.accounts.contracts import Accepted, Caller, Issued, Session
from xingnuo.proof import _stage as stage
from xingnuo.proof._stage import must
from xingnuo.trust.gate.contracts import Actor, Platform, Strength
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import ActorKind

APP = "suixingjie"
_SECONDS = 20


def outside(path: str, told: Mapping[str, Any] | None = None) -> Any:
    """Tell the sandbox something, or look at what it shows, as JSON."""
    place = urlsplit(settings.SANDBOX_URL)
    line = http.client.HTTPConnection(str(place.hostname), place.port, timeout=_SECONDS)
    try:
        way = "GET" if told is None else "POST"
        line.request(way, path, json.dumps(told), {"Content-Type": "application/json"})
        answer = line.getresponse()
        raw = answer.read()
        must(answer.status < 400, f"the sandbox answers {answer.status}")
        return json.loads(raw)
    finally:
        line.close()


@dataclass
class Member:
    """A person who signed in at the provider, and the token that their browser holds."""

    sub: str
    phone: str
    token: str = field(repr=False)
    platform: Platform = field(default_factory=Platform)

    @property
    def session(self) -> Session:
        """Give the session as a door finds it now."""
        found = self.found
        assert found is not None, "the session is gone"
        return found

    @property
    def found(self) -> Session | None:
        """Give the session, or None when it is gone."""
        with transaction.atomic():
            return known.resolve(self.token)

    @property
    def person(self) -> stage.Person:
        """Give the person as the porch makes the actor."""
        now = self.session
        actor = Actor(
            kind=ActorKind.SELF,
            subject_id=now.subject_id,
            session_id=now.id,
            strength=now.strength,
            platform=self.platform,
        )
        return stage.Person(now.subject_id, actor)

    def prove(self) -> stage.Person:
        """Prove oneself, as after a trip to the provider."""
        with transaction.atomic():
            accounts.raise_strength(self.session, Strength.REVERIFIED)
        return self.person

    def call(self, method: str, path: str, told: Mapping[str, Any]) -> int:
        """Call the API as a machine with the person's token; gives the status."""
        answer = Client(headers={"host": "localhost"}).generic(
            method,
            f"/api/v1{path}",
            json.dumps(told),
            content_type="application/json",
            headers={
                "authorization": f"Bearer {self.token}",
                "idempotency-key": str(ids.uuid7()),
            },
        )
        return int(answer.status_code)

    def browser(self, **cookies: str) -> Browser:
        """Give a browser that holds the session."""
        return Browser({settings.SESSION_COOKIE: self.token, **cookies})


def member(*, sub: str = "", phone: str = "") -> Member:
    """Sign a person in at the real provider, a new one unless told otherwise."""
    if not sub:
        made = outside("/account/test/accounts", {})
        sub, phone = made["sub"], made["phone"]
    compiled = policy.in_force()
    accepted = Accepted(version=compiled.version, text_hash=compiled.hash)
    who = Caller(address=ids.token(), label="Android · Chrome")
    started = accounts.begin_sign_in(accepted=accepted, caller=who)
    back = answer_of(started.url, sub)
    done = accounts.finish_sign_in(
        code=back.get("code", ""), state=back.get("state", ""), cookie=started.cookie, caller=who
    )
    return Member(sub, phone, done.token)


def answer_of(url: str, sub: str) -> dict[str, str]:
    """Answer an authorization address as that person; gives what comes back to us."""
    told = {"url": url, "sub": sub, "decision": "agree"}
    return dict(parse_qsl(urlsplit(outside("/account/test/sign-in", told)["redirect_to"]).query))


@cache
def onlooker() -> Member:
    """Give one member for pages that change nothing about them."""
    return member()


def let_in(who: Member, *, optional: tuple[str, ...] = ()) -> Issued:
    """Let the sibling app in as the person, and change its code for a token as the app."""
    verifier = ids.token()
    digest = hashlib.sha256(verifier.encode()).digest()
    redirect = f"{settings.SANDBOX_URL}/{APP}/callback"
    asked = known.authorize_request(
        urlencode(
            {
                "response_type": "code",
                "client_id": APP,
                "redirect_uri": redirect,
                "scope": "openid sync",
                "state": ids.token(),
                "code_challenge": urlsafe_b64encode(digest).rstrip(b"=").decode(),
                "code_challenge_method": "S256",
            }
        )
    )
    with transaction.atomic():
        sheet = known.sync_sheet(asked)
        to = accounts.agree_sync(
            who.person.actor, asked, optional=optional, text_hash=sheet.text_hash
        )
    code = dict(parse_qsl(urlsplit(to).query))["code"]
    secret = os.environ.get(f"XN_SIBLING_SECRET_{APP.upper()}", f"dev-{APP}-secret")
    app = accounts.client_of(APP, secret)
    return accounts.exchange(app, code=code, redirect_uri=redirect, verifier=verifier)


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as it came: status, headers, its text, its links in order, its ids."""

    status: int
    headers: Mapping[str, str]
    html: str
    links: tuple[tuple[str, str], ...]
    ids: frozenset[str]
    cookies: frozenset[str]

    def link(self, words: str) -> str:
        """Give the address behind the first link that begins with these words."""
        for text, href in self.links:
            if text.startswith(words):
                return href
        must(False, f"no link {words}")
        return ""


class Browser:
    """A browser without scripts, knocking at the doors of this process."""

    def __init__(self, cookies: Mapping[str, str] | None = None, agent: str = "") -> None:
        self._client = Client(
            SERVER_NAME="localhost",
            headers={"sec-fetch-site": "same-origin", "user-agent": agent or "Mozilla/5.0 (X11)"},
        )
        for name, value in (cookies or {}).items():
            self._client.cookies[name] = value

    def get(self, path: str) -> Seen:
        """Look at a page."""
        return _seen(self._client.get(path))

    def post(self, path: str, told: Mapping[str, Any] | None = None) -> Seen:
        """Send a form."""
        return _seen(self._client.post(path, dict(told or {})))

    def walk(self, *words: str) -> Seen:
        """Go from home through links by their words; each step must be there."""
        page = self.get("/")
        for word in words:
            page = self.get(page.link(word))
            must(page.status == 200, f"{word} answers {page.status}")
        return page

    def drop(self, name: str) -> None:
        """Forget a cookie."""
        self._client.cookies.pop(name, None)


def _seen(answer: Any) -> Seen:
    html = answer.content.decode("utf-8", "replace") if not answer.streaming else ""
    reader = _Reader()
    if "html" in answer.headers.get("Content-Type", ""):
        reader.feed(html)
    return Seen(
        status=answer.status_code,
        headers=dict(answer.headers),
        html=html,
        links=tuple(reader.links),
        ids=frozenset(reader.ids),
        cookies=frozenset(answer.cookies),
    )


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[tuple[str, str]] = []
        self.ids: set[str] = set()
        self._href = ""
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note ids, and where a link begins."""
        found = dict(attrs)
        if found.get("id"):
            self.ids.add(str(found["id"]))
        if tag == "a" and found.get("href"):
            self._href, self._text = str(found["href"]), str(found.get("aria-label") or "")

    def handle_data(self, data: str) -> None:
        """Note the words of a link."""
        if self._href:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        """Note where a link ends."""
        if tag == "a" and self._href:
            self.links.append((" ".join(self._text.split()), self._href))
            self._href = ""
