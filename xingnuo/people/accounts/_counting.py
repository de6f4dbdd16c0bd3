"""Counting tries: one row for each window, counted by one statement whatever happens around it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from xingnuo.kit import clock
from xingnuo.kit.errors import TooMany
from xingnuo.people.accounts._secret import keyed
from xingnuo.people.accounts.models import Attempt

# A window that has passed begins anew in the same row.
_COUNT = """
INSERT INTO accounts_attempt AS mine (digest, kind, count, expires_at)
VALUES (%(digest)s, %(kind)s, 1, %(until)s)
ON CONFLICT (digest) DO UPDATE SET
    count = CASE WHEN mine.expires_at <= %(now)s THEN 1 ELSE mine.count + 1 END,
    expires_at = CASE WHEN mine.expires_at <= %(now)s THEN excluded.expires_at
                      ELSE mine.expires_at END
RETURNING count, expires_at
"""


def count_attempt(kind: str, key: str, limit: int, window_seconds: int) -> int:
    """Count one try of a kind by a key and give how many there were in the window.

    Raises `TooMany` beyond the limit. Commits at once and refuses to run inside a transaction:
    there, the rollback of a failed try would take back its count. A view that counts is marked
    with the porch's `own_transactions`.
    """
    now = clock.now()
    values: dict[str, Any] = {
        "digest": keyed("attempt", kind, key),
        "kind": kind,
        "until": now + timedelta(seconds=window_seconds),
        "now": now,
    }
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        count, until = cursor.fetchone()
    if count > limit:
        wait = max(1, int((until - now).total_seconds()) + 1)
        raise TooMany(kind, retry_after_seconds=wait)
    return int(count)


def refuse_if_spent(kind: str, key: str, limit: int) -> None:
    """Raise `TooMany` where the tries of a window are used up, without counting one."""
    now = clock.now()
    spent = Attempt.objects.filter(
        digest=keyed("attempt", kind, key), count__gte=limit, expires_at__gt=now
    ).first()
    if spent is not None:
        wait = max(1, int((spent.expires_at - now).total_seconds()) + 1)
        raise TooMany(kind, retry_after_seconds=wait)


def forget_attempts(kind: str, key: str) -> None:
    """Start the count anew after a success; may run inside a transaction."""
    Attempt.objects.filter(digest=keyed("attempt", kind, key)).delete()
