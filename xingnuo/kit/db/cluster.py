"""The database server: outside by `DATABASE_URL`, else embedded under our own supervision.

CLUSTER-1  A data directory has at most one keeper at a time; a second one is told so at once.
CLUSTER-2  The server never runs as uid 0, listens on loopback only, and ends with its keeper.
CLUSTER-3  `postmaster.pid` is removed only when its process is proven to be another program.
"""

from __future__ import annotations

import os
from pathlib import Path

from xingnuo.kit.db.embedded import EmbeddedCluster
from xingnuo.kit.db.outside import OutsideCluster
from xingnuo.kit.db.server import Cluster

__all__ = ["Cluster", "provide"]


def provide(data_dir: Path) -> Cluster:
    """Give the database server of this data directory; it is not started yet.

    In order: `DATABASE_URL`, the wheel's programs, a system PostgreSQL.
    """
    url = os.environ.get("DATABASE_URL", "")
    if url:
        return OutsideCluster(url, os.environ.get("XN_KEYS_URL", ""))
    return EmbeddedCluster(data_dir)
