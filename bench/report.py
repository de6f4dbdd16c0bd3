"""What benches share: words on the way, and the closing line for machines."""

from __future__ import annotations

import json
import sys

from django.db import connections


def say(text: str) -> None:
    """Print a line for people; machines that asked for JSON alone do not see it."""
    if "--json" not in sys.argv:
        print(text, flush=True)


def result(
    *,
    name: str,
    value: float,
    unit: str,
    bar: str,
    holds: bool,
    ratio_to: str = "",
    ratio: float | None = None,
) -> None:
    """Print the closing line and leave with 1 when the bar is not reached."""
    line = {
        "name": name,
        "value": value,
        "unit": unit,
        "bar": bar,
        "holds": holds,
        "ratio_to": ratio_to,
        "ratio": ratio,
    }
    print(json.dumps(line, ensure_ascii=False), flush=True)
    close()
    sys.exit(0 if holds else 1)


def close() -> None:
    """Close every connection and its pool, so that the program ends at once."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if connection.alias in connection._connection_pools:  # type: ignore[attr-defined]
            connection.close_pool()  # type: ignore[attr-defined]
