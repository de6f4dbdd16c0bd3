"""Starting: from `xingnuo up` to the first page with 200, on a data directory that is there.

`xingnuo bench start [--json]`. Bar: at most 6 s, median of three warm starts. The cold start, which
makes the databases, roles, tables, keys and static files, is printed beside it.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from bench import house, report

BAR_SECONDS = 6.0
ROUNDS = 3


def main() -> None:
    """Start cold once, then warm, and print the median."""
    with tempfile.TemporaryDirectory(prefix="xn-bench-") as place:
        data_dir = Path(place) / "data"
        data_dir.mkdir()
        with house.up(data_dir) as (_, cold):
            report.say(f"cold: {cold:.2f} s")
        warm = []
        for _ in range(ROUNDS):
            with house.up(data_dir) as (_, seconds):
                report.say(f"warm: {seconds:.2f} s")
                warm.append(seconds)
    value = statistics.median(warm)
    report.result(
        name="start",
        value=round(value, 2),
        unit="s to the first page",
        bar=f"<= {BAR_SECONDS}",
        holds=value <= BAR_SECONDS,
        ratio_to="cold start",
        ratio=round(value / cold, 2),
    )


if __name__ == "__main__":
    main()
