"""The embedded server: postgres in the foreground, kept by the process that started it."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

import psycopg
from psycopg.conninfo import make_conninfo

from xingnuo.kit import child, ids
from xingnuo.kit.child import Account
from xingnuo.kit.db import binaries
from xingnuo.kit.db.binaries import Binaries
from xingnuo.kit.db.place import Place, secret_file
from xingnuo.kit.db.server import Cluster
from xingnuo.kit.errors import XingnuoError

# A killed postmaster's last processes may hold the directory for about a second.
ORPHAN_SECONDS_MAX = 20
# Crash recovery of a large database takes minutes, and is never cut short.
RECOVERY_SECONDS_MAX = 1800
STOP_SECONDS_MAX = 90
PORT_TRIES_MAX = 20
# Below the range from which systems lend ports to outgoing connections.
PORTS = range(21000, 32000)

# What reliability.md section 5.1 demands, and small memory. Given on the command line, so that
# nothing in the data directory can weaken it.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "lc_messages": "C",
    "log_timezone": "UTC",
    "timezone": "UTC",
    "max_connections": "60",
    "shared_buffers": "48MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "1GB",
    "wal_level": "replica",
    "max_wal_senders": "4",
    "max_logical_replication_workers": "0",
    "autovacuum_max_workers": "2",
    "max_parallel_workers": "2",
    "jit": "off",
}


class DataDirInUse(XingnuoError):
    """Another process keeps this data directory."""

    status = 409
    code = "data_dir_in_use"
    message = "这个数据目录正在被另一个进程使用。"
    remedy = "请先停掉那个进程，或用 XN_DATA_DIR 换一个目录。"


class DatabaseStartFailed(XingnuoError):
    """The embedded server did not come up."""

    status = 500
    code = "database_start_failed"
    message = "数据库没有启动成功。"
    remedy = "请查看数据目录里的 logs/postgres.log。"


class EmbeddedCluster(Cluster):
    """A server of ours over `<data>/pg`, on loopback and a unix socket."""

    is_embedded = True

    def __init__(self, data_dir: Path) -> None:
        self.place = Place(data_dir)
        self.log = self.place.data_dir / "logs" / "postgres.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None

    def start(self, *, give_up: Callable[[], bool] = lambda: False) -> None:
        """Make the server answer: initdb when new, crash recovery when needed."""
        if not self.has_ended():
            return
        account = self.place.prepare()
        self._take_lock()
        try:
            programs = self._programs(account)
            if not (self.place.pgdata / "PG_VERSION").exists():
                self._initdb(programs, account)
            self._check_version(programs)
            self._launch(programs, account, give_up)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop fast but in good order, then let the data directory go."""
        if self._process is not None:
            child.end(self._process, ask=signal.SIGINT, seconds=STOP_SECONDS_MAX)
            self._process = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def discard(self) -> None:
        """Stop the server and remove its files, for scratch clusters."""
        self.stop()
        self.place.remove()

    def has_ended(self) -> bool:
        """Tell whether the server that we started is no longer there."""
        return self._process is None or child.ended(self._process)

    @property
    def pid(self) -> int | None:
        """Give the process id of the server that we started."""
        return self._process.pid if self._process else None

    def superuser_dsn(self, dbname: str, *, keys: bool = False) -> str:
        """Give the superuser's connection string over the unix socket."""
        del keys
        return make_conninfo(
            host=str(self.place.socket_dir),
            port=self.place.port() or 0,
            user="postgres",
            password=secret_file(self.place.data_dir, "superuser"),
            dbname=dbname,
            connect_timeout=10,
        )

    def tool(self, name: str) -> Path:
        """Give a program of the same PostgreSQL that runs here."""
        return self._programs(self.place.account()).tool(name)

    def _programs(self, account: Account | None) -> Binaries:
        found = binaries.find()
        return binaries.reachable_copy(found, account, self.place.home) if account else found

    def _take_lock(self) -> None:
        if self._lock is not None:
            return
        # flock ends with its holder, also by kill -9; a pid file would go stale.
        lock = (self.place.data_dir / "pg" / "keeper").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            keeper = lock.read().strip()
            lock.close()
            raise DataDirInUse(f"pid {keeper}" if keeper.isdigit() else "") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        self._lock = lock

    def _initdb(self, programs: Binaries, account: Account | None) -> None:
        # Made aside and renamed, so that a half-made cluster is never taken for a whole one.
        half = self.place.fresh_folder("data.new", account)
        password = self.place.handed_file(
            "password", secret_file(self.place.data_dir, "superuser"), account
        )
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if programs.major < 17:
            locale = ["--locale=C.UTF-8", "--locale-provider=libc"]
        try:
            process = child.start(
                [
                    programs.tool("initdb"), "-D", half, "-U", "postgres", f"--pwfile={password}",
                    "--auth=scram-sha-256", "--data-checksums", "--encoding=UTF8",
                    "--lc-messages=C", *locale,
                ],
                log=self.log, env=_clean_environment(), cwd=Path("/"), account=account,
            )  # fmt: skip
            if process.wait() != 0:
                raise DatabaseStartFailed("initdb")
        finally:
            password.unlink()
        half.rename(self.place.pgdata)

    def _check_version(self, programs: Binaries) -> None:
        made_by = int((self.place.pgdata / "PG_VERSION").read_text().split(".")[0])
        if made_by != programs.major:
            raise DatabaseStartFailed(
                f"data {made_by}, programs {programs.major}",
                message=f"这份数据由 PostgreSQL {made_by} 建立，本机的程序是 {programs.major}。",
                remedy="请用原来的版本导出（pg_dumpall），再导入新的数据目录。",
            )

    def _launch(
        self, programs: Binaries, account: Account | None, give_up: Callable[[], bool]
    ) -> None:
        orphan_deadline = time.monotonic() + ORPHAN_SECONDS_MAX
        port, tries = self.place.port() or _any_port(), 0
        while True:
            self.place.forget_reused_pid()
            seen = self.log.stat().st_size if self.log.exists() else 0
            self._process = self._spawn(programs, account, port)
            if self._wait_until_it_answers(port, give_up):
                self.place.keep_port(port)
                self._greet()
                return
            if give_up():
                raise DatabaseStartFailed("given up")
            with self.log.open("rb") as log:
                log.seek(seen)
                said = log.read()
            if _is_held(said) and time.monotonic() < orphan_deadline:
                time.sleep(0.3)
            elif _is_port_taken(said) and tries < PORT_TRIES_MAX:
                port, tries = _any_port(), tries + 1
            else:
                raise DataDirInUse if _is_held(said) else DatabaseStartFailed

    def _spawn(
        self, programs: Binaries, account: Account | None, port: int
    ) -> subprocess.Popen[bytes]:
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        if programs.major >= 18:
            # No separate I/O processes: the data of a small installation is in the page cache.
            settings.append("--io_method=sync")
        return child.start(
            [
                programs.tool("postgres"), "-D", self.place.pgdata, "-p", str(port),
                "-k", self.place.socket_dir, *settings,
            ],
            log=self.log, env=_clean_environment(), cwd=Path("/"), account=account,
            last_word=signal.SIGINT,
        )  # fmt: skip

    def _wait_until_it_answers(self, port: int, give_up: Callable[[], bool]) -> bool:
        assert self._process is not None
        knock = make_conninfo(
            host=str(self.place.socket_dir), port=port, connect_timeout=5
        ).encode()
        deadline = time.monotonic() + RECOVERY_SECONDS_MAX
        while not child.ended(self._process) and not give_up() and time.monotonic() < deadline:
            if psycopg.pq.PGconn.ping(knock) == psycopg.pq.Ping.OK:
                return True
            time.sleep(0.02)
        return False

    def _greet(self) -> None:
        try:
            psycopg.connect(self.superuser_dsn("postgres")).close()
        except psycopg.OperationalError:
            raise DatabaseStartFailed(
                "password",
                message="数据目录里的 secrets 与数据库不相符。",
                remedy="请恢复原来的 secrets 目录。",
            ) from None


def _any_port() -> int:
    return PORTS[int.from_bytes(ids.random_bytes(4)) % len(PORTS)]


def _clean_environment() -> dict[str, str]:
    # The caller's PG* and LC_* variables must not reach the server.
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


def _is_held(said: bytes) -> bool:
    return b'"postmaster.pid" already exists' in said or b"pre-existing shared memory" in said


def _is_port_taken(said: bytes) -> bool:
    return b"could not create any TCP/IP sockets" in said or b".s.PGSQL." in said
