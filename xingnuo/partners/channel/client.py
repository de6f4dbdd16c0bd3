"""Calls to the payment channels: pay, ask, close, give back, the day's bill, what they tell us."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import ModuleType

from xingnuo.partners.channel import _alipay, _bills, _unionpay, _wechat, wire
from xingnuo.partners.channel._keys import NotEnrolled
from xingnuo.partners.channel.contracts import (
    RECIPIENTS,
    UNKNOWN,
    Answer,
    Bill,
    BillNotReady,
    Notice,
    Outcome,
    Style,
)
from xingnuo.trust.sharing import queries as sharing
from xingnuo.trust.sharing.contracts import Parcel

SUBJECT_CHARS_MAX = 40
CARD = ("card_number", "name", "document_number", "card_reserved_phone")
_NOT_ASKED = Answer(outcome=Outcome.REFUSED, permanent=True, code="not_asked")
_STYLES: Mapping[Style, ModuleType] = {
    Style.ALIPAY: _alipay,
    Style.WECHAT: _wechat,
    Style.UNIONPAY: _unionpay,
}


def pay(
    parcel: Parcel,
    *,
    style: Style,
    order_no: str,
    amount_fen: int,
    subject_text: str,
    expires_at: datetime,
) -> Answer:
    """Take money from the parcel's card under our order's number, which was stored before.

    The same number with the same content is the same order and never taken twice. Never raises for
    what the channel does. Raises `NotSealed` or `WrongRecipient` for a parcel that is not its own.
    """
    given = sharing.contents(parcel, recipient=RECIPIENTS[style])
    card = {name: given.get(name, "") for name in CARD}
    if not wire.is_number(order_no) or not wire.is_amount(amount_fen) or not all(card.values()):
        return _NOT_ASKED
    return _asked(
        lambda: _STYLES[style].pay(
            card, order_no=order_no, amount_fen=amount_fen,
            subject_text=subject_text[:SUBJECT_CHARS_MAX], expires_at=expires_at,
        )
    )  # fmt: skip


def query(style: Style, order_no: str) -> Answer:
    """Ask what became of an order; not found is proof of nothing."""
    if not wire.is_number(order_no):
        return UNKNOWN
    return _asked(lambda: _STYLES[style].query(order_no))


def close(style: Style, order_no: str) -> Answer:
    """Close an order that is not paid; only `CLOSED` says that no money can come any more."""
    if not wire.is_number(order_no):
        return UNKNOWN
    return _asked(lambda: _STYLES[style].close(order_no))


def refund(
    style: Style, *, order_no: str, refund_no: str, amount_fen: int, total_fen: int
) -> Answer:
    """Give money back under our refund's number; the same number again gives nothing twice."""
    amounts = wire.is_amount(amount_fen) and wire.is_amount(total_fen) and amount_fen <= total_fen
    if not (wire.is_number(order_no) and wire.is_number(refund_no) and amounts):
        return _NOT_ASKED
    return _asked(
        lambda: _STYLES[style].refund(
            order_no=order_no, refund_no=refund_no, amount_fen=amount_fen, total_fen=total_fen
        )
    )


def query_refund(style: Style, *, order_no: str, refund_no: str) -> Answer:
    """Ask what became of a refund."""
    if not wire.is_number(order_no) or not wire.is_number(refund_no):
        return UNKNOWN
    return _asked(lambda: _STYLES[style].query_refund(order_no=order_no, refund_no=refund_no))


def bill(style: Style, day: date) -> Bill:
    """Fetch a day's bill; raises `BillNotReady` or, for one that does not hold, `BillBroken`."""
    try:
        return _bills.bill(style, day)
    except NotEnrolled:
        raise BillNotReady(style.value) from None


def receive(style: Style, headers: Mapping[str, str], body: bytes) -> Notice:
    """Take a call to our hook: authentic, of now, and about us; else raises `NotAuthentic`.

    Who takes it keeps its id, compares the amount, and answers with `answer` after the commit.
    """
    notice: Notice = _STYLES[style].receive(headers, body)
    return notice


def answer(style: Style, *, taken: bool = True) -> tuple[int, bytes, str]:
    """Give status, body and content type that end a notice's repeats, or keep them coming."""
    said: tuple[int, bytes, str] = _STYLES[style].answer(taken=taken)
    return said


def _asked(ask: Callable[[], Answer]) -> Answer:
    try:
        return ask()
    except NotEnrolled:
        return UNKNOWN
