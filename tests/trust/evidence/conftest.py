"""A database of its own for the evidence tests, since they tamper with it; and its cast."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.db import connections, transaction
from psycopg import sql

from tests import world
from xingnuo.kit import ids
from xingnuo.kit.db import cluster, session
from xingnuo.trust.evidence import _seal, actions
from xingnuo.trust.evidence.contracts import Kind, Line

ALIASES = ("default", "owner", "audit")
Say = Callable[..., Line]


def _point_at(name: str) -> None:
    for alias in ALIASES:
        connection = connections[alias]
        connection.close()
        connection.close_pool()
        connection.settings_dict["NAME"] = name


@pytest.fixture(scope="module", autouse=True)
def own_database(
    real_commits: None, data_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """Clone the migrated template for this module, with a data directory for keys and heads."""
    name, before = (
        f"xn_evidence_{ids.token(64).lower()}",
        connections["default"].settings_dict["NAME"],
    )
    server = cluster.provide(world.HOME / "template")
    postgres = server.superuser_dsn("postgres")
    told = {"name": sql.Identifier(name), "template": sql.Identifier(world.TEMPLATE)}
    with psycopg.connect(postgres, autocommit=True) as admin:
        for statement in (
            "CREATE DATABASE {name} TEMPLATE {template} OWNER xn_owner",
            "REVOKE ALL ON DATABASE {name} FROM PUBLIC",
            "GRANT CONNECT ON DATABASE {name} TO xn_app, xn_audit",
        ):
            admin.execute(sql.SQL(statement).format(**told))
    _point_at(name)
    kept, settings.DATA_DIR = settings.DATA_DIR, tmp_path_factory.mktemp("evidence")
    try:
        yield settings.DATA_DIR
    finally:
        settings.DATA_DIR = kept
        _point_at(before)
        with psycopg.connect(postgres, autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE {name} WITH (FORCE)").format(**told))


@pytest.fixture(scope="module", autouse=True)
def sealing_waits(own_database: Path) -> Iterator[None]:
    """Have every sealing wait for the transactions of tests that run beside these."""
    run = _seal.run

    def waited() -> int:
        world.wait_for_other_tests(str(connections["default"].settings_dict["NAME"]))
        return run()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_seal, "run", waited)
        yield


@pytest.fixture
def superuser() -> Iterator[psycopg.Connection[Any]]:
    """Connect as the server's superuser, who alone may change an epoch."""
    server = cluster.provide(world.HOME / "template")
    name = str(connections["default"].settings_dict["NAME"])
    with psycopg.connect(server.superuser_dsn(name), autocommit=True) as admin:
        yield admin


@pytest.fixture
def alice() -> UUID:
    """Give a fresh person."""
    return ids.uuid7()


@pytest.fixture
def charlie() -> UUID:
    """Give a fresh stranger."""
    return ids.uuid7()


@pytest.fixture
def say(alice: UUID) -> Say:
    """Give a function that records one committed line, about Alice unless told otherwise."""

    def record(kind: Kind = Kind.PERMIT, *, subject_id: UUID = alice, **told: Any) -> Line:
        line = Line(kind=kind, subject_id=subject_id, **told)
        with transaction.atomic():
            session.set_subject(subject_id)
            actions.record(line)
        return line

    return record


def owner(statement: str, *values: Any) -> None:
    """Run a statement as the owner of the tables, committed at once."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, values or None)


def fetch(statement: str, *values: Any, using: str = "owner") -> list[Any]:
    """Read rows, as the owner unless told otherwise."""
    with connections[using].cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall())


def cut_after(number: int) -> None:
    """Delete every block after one, with the lines in them, as a thief or a restore would."""
    kept = "(SELECT upto_txid FROM evidence_block WHERE number = %s)"
    owner(f"DELETE FROM evidence_line WHERE txid > {kept}", number)
    owner("DELETE FROM evidence_block WHERE number > %s", number)
