"""From where a request comes: the direct peer, or what a trusted proxy says it passed on."""

from __future__ import annotations

import ipaddress
from functools import cache

from django.conf import settings
from django.http import HttpRequest

HOPS_MAX = 10
type _Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def address_of(request: HttpRequest) -> str:
    """Give the caller's address, or nothing when none can be believed.

    `X-Forwarded-For` is read from its end, and only as far as our own proxies wrote it: what a
    caller put there themselves stands before that and counts for nothing.
    """
    address = request.META.get("REMOTE_ADDR", "")
    passed = request.headers.get("X-Forwarded-For", "")
    said = passed.split(",")[-HOPS_MAX:] if passed else []
    while _is_trusted(address) and said:
        address = said.pop().strip()
    return address if _parsed(address) is not None else ""


def _is_trusted(address: str) -> bool:
    found = _parsed(address)
    return found is not None and any(found in one for one in _networks(settings.TRUSTED_PROXIES))


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(address)
    except ValueError:
        return None


@cache
def _networks(said: str) -> tuple[_Network, ...]:
    return tuple(ipaddress.ip_network(one) for one in said.split())
