"""Writing evidence, and sealing it into signed blocks off the hot path."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from xingnuo.kit.db import planned
from xingnuo.kit.db.planned import Asked
from xingnuo.kit.db.session import NoTransaction
from xingnuo.trust.evidence import _seal, _write
from xingnuo.trust.evidence.contracts import Line

_LINES_PER_INSERT_MAX = 500


def record(line: Line, *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Append one line in the caller's transaction, in one statement.

    The line's subject must be the one in force, or `NOBODY`; works as xn_app and as xn_read.
    Raises `NotRecorded`, after which the transaction can only be rolled back.
    """
    if not connections[using].in_atomic_block:
        raise NoTransaction
    _write.insert((line,), coalesce=_write.coalesces(line), using=using)


@contextmanager
def recording(
    line: Line, *, while_reading: Asked, using: str = DEFAULT_DB_ALIAS
) -> Iterator[list[tuple[Any, ...]]]:
    """Append one line as `record`, and give the rows of a statement that travels with it.

    The line is in when the block is left, so nothing made of the rows may leave before that.
    """
    if not connections[using].in_atomic_block:
        raise NoTransaction
    with planned.beside(while_reading, _write.asked(line), using=using) as rows:
        yield rows


def record_many(lines: Sequence[Line], *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Append lines in as few statements as may be; as `record`."""
    if not connections[using].in_atomic_block:
        raise NoTransaction
    for coalesce in (False, True):
        some = [line for line in lines if _write.coalesces(line) is coalesce]
        for start in range(0, len(some), _LINES_PER_INSERT_MAX):
            part = some[start : start + _LINES_PER_INSERT_MAX]
            _write.insert(part, coalesce=coalesce, using=using)


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
    """Sign a statement of the house with the blocks' key; gives (signature in hex, key id)."""
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
