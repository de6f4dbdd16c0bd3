"""Writing decisions; the gate checks who may decide, this room keeps what was decided."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

from xingnuo.kit import clock
from xingnuo.trust.consent.contracts import Decided, Decision, Scope
from xingnuo.trust.consent.models import DecisionRow


def record(
    subject_id: UUID,
    *,
    scope: Scope,
    decision: Decision,
    meaning: str,
    version: str,
    text_hash: str,
    channel: str,
    actor_kind: str,
) -> Decided:
    """Append a decision; the subject must be set in the transaction."""
    row = DecisionRow.objects.create(
        subject_id=subject_id,
        scope=scope.key,
        items=sorted(scope.items),
        item_set_hash=scope.item_set_hash,
        recipient=scope.recipient,
        decision=decision.value,
        meaning=meaning,
        version=version,
        text_hash=text_hash,
        channel=channel,
        actor_kind=actor_kind,
        at=clock.now(),
    )
    return Decided(
        id=row.id,
        scope=scope.key,
        decision=decision,
        items=tuple(row.items),
        meaning=meaning,
        version=version,
        text_hash=text_hash,
        channel=channel,
        actor_kind=actor_kind,
        at=row.at,
    )


def forget_erased(*, before: datetime, most: int) -> int:
    """Delete the decisions of people who were erased before an instant; gives how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT consent_forget_erased(%s, %s)", [before, most])
        return int(cursor.fetchone()[0])
