"""The change card, as on the pages: opened, moved by a confirmed yes, seen with its time."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from xingnuo.doors.api.house_api import PROBLEMS, me
from xingnuo.doors.api.shapes import In
from xingnuo.doors.porch.address import address_of
from xingnuo.kit import clock
from xingnuo.kit.errors import BadInput
from xingnuo.services.wallet_card import actions, queries
from xingnuo.services.wallet_card.contracts import (
    AccountShown,
    AccountState,
    AssetsShown,
    LimitsShown,
    MonthShown,
    MoveKind,
    MoveShown,
    MoveState,
    NoAccount,
)

router = Router(tags=["wallet-card"])
# These ask the bank between two commits.
IN_STEPS = (
    "wallet-card/openings",
    "wallet-card/assets",
    "wallet-card/closing",
    "wallet-card/moves",
)


class WalletOut(Schema):
    """The e-account, without the bank's token."""

    id: UUID
    state: AccountState
    card_id: UUID
    code: str
    opened_at: datetime | None
    closed_at: datetime | None
    fetched_at: datetime | None


class MoveOut(Schema):
    """A movement and how it stands."""

    id: UUID
    kind: MoveKind
    state: MoveState
    amount_fen: int
    code: str
    made_at: datetime
    ended_at: datetime | None


class AssetsOut(Schema):
    """What the bank said that the account holds, and when."""

    cash_fen: int
    deposit_fen: int
    fund_fen: int
    income_fen: int
    at: datetime


class WalletMonth(Schema):
    """A month of the account."""

    month: date
    moves: list[MoveOut]
    in_fen: int
    out_fen: int
    income_fen: int


class LimitsOut(Schema):
    """Limits and what is left of them."""

    once_fen: int
    spend_day_fen: int
    spend_year_fen: int
    day_left_fen: int
    year_left_fen: int


class Opening(In):
    """An opening: its own number, made by the client, and the card to bind."""

    number: UUID
    card_id: UUID


class Closing(In):
    """A closing by its own number."""

    number: UUID


class Question(In):
    """A movement to be confirmed, under its own number."""

    number: UUID
    kind: MoveKind
    amount_fen: int = Field(gt=0, strict=True)


class Moving(Question):
    """A movement with the yes that confirmed it."""

    confirmation_id: UUID


class AskedOut(Schema):
    """The question to confirm."""

    confirmation_id: UUID
    expires_at: datetime


@router.get("/wallet-card", response={200: WalletOut, **PROBLEMS})
def account(request: HttpRequest) -> AccountShown:
    """Give the account that lives, or the newest."""
    found = queries.account(me(request)[0])
    if found is None:
        raise NoAccount
    return found


@router.post("/wallet-card/openings", response={200: WalletOut, **PROBLEMS})
def open_card(request: HttpRequest, body: Opening) -> AccountShown:
    """Have the bank open an account; the same number again opens nothing twice."""
    return actions.open_card(me(request)[0], card_id=body.card_id, number=body.number)


@router.post("/wallet-card/closing", response={200: WalletOut, **PROBLEMS})
def close_card(request: HttpRequest, body: Closing) -> AccountShown:
    """Have the bank close the empty account."""
    return actions.close_card(me(request)[0], number=body.number)


@router.post("/wallet-card/assets", response={200: AssetsOut, **PROBLEMS})
def fetch(request: HttpRequest) -> AssetsShown:
    """Fetch what the account holds, under the person's leave."""
    found = actions.refresh(me(request)[0])
    if found is None:
        raise NoAccount
    return found


@router.post("/wallet-card/questions", response={200: AskedOut, **PROBLEMS})
def ask(request: HttpRequest, body: Question) -> dict[str, object]:
    """Ask for the person's yes to a movement."""
    told = actions.ask(
        me(request)[0], kind=body.kind, amount_fen=body.amount_fen, number=body.number
    )
    return {"confirmation_id": told.id, "expires_at": told.expires_at}


@router.post("/wallet-card/moves", response={200: MoveOut, **PROBLEMS})
def move(request: HttpRequest, body: Moving) -> MoveShown:
    """Move money as it was confirmed; the same number again moves nothing twice."""
    return actions.move(
        me(request)[0],
        kind=body.kind,
        amount_fen=body.amount_fen,
        number=body.number,
        confirmation_id=body.confirmation_id,
        address=address_of(request),
    )


@router.get("/wallet-card/moves/{uuid:movement}", response={200: MoveOut, **PROBLEMS})
def one(request: HttpRequest, movement: UUID) -> MoveShown:
    """Give a movement as it stands."""
    return queries.move(me(request)[0], number=movement)


@router.get("/wallet-card/statement", response={200: WalletMonth, **PROBLEMS})
def statement(request: HttpRequest, month: str = "") -> MonthShown:
    """Give a month, named as 2026-11; without a name this one."""
    try:
        day = date.fromisoformat(f"{month}-01") if month else clock.today()
    except ValueError:
        raise BadInput({"month": "请写成 2026-11 这样"}) from None
    return queries.statement(me(request)[0], day=day)


@router.get("/wallet-card/limits", response={200: LimitsOut, **PROBLEMS})
def limits(request: HttpRequest) -> LimitsShown:
    """Give the limits, and what is left of them."""
    return queries.my_limits(me(request)[0])
