"""The clearing house's addresses."""

from __future__ import annotations

from typing import Any

from sandbox.bank import cards, checking
from sandbox.ground.desk import FAULTS
from sandbox.ground.http import Request, Response, Route, json_response
from sandbox.ground.partner import Partner, World


def make(world: World, request: Request) -> Response:
    """Register a card for a test."""
    return json_response({"card_number": cards.asked(world, request.json())}, status=201)


def _books(world: World) -> dict[str, Any]:
    listed = world.store.rows("SELECT * FROM bank_card ORDER BY card_number")
    return {**checking.DESK.books(world), "cards": listed}


PARTNER = Partner(
    id="bank",
    title="银行卡核验平台",
    summary="核对卡、证件、姓名和预留手机号；验证码由银行发到预留手机号，见短信收件箱。",
    schema=cards.SCHEMA + checking.SCHEMA,
    links=(("/sms/inbox", "短信收件箱"),),
    start=cards.start,
    books=_books,
    routes=(
        Route(method="POST", pattern="/bank/check", handler=checking.DESK.ask, operation="check",
              faults=FAULTS),
        Route(method="POST", pattern="/bank/confirm", handler=checking.confirm,
              operation="confirm", faults=frozenset({"bad_signature", "contradiction"})),
        Route(method="GET", pattern="/bank/status/<key>", handler=checking.DESK.status,
              operation="status", faults=frozenset({"bad_signature"})),
        Route(method="POST", pattern="/bank/test/cards", handler=make),
    ),
)  # fmt: skip
