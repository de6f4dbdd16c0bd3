"""What benches share: set-up, words on the way, and the closing line for machines."""

from __future__ import annotations

import json
import os
import sys


def setup() -> None:
    """Set Django up without touching a database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xingnuo.config.settings")
    import django

    django.setup()


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
    sys.exit(0 if holds else 1)
