"""`xingnuo backup`: the data and the keys, dumped apart, each sealed under a key of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

import click
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from rich.console import Console
from rich.progress import DownloadColumn, Progress, SpinnerColumn, TextColumn

from xingnuo.kit import clock
from xingnuo.kit.db import cluster, roles
from xingnuo.kit.db.embedded import DataDirInUse
from xingnuo.kit.db.roles import ClusterUnknown
from xingnuo.kit.db.server import Cluster
from xingnuo.kit.errors import XingnuoError

NAMES = {"data": "数据", "keys": "密钥"}
STAMP = "%Y%m%d%H%M%S"


class DumpFailed(XingnuoError):
    """pg_dump or pg_restore did not do its work; its log says why."""

    status = 500
    code = "dump_failed"
    message = "数据库的导出或导入没有完成。"
    remedy = "请查看数据目录里的 logs/backup.log。"


class _Dump:
    """The output of pg_dump as a stream that fails when pg_dump fails."""

    def __init__(self, process: subprocess.Popen[bytes], tell: Callable[[int], None]) -> None:
        self._process = process
        self._tell = tell
        self._done = 0

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes; at the end, raise DumpFailed unless pg_dump ended well."""
        assert self._process.stdout is not None
        chunk = self._process.stdout.read(size)
        self._done += len(chunk)
        self._tell(self._done)
        if not chunk and self._process.wait() != 0:
            raise DumpFailed("pg_dump")
        return chunk


@click.command("backup")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="放备份的目录")
def command(folder: Path | None) -> None:
    """把数据和密钥分别备份并加密；密钥备份留 7 天，数据备份留 30 天，过期的一并删除。"""
    import django

    django.setup()
    from xingnuo.trust.gate import actions as gate

    data_dir = Path(os.environ["XN_DATA_DIR"])
    place = folder or data_dir / "backups"
    with running(data_dir) as server:
        # The data first: whatever it holds, its keys are then in the later dump of the keys.
        for kind, database in zip(NAMES, roles.database_names(), strict=True):
            with _pg_dump(server, data_dir, kind=kind, database=database) as dump:
                made = gate.keep_backup(place, kind, dump)
            click.echo(f"{NAMES[kind]}备份：{made.path}，{made.expires_at:%Y-%m-%d} 过期")
            for name in _drop_replaced(server, database, kind=kind):
                click.echo(f"已删除从前换下的库：{name}")
    for old in gate.expire_backups(place):
        click.echo(f"已删除过期备份：{old.path.name}")


@contextmanager
def running(data_dir: Path) -> Iterator[Cluster]:
    """Give the database server: the one that is up, else our own for the while."""
    if not (data_dir / "secrets" / "roles.json").exists():
        raise ClusterUnknown
    server = cluster.provide(data_dir)
    try:
        server.start()
    except DataDirInUse:
        # The house is up, and its supervisor keeps the server.
        yield server
        return
    try:
        yield server
    finally:
        server.stop()


def surroundings(server: Cluster, database: str, *, keys: bool) -> dict[str, str]:
    """Give the environment in which PostgreSQL's programs reach a database; no password in argv."""
    params = conninfo_to_dict(server.superuser_dsn(database, keys=keys))
    known = {
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "password": "PGPASSWORD",
        "dbname": "PGDATABASE",
        "sslmode": "PGSSLMODE",
        "sslrootcert": "PGSSLROOTCERT",
    }
    said = {variable: str(params[name]) for name, variable in known.items() if params.get(name)}
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", **said}


def replaced_name(database: str, at: datetime) -> str:
    """Name what a restore puts aside; it may live no longer than a backup of the same kind."""
    return f"{database}_before_{at:{STAMP}}"


def _drop_replaced(server: Cluster, database: str, *, kind: str) -> list[str]:
    from xingnuo.trust.gate.actions import Backup

    keys = kind == "keys"
    gone = []
    with psycopg.connect(server.superuser_dsn(database, keys=keys), autocommit=True) as connection:
        found = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)",
            [f"{database}_before_"],
        ).fetchall()
        for (name,) in found:
            made_at = datetime.strptime(name.rsplit("_", 1)[1], STAMP).replace(tzinfo=UTC)
            if clock.now() >= Backup(path=Path(name), kind=kind, made_at=made_at).expires_at:
                connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
                gone.append(name)
    return gone


@contextmanager
def complaints(data_dir: Path) -> Iterator[BinaryIO]:
    """Give the log for what PostgreSQL's programs say."""
    path = data_dir / "logs" / "backup.log"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("ab") as log:
        path.chmod(0o600)
        yield log


@contextmanager
def _pg_dump(server: Cluster, data_dir: Path, *, kind: str, database: str) -> Iterator[BinaryIO]:
    columns = (SpinnerColumn(), TextColumn(f"{NAMES[kind]}……"), DownloadColumn())
    console = Console(stderr=True)
    with complaints(data_dir) as log, Progress(*columns, console=console, transient=True) as bar:
        process = subprocess.Popen(
            [server.tool("pg_dump"), "--format=custom", "--no-password", "--lock-wait-timeout=30s"],
            env=surroundings(server, database, keys=kind == "keys"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
        )
        task = bar.add_task("", total=None)
        dump = _Dump(process, lambda done: bar.update(task, completed=done))
        try:
            yield cast(BinaryIO, dump)
        finally:
            if process.poll() is None:
                process.terminate()
            assert process.stdout is not None
            process.stdout.close()
            process.wait()
