"""What a door turned away is left in the record of whoever tried: a code and a route, no value.

Gate refusals are on record already, and views with transactions of their own leave their own.
"""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve

from xingnuo.doors.porch.visitor import Visitor
from xingnuo.kit.db import session
from xingnuo.trust.evidence import actions as evidence
from xingnuo.trust.evidence.contracts import Kind, Line

# A wrong method or a session that is over says nothing about a person's acts.
_KINDS = {
    400: Kind.BAD_INPUT,
    403: Kind.ACCESS_DENIED,
    404: Kind.ACCESS_DENIED,
    409: Kind.BAD_INPUT,
    413: Kind.BAD_INPUT,
    422: Kind.BAD_INPUT,
    429: Kind.ACCESS_DENIED,
}
_MISSING = 404
_REASON_CHARS_MAX = 60


def leave(request: HttpRequest, response: HttpResponse) -> None:
    """Record a refused try of a person who is signed in, in a transaction of its own."""
    kind = _KINDS.get(response.status_code)
    visitor: Visitor = request.visitor  # type: ignore[attr-defined]
    route = _route(request)
    actor = visitor.actor
    if kind is None or route is None or actor.subject_id is None or _is_left(response, route):
        return
    code = getattr(response, "fault_code", kind.value)
    with transaction.atomic():
        session.set_subject(actor.subject_id)
        evidence.record(
            Line(
                kind=kind,
                subject_id=actor.subject_id,
                outcome="refused",
                reason=f"{code}:{(route.url_name or '').replace('-', '_')}"[:_REASON_CHARS_MAX],
                actor_kind=actor.kind.value,
                session_id=actor.session_id,
                channel=actor.channel,
            )
        )


def _route(request: HttpRequest) -> ResolverMatch | None:
    # A body that is refused unparsed never came to a view.
    if request.resolver_match is not None:
        return request.resolver_match
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None


def _is_left(response: HttpResponse, route: ResolverMatch) -> bool:
    by_gate = getattr(response, "is_on_record", False)
    # What is missing, or another's, no view puts down by itself.
    own = getattr(route.func, "own_transactions", False) and response.status_code != _MISSING
    return by_gate or own
