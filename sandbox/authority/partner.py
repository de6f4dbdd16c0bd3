"""The population service's addresses, and the list of people for trying things out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sandbox.bank import cards
from sandbox.ground import clock, pages, residents, telling
from sandbox.ground.desk import HOOK_FAULTS, RESULT, Desk
from sandbox.ground.desk import SCHEMA as DESK_SCHEMA
from sandbox.ground.html import el
from sandbox.ground.http import Request, Response, Route, json_response
from sandbox.ground.partner import Partner, World
from sandbox.ground.residents import NAME_CHARS_MAX

NUMBER_CHARS_MAX = 30
SHOWN_MAX = 60


def decide(world: World, asked: Mapping[str, str]) -> dict[str, Any]:
    """Say whether name and number are one person's."""
    found = residents.find(world, asked["document_number"])
    if found is None:
        return {"finding": "not_found"}
    if found["name"] != asked["name"]:
        return {"finding": "mismatch"}
    today = date.fromisoformat(str(clock.iso(clock.now()))[:10])
    expired = date.fromisoformat(found["valid_until"]) < today
    document = "cancelled" if found["cancelled"] else "expired" if expired else "valid"
    return {
        "finding": "match",
        "document": document,
        "deceased": bool(found["deceased"]),
        "adult": residents.is_adult(found["number"], on=today),
    }


DESK = Desk(
    service="authority",
    # What is over the limit is a mismatch in any case; the desk takes it and says so.
    fields={"name": 4 * NAME_CHARS_MAX, "document_number": NUMBER_CHARS_MAX},
    decide=decide,
    contrary={"match": "mismatch", "mismatch": "match", "not_found": "match"},
    hook="/hooks/authority/result",
)


def people(world: World, request: Request) -> Response:
    """Show who is registered."""
    lines = [
        pages.stacked(
            el("p", one["name"]),
            el("p", f"{one['number']} · {one['phone']}", class_="code"),
            el("p", one["note"], class_="quiet") if one["note"] else None,
        )
        for one in residents.everyone(world)[:SHOWN_MAX]
    ]
    return pages.page(
        "登记的人", pages.card(pages.rows(lines, empty="")),
        brand="身份核验中心", back=("/", "沙盒"),
    )  # fmt: skip


def people_json(world: World, request: Request) -> Response:
    """Give who is registered, with their cards."""
    found = residents.everyone(world)
    for one in found:
        one["cards"] = cards.of_number(world, one["number"])
        one["cancelled"], one["deceased"] = bool(one["cancelled"]), bool(one["deceased"])
    return json_response({"people": found})


def make(world: World, request: Request) -> Response:
    """Register a person for a test."""
    one = residents.asked(request.json())
    residents.register(world, one)
    return json_response({"number": one.number, "name": one.name}, status=201)


def _start(world: World) -> None:
    residents.start(world)
    telling.start(world)


PARTNER = Partner(
    id="authority",
    title="身份核验中心",
    summary="核对姓名和证件号码是不是同一个人。",
    schema=DESK_SCHEMA + residents.SCHEMA,
    links=(("/authority/people", "测试用的人"), ("/authority/people.json", "同上，数据")),
    start=_start,
    books=DESK.books,
    routes=(
        Route(method="POST", pattern="/authority/verify", handler=DESK.ask, operation="verify",
              faults=HOOK_FAULTS),
        Route(method="GET", pattern="/authority/status/<key>", handler=DESK.status,
              operation="status", faults=frozenset({"bad_signature"})),
        Route(method="GET", pattern="/authority/people", handler=people, page=True),
        Route(method="GET", pattern="/authority/people.json", handler=people_json),
        Route(method="POST", pattern="/authority/test/people", handler=make),
    ),
    outgoing={RESULT: telling.FAULTS},
)  # fmt: skip
