"""The backend of every alias: same as Django's, but the address is looked up on first use.

Settings are read before a cluster exists (first start, tests), and its port may change, so
nothing about the server is frozen in `DATABASES`.
"""

from __future__ import annotations

import atexit
from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base

from xingnuo.kit.db import roles


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection of one role to the cluster of a data directory."""

    def get_connection_params(self) -> dict[str, Any]:
        """Add host, port and password of the cluster as it stands now."""
        entry = self.settings_dict
        place = roles.connection_params(Path(entry["DATA_DIR"]), entry["USER"], entry["NAME"])
        ours = super().get_connection_params()
        options = " ".join(p["options"] for p in (ours, place) if p.get("options"))
        return {**ours, **place, "options": options}


def _close_pools() -> None:
    # Left to the interpreter's end, each pool's threads are waited for in vain for seconds.
    for pool in vars(base.DatabaseWrapper)["_connection_pools"].values():
        pool.close()


atexit.register(_close_pools)
