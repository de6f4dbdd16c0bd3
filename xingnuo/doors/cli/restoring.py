"""The part of a restore that runs inside the restored databases, before any door can see them.

A program of its own: `XN_DB_NAME` and `XN_KEYS_DB_NAME` name the restored databases. Its last
line of output is `{"replayed": n}`, with `"epoch"` when a new epoch of evidence was begun.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import psycopg
from psycopg import sql

from xingnuo.doors.cli import database
from xingnuo.kit.db import cluster, roles
from xingnuo.kit.errors import XingnuoError


def main(*, begins_epoch: bool) -> int:
    """Bring the schema up to this code, begin an epoch, replay erasures, and check the whole."""
    import django
    from django.core.management import call_command

    django.setup()
    from xingnuo.trust.gate import actions as gate

    data_dir = Path(os.environ["XN_DATA_DIR"])
    told = {}
    try:
        call_command("migrate", database="owner", verbosity=0, interactive=False, skip_checks=True)
        if begins_epoch:
            told["epoch"] = _begin_epoch(data_dir)
        told["replayed"] = gate.replay_erasures()
        database.prepare(data_dir)
    except XingnuoError as error:
        print(f"{type(error).__name__}: {error.message_text}{error.remedy_text}", file=sys.stderr)
        return 2
    print(json.dumps(told))
    return 0


def _begin_epoch(data_dir: Path) -> int:
    from django.db import connections

    from xingnuo.trust.evidence import actions as evidence

    epoch = evidence.begin_epoch()
    name = roles.database_names()[0]
    with psycopg.connect(cluster.provide(data_dir).superuser_dsn(name), autocommit=True) as owner:
        owner.execute(
            sql.SQL("ALTER DATABASE {} SET {} = {}").format(
                sql.Identifier(name), sql.Identifier("xn", "epoch"), sql.Literal(str(epoch))
            )
        )
    # The setting holds for connections made from now on.
    for alias in ("default", "owner", "audit"):
        connections[alias].close()
        connections[alias].close_pool()  # type: ignore[attr-defined]
    return epoch


if __name__ == "__main__":
    sys.exit(main(begins_epoch="--epoch" in sys.argv[1:]))
