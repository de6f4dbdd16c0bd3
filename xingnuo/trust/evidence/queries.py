"""What can be told from evidence: to the person, to an incident, to a regulator, to a verifier.

The person's queries read as the app role with the subject set, and never tell of a line whose
purpose is confidential (AML 35). Those over many people read on the audit connection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections

from xingnuo.trust.evidence import _prove, _sql, _verify
from xingnuo.trust.evidence.contracts import (
    NOBODY,
    Affected,
    Collected,
    Counts,
    Entry,
    Kind,
    Look,
    Proof,
    Registered,
    Report,
    Shared,
    Used,
)
from xingnuo.trust.evidence.policy import LISTED_ROWS_MAX, PAGE_LINES_MAX, USED_ROWS_MAX

_LAST_ID = UUID(int=2**128 - 1)


def of_subject(
    subject_id: UUID,
    *,
    kinds: Iterable[Kind] | None = None,
    since: datetime | None = None,
    limit: int = 50,
    before: UUID | None = None,
    using: str = DEFAULT_DB_ALIAS,
) -> list[Entry]:
    """Give a page of a person's timeline, newest first; go on with `before` the last entry's id."""
    rows = _fetch(
        _sql.TIMELINE,
        using=using,
        subject=subject_id,
        kinds=None if kinds is None else [kind.value for kind in kinds],
        since=since,
        before=before or _LAST_ID,
        limit=min(limit, PAGE_LINES_MAX),
    )
    return [_entry(row) for row in rows]


def collected(subject_id: UUID) -> list[Collected]:
    """Give the rows of 已收集个人信息清单 (M292), newest first."""
    rows = _fetch(_sql.COLLECTED, subject=subject_id, limit=LISTED_ROWS_MAX)
    return [
        Collected(item=r[0], purpose=r[1], count=r[2], first_at=r[3], last_at=r[4]) for r in rows
    ]


def used(subject_id: UUID) -> list[Used]:
    """Give for which purposes each item of a person was really taken or used."""
    rows = _fetch(_sql.USED, subject=subject_id, limit=USED_ROWS_MAX)
    return [Used(purpose=r[0], item=r[1], kind=r[2]) for r in rows]


def shared(subject_id: UUID) -> list[Shared]:
    """Give the rows of 与第三方共享个人信息清单 (M292), newest first."""
    rows = _fetch(_sql.SHARED, subject=subject_id, limit=LISTED_ROWS_MAX)
    return [
        Shared(
            recipient=r[0], purpose=r[1], items=tuple(r[2]), count=r[3], first_at=r[4], last_at=r[5]
        )
        for r in rows
    ]


def looked(subject_id: UUID, *, limit: int = 50, before: UUID | None = None) -> list[Look]:
    """Give a page of who looked at a person's data, newest first; `before` goes on."""
    rows = _fetch(
        _sql.LOOKED,
        subject=subject_id,
        before=before or _LAST_ID,
        limit=min(limit, PAGE_LINES_MAX),
    )
    return [
        Look(
            id=r[0],
            at=r[1],
            actor_kind=r[2],
            actor_ref=r[3],
            channel=r[4],
            purpose=r[5],
            reason=r[6],
            items=tuple(r[7]),
            recipient=r[8],
            plain=r[9],
        )
        for r in rows
    ]


def counts(subject_id: UUID, since: datetime) -> Counts:
    """Count for the privacy card: 本月你的信息被使用 N 次."""
    (row,) = _fetch(_sql.COUNTS, subject=subject_id, since=since)
    return Counts(used=row[0], shared=row[1], own_views=row[2], refused=row[3], last_used_at=row[4])


def export(subject_id: UUID) -> Mapping[str, list[dict[str, Any]]]:
    """Give every line that a person may have, for the copy of their data."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(_sql.EXPORT, {"subject": subject_id})
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {"evidence_line": rows}


def affected(
    *,
    item: str,
    recipient: str,
    since: datetime,
    until: datetime,
    after: UUID = NOBODY,
    limit: int = 1000,
    confidential: bool = False,
) -> list[Affected]:
    """Give a page of the people whose item left to a recipient in [since, until), by subject.

    An empty item means any. Telling people of a confidential share would tip them off, so those
    are left out unless asked for.
    """
    rows = _fetch(
        _sql.AFFECTED,
        using="audit",
        item=item,
        recipient=recipient,
        since=since,
        until=until,
        after=after,
        limit=limit,
        confidential=confidential,
    )
    return [Affected(subject_id=r[0], count=r[1], first_at=r[2], last_at=r[3]) for r in rows]


def register(*, since: datetime, until: datetime) -> list[Registered]:
    """Count what was done in [since, until) for the regulator's register, naming nobody."""
    rows = _fetch(_sql.REGISTER, using="audit", since=since, until=until)
    return [
        Registered(
            kind=Kind(r[0]), purpose=r[1], recipient=r[2], outcome=r[3], lines=r[4], people=r[5]
        )
        for r in rows
    ]


def acted(
    *,
    actor_ref: str = "",
    purpose: str = "",
    ref: UUID | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> list[Entry]:
    """Give a page of what staff did at the console, newest first; entries name no customer."""
    rows = _fetch(
        _sql.ACTED,
        using="audit",
        actor_ref=actor_ref,
        purpose=purpose,
        ref=ref,
        before=before or _LAST_ID,
        limit=min(limit, PAGE_LINES_MAX),
    )
    return [_entry(row) for row in rows]


def verify(*, progress: Callable[[int, int], None] | None = None) -> Report:
    """Check every block and every sealed line, in bounded memory, over the audit connection.

    `progress` is told (blocks done, blocks in all).
    """
    return _verify.run(progress)


def prove(line_id: UUID) -> Proof:
    """Show that a line stands in a signed block; raises `NotSealed`."""
    return _prove.run(line_id)


def holds(proof: Proof) -> bool:
    """Check a proof by itself, without the database; its public key must be one you trust."""
    return _prove.holds(proof)


def signed(text: bytes, *, signature: str, key_id: str) -> bool:
    """Check a statement that `actions.sign` signed, against the published keys."""
    return _prove.signed(text, signature, key_id)


def _fetch(statement: str, *, using: str = DEFAULT_DB_ALIAS, **values: Any) -> list[Any]:
    with connections[using].cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _entry(row: tuple[Any, ...]) -> Entry:
    return Entry(
        id=row[0],
        at=row[1],
        kind=Kind(row[2]),
        outcome=row[3],
        reason=row[4],
        actor_kind=row[5],
        actor_ref=row[6],
        session_id=row[7],
        channel=row[8],
        purpose=row[9],
        items=tuple(row[10]),
        recipient=row[11],
        policy_version=row[12],
        permit_id=row[13],
        ref=row[14],
        count=row[15],
    )
