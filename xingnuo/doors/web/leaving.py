"""The page before leaving: another side follows its own policy, which one is urged to read (7.1).

It leads to the addresses of the published policy alone, named by the party: nothing that a caller
sends becomes an address, so it redirects nobody. No other page links outside.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET

from xingnuo.doors.web._pages import show
from xingnuo.kit.errors import NotFound
from xingnuo.trust.policy import queries as policy

_OUTSIDE = ("https",)


def way_out(recipient: str) -> str:
    """Give where a page may link for a party's own pages, or nothing where it names none."""
    return reverse("leave", args=[recipient]) if _address(recipient) else ""


def _address(recipient: str) -> str:
    party = policy.in_force().recipients.get(recipient)
    address = party.policy_url if party else ""
    parts = urlsplit(address)
    return address if parts.scheme in _OUTSIDE and parts.hostname else ""


@require_GET
def leave(request: HttpRequest, recipient: str) -> HttpResponse:
    """Say whose policy applies out there, before the person goes or stays."""
    address = _address(recipient)
    if not address:
        raise NotFound
    shown = {
        "party": policy.in_force().recipients[recipient],
        "address": address,
        "host": urlsplit(address).hostname,
        "back": reverse("policy_recipients"),
    }
    return show(request, "policy/leaving", shown)


urlpatterns = [path("leave/<slug:recipient>/", leave, name="leave")]
