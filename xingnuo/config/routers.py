"""Which database holds what: one house, with the keys in a database of their own."""

from __future__ import annotations

from typing import Any


class OneHouse:
    """Models live in the data database; the keys database has no models at all."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Allow migrations on the data database alone."""
        return db in ("default", "owner")
