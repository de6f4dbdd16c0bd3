"""Writing evidence, and sealing it into signed blocks off the hot path."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

from xingnuo.kit import clock
from xingnuo.kit.db.faults import constraint_of
from xingnuo.kit.db.session import NoTransaction
from xingnuo.trust.evidence import _seal, _sql
from xingnuo.trust.evidence.contracts import Line, NotRecorded

_LINES_PER_INSERT_MAX = 500


def record(line: Line, *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Append one line in the caller's transaction, in one statement.

    The line's subject must be the one in force, or `NOBODY`; works as xn_app and as xn_read.
    Raises `NotRecorded`, after which the transaction can only be rolled back.
    """
    record_many((line,), using=using)


def record_many(lines: Sequence[Line], *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Append lines in as few statements as may be; as `record`."""
    if not connections[using].in_atomic_block:
        raise NoTransaction
    for coalesce in (False, True):
        rows = [_row(line) for line in lines if _coalesces(line) is coalesce]
        for start in range(0, len(rows), _LINES_PER_INSERT_MAX):
            _insert(rows[start : start + _LINES_PER_INSERT_MAX], coalesce=coalesce, using=using)


def seal_blocks() -> int:
    """Seal every line whose transaction is over into signed blocks; gives how many lines.

    Safe to run at any time and from any number of processes: one seals, the others give 0.
    Raises `EvidenceFault` when what was sealed before is not as it should be.
    """
    return _seal.run()


def prune() -> int:
    """Delete lines kept for their three years (PIPL 56), a few blocks at a time; gives how many.

    The chain goes on to verify: heads and hashes stay, and a signed block says what went.
    """
    return _seal.prune()


def sign(text: bytes) -> tuple[str, str]:
    """Sign a statement of the house with the key of the blocks; gives (signature in hex, key id)."""
    return _seal.sign(text)


def rotate_key() -> str:
    """Go over to a new signing key, announced in a block signed by the old one; gives its id."""
    return _seal.rotate()


def begin_epoch() -> int:
    """Note in the anchored heads that a backup was restored; gives the number of the new epoch.

    Transaction ids begin anew after a restore. The restorer sets the number as `xn.epoch` on the
    database, as superuser, before a door opens; until then nothing is sealed.
    """
    return _seal.restart()


def _coalesces(line: Line) -> bool:
    return line.coalesce and line.session_id is not None


def _row(line: Line) -> tuple[Any, ...]:
    at = line.at or clock.now()
    key = None
    if _coalesces(line):
        hour = int(at.timestamp()) // 3600
        items = ",".join(sorted(line.items))
        told = f"{line.session_id}|{line.kind}|{line.purpose}|{line.recipient}|{items}|{hour}"
        key = sha256(told.encode()).hexdigest()[:32]
    return (
        line.subject_id,
        line.id,
        at,
        line.kind.value,
        line.outcome,
        line.reason,
        line.actor_kind,
        line.actor_ref,
        line.session_id,
        line.channel,
        line.purpose,
        list(line.items),
        line.recipient,
        line.policy_version,
        line.permit_id,
        line.ref,
        line.count,
        key,
    )


def _insert(rows: Iterable[tuple[Any, ...]], *, coalesce: bool, using: str) -> None:
    rows = list(rows)
    values = ", ".join([_sql.ONE_LINE] * len(rows))
    statement = _sql.INSERT + values + (_sql.COALESCE if coalesce else "")
    try:
        with connections[using].cursor() as cursor:
            cursor.execute(statement, [value for row in rows for value in row])
    except DatabaseError as error:
        # The driver's text may quote a value, so it stops here.
        raise NotRecorded(constraint_of(error)) from None
