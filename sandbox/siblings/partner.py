"""The addresses of the two apps."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from sandbox.ground import clock
from sandbox.ground.http import Problem, Request, Response, Route
from sandbox.ground.partner import Partner, World
from sandbox.siblings import erasing, page, sync
from sandbox.siblings.apps import APPS, App
from sandbox.siblings.schema import SCHEMA

REFUSED_NOTICE = Problem(409, "declined", "现在不能删除。")


def _books(app: App, world: World) -> dict[str, Any]:
    copies = world.store.rows(
        "SELECT account_id, profile, first_at, synced_at FROM sibling_copy WHERE app = ?"
        " ORDER BY first_at, account_id",
        app.id,
    )
    for copy in copies:
        copy["profile"] = json.loads(copy["profile"])
        copy["first_at"], copy["synced_at"] = (
            clock.iso(copy["first_at"]),
            clock.iso(copy["synced_at"]),
        )
    sessions = world.store.rows(
        "SELECT account_id, count(*) AS sessions FROM sibling_session"
        " WHERE app = ? AND account_id <> '' GROUP BY account_id ORDER BY account_id",
        app.id,
    )
    receipts = erasing.receipts(world, app)
    return {"app": app.id, "copies": copies, "sessions": sessions, "receipts": receipts}


def _partner(app: App) -> Partner:
    def at(
        method: str,
        path: str,
        handler: Callable[[World, App, Request], Response],
        operation: str = "",
        **more: Any,
    ) -> Route:
        def handle(world: World, request: Request) -> Response:
            return handler(world, app, request)

        return Route(
            method=method, pattern=f"/{app.id}/{path}", handler=handle, operation=operation, **more
        )

    return Partner(
        id=app.id,
        title=app.name,
        summary=app.pitch + "用星诺帐号登录后，显示星诺同步给它的资料。",
        schema=SCHEMA,
        links=((app.home, "打开"),),
        start=erasing.start,
        books=partial(_books, app),
        routes=(
            at("GET", "", page.home, page=True),
            at("GET", "login", sync.begin, page=True),
            at("GET", "callback", sync.callback, "callback", page=True),
            at("POST", "sync", sync.again, "sync", page=True),
            at("POST", "leave", sync.leave, page=True),
            at("POST", "erase", erasing.erase, "erase",
               faults=erasing.FAULTS, declined=REFUSED_NOTICE),
            at("GET", "erase/<notice_id>", erasing.status, "erase_status"),
        ),
    )  # fmt: skip


PARTNERS = tuple(_partner(app) for app in APPS)
