"""The telecom check's shapes; no network."""

from __future__ import annotations

from collections.abc import Mapping

from xingnuo.partners._money import is_amount
from xingnuo.partners._signing import is_not_known, text
from xingnuo.partners.telecom.contracts import Answer, Carrier, Finding

VERIFY_PATH = "/telecom/verify"
STATUS_PATH = "/telecom/status/"
CARRIER_PATH, TOP_UP_PATH, DAY_PATH = "/telecom/carrier", "/telecom/topups", "/telecom/day"
HOOK_PATH = "/hooks/telecom/topup"
AMOUNTS_MAX = 50
_DECIDED = {one.value: one for one in (Finding.MATCH, Finding.MISMATCH, Finding.NOT_FOUND)}
_FINAL = frozenset({"declined", "fields_wrong", "field_malformed", "key_malformed", "key_reused"})


def question(*, key: str, name: str, document_number: str, phone: str) -> dict[str, object]:
    """Give what is asked: three elements under a key, and nothing else."""
    return {"key": key, "name": name, "document_number": document_number, "phone": phone}


def answer(status: int, told: Mapping[str, object], *, signed: bool, key: str) -> Answer:
    """Read an answer: decided only if signed and about this key, refused only by a final code."""
    if 400 <= status < 500 and told.get("code") in _FINAL:
        return Answer(finding=Finding.REFUSED)
    if is_not_known(status, told, signed=signed):
        return Answer(finding=Finding.NOT_KNOWN)
    finding, reference = _DECIDED.get(text(told, "finding")), text(told, "reference")
    ours = signed and status == 200 and told.get("key") == key and told.get("state") == "done"
    if not ours or not reference or finding is None:
        return Answer(finding=Finding.PENDING)
    return Answer(finding=finding, reference=reference)


def carrier(told: Mapping[str, object], *, phone: str) -> Carrier | None:
    """Read who serves a number; None for what is not about it or not whole."""
    amounts = told.get("amounts_fen")
    if told.get("phone") != phone or not isinstance(amounts, list) or len(amounts) > AMOUNTS_MAX:
        return None
    if not all(is_amount(fen) for fen in amounts):
        return None
    return Carrier(
        name=text(told, "name"), region=text(told, "region"), amounts_fen=tuple(sorted(amounts))
    )
