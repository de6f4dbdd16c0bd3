"""The bank's addresses: the card check, e-accounts, pay-outs, debits, statements."""

from __future__ import annotations

from typing import Any

from sandbox.bank import accounts, cards, checking
from sandbox.ground import clock, dayfile, signing, telling
from sandbox.ground.desk import FAULTS, HOOK_FAULTS, RESULT
from sandbox.ground.http import Problem, Request, Response, Route, json_response
from sandbox.ground.partner import Partner, World

SIGNED = frozenset({"bad_signature"})


def make(world: World, request: Request) -> Response:
    """Register a card for a test."""
    return json_response({"card_number": cards.asked(world, request.json())}, status=201)


def balance(world: World, request: Request) -> Response:
    """Say, signed, what an e-account holds."""
    checking.DESK.verify(world, request)
    row = accounts.find(world, request.params["account"])
    if row is None:
        told = Problem(404, "account_unknown", "没有这个账户。").response()
    else:
        names = ("account", "cash_fen", "deposit_fen", "fund_fen", "income_fen")
        held = {name: row[name] for name in names}
        told = json_response({**held, "at": clock.iso(clock.now())})
    return signing.signed(told, request, secret=world.settings.partner_secrets["bank"])


def statement(world: World, request: Request) -> Response:
    """Give the head of a day's statement."""
    checking.DESK.verify(world, request)
    lines = accounts.entries(world, *dayfile.span(request))
    return dayfile.head(world, request, "bank", lines)


def income(world: World, request: Request) -> Response:
    """Let a day pass for a test: deposits and funds bring their income."""
    return json_response({"accounts": accounts.accrue(world)}, status=201)


def _start(world: World) -> None:
    cards.start(world)
    telling.start(world)


def _books(world: World) -> dict[str, Any]:
    listed = world.store.rows("SELECT * FROM bank_card ORDER BY card_number")
    return {**checking.DESK.books(world), "cards": listed, **accounts.books(world)}


PARTNER = Partner(
    id="bank",
    title="银行",
    summary="核对银行卡；开电子账户，收付款，按约定扣款，出对账文件。验证码见短信收件箱。",
    schema=cards.SCHEMA + checking.SCHEMA + accounts.SCHEMA,
    links=(("/sms/inbox", "短信收件箱"),),
    start=_start,
    books=_books,
    routes=(
        Route(method="POST", pattern="/bank/check", handler=checking.DESK.ask, operation="check",
              faults=FAULTS),
        Route(method="POST", pattern="/bank/confirm", handler=checking.confirm,
              operation="confirm", faults=frozenset({"bad_signature", "contradiction"})),
        Route(method="GET", pattern="/bank/status/<key>", handler=checking.DESK.status,
              operation="status", faults=SIGNED),
        *(
            Route(method="POST", pattern=pattern, handler=desk.ask, operation=name,
                  faults=HOOK_FAULTS | {"decline"})
            for name, (pattern, desk) in accounts.DESKS.items()
        ),
        Route(method="GET", pattern="/bank/balance/<account>", handler=balance,
              operation="balance", faults=SIGNED),
        Route(method="POST", pattern="/bank/statement", handler=statement, operation="statement",
              faults=dayfile.FAULTS),
        Route(method="GET", pattern="/bank/file/<token>", handler=dayfile.give, operation="file"),
        Route(method="POST", pattern="/bank/test/cards", handler=make),
        Route(method="POST", pattern="/bank/test/income", handler=income),
    ),
    outgoing={RESULT: telling.FAULTS},
)  # fmt: skip
