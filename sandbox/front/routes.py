"""Where the sandbox answers for itself; no fault applies here."""

from __future__ import annotations

from pathlib import Path

from sandbox.front import index, script
from sandbox.ground.http import Problem, Request, Response, Route, json_response
from sandbox.ground.partner import World

STATIC = Path(__file__).resolve().parents[1] / "ground" / "static"
TYPES = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
STATIC_SECONDS = 300


def health(world: World, request: Request) -> Response:
    """Say that the sandbox serves and its store answers."""
    world.store.row("SELECT 1 AS one")
    return json_response({"state": "ok"})


def static(world: World, request: Request) -> Response:
    """Give one of the sandbox's own files."""
    file = STATIC / request.params["name"]
    if file.suffix not in TYPES or not file.is_file():
        raise Problem(404, "not_found", "没有这个文件。")
    return Response(
        body=file.read_bytes(),
        content_type=TYPES[file.suffix],
        headers=(("Cache-Control", f"public, max-age={STATIC_SECONDS}"),),
    )


def books(world: World, request: Request) -> Response:
    """Say everything that one partner holds, for tests to compare."""
    name = request.params["file"].removesuffix(".json")
    for partner in world.partners:
        if partner.id == name:
            return json_response(dict(partner.books(world)))
    raise Problem(404, "not_found", "没有这个机构的账本。")


ROUTES = (
    Route(method="GET", pattern="/", handler=index.index, page=True),
    Route(method="GET", pattern="/health", handler=health),
    Route(method="GET", pattern="/static/<name>", handler=static),
    Route(method="GET", pattern="/books/<file>", handler=books),
    Route(method="GET", pattern="/faults", handler=script.told),
    Route(method="POST", pattern="/faults", handler=script.write),
    Route(method="DELETE", pattern="/faults", handler=script.clear),
    Route(method="POST", pattern="/faults/seed", handler=script.seed),
)
