"""The whole house as a newcomer starts it: `xingnuo up` with a data directory of its own."""

from __future__ import annotations

import http
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xingnuo.doors.cli import programs
from xingnuo.kit import child

FIRST_PAGE_SECONDS_MAX = 180
STOP_SECONDS_MAX = 60
FIRST_PAGE = "/welcome/"


@contextmanager
def up(data_dir: Path) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """Give the running `xingnuo up` and the seconds from its start to the first page with 200."""
    port, sandbox_port = programs.free_port(), programs.free_port()
    env = {name: value for name, value in os.environ.items() if not name.startswith("XN_")}
    env |= {
        "XN_DATA_DIR": str(data_dir),
        "XN_PORT": str(port),
        "XN_SANDBOX_PORT": str(sandbox_port),
        "XN_BASE_URL": f"http://localhost:{port}",
        "XN_SANDBOX_URL": f"http://localhost:{sandbox_port}",
    }
    log = data_dir / "up.log"
    argv = [sys.executable, "-m", "xingnuo.doors.cli.main", "up"]
    start = time.perf_counter()
    process = child.start(argv, log=log, env=env)
    try:
        while programs.status_of(port, FIRST_PAGE) != http.HTTPStatus.OK:
            seconds = time.perf_counter() - start
            if child.ended(process) or seconds > FIRST_PAGE_SECONDS_MAX:
                raise SystemExit(f"xingnuo up did not come up:\n{log.read_text()[-2000:]}")
            time.sleep(0.02)
        yield process, time.perf_counter() - start
    finally:
        child.end(process, ask=signal.SIGTERM, seconds=STOP_SECONDS_MAX)
