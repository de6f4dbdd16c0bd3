"""The two languages of rules: of risk over an event, of compliance over a customer's days."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from xingnuo.people.antifraud import _days, _facts, _limits
from xingnuo.people.antifraud._reasons import REASONS, TYPOLOGIES
from xingnuo.people.antifraud._states import Family
from xingnuo.people.antifraud.contracts import Outcome


@dataclass(frozen=True, slots=True)
class Language:
    """What a rule may name: facts with their types and words, reasons, and what may follow."""

    type_of: Callable[[str], type | None]
    words: Mapping[str, tuple[str, ...]]
    reasons: Collection[str]
    outcomes: Mapping[str, Outcome]
    most: Callable[[str], int]  # the highest number that a fact is compared with
    is_counted: Callable[[str], bool]  # costs a look at the past


def _most_of_events(name: str) -> int:
    # A count stops at its cap: a threshold beyond would never be reached.
    found = _facts.counter(name)
    is_capped = found is not None and found.measure != "sum"
    return _limits.COUNTED_ROWS_MAX if is_capped else _limits.AMOUNT_FEN_MAX


LANGUAGES: Mapping[Family, Language] = {
    Family.RISK: Language(
        type_of=_facts.type_of,
        words=_facts.WORDS,
        reasons=REASONS,
        outcomes={outcome.code: outcome for outcome in Outcome},
        most=_most_of_events,
        is_counted=lambda name: _facts.counter(name) is not None,
    ),
    # A pattern closes no door: at most it opens a case.
    Family.AML: Language(
        type_of=_days.type_of,
        words=_days.WORDS,
        reasons=TYPOLOGIES,
        outcomes={outcome.code: outcome for outcome in (Outcome.ACCEPT, Outcome.REVIEW)},
        most=lambda _: _limits.AMOUNT_FEN_MAX,
        is_counted=lambda _: False,
    ),
}
