"""Backups: sealed, refused when cut or changed, gone in time; and a whole restore for real."""

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as django_settings

from tests import world
from tests.trust.vault.conftest import REPO
from xingnuo.kit import clock, ids
from xingnuo.kit.db import cluster
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.vault import _backup, actions, queries
from xingnuo.trust.vault.contracts import BackupUnfit

AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def opened(path: Path, kind: str = "data") -> bytes:
    """Give the dump inside a backup."""
    out = io.BytesIO()
    actions.unseal_backup(path, kind, out)
    return out.getvalue()


@pytest.mark.parametrize("size", [0, 1, 1024 * 1024, 1024 * 1024 * 2 + 7])
def test_a_backup_comes_back(tmp_path: Path, size: int) -> None:
    """Of any size, and nothing of it in the clear."""
    dump = (b"CNRY-backup " * (size // 12 + 1))[:size]
    made = actions.keep_backup(tmp_path, "data", io.BytesIO(dump))
    assert opened(made.path) == dump
    assert b"CNRY" not in made.path.read_bytes()
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert [one.path for one in queries.backups(tmp_path)] == [made.path]


def test_a_changed_backup_is_refused(tmp_path: Path) -> None:
    """Cut, lengthened, changed, renamed to the other kind, or with its last chunk taken away."""
    made = actions.keep_backup(tmp_path, "data", io.BytesIO(os.urandom(1024 * 1024 * 2 + 7)))
    good = made.path.read_bytes()
    last = 4 + 7 + 16
    for bad in (
        good[:-1],
        good[:-last],
        good + b"\x00\x00\x00\x00x",
        good[:200] + bytes([good[200] ^ 1]) + good[201:],
        good[:2000] + bytes([good[2000] ^ 1]) + good[2001:],
        good[:8],
        b"",
        b"PGDMP" + good,
    ):
        made.path.write_bytes(bad)
        with pytest.raises(BackupUnfit):
            opened(made.path)
    made.path.write_bytes(good)
    with pytest.raises(BackupUnfit):
        opened(made.path, "keys")


def test_a_dump_that_fails_leaves_no_backup(tmp_path: Path) -> None:
    """Not even a part of one."""

    class Failing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        actions.keep_backup(tmp_path, "data", Failing())
    assert list(tmp_path.iterdir()) == []


def test_backups_go_in_time(tmp_path: Path) -> None:
    """Keys after 7 days, data after 30; other files are left alone."""
    stranger = tmp_path / "notes.xnb"
    stranger.write_text("mine")
    with clock.frozen(AT):
        for kind in ("data", "keys"):
            actions.keep_backup(tmp_path, kind, io.BytesIO(b"x"))

    def left(after: timedelta) -> set[str]:
        with clock.frozen(AT + after):
            actions.expire_backups(tmp_path)
        return {one.kind for one in queries.backups(tmp_path)}

    assert left(timedelta(days=7, seconds=-1)) == {"data", "keys"}
    assert left(timedelta(days=7)) == {"data"}
    assert left(timedelta(days=30, seconds=-1)) == {"data"}
    assert left(timedelta(days=30)) == set()
    assert stranger.exists()


def test_the_terms_are_those_of_the_policy() -> None:
    """What is declared to people is what the command does."""
    rules = policy.declared().retention
    assert {kind: rules[f"backup_{kind}"].days for kind in ("data", "keys")} == _backup.DAYS
    assert _backup.DAYS == {"keys": 7, "data": 30}


type House = Callable[..., str]


@pytest.fixture
def house(data_dir: Path) -> Iterator[House]:
    """Give a house of its own on the scratch cluster: run(*argv) or run(program=…)."""
    name = f"xn_drill_{ids.digits(8)}"
    folder = world.HOME / name
    folder.mkdir()
    for shared in ("secrets", "pg"):
        (folder / shared).symlink_to(world.HOME / "template" / shared)
    env = {
        **os.environ,
        "XN_DATA_DIR": str(folder),
        "XN_DB_NAME": name,
        "XN_KEYS_DB_NAME": f"{name}_keys",
    }

    def run(
        *argv: str, program: str = "", fails: bool = False, more: dict[str, str] | None = None
    ) -> str:
        told = ["-c", "import django; django.setup()\n" + program] if program else [*argv]
        done = subprocess.run(
            [sys.executable, *told],
            cwd=REPO,
            env=env | (more or {}),
            capture_output=True,
            text=True,
            timeout=120,
        )
        log = folder / "logs" / "backup.log"
        said = done.stdout + done.stderr + (log.read_text() if log.exists() else "")
        assert (done.returncode != 0) is fails, said
        return done.stdout.strip() or done.stderr.strip()

    run("-m", "xingnuo.doors.cli.database")
    yield run
    for database in databases(name):
        with superuser() as connection:
            connection.execute(f'DROP DATABASE "{database}" WITH (FORCE)')


def superuser() -> psycopg.Connection:
    """Connect as the superuser of the scratch cluster."""
    dsn = cluster.provide(Path(django_settings.DATA_DIR)).superuser_dsn("postgres")
    return psycopg.connect(dsn, autocommit=True)


def databases(name: str) -> list[str]:
    """Name the databases of a house."""
    with superuser() as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY 1", [f"{name}%"]
        )
        return [row[0] for row in rows.fetchall()]


WITH = """
from uuid import UUID
from django.db import connection, transaction
from tests.trust.vault.conftest import Leave, entered, put, sealable
from xingnuo.kit.db import session
from xingnuo.trust.gate import actions as gate, queries as gate_queries
from xingnuo.trust.vault import actions, queries
from xingnuo.trust.vault.contracts import Erased
alice, bob = Leave(subject_id=UUID("{alice}")), Leave(subject_id=UUID("{bob}"))
def read(who, item="name"):
    with entered(who):
        try:
            return [one.plain.decode() for one in queries.open_many(who, [item])]
        except Erased:
            return "erased"
"""
MAIN = ("-m", "xingnuo.doors.cli.main")


def begin(house: House) -> tuple[str, list[Path], str]:
    """Make two people, back both databases up, then erase one; gives start, files and name."""
    start = WITH.format(alice=ids.uuid7(), bob=ids.uuid7())
    house(
        program=start + "for who in (alice, bob):\n"
        "    with transaction.atomic(): gate.open_subject(who.subject_id)\n"
        "    put(who, sealable('name', 'CNRY-restore'))"
    )
    told = house(*MAIN, "backup")
    files = [Path(line.split("：")[1].split("，")[0]) for line in told.splitlines()]
    assert [file.name.split("-")[0] for file in files] == ["data", "keys"]
    assert not any(b"CNRY" in file.read_bytes() or b"PGDMP" in file.read_bytes() for file in files)
    house(
        program=start + "put(bob, sealable('email', 'later'))\n"
        "actions.destroy_keys(alice.subject_id); actions.purge(alice.subject_id)"
    )
    return start, files, files[0].parents[1].name


def shut(database: str) -> bool:
    """Tell whether nobody may connect to a database, not even the superuser."""
    dsn = cluster.provide(Path(django_settings.DATA_DIR)).superuser_dsn(database)
    try:
        psycopg.connect(dsn).close()
    except psycopg.OperationalError:
        return True
    return False


@pytest.mark.timeout(900)
def test_a_restore_brings_nobody_back(house: House) -> None:
    """Both backups older than an erasure: replayed before the swap, everybody else as they were."""
    start, files, name = begin(house)
    cut = files[0].with_name("cut.xnb")
    cut.write_bytes(files[0].read_bytes()[:-20])
    house(*MAIN, "restore", "--data", str(cut), "--yes", fails=True)
    assert databases(name) == [name, f"{name}_keys"], "nothing is left of a refused restore"

    told = house(*MAIN, "restore", "--data", "latest", "--keys", "latest", "--yes")
    assert "1 个编号重新删除" in told and "证据链进入第 2 段" in told
    seen = house(
        program=start + "print(read(alice), read(bob), read(bob, 'email'))\n"
        "print(sum(queries.residue(alice.subject_id).values()))\n"
        "with transaction.atomic(): print(gate_queries.state_of(alice.subject_id).value)\n"
        "with connection.cursor() as cursor:\n"
        "    cursor.execute(\"SELECT current_setting('xn.epoch')\"); print(cursor.fetchone()[0])"
    )
    assert seen.splitlines() == ["erased ['CNRY-restore'] []", "0", "erased", "2"]
    kept = [one for one in databases(name) if "_before_" in one]
    assert len(kept) == 2 and len(databases(name)) == 4 and all(map(shut, kept))

    # What was put aside is a backup too: the keys go after 7 days, the data stay till 30.
    later = {"XN_CLOCK_OFFSET_SECONDS": str(7 * 86_400 + 60)}
    told = house(*MAIN, "backup", "--folder", str(files[0].parent / "later"), more=later)
    assert f"已删除从前换下的库：{name}_keys_before_" in told
    assert sum("_before_" in one for one in databases(name)) == 1

    told = house(*MAIN, "restore", "--data", "latest", "--aside")
    assert "_restored_" in told and "段" not in told
    told = house(*MAIN, "restore", "--data", "latest", "--yes")
    assert "证据链进入第 3 段" in told
