"""The sandbox's own books: one SQLite file, one connection, one writer at a time."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

BUSY_SECONDS_MAX = 5.0


class Store:
    """One SQLite file shared by all threads; a transaction is joined by the calls inside it."""

    def __init__(self, file: Path) -> None:
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(
            file, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS_MAX
        )
        self._connection.row_factory = sqlite3.Row
        # secure_delete: what a partner says it has erased is not left in free pages.
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON"):
            self._connection.execute(f"PRAGMA {pragma}")

    def create(self, schema: str) -> None:
        """Create tables that are not there yet."""
        with self._lock:
            self._connection.executescript(schema)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all that is done inside happen together or not at all."""
        with self._lock:
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """Give every row of a query."""
        with self._lock:
            return [dict(row) for row in self._connection.execute(sql, values)]

    def row(self, sql: str, *values: Any) -> dict[str, Any] | None:
        """Give the first row of a query, or None."""
        with self._lock:
            found = self._connection.execute(sql, values).fetchone()
            return None if found is None else dict(found)

    def run(self, sql: str, *values: Any) -> int:
        """Carry out a change and give the number of rows it touched."""
        with self._lock:
            return self._connection.execute(sql, values).rowcount

    def sweep(self) -> None:
        """Move the log into the file and empty it, so that erased rows leave no copy there."""
        with self._lock:
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the file; the store is of no use afterwards."""
        with self._lock:
            self.sweep()
            self._connection.close()
