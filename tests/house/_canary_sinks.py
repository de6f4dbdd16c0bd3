"""Every place where a value could come to rest, as named pieces of bytes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from tests.house._canary_scan import Hit, Needles
from tests.world import HOME
from xingnuo.kit.db import cluster, roles
from xingnuo.kit.db.server import Cluster

# The outside world is not ours: the provider, the text messages and the sibling apps keep theirs.
OUTSIDE = ("sandbox", "outside")


def server() -> Cluster:
    """Give the database server of this run."""
    return cluster.provide(Path(os.environ["XN_DATA_DIR"]))


def owner(database: str) -> psycopg.Connection:
    """Connect as the superuser, who sees every row."""
    return psycopg.connect(server().superuser_dsn(database), autocommit=True)


def tables() -> Iterator[tuple[str, bytes]]:
    """Give every table of both databases, as COPY writes it; jobs and their arguments among
    them.
    """
    for database in roles.database_names():
        with owner(database) as connection:
            found = connection.execute(
                "SELECT schemaname, tablename FROM pg_tables"
                " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
            ).fetchall()
            for schema, name in found:
                copied = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(schema, name))
                with connection.cursor() as cursor, cursor.copy(copied) as rows:
                    yield f"table {database}.{name}", b"".join(bytes(part) for part in rows)


def files(since: float) -> Iterator[tuple[str, Path]]:
    """Give every file of the house that changed since: heap, index, WAL, logs, backups, secrets.

    Asks the server to write everything down first.
    """
    with owner("postgres") as connection:
        connection.execute("CHECKPOINT")
    seen: set[Path] = set()
    for top, _, names in os.walk(HOME, followlinks=True):
        place = Path(top)
        for name in names:
            path = (place / name).resolve()
            try:
                fresh = path.is_file() and path.stat().st_mtime >= since
            except OSError:
                continue
            if fresh and path not in seen and not _is_outside(path):
                seen.add(path)
                yield f"{_kind(path)} {path.relative_to(HOME)}", path


def _is_outside(path: Path) -> bool:
    return any(part.startswith(OUTSIDE) for part in path.relative_to(HOME).parts)


def _kind(path: Path) -> str:
    parts = path.relative_to(HOME).parts
    if "pg_wal" in parts:
        return "WAL"
    if "base" in parts or "global" in parts:
        return "heap"
    return "log" if path.suffix == ".log" or "log" in parts else "file"


def back_up(folder: Path) -> Path:
    """Make both backups into a folder."""
    argv = [sys.executable, "-m", "xingnuo.doors.cli.main", "backup", "--folder", str(folder)]
    subprocess.run(argv, check=True, capture_output=True, timeout=120)
    return folder


def swept(
    needles: Needles,
    since: float,
    pieces: Iterator[tuple[str, bytes]] | tuple = (),  # type: ignore[type-arg]
) -> set[Hit]:
    """Look everywhere."""
    found = needles.find_all(tables()) | needles.find_all(pieces)
    for sink, path in files(since):
        found |= needles.find_in_file(sink, path)
    return found
