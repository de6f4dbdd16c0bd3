"""Challenges: made by us, kept as digests, answered once by their session and for their act."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from xingnuo.kit import clock, ids
from xingnuo.people.unlock._limits import (
    CHALLENGE_BYTES,
    CHALLENGE_SECONDS,
    CHALLENGES_KEPT_MAX,
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
