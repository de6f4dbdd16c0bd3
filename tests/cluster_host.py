"""Keep the scratch cluster of one test run, and end it when the run is gone.

Called as `python -m tests.cluster_host HOME PID`: HOME is the run's folder, PID the process
whose end is ours. Writes `HOME/ready` once the template databases are migrated.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

from xingnuo.kit.db.embedded import EmbeddedCluster


def main(home: Path, run: psutil.Process) -> int:
    """Start, prepare, wait, stop, remove."""
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda sign, _: stopped.append(sign))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    data_dir = home / "template"
    server = EmbeddedCluster(data_dir)
    server.start(give_up=lambda: bool(stopped) or not run.is_running())
    try:
        _prepare(data_dir)
        (home / "ready").touch()
        while not stopped and run.is_running() and not server.has_ended():
            time.sleep(0.2)
    finally:
        server.stop()
        if not run.is_running():
            shutil.rmtree(home, ignore_errors=True)
    return 0


def _prepare(data_dir: Path) -> None:
    # In a process of its own: a template must have no open connection.
    names = {"XN_DB_NAME": "xn_template", "XN_KEYS_DB_NAME": "xn_template_keys"}
    program = "import sys; from pathlib import Path; from xingnuo.doors.cli import database; "
    subprocess.run(
        [sys.executable, "-c", program + "database.prepare(Path(sys.argv[1]))", str(data_dir)],
        env={**os.environ, **names, "XN_DATA_DIR": str(data_dir)},
        check=True,
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), psutil.Process(int(sys.argv[2]))))
