"""Challenges: made by us, kept as digests, answered once by their session and for their act."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import connection

from xingnuo.kit import clock, ids
from xingnuo.people.unlock._limits import (
    CHALLENGE_BYTES,
    CHALLENGE_SECONDS,
    CHALLENGES_KEPT_MAX,
    SWEEP_ROWS_MAX,
)
from xingnuo.people.unlock.contracts import Act
from xingnuo.people.unlock.models import Challenge


def make(subject_id: UUID, session_id: UUID, act: Act) -> bytes:
    """Give a fresh challenge; the oldest unanswered ones go."""
    now = clock.now()
    rows = Challenge.objects.of(subject_id)
    rows.filter(expires_at__lte=now).delete()
    left = list(rows.order_by("-id").values_list("id", flat=True))
    rows.filter(id__in=left[CHALLENGES_KEPT_MAX - 1 :]).delete()
    # Not from `random_bytes`, which drills may replay: this one nobody may foresee.
    secret = ids.token(CHALLENGE_BYTES * 8).encode()
    Challenge.objects.create(
        subject_id=subject_id,
        session_id=session_id,
        act=act.value,
        digest=ids.digest(secret),
        made_at=now,
        expires_at=now + timedelta(seconds=CHALLENGE_SECONDS),
    )
    return secret


def claim(subject_id: UUID, session_id: UUID, act: Act, challenge: bytes) -> bool:
    """Use a challenge up; of two answers to the same one, one finds it gone."""
    gone, _ = (
        Challenge.objects.of(subject_id)
        .filter(
            session_id=session_id,
            act=act.value,
            digest=ids.digest(challenge),
            expires_at__gt=clock.now(),
        )
        .delete()
    )
    return gone == 1


def sweep() -> int:
    """Delete challenges that nobody answered in time; gives how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT unlock_sweep(%s, %s)", [clock.now(), SWEEP_ROWS_MAX])
        return int(cursor.fetchone()[0])
