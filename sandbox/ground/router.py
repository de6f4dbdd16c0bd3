"""Finds what answers at an address, and which faults an operation can show."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from sandbox.ground.faults import TRANSPORT
from sandbox.ground.http import BODY_BYTES_MAX, Problem, Request, Route
from sandbox.ground.partner import Partner


class Router:
    """All routes of all partners; what belongs to no partner is served for the sandbox itself."""

    def __init__(self, partners: Iterable[Partner], own: Iterable[Route]) -> None:
        listed = [("", route) for route in own]
        listed += [(partner.id, route) for partner in partners for route in partner.routes]
        self._routes: list[tuple[re.Pattern[str], str, Route]] = [
            (route.matcher(), service, route) for service, route in listed
        ]
        self._large = [line for line in self._routes if line[2].body_bytes_max > BODY_BYTES_MAX]

    def body_bytes_max(self, path: str) -> int:
        """Give how large a body may be that is sent to a path."""
        limits = [
            route.body_bytes_max for pattern, _, route in self._large if pattern.fullmatch(path)
        ]
        return max(limits, default=BODY_BYTES_MAX)

    def find(self, request: Request) -> tuple[str, Route, Request]:
        """Give service, route and the request with its path's names; raises a 404 or 405."""
        allowed = set()
        for pattern, service, route in self._routes:
            found = pattern.fullmatch(request.path)
            if not found:
                continue
            if route.method == request.method and (route.when is None or route.when(request)):
                return service, route, replace(request, params=found.groupdict())
            allowed.add(route.method)
        if allowed:
            raise Problem(405, "method_not_allowed", "这个地址不接受这种请求。")
        raise Problem(404, "not_found", "没有这个地址。")


def showable(partner: Partner, operation: str) -> frozenset[str]:
    """Give the faults that an operation can show; raises KeyError where there is none such."""
    if operation == "*":
        return TRANSPORT
    if operation in partner.outgoing:
        return partner.outgoing[operation] | {"ok"}
    for route in partner.routes:
        if route.operation == operation:
            return TRANSPORT | route.faults
    raise KeyError(operation)


def operations(partner: Partner) -> list[str]:
    """List the operations of a partner that faults can be written for."""
    return sorted({route.operation for route in partner.routes} - {""} | set(partner.outgoing))
