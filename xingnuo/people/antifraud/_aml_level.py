"""The risk level of a customer under the AML law: factors, a score, a day to look again.

What is known here reaches no rule, no fact, no reason and no export.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from xingnuo.kit import clock
from xingnuo.people.antifraud import _dated
from xingnuo.people.antifraud._states import HitState
from xingnuo.people.antifraud.contracts import AmlLevel, AmlProfile
from xingnuo.people.antifraud.models import HitRow, ProfileRow

# factor → points; the level follows from the sum, a confirmed hit from nothing else.
FACTORS: Mapping[str, int] = {
    "sanctions_near": 30,
    "foreign_document": 10,
    "cash_intensive_occupation": 20,
    "political_exposure": 40,
    "suspicion_reported": 50,
    "large_values": 15,
    "data_doubtful": 25,
}
_MEDIUM_FROM, _HIGH_FROM = 20, 50


def level_of(factors: Iterable[str], *, confirmed: bool) -> tuple[AmlLevel, int]:
    """Give the level and the score of factors; an unknown factor is a fault."""
    score = sum(FACTORS[factor] for factor in set(factors))
    if confirmed:
        return AmlLevel.BARRED, score
    if score >= _HIGH_FROM:
        return AmlLevel.HIGH, score
    return (AmlLevel.MEDIUM if score >= _MEDIUM_FROM else AmlLevel.LOW), score


def assess(subject_id: UUID, *, add: Iterable[str] = (), drop: Iterable[str] = ()) -> ProfileRow:
    """Weigh a customer anew with factors added and dropped; the subject is set."""
    now = clock.now()
    # Whom a customer dealt with says nothing yet of the customer.
    own = HitRow.objects.of(subject_id).filter(counterparty="")
    states = set(own.values_list("state", flat=True))
    row = ProfileRow.objects.of(subject_id).select_for_update().first()
    factors = set(row.factors) if row else set()
    factors = (factors | set(add)) - set(drop)
    near = HitState.OPEN.value in states
    factors = factors | {"sanctions_near"} if near else factors - {"sanctions_near"}
    level, score = level_of(factors, confirmed=HitState.CONFIRMED.value in states)
    if row is None:
        row = ProfileRow(subject_id=subject_id, screened_at=now)
    row.level, row.score = level.name.lower(), score
    row.factors, row.assessed_at = sorted(factors), now
    row.review_on = _dated.review_on(row.level, clock.beijing(now).date())
    row.save()
    return row


def shown(row: ProfileRow) -> AmlProfile:
    """Give a profile as compliance sees it."""
    return AmlProfile(
        level=AmlLevel[row.level.upper()],
        score=row.score,
        factors=tuple(row.factors),
        assessed_at=row.assessed_at,
        review_on=row.review_on,
    )
