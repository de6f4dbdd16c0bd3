"""The row-security session: the one place that says whose rows a transaction sees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections

from xingnuo.kit.db import planned
from xingnuo.kit.errors import XingnuoError

_FOR_THIS_TRANSACTION = "; SET LOCAL plan_cache_mode = force_generic_plan"


class NoTransaction(XingnuoError):
    """The subject may be set only inside a transaction, since it ends with it."""

    status = 500
    code = "no_transaction"


def set_subject(
    subject_id: UUID, *, permit_id: UUID | None = None, using: str = DEFAULT_DB_ALIAS
) -> None:
    """Make this transaction see the rows of one subject, and vault rows if a permit is named.

    Uses `SET LOCAL` with literals that were parsed as UUIDs, so nothing leaks back to the pool.
    Planned statements keep their plan: every one goes by the subject's key, and planning anew costs
    more than reading.
    """
    _execute_local(_named(subject_id, permit_id), using)


def enter(
    subject_id: UUID, *, permit_id: UUID, asked: Sequence[str], using: str = DEFAULT_DB_ALIAS
) -> list[list[Any]]:
    """Set subject and permit, and give the rows of planned statements about the subject.

    As `set_subject`, in the same trip to the server; each statement holds one `%s`, the subject.
    """
    if not connections[using].in_atomic_block:
        raise NoTransaction
    statement = _named(subject_id, permit_id)
    return planned.settings_then_rows(statement, asked, UUID(str(subject_id)), using=using)


def set_permit(permit_id: UUID, *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Open vault rows of the subject in force for the rest of this transaction."""
    _execute_local(f"SET LOCAL xn.permit = '{UUID(str(permit_id))}'", using)


def clear(*, using: str = DEFAULT_DB_ALIAS) -> None:
    """Make this transaction see nobody's rows again."""
    _execute_local("SET LOCAL xn.subject = ''; SET LOCAL xn.permit = ''", using)


def read_only(*, using: str = DEFAULT_DB_ALIAS) -> None:
    """Drop to the role that reads and may insert evidence, for safe HTTP methods."""
    _execute_local("SET LOCAL ROLE xn_read", using)


def subject_in_force(*, using: str = DEFAULT_DB_ALIAS) -> UUID | None:
    """Give the subject whose rows this transaction sees."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT nullif(current_setting('xn.subject', true), '')::uuid")
        row = cursor.fetchone()
    return row[0] if row else None


def _named(subject_id: UUID, permit_id: UUID | None) -> str:
    statement = f"SET LOCAL xn.subject = '{UUID(str(subject_id))}'"
    if permit_id is not None:
        statement += f"; SET LOCAL xn.permit = '{UUID(str(permit_id))}'"
    return statement + _FOR_THIS_TRANSACTION


def _execute_local(statement: str, using: str) -> None:
    if not connections[using].in_atomic_block:
        raise NoTransaction
    planned.settings(statement, using=using)
