"""The script of faults: what goes wrong, at which request, in which order.

A line of a script belongs to a service and an operation (`*` is any). Lines are consumed in
order, one per request, each exactly once. A line with `match` waits for a request whose target
or body holds that text, so that tests which share one sandbox do not take each other's faults.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.ground import clock
from sandbox.ground.store import Store

# Shown by the server for every operation.
TRANSPORT = frozenset("ok decline timeout_before timeout_after reset slow drip 5xx silence".split())
# Shown only by the operations that name them.
MEANING = frozenset(
    "bad_signature duplicate reordered late wrong_key wrong_nonce wrong_aud expired_token"
    " contradiction stale wrong_amount wrong_merchant early lag short altered repeated"
    " differ".split()
)
KINDS = TRANSPORT | MEANING
DEFAULT_MS = {"timeout_before": 30_000, "timeout_after": 30_000, "silence": 600_000}
DEFAULT_MS |= {"slow": 1_000, "drip": 1_000, "late": 5_000, "early": 500, "lag": 0}
MS_MAX = 600_000
LINES_MAX = 1_000
TOLD_MAX = 200
ANY = "*"

SCHEMA = """
CREATE TABLE IF NOT EXISTS fault_line (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    service TEXT NOT NULL, operation TEXT NOT NULL, matches TEXT NOT NULL,
    kind TEXT NOT NULL, ms INTEGER NOT NULL,
    taken_at REAL, taken_by TEXT
);
CREATE INDEX IF NOT EXISTS fault_waiting ON fault_line (service, id) WHERE taken_at IS NULL;
"""


class ScriptRefused(Exception):
    """A script is not understood or names what the service cannot show."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong; `ms` is a span in milliseconds where the kind has one."""

    kind: str = "ok"
    ms: int = 0

    @property
    def seconds(self) -> float:
        """Give the span in seconds."""
        return self.ms / 1000


OK = Fault()


def parse(lines: Iterable[Any]) -> list[Fault]:
    """Read a script: `"reset"`, `"slow(300)"`, `"slow:300"` or `{"fault": "slow", "ms": 300}`."""
    return [_parse_line(line) for line in lines]


def _parse_line(line: Any) -> Fault:
    if isinstance(line, str):
        found = re.fullmatch(r"(\w+)(?:[:(](\d{1,7})\)?)?", line)
        kind, given = found.groups() if found else (line, None)
        ms = int(given) if given else None
    elif isinstance(line, dict) and line.keys() <= {"fault", "ms"}:
        kind, ms = line.get("fault"), line.get("ms")
    else:
        raise ScriptRefused("each line is a name or an object with fault and ms")
    if kind not in KINDS:
        raise ScriptRefused(f"unknown fault; known are {', '.join(sorted(KINDS))}")
    span = DEFAULT_MS.get(kind, 0) if ms is None else ms
    if type(span) is not int or not 0 <= span <= MS_MAX:
        raise ScriptRefused(f"ms is a whole number from 0 to {MS_MAX}")
    return Fault(kind, span)


def seeded(seed: int, kinds: Sequence[str], *, length: int, ok_share: float) -> list[Fault]:
    """Make a script by chance; the same seed, kinds and length make the same script."""
    if not 0 < length <= LINES_MAX or not 0 <= ok_share <= 1:
        raise ScriptRefused(f"length is 1 to {LINES_MAX} and ok_share is 0 to 1")
    dice = random.Random(seed)
    wrong = sorted(set(kinds) - {"ok"}) or ["ok"]
    names = ["ok" if dice.random() < ok_share else dice.choice(wrong) for _ in range(length)]
    # Spans stay short, so that a drill of hundreds of faults ends.
    return [Fault(name, dice.randint(50, 500) if name in DEFAULT_MS else 0) for name in names]


class Faults:
    """The scripts that wait and the lines that were consumed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        store.create(SCHEMA)
        self._waiting = 0
        self._count()

    def write(
        self, service: str, operation: str, *, script: Sequence[Fault], match: str, append: bool
    ) -> None:
        """Set the script of one service, operation and match, in place of what waits there."""
        if not 0 < len(script) <= LINES_MAX:
            raise ScriptRefused(f"a script has 1 to {LINES_MAX} lines")
        with self._store.transaction():
            if not append:
                self._store.run(
                    "DELETE FROM fault_line WHERE taken_at IS NULL"
                    " AND service = ? AND operation = ? AND matches = ?",
                    service, operation, match,
                )  # fmt: skip
            for fault in script:
                self._store.run(
                    "INSERT INTO fault_line (service, operation, matches, kind, ms)"
                    " VALUES (?, ?, ?, ?, ?)",
                    service, operation, match, fault.kind, fault.ms,
                )  # fmt: skip
        self._count()

    def take(self, service: str, operation: str, *, text: str) -> Fault:
        """Consume the next line for a request; without one all is well."""
        # Nothing is read in the usual case, when no script waits.
        if not self._waiting:
            return OK
        with self._store.transaction():
            for line in self._store.rows(
                "SELECT id, matches, kind, ms FROM fault_line WHERE taken_at IS NULL"
                " AND service = ? AND operation IN (?, ?) ORDER BY id",
                service, operation, ANY,
            ):  # fmt: skip
                if line["matches"] in text:
                    self._store.run(
                        "UPDATE fault_line SET taken_at = ?, taken_by = ? WHERE id = ?",
                        clock.now(), operation, line["id"],
                    )  # fmt: skip
                    self._waiting -= 1
                    return Fault(line["kind"], line["ms"])
        return OK

    def clear(self, *, service: str = "", operation: str = "", match: str = "") -> int:
        """Drop waiting lines and the record of consumed ones; give how many were dropped."""
        dropped = self._store.run(
            "DELETE FROM fault_line WHERE (? = '' OR service = ?)"
            " AND (? = '' OR operation = ?) AND (? = '' OR matches = ?)",
            service, service, operation, operation, match, match,
        )  # fmt: skip
        self._count()
        return dropped

    def told(self) -> Mapping[str, Any]:
        """Say what waits, in order, and what was consumed last, newest first."""
        waiting = self._store.rows(
            "SELECT service, operation, matches, kind, ms FROM fault_line"
            " WHERE taken_at IS NULL ORDER BY id LIMIT ?",
            TOLD_MAX,
        )
        taken = self._store.rows(
            "SELECT service, taken_by AS operation, matches, kind, ms, taken_at FROM fault_line"
            " WHERE taken_at IS NOT NULL ORDER BY taken_at DESC, id DESC LIMIT ?",
            TOLD_MAX,
        )
        for line in taken:
            line["taken_at"] = clock.iso(line["taken_at"])
        return {"waiting": [_named(line) for line in waiting], "taken": [_named(x) for x in taken]}

    def _count(self) -> None:
        found = self._store.row("SELECT count(*) AS n FROM fault_line WHERE taken_at IS NULL")
        self._waiting = found["n"] if found else 0


def _named(line: dict[str, Any]) -> dict[str, Any]:
    return {"fault": line.pop("kind"), "match": line.pop("matches"), **line}
