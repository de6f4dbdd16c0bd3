"""A scratch world for drills, benches and proofs: its own cluster, its own processes, then gone.

Enter `world()` before Django reads its settings; what is entered is left whatever happens.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xingnuo.doors.cli import programs
from xingnuo.doors.cli.programs import Program
from xingnuo.kit import child
from xingnuo.kit.db.embedded import EmbeddedCluster
from xingnuo.kit.errors import XingnuoError

ANSWER_SECONDS_MAX = 90


class DoesNotAnswer(XingnuoError):
    """A scratch process did not come up."""

    status = 500
    code = "does_not_answer"
    message = "临时环境没有启动成功。"
    remedy = ""


@contextmanager
def world() -> Iterator[Path]:
    """Give a scratch data directory whose embedded cluster runs and is prepared.

    The environment points to it meanwhile; Django is set up inside.
    """
    from xingnuo.doors.cli import database

    before = dict(os.environ)
    data_dir = Path(tempfile.mkdtemp(prefix="xn-scratch-"))
    os.environ.update(environment(data_dir))
    for outside in ("DATABASE_URL", "XN_KEYS_URL"):
        os.environ.pop(outside, None)
    server = EmbeddedCluster(data_dir)
    try:
        server.start()
        database.prepare(data_dir)
        yield data_dir
    finally:
        server.discard()
        shutil.rmtree(data_dir, ignore_errors=True)
        os.environ.clear()
        os.environ.update(before)


def environment(data_dir: Path) -> dict[str, str]:
    """Give the variables of a scratch world: its data, free ports and addresses."""
    web, sandbox = programs.free_port(), programs.free_port()
    return {
        "XN_ENV": "test",
        "XN_DATA_DIR": str(data_dir),
        "XN_DB_NAME": "xingnuo",
        "XN_KEYS_DB_NAME": "xingnuo_keys",
        "XN_PORT": str(web),
        "XN_SANDBOX_PORT": str(sandbox),
        "XN_BASE_URL": f"http://localhost:{web}",
        "XN_SANDBOX_URL": f"http://localhost:{sandbox}",
    }


class Stack:
    """The real sandbox and web processes of the environment, and the worker if asked for."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.base_url = os.environ["XN_BASE_URL"]
        self.sandbox_url = os.environ["XN_SANDBOX_URL"]
        self._running: dict[str, tuple[Program, subprocess.Popen[bytes]]] = {}

    def __enter__(self) -> Stack:
        """Start sandbox and web, and wait until both answer."""
        web, sandbox = int(os.environ["XN_PORT"]), int(os.environ["XN_SANDBOX_PORT"])
        try:
            self.run(programs.sandbox(self.data_dir, sandbox))
            self.run(programs.web(web))
            self._wait("sandbox", sandbox)
            self._wait("web", web)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End every process."""
        self.stop()

    def run(self, program: Program) -> None:
        """Start one more program, once."""
        if program.name not in self._running:
            log = self.data_dir / "logs" / f"{program.name}.log"
            self._running[program.name] = (program, child.start(program.argv, log=log))

    def start_worker(self) -> None:
        """Start the job worker, once."""
        self.run(programs.worker())

    def pid(self, name: str) -> int:
        """Give the process id of a running program."""
        return self._running[name][1].pid

    def log(self, name: str) -> str:
        """Give what a program has said so far."""
        file = self.data_dir / "logs" / f"{name}.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def stop(self) -> None:
        """End every program, the last started first."""
        for program, process in reversed(self._running.values()):
            child.end(process, ask=signal.SIGTERM, seconds=program.stop_seconds)
        self._running.clear()

    def _wait(self, name: str, port: int) -> None:
        deadline = time.monotonic() + ANSWER_SECONDS_MAX
        process = self._running[name][1]
        while not programs.answers(port):
            if child.ended(process) or time.monotonic() > deadline:
                words = self.log(name)[-3000:]
                raise DoesNotAnswer(name, message=f"{name} 没有启动成功：\n{words}\n")
            time.sleep(0.05)
