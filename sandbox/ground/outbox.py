"""The outbox: what the outside world does later or tells xingnuo by itself. Survives a restart."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from sandbox.ground import clock
from sandbox.ground.store import Store

type Outcome = Literal["done", "refused", "retry"]
type Courier = Callable[[Mapping[str, Any]], tuple[Outcome, str]]

RETRY_SECONDS = (1, 4, 15, 60)
IDLE_SECONDS = 30.0

SCHEMA = """
CREATE TABLE IF NOT EXISTS outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL, about TEXT NOT NULL, payload TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN
        ('waiting', 'held', 'silent', 'done', 'refused', 'given_up')),
    due_at REAL NOT NULL, made_at REAL NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
    result TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS outbox_due ON outbox (due_at) WHERE state = 'waiting';
"""


class Outbox:
    """Work that waits for its time, done by one thread in the order of its due times."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._couriers: dict[str, Courier] = {}
        self._waits: dict[str, Sequence[float]] = {}
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._work, name="outbox", daemon=True)
        store.create(SCHEMA)

    def carry(self, kind: str, courier: Courier, *, waits: Sequence[float] = RETRY_SECONDS) -> None:
        """Say who carries a kind of work, and how long it waits before each repeat."""
        self._couriers[kind], self._waits[kind] = courier, waits

    def put(
        self,
        kind: str,
        *,
        about: str,
        payload: Mapping[str, Any],
        delay: float = 0.0,
        state: str = "waiting",
    ) -> None:
        """Add work; `held` waits for the next of its kind, `silent` is never done."""
        now = clock.now()
        due = now + delay
        with self._store.transaction():
            self._store.run(
                "INSERT INTO outbox (kind, about, payload, state, due_at, made_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                kind, about, json.dumps(payload), state, due, now,
            )  # fmt: skip
            if state == "waiting":
                # What was held back comes right after the one that overtakes it.
                self._store.run(
                    "UPDATE outbox SET state = 'waiting', due_at = ? WHERE kind = ?"
                    " AND state = 'held'",
                    due + 0.001, kind,
                )  # fmt: skip
        self._wake.set()

    def told(self, kind: str) -> list[dict[str, Any]]:
        """Say what became of each piece of work of a kind, oldest first."""
        lines = self._store.rows(
            "SELECT about, state, tries, result, made_at FROM outbox WHERE kind = ? ORDER BY id",
            kind,
        )
        return [{**line, "made_at": clock.iso(line["made_at"])} for line in lines]

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """End after the piece at hand."""
        self._stopping = True
        self._wake.set()
        self._thread.join(timeout=3)

    def _work(self) -> None:
        while not self._stopping:
            self._wake.clear()
            work = self._store.row(
                "SELECT * FROM outbox WHERE state = 'waiting' ORDER BY due_at, id LIMIT 1"
            )
            left = work["due_at"] - clock.now() if work else IDLE_SECONDS
            if left > 0:
                self._wake.wait(min(left, IDLE_SECONDS))
            elif work:
                self._carry_out(work)

    def _carry_out(self, work: dict[str, Any]) -> None:
        outcome, result = self._couriers[work["kind"]](json.loads(work["payload"]))
        tries = work["tries"] + 1
        waits = self._waits[work["kind"]]
        again = outcome == "retry" and tries <= len(waits)
        state = "waiting" if again else "given_up" if outcome == "retry" else outcome
        due = clock.now() + waits[tries - 1] if again else work["due_at"]
        self._store.run(
            "UPDATE outbox SET state = ?, tries = ?, result = ?, due_at = ? WHERE id = ?",
            state, tries, result, due, work["id"],
        )  # fmt: skip
