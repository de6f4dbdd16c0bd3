"""Browsers that a person used before: known by a random cookie, kept as a digest of their own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.people.accounts._limits import DEVICE_COOKIE_SECONDS, DEVICES_MAX
from xingnuo.people.accounts._secret import is_secret, keyed
from xingnuo.people.accounts.models import Device

# One statement, so that two sign-ins at once from the same browser make one row and one notice.
_SEEN = """
INSERT INTO accounts_device AS mine (id, subject_id, digest, label, first_seen_at, last_seen_at)
VALUES (%(id)s, %(subject_id)s, %(digest)s, %(label)s, %(now)s, %(now)s)
ON CONFLICT (subject_id, digest) DO UPDATE
    SET last_seen_at = excluded.last_seen_at, label = excluded.label
RETURNING id
"""


def cookie_of(given: str) -> str:
    """Give the device cookie to set: the one that came, or a new one."""
    return given if is_secret(given) else ids.token()


def digest_of(subject_id: UUID, cookie: str) -> str:
    """Give the digest under which a person's browser is kept; another person's is another."""
    return keyed("device", subject_id, cookie)


def seen(subject_id: UUID, cookie: str, *, label: str) -> tuple[UUID, bool]:
    """Note a browser's use; gives its id and whether the person never used it before.

    The first browser of all is not new: there is nobody to warn.
    """
    session.set_subject(subject_id)
    now, fresh = clock.now(), ids.uuid7()
    had_others = Device.objects.of(subject_id).exists()
    values: dict[str, Any] = {
        "id": fresh,
        "subject_id": subject_id,
        "digest": digest_of(subject_id, cookie),
        "label": label,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, values)
        device_id = cursor.fetchone()[0]
    _forget_old(subject_id)
    return device_id, had_others and device_id == fresh


def forget(subject_id: UUID, *, but: UUID | None = None) -> int:
    """Forget a person's browsers, so that each is new when it comes again."""
    rows = Device.objects.of(subject_id)
    if but is not None:
        rows = rows.exclude(id=but)
    return rows.delete()[0]


def _forget_old(subject_id: UUID) -> None:
    rows = Device.objects.of(subject_id).order_by("-last_seen_at", "-id")
    before = clock.now() - timedelta(seconds=DEVICE_COOKIE_SECONDS)
    too_many = list(rows.values_list("id", flat=True)[DEVICES_MAX:])
    rows.filter(last_seen_at__lt=before).delete()
    if too_many:
        Device.objects.of(subject_id).filter(id__in=too_many).delete()
