"""What a database server of ours can be asked, wherever it runs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path


class Cluster(ABC):
    """One PostgreSQL server that holds the data and, unless told otherwise, the keys."""

    is_embedded: bool

    @abstractmethod
    def start(self, *, give_up: Callable[[], bool] = lambda: False) -> None:
        """Make the server answer; `give_up` may end a long wait."""

    @abstractmethod
    def stop(self) -> None:
        """Stop the server if we started it; safe to repeat."""

    @abstractmethod
    def has_ended(self) -> bool:
        """Tell whether the server that we started is no longer there."""

    @abstractmethod
    def superuser_dsn(self, dbname: str, *, keys: bool = False) -> str:
        """Give a connection string with the right to make roles; `keys` names the keys' server."""

    @abstractmethod
    def tool(self, name: str) -> Path:
        """Give the path of a PostgreSQL client program, such as `pg_dump`."""
