"""Calls to the bank: check a card, keep an e-account, pay out, debit under an agreement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from xingnuo.partners._day import DayFile
from xingnuo.partners._file import day_file
from xingnuo.partners._line import Line
from xingnuo.partners._money import REFUSED, answer, is_amount, line, notice
from xingnuo.partners.bank import _money, wire
from xingnuo.partners.bank.contracts import (
    RECIPIENT,
    Answer,
    Balances,
    MoneyAnswer,
    MoneyNotice,
    Move,
    StatementLine,
)
from xingnuo.trust.sharing import queries as sharing
from xingnuo.trust.sharing.contracts import Parcel

LINE = Line("bank")


def begin(parcel: Parcel, *, key: str) -> Answer:
    """Ask whether card, document, name and phone belong together; right ones make the bank text.

    The same key again asks nothing and texts nothing twice. Never raises for what the bank does.
    Raises `NotSealed` or `WrongRecipient` for a parcel that is not the clearing house's.
    """
    given = sharing.contents(parcel, recipient=RECIPIENT)
    asked = wire.question(
        key=key,
        card_number=given.get("card_number", ""),
        document_number=given.get("document_number", ""),
        name=given.get("name", ""),
        phone=given.get("card_reserved_phone", ""),
    )
    told = LINE.post(wire.CHECK_PATH, asked)
    return wire.answer(told.status, told.fields, signed=told.signed, key=key, among=wire.BEGUN)


def confirm(parcel: Parcel, *, key: str) -> Answer:
    """Hand the bank the code that the person typed, which the parcel passes through."""
    given = sharing.contents(parcel, recipient=RECIPIENT)
    told = LINE.post(wire.CONFIRM_PATH, {"key": key, "code": given.get("sms_code", "")})
    return wire.answer(told.status, told.fields, signed=told.signed, key=key, among=wire.TYPED)


def status(key: str) -> Answer:
    """Ask the record of a key; `PENDING` when it does not answer."""
    told = LINE.record(wire.STATUS_PATH, key)
    return wire.answer(told.status, told.fields, signed=told.signed, key=key, among=wire.RECORDED)


def open_account(parcel: Parcel, *, key: str) -> MoneyAnswer:
    """Ask the bank to open a class II e-account on the parcel's bound card.

    `account` of the answer is the bank's own token for it, and says nothing of the person.
    """
    given = sharing.contents(parcel, recipient=_money.ACCOUNT_RECIPIENT)
    names = ("name", "document_number", "phone", "card_number")
    return _moved(_money.OPEN_PATH, key, {name: given.get(name, "") for name in names})


def close_account(*, account: str, key: str) -> MoneyAnswer:
    """Ask the bank to close an e-account that holds nothing any more."""
    return _moved(_money.CLOSE_PATH, key, {"account": account})


def move(kind: Move, *, account: str, amount_fen: int, key: str) -> MoneyAnswer:
    """Move money of an e-account; the same key again moves nothing twice."""
    told = {"kind": kind.value, "account": account}
    return _moved(_money.MOVE_PATH, key, told, amount_fen=amount_fen)


def pay_out(parcel: Parcel, *, amount_fen: int, text: str, key: str) -> MoneyAnswer:
    """Pay to the parcel's card, whose holder must have the parcel's name."""
    given = sharing.contents(parcel, recipient=_recipient(parcel))
    told = {"card_number": given.get("card_number", ""), "name": given.get("name", "")}
    told["text"] = text[: _money.TEXT_CHARS_MAX]
    return _moved(_money.PAY_OUT_PATH, key, told, amount_fen=amount_fen)


def sign_agreement(
    parcel: Parcel, *, agreement: str, per_fen: int, day_fen: int, key: str
) -> MoneyAnswer:
    """Let the bank debit the parcel's card under our agreement's number, within two limits."""
    given = sharing.contents(parcel, recipient=_recipient(parcel))
    if not (is_amount(per_fen) and is_amount(day_fen)):
        return REFUSED
    told = {
        "agreement": agreement, "card_number": given.get("card_number", ""),
        "name": given.get("name", ""), "document_number": given.get("document_number", ""),
        "phone": given.get("card_reserved_phone", ""),
        "per_fen": str(per_fen), "day_fen": str(day_fen),
    }  # fmt: skip
    return _moved(_money.SIGN_PATH, key, told)


def end_agreement(*, agreement: str, key: str) -> MoneyAnswer:
    """End an agreement: nothing is debited under it any more."""
    return _moved(_money.END_PATH, key, {"agreement": agreement})


def debit(*, agreement: str, amount_fen: int, text: str, key: str) -> MoneyAnswer:
    """Debit the card of an agreement."""
    told = {"agreement": agreement, "text": text[: _money.TEXT_CHARS_MAX]}
    return _moved(_money.DEBIT_PATH, key, told, amount_fen=amount_fen)


def money_status(key: str) -> MoneyAnswer:
    """Ask the bank's record of a key; `PENDING` when it does not answer."""
    told = LINE.record(wire.STATUS_PATH, key)
    return answer(told.status, told.fields, signed=told.signed, key=key)


def balance(account: str) -> Balances | None:
    """Ask what an e-account holds; None when it is not known now."""
    told = LINE.record(_money.BALANCE_PATH, account)
    whole = told.signed and told.status == 200
    return _money.balances(told.fields, account=account) if whole else None


def statement(day: date) -> DayFile[StatementLine]:
    """Fetch the bank's file of a day; raises `DayFileNotReady` or `DayFileBroken`."""
    return day_file(LINE, _money.STATEMENT_PATH, day, read=line)


def receive(headers: Mapping[str, str], body: bytes) -> MoneyNotice:
    """Take a call to our hook that tells a later result; raises `NotAuthentic`."""
    return notice(LINE.read(_money.HOOK_PATH, headers, body), partner="bank")


def _recipient(parcel: Parcel) -> str:
    taken = parcel.recipient in _money.MONEY_RECIPIENTS
    return parcel.recipient if taken else _money.MONEY_RECIPIENTS[0]


def _moved(
    path: str, key: str, told: Mapping[str, str], *, amount_fen: int | None = None
) -> MoneyAnswer:
    asked = {"key": key, **told}
    if amount_fen is not None:
        if not is_amount(amount_fen):
            return REFUSED
        asked["amount_fen"] = str(amount_fen)
    given = LINE.post(path, asked)
    return answer(given.status, given.fields, signed=given.signed, key=key)
