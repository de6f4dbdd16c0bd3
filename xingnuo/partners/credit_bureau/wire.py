"""The bureau's shapes; no network."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from xingnuo.partners._signing import text, whole
from xingnuo.partners.credit_bureau.contracts import PENDING, Outcome, Report, WrittenConsent

QUERY_PATH = "/credit_bureau/query"
STATUS_PATH = "/credit_bureau/status/"
CONSENT_CHARS_MAX = 64
SCORE_MAX = 1000
COUNT_MAX = 10_000
FEN_MAX = 100_000_000_00
_FINAL = frozenset({"declined", "fields_wrong", "field_malformed", "key_malformed", "key_reused"})
_WITHOUT_FIGURES = {one.value: one for one in (Outcome.NO_RECORD, Outcome.NO_CONSENT)}
_FIGURES = {
    "score": SCORE_MAX,
    "open_loans": COUNT_MAX,
    "overdue_fen": FEN_MAX,
    "overdue_days_max": COUNT_MAX,
    "queries_6m": COUNT_MAX,
}


def in_force(consent: WrittenConsent, *, today: date) -> bool:
    """Say whether a consent may be shown to the bureau today."""
    named = 0 < len(consent.reference.strip()) <= CONSENT_CHARS_MAX
    return named and consent.agreed_on <= today <= consent.until


def question(
    *, key: str, name: str, document_number: str, phone: str, consent: WrittenConsent
) -> dict[str, object]:
    """Give what is asked: a person, with the consent and the use it was given for."""
    return {
        "key": key,
        "name": name,
        "document_number": document_number,
        "phone": phone,
        "consent": consent.reference,
        "use": consent.use.value,
        "agreed_on": consent.agreed_on.isoformat(),
        "until": consent.until.isoformat(),
    }


def answer(status: int, told: Mapping[str, object], *, signed: bool, key: str) -> Report:
    """Read an answer: a report only if signed, about this key, and whole."""
    if 400 <= status < 500 and told.get("code") in _FINAL:
        return Report(outcome=Outcome.REFUSED)
    reference, word = text(told, "reference"), text(told, "outcome")
    ours = signed and status == 200 and told.get("key") == key and told.get("state") == "done"
    if not ours or not reference:
        return PENDING
    if word in _WITHOUT_FIGURES:
        return Report(outcome=_WITHOUT_FIGURES[word], reference=reference)
    found = {name: whole(told, name, most=most) for name, most in _FIGURES.items()}
    figures = {name: figure for name, figure in found.items() if figure is not None}
    if word != Outcome.REPORT.value or len(figures) != len(_FIGURES):
        return PENDING
    return Report(
        outcome=Outcome.REPORT,
        reference=reference,
        score=figures["score"],
        open_loans=figures["open_loans"],
        overdue_fen=figures["overdue_fen"],
        overdue_days_max=figures["overdue_days_max"],
        queries_6m=figures["queries_6m"],
    )
