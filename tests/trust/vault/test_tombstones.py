"""The log of tombstones: appended only, chained, completed after a crash."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from tests.trust.vault.conftest import Leave, erase
from xingnuo.kit import ids
from xingnuo.trust.vault import _keystore, _tombstones, actions
from xingnuo.trust.vault.contracts import Tombstone, TombstonesBroken

AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.fixture
def log() -> Iterator[Path]:
    """Give the log of tombstones, and put it back as it was."""
    path = Path(settings.DATA_DIR) / _tombstones.NAME
    before = path.read_bytes() if path.exists() else None
    yield path
    if before is None:
        path.unlink(missing_ok=True)
    else:
        path.write_bytes(before)


def test_the_log_completes_itself_from_the_keys(alice: Leave, log: Path) -> None:
    """A crash after the keys and before the log leaves no hole."""
    _keystore.destroy(alice.subject_id, erased_at=AT)
    assert alice.subject_id not in _tombstones.read(log.parent)
    actions.refuse_undone_erasures()
    assert _tombstones.read(log.parent)[alice.subject_id] == AT


def test_a_changed_log_shuts_the_house(alice: Leave, log: Path) -> None:
    """A line taken out, changed, moved or put in."""
    for _ in range(3):
        erase(Leave())
    erase(alice)
    good = log.read_bytes()
    lines = good.splitlines(keepends=True)
    told = json.loads(lines[-2])
    told["subject"] = str(ids.uuid7())
    for bad in (
        b"".join(lines[:-2] + lines[-1:]),
        b"".join([*lines[:-2], lines[-1], lines[-2]]),
        b"".join([*lines[:-2], json.dumps(told).encode() + b"\n", lines[-1]]),
        good + b"{}\n",
        b"\xff\n" + good,
    ):
        log.write_bytes(bad)
        with pytest.raises(TombstonesBroken):
            actions.refuse_undone_erasures()
        with pytest.raises(TombstonesBroken):
            erase(Leave())
    log.write_bytes(good)
    actions.refuse_undone_erasures()


def test_a_line_cut_by_a_crash_was_never_there(tmp_path: Path) -> None:
    """It is cut off, and the next line follows the last whole one."""
    stones = [Tombstone(subject_id=ids.uuid7(), erased_at=AT) for _ in range(3)]
    assert _tombstones.append(tmp_path, stones[:2]) == 2
    path = tmp_path / _tombstones.NAME
    with path.open("ab") as file:
        file.write(b'{"at": "2026')
    assert set(_tombstones.read(tmp_path)) == {stone.subject_id for stone in stones[:2]}
    assert _tombstones.append(tmp_path, stones) == 1
    assert set(_tombstones.read(tmp_path)) == {stone.subject_id for stone in stones}
    assert path.stat().st_mode & 0o777 == 0o600
