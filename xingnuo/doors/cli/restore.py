"""`xingnuo restore`: backups into new databases, erasures replayed there, then the swap."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import psycopg
from psycopg import sql
from rich.console import Console
from rich.table import Table

from xingnuo.doors.cli.backup import (
    NAMES,
    STAMP,
    DumpFailed,
    complaints,
    replaced_name,
    running,
    surroundings,
)
from xingnuo.kit import clock
from xingnuo.kit.db import roles
from xingnuo.kit.db.server import Cluster
from xingnuo.kit.errors import XingnuoError

LATEST = "latest"
TERMINATE_TRIES_MAX = 50


class NoBackup(XingnuoError):
    """There is no such backup."""

    status = 404
    code = "no_backup"
    message = "没有找到这份备份。"
    remedy = "请用 xingnuo restore 查看有哪些备份。"


class ReplayFailed(XingnuoError):
    """Erasures could not be replayed; nothing was put in place of the live databases."""

    status = 500
    code = "replay_failed"
    message = "恢复出来的库没有通过检查，现有的库没有改动。"
    remedy = "请查看数据目录里的 logs/backup.log。"


@dataclass(frozen=True, slots=True)
class Names:
    """A data database and a keys database that belong together."""

    data: str
    keys: str

    def of(self, kind: str) -> str:
        """Give the name of one of the two."""
        return self.keys if kind == "keys" else self.data


@click.command("restore")
@click.option("--data", help=f"数据备份的文件，或 {LATEST}")
@click.option("--keys", help=f"密钥备份的文件，或 {LATEST}")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="放备份的目录")
@click.option("--replay", is_flag=True, help="只对现有的库重放删除记录")
@click.option("--aside", is_flag=True, help="恢复到另外的库，不替换现有的库")
@click.option("--yes", is_flag=True, help="不再询问")
def command(
    *,
    data: str | None,
    keys: str | None,
    folder: Path | None,
    replay: bool,
    aside: bool,
    yes: bool,
) -> None:
    """从备份恢复：先在新库里重放删除记录，再换下现有的库；不带选项时列出备份。"""
    data_dir = Path(os.environ["XN_DATA_DIR"])
    live = Names(*roles.database_names())
    if replay:
        with running(data_dir) as server:
            _tell(_settle(data_dir, live, begins_epoch=False))
        return
    chosen = _chosen(folder or data_dir / "backups", {"data": data, "keys": keys})
    if not chosen:
        _list(folder or data_dir / "backups")
        return
    if not aside and not yes:
        what = "、".join(NAMES[kind] for kind in chosen)
        click.confirm(
            f"将用备份换下现有的{what}库，备份之后的内容会移到旁边的库里。继续吗？", abort=True
        )
    with running(data_dir) as server:
        _restore(server, data_dir, live, chosen=chosen, aside=aside)


def _restore(
    server: Cluster, data_dir: Path, live: Names, *, chosen: dict[str, Path], aside: bool
) -> None:
    now = clock.now()
    made = {kind: f"{live.of(kind)}_restored_{now:{STAMP}}" for kind in chosen}
    fresh = replace(live, **made)
    try:
        roles.ensure_roles(server, data_dir, fresh.data, fresh.keys)
        for kind, path in chosen.items():
            made_at = _fill(server, data_dir, kind=kind, database=fresh.of(kind), path=path)
            click.echo(f"{NAMES[kind]}：{path.name}（{made_at:%Y-%m-%d %H:%M} UTC 的备份）已导入")
        if "data" in chosen:
            _carry_epoch(server, live.data, fresh.data)
        _tell(_settle(data_dir, fresh, begins_epoch="data" in chosen and not aside))
    except BaseException:
        for kind in chosen:
            _drop(server, fresh.of(kind), keys=kind == "keys")
        raise
    if aside:
        click.echo("已恢复到：" + "，".join(f"{NAMES[kind]} {fresh.of(kind)}" for kind in chosen))
        return
    for kind in chosen:
        old = replaced_name(live.of(kind), now)
        _swap(server, live.of(kind), fresh.of(kind), old, keys=kind == "keys")
        click.echo(f"{NAMES[kind]}库已换上；原来的库留作 {old}，不再接受连接，到期由备份命令删除")


def _chosen(folder: Path, asked: dict[str, str | None]) -> dict[str, Path]:
    chosen = {}
    for kind, said in asked.items():
        if said is None:
            continue
        found = [one.path for one in _backups(folder) if one.kind == kind]
        path = found[0] if said == LATEST and found else Path(said)
        if not path.is_file():
            raise NoBackup(kind)
        chosen[kind] = path
    return chosen


def _fill(server: Cluster, data_dir: Path, *, kind: str, database: str, path: Path) -> Any:
    from xingnuo.trust.gate import actions as gate

    _set_up()
    with complaints(data_dir) as log:
        process = subprocess.Popen(
            [
                server.tool("pg_restore"),
                "--no-password",
                "--exit-on-error",
                "--single-transaction",
                f"--dbname={database}",
            ],
            env=surroundings(server, database, keys=kind == "keys"),
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
        )
        assert process.stdin is not None
        try:
            made_at = gate.unseal_backup(path, kind, process.stdin)  # type: ignore[arg-type]
            process.stdin.close()
        except BrokenPipeError:
            raise DumpFailed("pg_restore") from None
        except BaseException:
            # A backup that turns out cut or changed half way leaves nothing behind.
            process.kill()
            raise
        finally:
            process.wait()
    if process.returncode != 0:
        raise DumpFailed("pg_restore")
    return made_at


def _settle(data_dir: Path, names: Names, *, begins_epoch: bool) -> dict[str, int]:
    """Migrate, replay and check in a process that knows these databases as its own."""
    argv = [sys.executable, "-m", "xingnuo.doors.cli.restoring", *["--epoch"] * begins_epoch]
    env = {**os.environ, "XN_DB_NAME": names.data, "XN_KEYS_DB_NAME": names.keys}
    with complaints(data_dir) as log:
        done = subprocess.run(argv, env=env, stdout=subprocess.PIPE, stderr=log, check=False)
    if done.returncode != 0:
        raise ReplayFailed
    told: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return told


def _carry_epoch(server: Cluster, live: str, fresh: str) -> None:
    """Let the new epoch follow the newest one there was, not the one of the backup."""
    with psycopg.connect(server.superuser_dsn(fresh), autocommit=True) as connection:
        row = connection.execute(
            "SELECT substring(setting FROM 'xn\\.epoch=(\\d+)') FROM pg_db_role_setting AS kept"
            " JOIN pg_database AS d ON d.oid = kept.setdatabase, unnest(kept.setconfig) AS setting"
            " WHERE d.datname = %s AND setting LIKE 'xn.epoch=%%'",
            [live],
        ).fetchone()
        if row:
            connection.execute(
                sql.SQL("ALTER DATABASE {} SET {} = {}").format(
                    sql.Identifier(fresh), sql.Identifier("xn", "epoch"), sql.Literal(row[0])
                )
            )


def _swap(server: Cluster, live: str, fresh: str, old: str, *, keys: bool) -> None:
    """Put the fresh database in the live one's place in one transaction."""
    with psycopg.connect(
        server.superuser_dsn("postgres", keys=keys), autocommit=True
    ) as connection:
        _shut(connection, live, fresh)
        with connection.transaction():
            for before, after in ((live, old), (fresh, live)):
                connection.execute(
                    sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                        sql.Identifier(before), sql.Identifier(after)
                    )
                )
        connection.execute(
            sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(sql.Identifier(live))
        )


def _drop(server: Cluster, database: str, *, keys: bool) -> None:
    with psycopg.connect(
        server.superuser_dsn("postgres", keys=keys), autocommit=True
    ) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database))
        )


def _shut(connection: psycopg.Connection, *names: str) -> None:
    """End every connection to the databases and let none in."""
    for name in names:
        connection.execute(
            sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(name))
        )
    for _ in range(TERMINATE_TRIES_MAX):
        left = connection.execute(
            "SELECT pg_terminate_backend(pid, 200) FROM pg_stat_activity WHERE datname = ANY(%s)",
            [list(names)],
        ).fetchall()
        if not left:
            return


def _backups(folder: Path) -> list[Any]:
    _set_up()
    from xingnuo.trust.gate import actions as gate

    return list(gate.backups(folder))


def _list(folder: Path) -> None:
    table = Table("备份", "内容", "时间（UTC）", "过期")
    for one in _backups(folder):
        table.add_row(
            one.path.name,
            NAMES[one.kind],
            f"{one.made_at:%Y-%m-%d %H:%M}",
            f"{one.expires_at:%Y-%m-%d}",
        )
    Console().print(table)
    click.echo("用 --data 和 --keys 选一份来恢复；通常只恢复数据，密钥用现有的。")


def _set_up() -> None:
    import django

    django.setup()


def _tell(told: dict[str, int]) -> None:
    click.echo(f"已重放删除记录：{told['replayed']} 个编号重新删除，其余未受影响")
    if "epoch" in told:
        click.echo(f"证据链进入第 {told['epoch']} 段")
