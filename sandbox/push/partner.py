"""The push service's addresses, and the inbox of the pretend browsers."""

from __future__ import annotations

from typing import Any

from sandbox.ground import pages
from sandbox.ground.html import el
from sandbox.ground.http import Request, Response, Route, json_response
from sandbox.ground.partner import Partner, World
from sandbox.push import service


def inbox(world: World, request: Request) -> Response:
    """Show what pretend browsers have received, newest first."""
    lines = [
        pages.stacked(
            el("p", one["content"] if one["content"] is not None else "（打不开）", class_="code"),
            el("p", f"{one['at']} · TTL {one['ttl']} · {one['urgency'] or 'normal'}",
               class_="quiet"),
        )
        for one in service.received(world)
    ]  # fmt: skip
    return pages.page(
        "推送收件箱", pages.card(pages.rows(lines, empty="还没有推送。")),
        brand="推送服务", back=("/", "沙盒"),
    )  # fmt: skip


def inbox_json(world: World, request: Request) -> Response:
    """Give what pretend browsers have received, newest first."""
    return json_response({"messages": service.received(world)})


def make(world: World, request: Request) -> Response:
    """Make a subscription of a pretend browser; `sender` ties it to one VAPID key."""
    told = request.json()
    sender = told.get("sender", "")
    made = service.subscribe(world, sender=sender if isinstance(sender, str) else "")
    return json_response(made, status=201)


def forget(world: World, request: Request) -> Response:
    """Let a subscription be gone."""
    service.forget(world, request.params["name"])
    return json_response({"state": "gone"})


def _books(world: World) -> dict[str, Any]:
    listed = world.store.rows("SELECT id, sender, gone FROM push_subscription ORDER BY id")
    return {"subscriptions": listed, "messages": service.received(world)}


PARTNER = Partner(
    id="push",
    title="推送服务",
    summary="像浏览器的推送服务一样收加密消息，替假浏览器打开给人看。",
    schema=service.SCHEMA,
    links=(("/push/inbox", "收件箱"), ("/push/inbox.json", "收件箱数据")),
    books=_books,
    routes=(
        Route(method="POST", pattern="/push/to/<name>", handler=service.take, operation="send",
              faults=frozenset({"decline", "duplicate"})),
        Route(method="GET", pattern="/push/inbox", handler=inbox, page=True),
        Route(method="GET", pattern="/push/inbox.json", handler=inbox_json),
        Route(method="POST", pattern="/push/test/subscriptions", handler=make),
        Route(method="DELETE", pattern="/push/test/subscriptions/<name>", handler=forget),
    ),
)  # fmt: skip
