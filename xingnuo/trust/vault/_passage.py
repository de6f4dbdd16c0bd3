"""Whose rows the transaction opens: shown for reads within the read, asked once for writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, transaction

from xingnuo.kit import ids
from xingnuo.kit.db import session
from xingnuo.trust.vault._keystore import lock_number
from xingnuo.trust.vault.contracts import Erased, Leave, NoLeave

# Both are compared with the permit in the statement that reads. No setting reads as ''.
NAMED = (
    "coalesce(current_setting('xn.subject', true), '') = %s"
    " AND coalesce(current_setting('xn.permit', true), '') = %s"
)
MARKED = "EXISTS (SELECT FROM vault_closed WHERE subject_id = %s)"


def judge(*, is_named: bool, is_marked: bool) -> None:
    """Refuse when the transaction names another subject or permit, or the subject was erased."""
    if not is_named:
        raise NoLeave
    if is_marked:
        raise Erased


def write_under(leave: Leave) -> None:
    """Check the transaction before a write, and hold off the subject's erasure until it ends.

    The lock comes in a statement of its own, so that the mark is looked for after it is held.
    """
    if not connection.in_atomic_block:
        raise NoLeave
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT pg_advisory_xact_lock_shared(%s); SELECT {NAMED}, {MARKED}",
            [
                lock_number(leave.subject_id),
                str(leave.subject_id),
                str(leave.id),
                leave.subject_id,
            ],
        )
        cursor.nextset()
        is_named, is_marked = cursor.fetchone()
    judge(is_named=is_named, is_marked=is_marked)


@contextmanager
def upkeep(subject_id: UUID) -> Iterator[None]:
    """Reach a subject's rows without a permit, to erase or count them; nothing is opened.

    What the transaction named before is named again afterwards.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(current_setting('xn.subject', true), ''),"
                " coalesce(current_setting('xn.permit', true), '')"
            )
            subject, permit = cursor.fetchone()
        session.set_subject(subject_id, permit_id=ids.uuid7())
        yield
        session.clear()
        if subject:
            session.set_subject(UUID(subject), permit_id=UUID(permit) if permit else None)


def shut(subject_id: UUID) -> None:
    """Wait for writes in flight, then hold off every other until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock_number(subject_id)])
