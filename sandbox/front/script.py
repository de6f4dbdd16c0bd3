"""The script of faults over HTTP: write, draw by a seed, read, drop."""

from __future__ import annotations

from typing import Any

from sandbox.ground.faults import ANY, Fault, ScriptRefused, parse, seeded
from sandbox.ground.http import Problem, Request, Response, json_response
from sandbox.ground.partner import World
from sandbox.ground.router import operations, showable

SCRIPT_FIELDS = {"service", "operation", "match", "append", "script"}
SEED_FIELDS = {"service", "operation", "match", "append", "seed", "length", "faults", "ok_share"}
MATCH_CHARS_MAX = 200


def told(world: World, request: Request) -> Response:
    """Say what waits and what was consumed."""
    return json_response(dict(world.faults.told()))


def write(world: World, request: Request) -> Response:
    """Set the script of a service's operation."""
    asked = _asked(request, SCRIPT_FIELDS)
    lines = asked.get("script")
    if not isinstance(lines, list):
        raise _refused("script is a list")
    try:
        script = parse(lines)
    except ScriptRefused as error:
        raise _refused(str(error)) from None
    return _write(world, asked, script)


def seed(world: World, request: Request) -> Response:
    """Draw a script by a seed and set it; the same seed draws the same script."""
    asked = _asked(request, SEED_FIELDS)
    number, length = asked.get("seed"), asked.get("length", 20)
    share, kinds = asked.get("ok_share", 0.5), asked.get("faults")
    if type(number) is not int or type(length) is not int or not isinstance(share, int | float):
        raise _refused("seed and length are whole numbers, ok_share is a number")
    can = _showable(world, asked)
    if kinds is None:
        # A fault that keeps the caller waiting is drawn only where it is asked for by name.
        kinds = sorted(can - {"timeout_before", "timeout_after", "silence"})
    if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
        raise _refused("faults is a list of names")
    try:
        script = seeded(number, kinds, length=length, ok_share=share)
    except ScriptRefused as error:
        raise _refused(str(error)) from None
    return _write(world, asked, script)


def clear(world: World, request: Request) -> Response:
    """Drop scripts, all or those of a service, an operation or a match."""
    asked = request.query_fields()
    if not asked.keys() <= {"service", "operation", "match"}:
        raise _refused("known fields are service, operation, match")
    return json_response({"dropped": world.faults.clear(**asked)})


def _asked(request: Request, known: set[str]) -> dict[str, Any]:
    asked = request.json()
    if not asked.keys() <= known:
        raise _refused(f"known fields are {', '.join(sorted(known))}")
    match = asked.get("match", "")
    if not isinstance(match, str) or len(match) > MATCH_CHARS_MAX:
        raise _refused(f"match is a text of at most {MATCH_CHARS_MAX} characters")
    if type(asked.get("append", False)) is not bool:
        raise _refused("append is true or false")
    return asked


def _showable(world: World, asked: dict[str, Any]) -> frozenset[str]:
    for partner in world.partners:
        if partner.id == asked.get("service"):
            try:
                return showable(partner, str(asked.get("operation", ANY)))
            except KeyError:
                raise _refused(f"operations are {', '.join(operations(partner))}") from None
    raise _refused(f"services are {', '.join(partner.id for partner in world.partners)}")


def _write(world: World, asked: dict[str, Any], script: list[Fault]) -> Response:
    can = _showable(world, asked)
    if foreign := sorted({fault.kind for fault in script} - can):
        raise _refused(f"cannot show {', '.join(foreign)}; can show {', '.join(sorted(can))}")
    service, operation = asked["service"], asked.get("operation", ANY)
    try:
        world.faults.write(
            service, operation, script=script,
            match=asked.get("match", ""), append=asked.get("append", False),
        )  # fmt: skip
    except ScriptRefused as error:
        raise _refused(str(error)) from None
    lines = [{"fault": fault.kind, "ms": fault.ms} for fault in script]
    return json_response(
        {"service": service, "operation": operation, "match": asked.get("match", ""),
         "script": lines},
        status=201,
    )  # fmt: skip


def _refused(why: str) -> Problem:
    return Problem(422, "script_refused", why)
