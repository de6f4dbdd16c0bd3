"""The world tests live in; loaded by `-p tests.world`, before Django reads its settings.

One scratch cluster serves all workers of a run. It starts at the first connection of any
worker, so that tests without a database cost none, and it belongs to a host process that ends
it when the run ends, however the run ends.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest
from psycopg import sql

from xingnuo.kit.db import cluster, roles
from xingnuo.kit.db.postgres import base

REPO = Path(__file__).resolve().parents[1]
TEMPLATE = "xn_template"
HOST_SECONDS_MAX = 300

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
MADE_HERE = "XN_TEST_HOME" not in os.environ
HOME = Path(os.environ.get("XN_TEST_HOME") or tempfile.mkdtemp(prefix="xn-test-"))
DATA_DIR = HOME / WORKER
_ready = False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _enter() -> None:
    """Give this process its own data directory, databases and ports, before settings are read."""
    # Passage for the account that runs the server when we are root.
    HOME.chmod(0o711)
    (HOME / "template" / "secrets").mkdir(parents=True, exist_ok=True, mode=0o700)
    (HOME / "template" / "pg").mkdir(exist_ok=True)
    DATA_DIR.mkdir(exist_ok=True)
    (DATA_DIR / "static").mkdir(exist_ok=True)  # WhiteNoise warns where it finds no folder
    for shared in ("secrets", "pg"):
        if not (DATA_DIR / shared).is_symlink():
            (DATA_DIR / shared).symlink_to(HOME / "template" / shared)
    web, sandbox = _free_port(), _free_port()
    for outside in ("DATABASE_URL", "XN_KEYS_URL"):
        os.environ.pop(outside, None)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="xingnuo.config.settings",
        DJANGO_ALLOW_ASYNC_UNSAFE="true",
        XN_ENV="test",
        XN_TEST_HOME=str(HOME),
        XN_DATA_DIR=str(DATA_DIR),
        XN_DB_NAME=f"xn_{WORKER}",
        XN_KEYS_DB_NAME=f"xn_{WORKER}_keys",
        XN_PORT=str(web),
        XN_SANDBOX_PORT=str(sandbox),
        XN_BASE_URL=f"http://localhost:{web}",
        XN_SANDBOX_URL=f"http://localhost:{sandbox}",
    )
    if MADE_HERE:
        os.environ["XN_TEST_RUN_PID"] = str(os.getpid())


def ensure() -> None:
    """Make sure that the cluster runs and this worker's own two databases are there."""
    global _ready
    if _ready:
        return
    with _alone():
        if not (HOME / "ready").exists():
            _start_host()
        if not (DATA_DIR / "cloned").exists():
            _clone()
            (DATA_DIR / "cloned").touch()
    _ready = True


@contextmanager
def _alone() -> Iterator[None]:
    with (HOME / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _start_host() -> None:
    if (HOME / "failed").exists():
        pytest.exit((HOME / "failed").read_text(), returncode=3)
    # Spawned bare, not as a child to wait for: it outlives the worker that was first.
    log = os.open(HOME / "host.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    pid = os.posix_spawn(
        sys.executable,
        [sys.executable, "-m", "tests.cluster_host", str(HOME), os.environ["XN_TEST_RUN_PID"]],
        {**os.environ, "PYTHONPATH": os.pathsep.join([str(REPO), *sys.path])},
        file_actions=[(os.POSIX_SPAWN_DUP2, *pair) for pair in ((nothing, 0), (log, 1), (log, 2))],
        setsid=True,
    )
    os.close(log)
    os.close(nothing)
    (HOME / "host.pid").write_text(str(pid))
    deadline = time.monotonic() + HOST_SECONDS_MAX
    while not (HOME / "ready").exists():
        if os.waitpid(pid, os.WNOHANG)[0] == pid or time.monotonic() > deadline:
            said = (HOME / "host.log").read_text()[-4000:]
            (HOME / "failed").write_text(f"the scratch cluster did not come up:\n{said}")
            pytest.exit((HOME / "failed").read_text(), returncode=3)
        time.sleep(0.05)


def _clone() -> None:
    server = cluster.provide(HOME / "template")
    names = roles.database_names()
    with psycopg.connect(server.superuser_dsn("postgres"), autocommit=True) as connection:
        for name, source, owner in (
            (names[0], TEMPLATE, "xn_owner"),
            (names[1], f"{TEMPLATE}_keys", "xn_keys_owner"),
        ):
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                    *map(sql.Identifier, (name, source, owner))
                )
            )
    # Rights on a database do not travel with its template.
    roles.ensure_roles(server, HOME / "template", *names)


def _leave(run: int) -> None:
    """End the host, which ends the cluster, and remove what the run made."""
    if os.getpid() != run:
        return
    pid = HOME / "host.pid"
    if pid.exists():
        try:
            host = psutil.Process(int(pid.read_text()))
            host.terminate()
            host.wait(timeout=120)
        except psutil.NoSuchProcess:
            pass
    shutil.rmtree(HOME, ignore_errors=True)


def pytest_configure(config: pytest.Config) -> None:
    """Start the cluster at the first connection instead of at the first test."""
    told = base.DatabaseWrapper.get_connection_params

    def get_connection_params(self: base.DatabaseWrapper) -> dict[str, object]:
        ensure()
        return told(self)

    setattr(base.DatabaseWrapper, told.__name__, get_connection_params)
    config.addinivalue_line(
        "markers", "promise(*ids): the promises of the register this test proves"
    )
    config.addinivalue_line(
        "markers", "console_ok(*texts): console messages this test means to cause"
    )


_enter()
if MADE_HERE:
    # Not a pytest hook: a run that dies while it loads must leave nothing behind either.
    atexit.register(_leave, os.getpid())


def wait_for_other_tests(own: str, *, seconds: float = 30) -> None:
    """Wait until what databases other than one's own had begun on this server is over.

    Transaction ids are the whole server's: a sealer waits for the oldest that is open, whichever
    test has it. What this test's own database has open is left alone.
    """
    server = cluster.provide(HOME / "template")
    with psycopg.connect(server.superuser_dsn("postgres"), autocommit=True) as admin:
        row = admin.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
        assert row is not None
        open_ones = (
            "SELECT count(*) FROM pg_stat_activity WHERE backend_xid::text::bigint <= %s"
            " AND (datname <> %s OR backend_type <> 'client backend') AND pid <> pg_backend_pid()"
        )
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = admin.execute(open_ones, [row[0], own]).fetchone()
            if found is not None and not found[0]:
                return
            time.sleep(0.02)
    raise AssertionError("another test's transaction does not end")
