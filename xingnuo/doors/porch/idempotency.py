"""Keys of clients: an unsafe call takes effect once, however often it comes.

Stored in the same transaction as the effect; a call that failed is not stored.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from xingnuo.doors.porch.models import Answered
from xingnuo.doors.porch.policy import (
    KEPT_DAYS,
    KEY_CHARS_MAX,
    KEY_CHARS_MIN,
    SWEEP_ROWS_MAX,
)
from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput, Conflict

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replay"
_KEY = re.compile(rf"[A-Za-z0-9_-]{{{KEY_CHARS_MIN},{KEY_CHARS_MAX}}}")


def once(
    request: HttpRequest,
    subject_id: UUID,
    act: Callable[[], dict[str, Any]],
    *,
    status: int = 200,
    content: bytes | None = None,
) -> HttpResponse:
    """Do an act under the call's key, or give the answer it had before.

    `content` is what was sent, where it is not the body itself (a file in a form).

    Raises `BadInput` without a proper key, `Conflict` when the key came with other content or its
    first call is still under way.
    """
    key = request.headers.get(HEADER, "")
    if not _KEY.fullmatch(key):
        raise BadInput({HEADER: f"请带 {KEY_CHARS_MIN} 到 {KEY_CHARS_MAX} 位的请求编号"})
    route = f"{request.method} {request.path}"[:80]
    fingerprint = ids.digest(request.body if content is None else content)
    session.set_subject(subject_id)
    _one_at_a_time(subject_id, route, key)
    known = Answered.objects.of(subject_id).filter(route=route, key=key).first()
    if known is not None:
        if known.fingerprint != fingerprint:
            raise Conflict("key_with_other_content")
        answer = JsonResponse(json.loads(known.body), status=known.status)
        answer[REPLAYED] = "true"
        return answer
    body = act()
    session.set_subject(subject_id)
    Answered.objects.create(
        subject_id=subject_id,
        key=key,
        route=route,
        fingerprint=fingerprint,
        status=status,
        body=json.dumps(body),
        at=clock.now(),
    )
    return JsonResponse(body, status=status)


def _one_at_a_time(subject_id: UUID, route: str, key: str) -> None:
    number = int(ids.digest(f"{subject_id}|{route}|{key}")[:15], 16)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise Conflict("still_running")


def sweep() -> int:
    """Delete answers older than their thirty days; gives how many."""
    with connection.cursor() as cursor:
        before = clock.now() - timedelta(days=KEPT_DAYS)
        cursor.execute("SELECT porch_sweep(%s, %s)", [before, SWEEP_ROWS_MAX])
        return int(cursor.fetchone()[0])


def erase(subject_id: UUID) -> int:
    """Delete a subject's stored answers."""
    return int(Answered.objects.of(subject_id).delete()[0])


def export(subject_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Give a subject's stored answers for the copy of their data."""
    return {"porch_answered": list(Answered.objects.of(subject_id).values())}
