"""Who stands at the door: a visitor with a session, or nobody."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from xingnuo.doors.porch.replies import put_cookie
from xingnuo.people.accounts import queries as accounts
from xingnuo.people.accounts.contracts import Session
from xingnuo.trust.gate.contracts import Actor, Platform, Strength
from xingnuo.trust.policy.contracts import ActorKind

SEEN = "xn_seen"


API = "/api/"
SEEN_HEADER = "Xn-Seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """The actor of this request and the session behind it, if there is one."""

    actor: Actor
    session: Session | None = None

    @classmethod
    def nobody(cls, channel: str = "h5") -> Visitor:
        """Give the visitor who is not signed in."""
        return cls(actor=Actor(kind=ActorKind.SELF, strength=Strength.ANONYMOUS, channel=channel))

    @property
    def signed_in(self) -> bool:
        """Say whether a person is signed in."""
        return self.session is not None


def visitor_of(request: HttpRequest, channel: str = "h5") -> Visitor:
    """Find the visitor by the session cookie; runs inside the request's transaction."""
    token, seen = _shown(request)
    found = accounts.resolve(token, seen=seen) if token else None
    if found is None:
        return Visitor.nobody(channel)
    return Visitor(
        actor=Actor(
            kind=ActorKind.SELF,
            subject_id=found.subject_id,
            session_id=found.id,
            strength=found.strength,
            channel=channel,
            platform=platform_of(request),
        ),
        session=found,
    )


def _shown(request: HttpRequest) -> tuple[str, str]:
    # A machine shows its token in a header and no cookie counts, so no form can borrow it.
    if request.path.startswith(API):
        word, _, token = request.headers.get("Authorization", "").partition(" ")
        return token if word == "Bearer" else "", request.headers.get(SEEN_HEADER, "")
    return request.COOKIES.get(settings.SESSION_COOKIE, ""), request.COOKIES.get(SEEN, "")


def stamp(request: HttpRequest, response: HttpResponse) -> None:
    """Note in the browser that the session was just used, so that an idle one ends by itself."""
    session = getattr(request, "visitor", Visitor.nobody()).session
    ended = settings.SESSION_COOKIE in response.cookies or SEEN in response.cookies
    if session is None or ended:
        return
    if request.path.startswith(API):
        response[SEEN_HEADER] = accounts.stamp(session.id)
        return
    if accounts.is_stale(session.id, request.COOKIES.get(SEEN, "")):
        put_cookie(response, SEEN, accounts.stamp(session.id), seconds=None)


def platform_of(request: HttpRequest) -> Platform:
    """Read the platform from the browser's own word; it only ever narrows what may be collected."""
    agent = request.headers.get("User-Agent", "")[:400]
    vendor = "miui" if "MiuiBrowser" in agent or "XiaoMi" in agent else ""
    if "Android " in agent:
        version = agent.split("Android ", 1)[1].split(";", 1)[0].split(")", 1)[0].strip()
        return Platform(os="android", version=version, vendor=vendor)
    if "iPhone OS " in agent or "CPU OS " in agent:
        mark = "iPhone OS " if "iPhone OS " in agent else "CPU OS "
        version = agent.split(mark, 1)[1].split(" ", 1)[0].replace("_", ".")
        return Platform(os="ios", version=version)
    return Platform(os="web")
