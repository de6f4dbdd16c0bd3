"""The utilities' shapes; no network."""

from __future__ import annotations

from collections.abc import Mapping

from xingnuo.partners._money import FEN_MAX, instant
from xingnuo.partners._signing import text, whole
from xingnuo.partners.utility.contracts import Found, Receipt, UtilityBill

QUERY_PATH, PAY_PATH, DAY_PATH = "/utility/query", "/utility/payments", "/utility/day"
STATUS_PATH, RECEIPT_PATH = "/utility/status/", "/utility/receipt/"
HOOK_PATH = "/hooks/utility/payment"
ADDRESS_CHARS_MAX = 120
UNKNOWN = UtilityBill(found=Found.UNKNOWN)
_SAID = {one.value: one for one in (Found.DUE, Found.NOTHING_DUE, Found.NOT_FOUND)}


def bill(status: int, told: Mapping[str, object], *, signed: bool, account: str) -> UtilityBill:
    """Read what an issuer says of an account; all but a signed answer about it is unknown."""
    if signed and 400 <= status < 500 and told.get("code") in ("fields_wrong", "field_malformed"):
        return UtilityBill(found=Found.REFUSED)
    found = _SAID.get(text(told, "found"))
    if not signed or status != 200 or told.get("account") != account or found is None:
        return UNKNOWN
    if found is Found.NOT_FOUND:
        return UtilityBill(found=found)
    due, left = (whole(told, name, most=FEN_MAX) for name in ("due_fen", "balance_fen"))
    number = text(told, "bill_no")
    if due is None or left is None or (found is Found.DUE and not (number and due)):
        return UNKNOWN
    return UtilityBill(
        found=found, bill_no=number, name_masked=text(told, "name"), due_fen=due,
        address_masked=text(told, "address", chars_max=ADDRESS_CHARS_MAX), balance_fen=left,
        month=text(told, "month"),
    )  # fmt: skip


def receipt(told: Mapping[str, object], *, key: str) -> Receipt | None:
    """Read a receipt; None for what is none, or of another payment."""
    amount, at = whole(told, "amount_fen", most=FEN_MAX), instant(told.get("at"))
    names = ("reference", "bill_no", "issuer", "seal")
    reference, number, issuer, seal = (text(told, name) for name in names)
    if told.get("key") != key or amount is None or at is None or not reference or not seal:
        return None
    return Receipt(
        reference=reference, bill_no=number, amount_fen=amount, at=at, issuer=issuer, seal=seal
    )
