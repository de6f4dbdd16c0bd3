"""The passage: who comes in, one transaction for each request, and how a refusal goes out.

PASS-1  A request runs in one transaction; anything but success rolls it back.
PASS-2  Safe methods run on the role that reads and may insert evidence, and nothing else.
PASS-3  A refusal is written after the rollback, in a transaction of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.http import Http404, HttpRequest, HttpResponse

from xingnuo.doors.porch import app_lock, errors, turned_away, uploads
from xingnuo.doors.porch.visitor import API, Visitor, stamp, visitor_of
from xingnuo.kit import log
from xingnuo.kit.db import session
from xingnuo.kit.db.faults import constraint_of
from xingnuo.kit.errors import Conflict, NotFound, Unavailable, XingnuoError
from xingnuo.people.antifraud.contracts import NeedsVerify
from xingnuo.people.unlock.contracts import AppLocked
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import GateRefusal

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
UNPARSED = frozenset({400, 413})
logger = log.get("porch")
type View = Callable[..., HttpResponse]


def own_transactions(view: View) -> View:
    """Mark a view that talks to a partner or commits in steps: it opens its own transactions."""
    view.own_transactions = True  # type: ignore[attr-defined]
    return view


class PassageMiddleware:
    """Bring in the visitor, run the view in its transaction, and tell every fault plainly."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.visitor = Visitor.nobody()  # type: ignore[attr-defined]
        if uploads.is_too_large(request):
            uploads.drain(request)
            response = errors.page(request, uploads.BodyTooLarge())
        else:
            response = self.get_response(request)
        if response.status_code in UNPARSED and not _visitor(request).signed_in:
            # It was refused before the view, so nobody has asked yet who it was.
            _recognise(request)
        turned_away.leave(request, response)
        stamp(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Run the view here, inside its transaction, so that a fault can undo it whole."""
        if request.path.startswith(settings.STATIC_URL):
            return None
        try:
            return self._within(request, view, args, kwargs)
        except AppLocked as locked:
            return app_lock.lead(request, locked)
        except NeedsVerify as unproven:
            return app_lock.prove(request, unproven)
        except GateRefusal as refusal:
            gate.refused(refusal)
            answer = errors.refusal(request, refusal)
            answer.is_on_record = True  # type: ignore[attr-defined]
            return answer
        except XingnuoError as error:
            return errors.page(request, error)
        except (Http404, PermissionDenied):
            return errors.page(request, NotFound())
        except DatabaseError as error:
            # The driver's text holds values: only its type and the constraint's name go on.
            name = constraint_of(error)
            logger.error("database_fault", error_type=type(error).__name__, constraint=name)
            return errors.page(request, Conflict(name) if name else Unavailable("database"))

    def _within(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse:
        if getattr(view, "own_transactions", False):
            with transaction.atomic():
                found = visitor_of(request, _channel(request))
                request.visitor = found  # type: ignore[attr-defined]
                app_lock.check(request)
            return rendered(view(request, *args, **kwargs))
        with transaction.atomic():
            if request.method in SAFE:
                session.read_only()
            request.visitor = visitor_of(request, _channel(request))  # type: ignore[attr-defined]
            app_lock.check(request)
            response = rendered(view(request, *args, **kwargs))
            if response.status_code >= 400:
                transaction.set_rollback(True)
            return response


def _visitor(request: HttpRequest) -> Visitor:
    found: Visitor = request.visitor  # type: ignore[attr-defined]
    return found


def _recognise(request: HttpRequest) -> None:
    with transaction.atomic():
        request.visitor = visitor_of(request, _channel(request))  # type: ignore[attr-defined]


def _channel(request: HttpRequest) -> str:
    return "api" if request.path.startswith(API) else "h5"


def rendered(response: HttpResponse) -> HttpResponse:
    """Render a lazy response now."""
    # A lazy response would be rendered after the transaction: its queries belong inside.
    if hasattr(response, "render") and not getattr(response, "is_rendered", True):
        response.render()
    return response
