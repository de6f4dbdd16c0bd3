"""Logging: the one door to the log files, with an allowlist of keys.

Log lines never carry an account id or any personal value (policy section on log files):
an unknown key is dropped and counted, so a slip costs a number, not a leak.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections import Counter
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog

ALLOWED = frozenset(
    {
        "event", "level", "at", "room", "action", "code", "status", "method", "route", "job",
        "duration_ms", "count", "attempt", "version", "block", "purpose", "reason", "process",
        "error_type", "constraint", "table", "port", "pid", "partner", "operation", "rows",
        "where",
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


class _Stderr:
    """The process's error stream as it is when a line is written, not when the module was read."""

    def write(self, text: str) -> int:
        """Write to it."""
        return sys.stderr.write(text)

    def flush(self) -> None:
        """Flush it."""
        sys.stderr.flush()


structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        _allow,
        _render,
    ],
    logger_factory=structlog.PrintLoggerFactory(file=_Stderr()),  # type: ignore[arg-type]
    cache_logger_on_first_use=False,
)


def get(room: str) -> Any:
    """Give a room's logger; keys outside `ALLOWED` are dropped."""
    return structlog.get_logger(room=room)


class Quiet(logging.Handler):
    """Take the log records of libraries: where they come from and how grave, never what they say.

    Their texts quote paths, job arguments and exception texts, any of which may hold a value.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Tell a record by its logger, and a fault by its type and the place it came from."""
        told: dict[str, object] = {"status": getattr(record, "status_code", None)}
        if record.exc_info and record.exc_info[0] is not None:
            told["error_type"] = record.exc_info[0].__name__
            told["where"] = _where(record)
        known = {key: value for key, value in told.items() if value is not None}
        get("library").log(record.levelno, record.name, **known)


def _where(record: logging.LogRecord) -> list[str]:
    frames = traceback.extract_tb(record.exc_info[2]) if record.exc_info else []
    ours = [frame for frame in frames if "xingnuo" in frame.filename][-6:]
    return [f"{Path(frame.filename).stem}.{frame.name}:{frame.lineno}" for frame in ours]


def quieten() -> None:
    """Let this process's library records go through here alone; safe to repeat."""
    root = logging.getLogger()
    if not any(isinstance(handler, Quiet) for handler in root.handlers):
        root.addHandler(Quiet(logging.WARNING))
