"""Preparing databases: repeatable, also on an outside server, and refused when it is unfit."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from xingnuo.kit.db import guards, roles
from xingnuo.kit.db.embedded import EmbeddedCluster

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Give a folder that the server's account may enter, also when we are root."""
    with tempfile.TemporaryDirectory(prefix="xn-db-") as made:
        Path(made).chmod(0o711)
        yield Path(made)


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[EmbeddedCluster]:
    """Give a server that stands for one somebody else runs."""
    made = EmbeddedCluster(folder / "theirs")
    made.start()
    with psycopg.connect(made.superuser_dsn("postgres"), autocommit=True) as connection:
        # Not a superuser: what hosted databases give their customers.
        connection.execute("CREATE ROLE tenant LOGIN CREATEROLE CREATEDB PASSWORD 'theirs'")
        connection.execute("GRANT CONNECT ON DATABASE postgres TO tenant")
    yield made
    made.discard()


def prepare(folder: Path, server: EmbeddedCluster) -> subprocess.CompletedProcess[str]:
    """Run the preparation against the server by DATABASE_URL."""
    port = server.place.port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("XN_", "DJANGO"))}
    environment["XN_DATA_DIR"] = str(folder / "ours")
    environment["DATABASE_URL"] = f"postgresql://tenant:theirs@127.0.0.1:{port}/postgres"
    return subprocess.run(
        [sys.executable, "-m", "xingnuo.doors.cli.database"],
        env=environment, cwd=ROOT, capture_output=True, text=True, timeout=240,
    )  # fmt: skip


def test_an_outside_server_is_prepared_and_prepared_again(
    folder: Path, server: EmbeddedCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An account with CREATEROLE and CREATEDB is enough; the second time changes nothing."""
    for _ in range(2):
        done = prepare(folder, server)
        assert done.returncode == 0, done.stderr
    port = server.place.port()
    monkeypatch.setenv("DATABASE_URL", f"postgresql://127.0.0.1:{port}/postgres")
    app = roles.connection_params(folder / "ours", "xn_app", "xingnuo")
    with psycopg.connect(**app) as connection:
        told = connection.execute("SELECT count(*) > 0 FROM django_migrations").fetchone()
        assert told == (True,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine (x int)")


def test_an_unfit_outside_server_is_refused_by_name(folder: Path, server: EmbeddedCluster) -> None:
    """A server whose commits may be lost is not used; one sentence says which setting."""
    with psycopg.connect(server.superuser_dsn("postgres"), autocommit=True) as connection:
        connection.execute("ALTER ROLE xn_app SET synchronous_commit = off")
        try:
            done = prepare(folder, server)
        finally:
            connection.execute("ALTER ROLE xn_app RESET synchronous_commit")
    assert done.returncode == 2
    assert "synchronous_commit=off" in done.stderr
    assert guards.UnsafeDatabase.remedy in done.stderr
    assert "Traceback" not in done.stderr
