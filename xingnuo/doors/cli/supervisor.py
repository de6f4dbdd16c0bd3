"""The supervisor: one process that starts, watches, respawns and ends all others."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from xingnuo.doors.cli.programs import Program
from xingnuo.kit import child
from xingnuo.kit.db.server import Cluster
from xingnuo.kit.errors import XingnuoError

TICK_SECONDS = 0.2
BACKOFF_SECONDS_FIRST, BACKOFF_SECONDS_MAX = 0.5, 15.0
# A program that ran this long is healthy: its next fall starts again at the first back-off.
HEALTHY_SECONDS = 30
BOUND_LOGS_EVERY_SECONDS = 5


_FAULT = re.compile(r"[\w.]*(Error|Exception)\b.*:")


class Stopped(Exception):
    """A stop signal came while something was under way."""


class Kept:
    """One program under watch."""

    def __init__(self, program: Program, log: Path, env: Mapping[str, str]) -> None:
        self.program = program
        self.log = log
        self.falls = 0
        self._env = env
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._next_at = 0.0

    def tend(self) -> bool:
        """Start the program when it is due; tell whether it has just fallen."""
        now = time.monotonic()
        if self._process is None:
            if now >= self._next_at:
                self._process = child.start(self.program.argv, log=self.log, env=self._env)
                self._started_at = now
            return False
        if not child.ended(self._process):
            return False
        self._process = None
        self.falls = 1 if now - self._started_at > HEALTHY_SECONDS else self.falls + 1
        wait = min(BACKOFF_SECONDS_FIRST * 2 ** (self.falls - 1), BACKOFF_SECONDS_MAX)
        self._next_at = now + wait
        return True

    def end(self) -> None:
        """End the program in good order."""
        if self._process is not None:
            child.end(self._process, ask=signal.SIGTERM, seconds=self.program.stop_seconds)
            self._process = None

    def last_words(self) -> str:
        """Give the last fault the program wrote, else its last line."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        faults = [line for line in lines if _FAULT.match(line)]
        return (faults or lines or [""])[-1]


class Supervisor:
    """Keeps a database and programs; `programs` are in the order of starting."""

    def __init__(
        self,
        cluster: Cluster,
        programs: Sequence[Program],
        *,
        logs: Path,
        env: Mapping[str, str],
        say: Callable[[str], None],
    ) -> None:
        self._cluster = cluster
        self._kept = [Kept(program, logs / f"{program.name}.log", env) for program in programs]
        self._logs = logs
        self._say = say
        self._stopping = False
        self._bounded_at = 0.0

    def listen(self) -> None:
        """Take stop signals from now on; the terminal's Ctrl-C reaches us alone."""
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, self._on_signal)

    def start_database(self) -> None:
        """Start the database and wait until it answers, or until a stop signal."""
        try:
            self._cluster.start(give_up=lambda: self._stopping)
        except XingnuoError:
            if self._stopping:
                raise Stopped from None
            raise

    def run_once(self, program: Program, env: Mapping[str, str]) -> int:
        """Run a program to its end and give its status; a stop signal ends it."""
        process = child.start(program.argv, log=self._logs / f"{program.name}.log", env=env)
        try:
            while not child.ended(process):
                self.pause()
        except Stopped:
            child.end(process, ask=signal.SIGTERM, seconds=program.stop_seconds)
            raise
        return int(process.returncode)

    def tend(self) -> list[Kept]:
        """Look after everything once; give the programs that have just fallen."""
        if self._cluster.has_ended():
            self._say("数据库意外停止，正在恢复……")
            self._restart_database()
        fallen = [kept for kept in self._kept if kept.tend()]
        for kept in fallen:
            self._say(f"{kept.program.name} 意外退出，稍后重新启动（日志：{kept.log}）")
        if time.monotonic() - self._bounded_at > BOUND_LOGS_EVERY_SECONDS:
            self._bounded_at = time.monotonic()
            for log in self._logs.glob("*.log"):
                child.bound(log)
        return fallen

    def kept(self, name: str) -> Kept:
        """Give one of the programs by its name."""
        return next(kept for kept in self._kept if kept.program.name == name)

    def pause(self) -> None:
        """Wait one tick; raises `Stopped` when a stop signal has come."""
        if not self._stopping:
            time.sleep(TICK_SECONDS)
        if self._stopping:
            raise Stopped

    def stop(self) -> None:
        """End everything in the reverse order of starting; the database last."""
        for kept in reversed(self._kept):
            kept.end()
        self._cluster.stop()

    def _restart_database(self) -> None:
        before = self._cluster.superuser_dsn("postgres")
        wait = BACKOFF_SECONDS_FIRST
        while True:
            try:
                self.start_database()
                break
            except XingnuoError as error:
                self._say(error.message_text)
            deadline = time.monotonic() + wait
            while time.monotonic() < deadline:
                self.pause()
            wait = min(wait * 2, BACKOFF_SECONDS_MAX)
        if self._cluster.superuser_dsn("postgres") != before:
            # The old port was taken meanwhile; pools hold the old address for ever.
            for kept in reversed(self._kept):
                kept.end()

    def _on_signal(self, sign: int, frame: object) -> None:
        self._stopping = True
