"""`xingnuo up`, the real thing: it comes up, heals, says what is in its way, and leaves nothing."""

import http.server
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from xingnuo.doors.cli import programs
from xingnuo.doors.cli import up as up_command
from xingnuo.doors.cli.supervisor import Kept, Supervisor
from xingnuo.kit.db.embedded import EmbeddedCluster

ROOT = Path(__file__).resolve().parents[3]
UP_SECONDS_MAX = 120


class Run:
    """One `xingnuo up` in a process of its own."""

    def __init__(self, data_dir: Path, *, port: int, sandbox_port: int) -> None:
        self.data_dir, self.port = data_dir, port
        self.out = data_dir.parent / f"out-{port}"
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("XN_", "DJANGO"))}
        environment |= {
            "XN_DATA_DIR": str(data_dir), "XN_PORT": str(port), "XN_SANDBOX_PORT": str(sandbox_port)
        }  # fmt: skip
        with self.out.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "xingnuo.doors.cli.main", "up"],
                env=environment, stdout=out, stderr=out, cwd=ROOT,
            )  # fmt: skip

    def said(self) -> str:
        """Give what was printed so far."""
        return self.out.read_text()

    def wait_for(self, done: Callable[[], object]) -> None:
        """Wait until something holds while the process lives."""
        deadline = time.monotonic() + UP_SECONDS_MAX
        while not done():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.1)

    def child(self, words: str) -> psutil.Process:
        """Give the child whose command line has these words."""
        children = psutil.Process(self.process.pid).children()
        return next(c for c in children if words in " ".join(c.cmdline()))

    def end(self) -> int:
        """Ask it to stop and give its status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Give a folder that the server's account may enter, also when we are root."""
    with tempfile.TemporaryDirectory(prefix="xn-up-") as made:
        Path(made).chmod(0o711)
        yield Path(made)


@pytest.fixture(scope="module")
def up(folder: Path) -> Iterator[Run]:
    """Give a whole platform that came up."""
    ports = programs.free_port(), programs.free_port()
    run = Run(folder / "data", port=ports[0], sandbox_port=ports[1])
    try:
        run.wait_for(lambda: "http://localhost" in run.said())
        yield run
    finally:
        run.process.kill()
        run.process.wait()
        server = EmbeddedCluster(folder / "data")
        server.start()
        server.discard()


def test_it_prints_an_address_that_answers(up: Run) -> None:
    """The address is printed when the first page has come, not before."""
    assert f"http://localhost:{up.port}" in up.said()
    assert programs.answers(up.port)


@pytest.mark.parametrize(
    "words", ["granian", "xingnuo.doors.worker", "-m sandbox", "postgres -D"], ids=str.split
)
def test_it_heals_what_is_killed(up: Run, words: str) -> None:
    """Kill -9 of any part: a new process, and pages again."""
    before = up.child(words)
    before.kill()
    up.wait_for(lambda: not before.is_running() or before.status() == psutil.STATUS_ZOMBIE)

    def healed() -> bool:
        children = psutil.Process(up.process.pid).children()
        return any(
            c.pid != before.pid and words in " ".join(c.cmdline())
            for c in children
            if c.status() != psutil.STATUS_ZOMBIE
        )

    up.wait_for(healed)
    up.wait_for(lambda: programs.answers(up.port))


def test_a_second_start_on_the_same_data_says_so(up: Run) -> None:
    """One plain sentence, status 2, and the first goes on undisturbed."""
    second = Run(up.data_dir, port=programs.free_port(), sandbox_port=programs.free_port())
    assert second.process.wait(timeout=30) == 2
    assert re.fullmatch(rf".*{up.process.pid}.*XN_DATA_DIR.*\n", second.said())
    assert programs.answers(up.port)


def test_a_used_port_is_named_with_its_holder(folder: Path) -> None:
    """One plain sentence, status 2; the holder is never touched."""
    port = programs.free_port()
    stranger = http.server.HTTPServer(("127.0.0.1", port), http.server.BaseHTTPRequestHandler)
    thread = threading.Thread(target=stranger.serve_forever)
    thread.start()
    try:
        run = Run(folder / "other", port=port, sandbox_port=programs.free_port())
        assert run.process.wait(timeout=30) == 2
        assert re.fullmatch(
            rf".*{port}.*{os.getpid()}.*XN_PORT={port + 1} make run.*\n", run.said()
        )
        assert programs.is_taken(port)
    finally:
        stranger.shutdown()
        stranger.server_close()
        thread.join()


def test_it_stops_cleanly_and_comes_back_warm(up: Run) -> None:
    """After a stop signal nothing is left running, and the same data serve again."""
    family = psutil.Process(up.process.pid).children(recursive=True)
    assert up.end() == 0
    assert [c for c in family if c.is_running() and c.status() != psutil.STATUS_ZOMBIE] == []
    assert "down" in (up.data_dir / "logs" / "postgres.log").read_text().splitlines()[-1]
    sandbox_port = programs.free_port()
    again = Run(up.data_dir, port=up.port, sandbox_port=sandbox_port)
    try:
        again.wait_for(lambda: "http://localhost" in again.said())
        assert programs.answers(up.port)
    finally:
        assert again.end() == 0


class Broken(http.server.BaseHTTPRequestHandler):
    """Answers every page with a server error."""

    def do_GET(self) -> None:
        """Fail."""
        self.send_response(500)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


def test_a_first_page_that_stays_broken_is_told_with_its_fault(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits minutes for a page that only ever answers with an error."""
    monkeypatch.setattr(up_command, "BROKEN_PAGE_SECONDS_MAX", 0.3)
    port = programs.free_port()
    (folder / "web.log").write_text("ImportError: no such room\n")
    house = Supervisor(
        EmbeddedCluster(folder / "unused"), [], logs=folder, env={}, say=lambda _: None
    )
    monkeypatch.setattr(house, "tend", list)
    kept = Kept(programs.web(port), folder / "web.log", {})
    monkeypatch.setattr(house, "kept", lambda _: kept)
    server = http.server.HTTPServer(("127.0.0.1", port), Broken)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with pytest.raises(up_command.DidNotComeUp) as told:
            up_command._wait_for_first_page(house, port)
        assert "ImportError: no such room" in told.value.message_text
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
