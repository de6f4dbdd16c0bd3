"""The gateway's addresses, and its inbox for people and tests."""

from __future__ import annotations

from sandbox.ground import clock, pages, telling
from sandbox.ground.html import Html, el
from sandbox.ground.http import Problem, Request, Response, Route, json_response
from sandbox.ground.partner import Partner, World
from sandbox.sms import gateway, replies

THEME = "sms"


def inbox(world: World, request: Request) -> Response:
    """Show what phones have received, newest first."""
    typed = request.query_fields().get("phone", "").strip()
    try:
        phone, wrong = (gateway.normal_phone(typed) if typed else ""), ""
    except Problem as problem:
        phone, wrong = "", problem.detail
    messages = [] if wrong else gateway.received(world, phone=phone)
    return pages.page(
        "短信收件箱",
        pages.errors([("phone", wrong)] if wrong else []),
        pages.card(_filter(typed, wrong)),
        pages.card(
            pages.rows([_line(message) for message in messages], empty="还没有短信。"),
            title=f"{phone} 收到的" if phone else "全部手机",
        ),
        replies.form(phone) if phone else None,
        theme=THEME, brand="短信网关", back=("/", "沙盒"), status=422 if wrong else 200,
    )  # fmt: skip


def inbox_json(world: World, request: Request) -> Response:
    """Give what phones have received, newest first."""
    typed = request.query_fields().get("phone", "")
    phone = gateway.normal_phone(typed) if typed else ""
    found = gateway.received(world, phone=phone)
    for message in found:
        message["accepted_at"] = clock.iso(message["accepted_at"])
        message["delivered_at"] = clock.iso(message["delivered_at"])
    return json_response({"messages": found})


def _filter(typed: str, wrong: str) -> Html:
    asked = pages.field("phone", "只看一个手机号", value=typed, error=wrong, inputmode="tel",
                        kind="tel")  # fmt: skip
    return el(
        "form", asked, pages.button("查看"), method="get", action="/sms/inbox", novalidate=True
    )


def _line(message: dict[str, str]) -> Html:
    return pages.stacked(
        el("p", message["text"], class_="code"),
        el("p", f"{message['phone']} · {clock.shown(float(message['delivered_at']))}",
           class_="quiet"),
    )  # fmt: skip


PARTNER = Partner(
    id="sms",
    title="短信网关",
    summary="收下签过名的短信并送到手机；收件箱在这里看。",
    schema=gateway.SCHEMA,
    links=(("/sms/inbox", "收件箱"), ("/sms/inbox.json", "收件箱数据")),
    start=telling.start,
    books=gateway.books,
    routes=(
        Route(method="POST", pattern="/sms/send", handler=gateway.send, operation="send",
              faults=gateway.SEND_FAULTS),
        Route(method="GET", pattern="/sms/status/<message_id>", handler=gateway.status,
              operation="status"),
        Route(method="GET", pattern="/sms/inbox", handler=inbox, page=True),
        Route(method="GET", pattern="/sms/inbox.json", handler=inbox_json),
        Route(method="POST", pattern="/sms/reply", handler=replies.reply, page=True),
        Route(method="POST", pattern="/sms/test/replies", handler=replies.cause),
    ),
    outgoing={replies.OPERATION: telling.FAULTS},
)  # fmt: skip
