"""A database server that somebody else runs, named by `DATABASE_URL`."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from xingnuo.kit.db import binaries
from xingnuo.kit.db.binaries import MAJOR_MAX, MAJOR_MIN
from xingnuo.kit.db.server import Cluster
from xingnuo.kit.errors import XingnuoError


class OutsideUnfit(XingnuoError):
    """The outside database does not answer, is too old or new, or is not encrypted."""

    status = 503
    code = "outside_database"
    message = "DATABASE_URL 指向的数据库不能使用。"
    remedy = f"请确认它在运行、可以登录，版本在 {MAJOR_MIN} 到 {MAJOR_MAX} 之间。"


class OutsideCluster(Cluster):
    """A server somebody else runs; we only connect."""

    is_embedded = False

    def __init__(self, url: str, keys_url: str) -> None:
        self._params = conninfo_to_dict(url)
        self._keys_params = conninfo_to_dict(keys_url) if keys_url else self._params

    def start(self, *, give_up: Callable[[], bool] = lambda: False) -> None:
        """Check that the server answers and fits; it is not ours to start."""
        for params in (self._params, self._keys_params):
            self._check(make_conninfo("", **{**params, "connect_timeout": 10}))

    def stop(self) -> None:
        """Leave the server alone."""

    def has_ended(self) -> bool:
        """Say no: its life is not ours to watch."""
        return False

    def superuser_dsn(self, dbname: str, *, keys: bool = False) -> str:
        """Give the outside URL with another database name."""
        params = self._keys_params if keys else self._params
        return make_conninfo("", **{**params, "dbname": dbname})

    def maintenance_name(self, *, keys: bool = False) -> str:
        """Give the name of the database that the URL itself leads to."""
        params = self._keys_params if keys else self._params
        return str(params.get("dbname") or "postgres")

    def tool(self, name: str) -> Path:
        """Give a client program of this machine."""
        return binaries.find().tool(name)

    def _check(self, dsn: str) -> None:
        params = conninfo_to_dict(dsn)
        by_socket = str(params.get("host", "")).startswith("/")
        production = os.environ.get("XN_ENV") == "production"
        if production and not by_socket and params.get("sslmode") != "verify-full":
            raise OutsideUnfit("sslmode", remedy="生产环境请在连接串里写 sslmode=verify-full。")
        try:
            with psycopg.connect(dsn) as connection:
                version = connection.info.server_version // 10000
        except psycopg.Error:
            # The driver's text names hosts and users: only the fact is told.
            raise OutsideUnfit("connect") from None
        if not MAJOR_MIN <= version <= MAJOR_MAX:
            raise OutsideUnfit(f"version {version}")
