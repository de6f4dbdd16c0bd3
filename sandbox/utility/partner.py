"""The issuers' addresses, and the account that a test asks for."""

from __future__ import annotations

from sandbox.ground import chance, dayfile, telling
from sandbox.ground.desk import HOOK_FAULTS, RESULT
from sandbox.ground.http import Problem, Request, Response, Route, json_response
from sandbox.ground.partner import Partner, World
from sandbox.utility import bills

SIGNED = frozenset({"bad_signature"})
DUE_FEN_MAX = 10**9


def make(world: World, request: Request) -> Response:
    """Open an account for a test and give its number."""
    told = request.json()
    due, issuer = told.get("due_fen", 5_000), told.get("issuer", "utility_power")
    if issuer not in bills.ISSUERS or type(due) is not int or not 0 <= due <= DUE_FEN_MAX:
        raise Problem(422, "fields_wrong", "可用的项：issuer、due_fen、name、address。")
    number = chance.digits(bills.NUMBER_DIGITS)
    bills.make(
        world, issuer=issuer, account=number, due_fen=due,
        name=str(told.get("name", "测试户"))[:50],
        address=str(told.get("address", "杭州市西湖区文星路 1 号"))[:100],
    )  # fmt: skip
    return json_response({"account": number}, status=201)


def _start(world: World) -> None:
    bills.start(world)
    telling.start(world)


PARTNER = Partner(
    id="utility",
    title="水电燃气",
    summary="按户号查账单，缴费销账，给收据，出对账文件。",
    schema=bills.SCHEMA,
    start=_start,
    books=bills.books,
    routes=(
        Route(method="POST", pattern="/utility/query", handler=bills.query, operation="query",
              faults=SIGNED | {"wrong_amount"}),
        Route(method="POST", pattern="/utility/payments", handler=bills.DESK.ask,
              operation="pay", faults=HOOK_FAULTS | {"decline"}),
        Route(method="GET", pattern="/utility/status/<key>", handler=bills.DESK.status,
              operation="status", faults=SIGNED),
        Route(method="GET", pattern="/utility/receipt/<key>", handler=bills.receipt,
              operation="receipt", faults=SIGNED),
        Route(method="POST", pattern="/utility/day", handler=bills.day, operation="day",
              faults=dayfile.FAULTS),
        Route(method="GET", pattern="/utility/file/<token>", handler=dayfile.give,
              operation="file"),
        Route(method="POST", pattern="/utility/test/accounts", handler=make),
    ),
    outgoing={RESULT: telling.FAULTS},
)  # fmt: skip
