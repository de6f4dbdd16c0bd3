"""Child processes: started without a terminal, ended with us, never anybody else's.

Start children from the main thread: Linux ends them when the *thread* that made them ends.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from xingnuo.kit import clock

LOG_BYTES_MAX = 5_000_000
LOG_PARTS_MAX = 6
# The declared term of network logs (`network_log`): no line of a log file grows older.
LOG_SECONDS_MAX = 190 * 86_400
LOG_TURN_SECONDS = 30 * 86_400
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Account:
    """The system account a child runs as, when it is not ours."""

    name: str
    uid: int
    gid: int


def start(
    argv: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    account: Account | None = None,
    last_word: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own that writes to `log` and dies with us.

    A session of its own keeps Ctrl-C of the terminal from reaching it before we decide the
    order; `last_word` is the signal it gets should we vanish.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        return subprocess.Popen(
            [str(part) for part in argv],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=None if env is None else dict(env),
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_dies_with_us(last_word),
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )


def ended(process: subprocess.Popen[bytes]) -> bool:
    """Tell whether a child has ended; what it left behind in its group ends with it."""
    if process.returncode is not None:
        return True
    options = os.WEXITED | os.WNOHANG | os.WNOWAIT
    if os.waitid(os.P_PID, process.pid, options) is None:
        return False
    # Not yet reaped, so the number is still its own and the group can be no stranger's.
    _signal_group(process.pid, signal.SIGKILL)
    process.wait()
    return True


def end(process: subprocess.Popen[bytes], *, ask: signal.Signals, seconds: float) -> None:
    """End a child: ask, wait up to `seconds`, then kill what is left of its group."""
    if ended(process):
        return
    process.send_signal(ask)
    try:
        _wait_unreaped(process, seconds)
    finally:
        _signal_group(process.pid, signal.SIGKILL)
        process.wait()


def bound(log: Path, bytes_max: int = LOG_BYTES_MAX) -> None:
    """Keep a log file within `bytes_max` and its older parts within number and age.

    Writers append, so cutting the file in place needs no word with them. A part is turned away
    from after `LOG_TURN_SECONDS` however small it is, and goes in time for its oldest line.
    """
    if not log.exists():
        return
    parts = [log.with_name(f"{log.name}.{number + 1}") for number in range(LOG_PARTS_MAX)]
    now = clock.now().timestamp()
    if not parts[0].exists():
        parts[0].touch()  # empty: it tells from when on the lines of the file may be
        os.utime(parts[0], (now, now))
    size = log.stat().st_size
    if size > bytes_max or (size and now - parts[0].stat().st_mtime >= LOG_TURN_SECONDS):
        for newer, older in reversed(list(pairwise(parts))):
            if newer.exists():
                newer.replace(older)
        shutil.copyfile(log, parts[0])
        os.utime(parts[0], (now, now))
        os.truncate(log, 0)
    for part in parts[1:]:
        if part.exists() and now - part.stat().st_mtime >= LOG_SECONDS_MAX - LOG_TURN_SECONDS:
            part.unlink()
    if now - parts[0].stat().st_mtime >= LOG_SECONDS_MAX - LOG_TURN_SECONDS:
        os.truncate(parts[0], 0)


def _wait_unreaped(process: subprocess.Popen[bytes], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            return
        time.sleep(0.02)


def _signal_group(pid: int, sign: signal.Signals) -> None:
    try:
        os.killpg(pid, sign)
    except (ProcessLookupError, PermissionError):
        # Nobody is left, or (macOS) only ended members that wait to be reaped.
        return


def _dies_with_us(last_word: signal.Signals) -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def call() -> None:
        prctl(_PR_SET_PDEATHSIG, int(last_word))
        if os.getppid() != parent:
            os._exit(1)

    return call
