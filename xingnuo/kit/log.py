"""Logging: the one door to the log files, with an allowlist of keys.

Log lines never carry an account id or any personal value (policy section on log files):
an unknown key is dropped and counted, so a slip costs a number, not a leak.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED = frozenset(
    {
        "event", "level", "at", "room", "action", "code", "status", "method", "route", "job",
        "duration_ms", "count", "attempt", "version", "block", "purpose", "reason", "process",
        "error_type", "constraint", "table", "port", "pid", "partner", "operation", "rows",
    }
)  # fmt: skip
dropped: Counter[str] = Counter()


def _allow(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key in [key for key in event if key not in ALLOWED]:
        dropped[key] += 1
        del event[key]
    return event


def _render(_: Any, __: str, event: MutableMapping[str, Any]) -> str:
    # json escapes control characters, so a value cannot forge a second line.
    return json.dumps(event, ensure_ascii=True, sort_keys=True, default=lambda v: type(v).__name__)


structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        _allow,
        _render,
    ],
    logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    cache_logger_on_first_use=False,
)


def get(room: str) -> Any:
    """Give a room's logger; keys outside `ALLOWED` are dropped."""
    return structlog.get_logger(room=room)
