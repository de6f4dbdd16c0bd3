"""The clearing house's shapes; no network."""

from __future__ import annotations

from collections.abc import Mapping

from xingnuo.partners._signing import is_not_known, text, whole
from xingnuo.partners.bank.contracts import PENDING, Answer, Outcome

CHECK_PATH = "/bank/check"
CONFIRM_PATH = "/bank/confirm"
STATUS_PATH = "/bank/status/"
TRIES_MAX = 20
_UNDECIDED = (Outcome.PENDING, Outcome.NOT_KNOWN, Outcome.REFUSED)
_FINAL = frozenset({"declined", "fields_wrong", "field_malformed", "key_malformed", "key_reused"})
_TYPED = frozenset({Outcome.CONFIRMED, Outcome.CODE_WRONG, Outcome.CODE_EXPIRED, Outcome.TOO_MANY})
# What the bank may say at each step; anything else contradicts the step and is not believed.
BEGUN = frozenset(Outcome) - _TYPED - set(_UNDECIDED)
TYPED = _TYPED
RECORDED = BEGUN | {Outcome.CONFIRMED}


def question(
    *, key: str, card_number: str, document_number: str, name: str, phone: str
) -> dict[str, object]:
    """Give what is asked: four elements under a key, and nothing else."""
    return {
        "key": key,
        "card_number": card_number,
        "document_number": document_number,
        "name": name,
        "phone": phone,
    }


def answer(
    status: int,
    told: Mapping[str, object],
    *,
    signed: bool,
    key: str,
    among: frozenset[Outcome],
) -> Answer:
    """Read an answer: decided only if signed, about this key and one of those of the step."""
    if 400 <= status < 500 and told.get("code") in _FINAL:
        return Answer(outcome=Outcome.REFUSED)
    if is_not_known(status, told, signed=signed):
        return Answer(outcome=Outcome.NOT_KNOWN)
    reference, word = text(told, "reference"), text(told, "outcome")
    found = next((one for one in among if one.value == word), None)
    ours = signed and status == 200 and told.get("key") == key and told.get("state") == "done"
    if not ours or not reference or found is None:
        return PENDING
    return Answer(
        outcome=found,
        reference=reference,
        bank=text(told, "bank"),
        tries_left=whole(told, "tries_left", most=TRIES_MAX),
    )
