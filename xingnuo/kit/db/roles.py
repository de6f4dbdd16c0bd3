"""Database roles: who may connect to what, and how Django reaches each of them.

ROLES-1  Web and worker connect as xn_app, which owns nothing and bypasses nothing.
ROLES-2  Passwords are random, kept in `<data>/secrets/roles.json`, sent as SCRAM verifiers.
ROLES-3  Nobody of the data database may enter the keys database, and the other way round.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from xingnuo.kit import ids
from xingnuo.kit.db.outside import OutsideCluster
from xingnuo.kit.db.place import Place, write_once
from xingnuo.kit.db.server import Cluster
from xingnuo.kit.errors import XingnuoError

DATA_LOGINS = ("xn_owner", "xn_app", "xn_audit")
KEYS_LOGINS = ("xn_keys_owner", "xn_keys")
# Alias → (role, most connections a process may hold). Quiet pools give their connections back.
_ALIASES = {
    "default": ("xn_app", 8),
    "owner": ("xn_owner", 2),
    "audit": ("xn_audit", 3),
    "keys": ("xn_keys", 4),
}
_POOL_WAIT_SECONDS = 4
_POOL_IDLE_SECONDS = 120
_SQL = Path(__file__).parent
# One installer at a time: concurrent GRANTs on the same role fail.
_INSTALL_LOCK = 0x786E_726F


class ClusterUnknown(XingnuoError):
    """No database has been set up for this data directory."""

    status = 503
    code = "cluster_unknown"
    message = "这个数据目录还没有数据库。"
    remedy = "请先运行 make run（或 xingnuo up），或设置 DATABASE_URL。"


class RolesTaken(XingnuoError):
    """The outside server has roles of these names whose passwords we do not know."""

    status = 409
    code = "roles_taken"
    message = "这台数据库上已有 xn_ 开头的角色，但密码与本数据目录的不同。"
    remedy = "请把它们的密码写进 secrets/roles.json，或换一台数据库。"


class RolesMissing(XingnuoError):
    """The outside server lacks the roles, and the given account may not make them."""

    status = 503
    code = "roles_missing"
    message = "数据库里缺少 xn_ 开头的角色或库，而所给帐户无权建立。"
    remedy = (
        "请由管理员执行 xingnuo/kit/db 里的 roles.sql 等脚本，并把密码写进 secrets/roles.json。"
    )


def database_names() -> tuple[str, str]:
    """Give the names of the data database and the keys database."""
    data = os.environ.get("XN_DB_NAME", "xingnuo")
    return data, os.environ.get("XN_KEYS_DB_NAME", "xingnuo_keys")


def passwords(data_dir: Path) -> dict[str, str]:
    """Give the roles' passwords, made on first use."""
    file = data_dir / "secrets" / "roles.json"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.parent.chmod(0o700)
        made = {role: ids.token() for role in (*DATA_LOGINS, *KEYS_LOGINS)}
        write_once(file, json.dumps(made, indent=1))
    return dict(json.loads(file.read_text()))


def ensure_roles(cluster: Cluster, data_dir: Path, db_name: str, keys_db_name: str) -> None:
    """Make roles, the two databases and their rights; safe to repeat."""
    secret = passwords(data_dir)
    for keys, name, logins, roles_file, rights_file in (
        (False, db_name, DATA_LOGINS, "roles.sql", "rights.sql"),
        (True, keys_db_name, KEYS_LOGINS, "roles_keys.sql", "rights_keys.sql"),
    ):
        with _installer(cluster, keys=keys) as connection:
            if not _may_install(connection):
                _check_premade(data_dir, logins, name)
                continue
            if not cluster.is_embedded:
                _refuse_foreign_roles(connection, data_dir, logins, name)
            connection.execute((_SQL / roles_file).read_bytes())
            for role in logins:
                _set_password(connection, role, secret[role])
            _ensure_database(connection, name, owner=logins[0])
            if cluster.is_embedded:
                _close_house_databases(connection)
        with psycopg.connect(cluster.superuser_dsn(name, keys=keys)) as inside:
            text = (_SQL / rights_file).read_text()
            inside.execute(sql.SQL(text).format(database=sql.Identifier(name)))


def connection_params(data_dir: Path, role: str, dbname: str) -> dict[str, Any]:
    """Give psycopg's parameters for a role: where the cluster is now, and the password."""
    file = data_dir / "secrets" / "roles.json"
    if not file.exists():
        raise ClusterUnknown
    password = json.loads(file.read_text()).get(role)
    if password is None:
        raise ClusterUnknown(role)
    return {
        **_address(data_dir, keys=role in KEYS_LOGINS),
        "user": role,
        "password": password,
        "dbname": dbname,
    }


def dsn(data_dir: Path, role: str, db: str, *, connections_max: int = 4) -> dict[str, Any]:
    """Give a Django DATABASES entry for a role; its use fails plainly while there is no cluster."""
    return {
        "ENGINE": "xingnuo.kit.db.postgres",
        "NAME": db,
        "USER": role,
        "DATA_DIR": str(data_dir),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "application_name": role,
            # So that Citus hands `SET LOCAL` on to its workers; elsewhere a name without effect.
            "options": "-c citus.propagate_set_commands=local",
            "pool": {
                "min_size": 0,
                "max_size": connections_max,
                "timeout": _POOL_WAIT_SECONDS,
                "max_idle": _POOL_IDLE_SECONDS,
                "num_workers": 1,
            },
        },
    }


def django_databases(data_dir: Path) -> dict[str, dict[str, Any]]:
    """Give Django's DATABASES: default (xn_app), owner, audit and keys."""
    data, keys = database_names()
    return {
        alias: dsn(data_dir, role, keys if role in KEYS_LOGINS else data, connections_max=most)
        for alias, (role, most) in _ALIASES.items()
    }


def _address(data_dir: Path, *, keys: bool) -> dict[str, Any]:
    url = os.environ.get("DATABASE_URL", "")
    if url:
        params = conninfo_to_dict((keys and os.environ.get("XN_KEYS_URL")) or url)
        return {k: v for k, v in params.items() if k not in ("user", "password", "dbname")}
    place = Place(data_dir)
    port = place.port()
    if port is None:
        raise ClusterUnknown
    return {"host": str(place.socket_dir), "port": port, "connect_timeout": 5}


@contextmanager
def _installer(cluster: Cluster, *, keys: bool) -> Iterator[psycopg.Connection]:
    name = (
        cluster.maintenance_name(keys=keys) if isinstance(cluster, OutsideCluster) else "postgres"
    )
    with psycopg.connect(cluster.superuser_dsn(name, keys=keys), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_INSTALL_LOCK])
        yield connection


def _may_install(connection: psycopg.Connection) -> bool:
    row = connection.execute(
        "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    return bool(row and row[0])


def _check_premade(data_dir: Path, logins: tuple[str, ...], dbname: str) -> None:
    # The owner role owns the schema, the second is what the services connect as.
    if not all(_can_log_in(data_dir, role, dbname) for role in logins):
        raise RolesMissing(dbname)


def _refuse_foreign_roles(
    connection: psycopg.Connection, data_dir: Path, logins: tuple[str, ...], dbname: str
) -> None:
    # Changing their passwords would lock out the installation that made them.
    there = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [logins[0]]).fetchone()
    made = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [dbname]).fetchone()
    probe = dbname if made else str(connection.info.dbname)
    if there and not _can_log_in(data_dir, logins[0], probe):
        raise RolesTaken(logins[0])


def _can_log_in(data_dir: Path, role: str, dbname: str) -> bool:
    try:
        psycopg.connect(**connection_params(data_dir, role, dbname)).close()
    except psycopg.OperationalError:
        return False
    return True


def _set_password(connection: psycopg.Connection, role: str, password: str) -> None:
    verifier = connection.pgconn.encrypt_password(
        password.encode(), role.encode(), b"scram-sha-256"
    )
    connection.execute(
        sql.SQL("ALTER ROLE {} PASSWORD {}").format(
            sql.Identifier(role), sql.Literal(verifier.decode())
        )
    )


def _ensure_database(connection: psycopg.Connection, name: str, *, owner: str) -> None:
    made = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    if not made:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0").format(
                sql.Identifier(name), sql.Identifier(owner)
            )
        )


def _close_house_databases(connection: psycopg.Connection) -> None:
    connection.execute("REVOKE CONNECT, TEMPORARY ON DATABASE postgres, template1 FROM PUBLIC")
