"""The letter gateway's addresses, and its inbox for people and tests."""

from __future__ import annotations

from typing import Any

from sandbox.email import gateway
from sandbox.ground import pages, telling
from sandbox.ground.html import Html, el
from sandbox.ground.http import Problem, Request, Response, Route, json_response, redirect
from sandbox.ground.partner import Partner, World

SEND_FAULTS = frozenset("bad_signature duplicate late silence contradiction".split())


def inbox(world: World, request: Request) -> Response:
    """Show what addresses have received, newest first."""
    address = request.query_fields().get("address", "").strip()
    letters = gateway.received(world, address=address)
    asked = pages.field("address", "只看一个邮箱", value=address, inputmode="email", kind="email")
    return pages.page(
        "邮件收件箱",
        pages.card(el("form", asked, pages.button("查看"), method="get", action="/email/inbox",
                      novalidate=True)),
        pages.card(pages.rows([_line(letter) for letter in letters], empty="还没有邮件。")),
        theme="email", brand="邮件网关", back=("/", "沙盒"),
    )  # fmt: skip


def inbox_json(world: World, request: Request) -> Response:
    """Give what addresses have received, newest first."""
    address = request.query_fields().get("address", "")
    return json_response({"letters": gateway.received(world, address=address)})


def complain(world: World, request: Request) -> Response:
    """Mark a letter as unwanted, as its reader would."""
    _tell(world, request.form().get("key", ""), "complained")
    return redirect("/email/inbox")


def cause(world: World, request: Request) -> Response:
    """Cause what a test asks for: delivered, bounced or complained."""
    told = request.json()
    name = _tell(world, str(told.get("key", "")), str(told.get("kind", "")))
    return json_response({"id": name}, status=201)


def unsubscribe(world: World, request: Request) -> Response:
    """Unsubscribe with one click, as a mail program does it (RFC 8058)."""
    gateway.unsubscribe(world, request.form().get("key", ""))
    return redirect("/email/inbox")


def unsubscribe_json(world: World, request: Request) -> Response:
    """Unsubscribe with one click for a test, and say how xingnuo answered."""
    status = gateway.unsubscribe(world, str(request.json().get("key", "")))
    return json_response({"status": status}, status=201)


def _tell(world: World, key: str, kind: str) -> str:
    if kind not in gateway.KINDS:
        raise Problem(422, "fields_wrong", f"kind：{'、'.join(gateway.KINDS)}。")
    if gateway.DESK.case(world, key) is None:
        raise Problem(404, "key_unknown", "没有这封邮件。")
    return gateway.tell(world, key, kind)


def _line(letter: dict[str, Any]) -> Html:
    stop = letter["headers"].get("List-Unsubscribe", "").strip("<>")
    # A person in the sandbox follows the address that a mail program would offer as a button.
    return pages.stacked(
        el("p", letter["subject"], class_="code"),
        *(el("p", line) for line in letter["text"].split("\n") if line),
        el("p", f"{letter['address']} · {letter['delivered_at'][:16]} UTC", class_="quiet"),
        pages.link_button("打开退订页", stop, kind="plain") if stop.startswith("http") else None,
        pages.form(
            "/email/unsubscribe",
            pages.button("一键退订", kind="plain"),
            hidden=[("key", letter["key"])],
        )
        if stop
        else None,
        pages.form("/email/complain", pages.button("标为垃圾邮件", kind="plain"),
                   hidden=[("key", letter["key"])]),
    )  # fmt: skip


PARTNER = Partner(
    id="email",
    title="邮件网关",
    summary="收下签过名的邮件并送到邮箱；收件箱在这里看。退信和投诉会告诉星诺。",
    schema=gateway.SCHEMA,
    links=(("/email/inbox", "收件箱"), ("/email/inbox.json", "收件箱数据")),
    start=telling.start,
    books=gateway.DESK.books,
    routes=(
        Route(method="POST", pattern="/email/send", handler=gateway.send, operation="send",
              faults=SEND_FAULTS),
        Route(method="GET", pattern="/email/status/<key>", handler=gateway.DESK.status,
              operation="status", faults=frozenset({"bad_signature"})),
        Route(method="GET", pattern="/email/inbox", handler=inbox, page=True),
        Route(method="GET", pattern="/email/inbox.json", handler=inbox_json),
        Route(method="POST", pattern="/email/complain", handler=complain, page=True),
        Route(method="POST", pattern="/email/unsubscribe", handler=unsubscribe, page=True),
        Route(method="POST", pattern="/email/test/unsubscribe", handler=unsubscribe_json),
        Route(method="POST", pattern="/email/test/events", handler=cause),
    ),
    outgoing={gateway.EVENT: telling.FAULTS},
)  # fmt: skip
