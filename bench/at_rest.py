"""Memory of the whole house at rest: every process of `xingnuo up`, the database's too.

`xingnuo bench at_rest [--json]`. Bar: at most 400 MB (MiB) of proportional set size 20 s after the
first page, with nobody asking for anything. Supervisor, web, worker, sandbox, both databases.
"""

from __future__ import annotations

import tempfile
import time
from collections import defaultdict
from pathlib import Path

import psutil

from bench import house, report

BAR_MB = 400.0
IDLE_SECONDS = 20
# What an argument list has to hold, in this order, to be called by a name.
NAMES = {"postgres": "postgres", "granian": "web", "worker": "worker", "sandbox": "sandbox"}


def kind_of(process: psutil.Process) -> str:
    """Name the part of the house that a process belongs to."""
    told = " ".join(process.cmdline())
    return next((name for part, name in NAMES.items() if part in told), "supervisor")


def pss_mb(supervisor: int) -> dict[str, float]:
    """Give the proportional set size of each part in MiB."""
    found: dict[str, float] = defaultdict(float)
    root = psutil.Process(supervisor)
    for process in (root, *root.children(recursive=True)):
        found[kind_of(process)] += process.memory_full_info().pss / 2**20
    return dict(found)


def main() -> None:
    """Start the house, leave it alone, and weigh it."""
    with tempfile.TemporaryDirectory(prefix="xn-bench-") as place:
        data_dir = Path(place) / "data"
        data_dir.mkdir()
        with house.up(data_dir) as (process, _):
            time.sleep(IDLE_SECONDS)
            parts = pss_mb(process.pid)
    for name, size in sorted(parts.items(), key=lambda part: -part[1]):
        report.say(f"  {size:6.1f} MB  {name}")
    value = sum(parts.values())
    report.result(
        name="at_rest",
        value=round(value, 1),
        unit="MB PSS",
        bar=f"<= {BAR_MB}",
        holds=value <= BAR_MB,
    )


if __name__ == "__main__":
    main()
