"""The supervisor keeps what it started alive, ends it in order, and touches nothing else."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from xingnuo.doors.cli.programs import Program
from xingnuo.doors.cli.supervisor import Stopped, Supervisor
from xingnuo.kit import child, clock
from xingnuo.kit.db.server import Cluster

ROOT = Path(__file__).resolve().parents[3]
LIVES = "import sys, time; print('alive', flush=True); time.sleep(60)"
SAYS_WHEN_IT_ENDS = """
import signal, sys, time
def end(*_):
    with open(sys.argv[1], "a") as diary:
        diary.write(sys.argv[2] + " ")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
print("alive", flush=True)
time.sleep(60)
"""
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
inner = subprocess.Popen([sys.executable, "-c", "import signal, time\\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"])
print("alive", inner.pid, flush=True)
time.sleep(60)
"""


class PretendCluster(Cluster):
    """A database that counts what is asked of it, and can be struck."""

    is_embedded = True

    def __init__(self, diary: Path) -> None:
        self.starts, self.struck, self.port, self._diary = 0, False, 1, diary

    def start(self, *, give_up: Callable[[], bool] = lambda: False) -> None:
        """Count a start."""
        self.starts, self.struck = self.starts + 1, False

    def stop(self) -> None:
        """Write the end into the diary."""
        with self._diary.open("a") as diary:
            diary.write("database ")

    def has_ended(self) -> bool:
        """Tell whether it was struck."""
        return self.struck

    def superuser_dsn(self, dbname: str, *, keys: bool = False) -> str:
        """Give an address that names the port."""
        return f"port={self.port}"

    def tool(self, name: str) -> Path:
        """Give a path."""
        return Path(name)


class House:
    """A supervisor under test with what it said."""

    def __init__(self, folder: Path, *programs: Program) -> None:
        self.folder, self.said = folder, list[str]()
        self.diary = folder / "diary"
        self.diary.touch()
        self.cluster = PretendCluster(self.diary)
        self.supervisor = Supervisor(
            self.cluster, programs, logs=folder, env=dict(os.environ), say=self.said.append
        )

    def words(self, name: str) -> list[str]:
        """Give the lines a program wrote."""
        log = self.folder / f"{name}.log"
        return log.read_text().splitlines() if log.exists() else []

    def tend_until(self, done: Callable[[], object], seconds: float = 20) -> None:
        """Tend until something holds."""
        deadline = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < deadline, (self.said, done)
            self.supervisor.tend()
            time.sleep(0.05)

    def pid(self, name: str) -> int:
        """Give the process id of a kept program."""
        process = self.supervisor.kept(name)._process
        assert process
        return process.pid


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., House]]:
    """Make houses that are ended whatever happens."""
    made: list[House] = []

    def build(*programs: Program) -> House:
        made.append(House(tmp_path, *programs))
        return made[-1]

    yield build
    for house in made:
        house.supervisor.stop()


def program(name: str, code: str, *arguments: str, stop_seconds: float = 10) -> Program:
    """Give a little Python program."""
    return Program(name, [sys.executable, "-c", code, *arguments], stop_seconds=stop_seconds)


def test_it_starts_again_what_was_killed(make: Callable[..., House]) -> None:
    """A program that falls comes back as a new process, after a pause."""
    house = make(program("one", LIVES))
    house.tend_until(lambda: house.words("one"))
    first = house.pid("one")
    os.kill(first, signal.SIGKILL)
    house.tend_until(lambda: len(house.words("one")) == 2)
    assert house.pid("one") != first
    assert any("one" in line for line in house.said)


def test_it_waits_longer_after_each_fall(make: Callable[..., House]) -> None:
    """A program that cannot live must not eat the machine."""
    house = make(program("short", "print('alive')"))
    began = time.monotonic()
    house.tend_until(lambda: len(house.words("short")) == 3)
    assert time.monotonic() - began >= 1.5


def test_it_ends_in_the_reverse_order_and_the_database_last(make: Callable[..., House]) -> None:
    """Doors close first, then the jobs, then the outside world, then the data."""
    names = ("sandbox", "worker", "web")
    diary = "diary"
    house = make()
    programs = [program(n, SAYS_WHEN_IT_ENDS, str(house.folder / diary), n) for n in names]
    house = make(*programs)
    house.tend_until(lambda: all(house.words(name) for name in names))
    house.supervisor.stop()
    assert house.diary.read_text().split()[:4] == ["web", "worker", "sandbox", "database"]


def test_it_kills_what_will_not_go_with_all_that_hangs_on_it(make: Callable[..., House]) -> None:
    """A program that ignores the request is killed together with its own children."""
    house = make(program("stubborn", STUBBORN, stop_seconds=0.3))
    house.tend_until(lambda: house.words("stubborn"))
    inner = int(house.words("stubborn")[0].split()[1])
    assert psutil.pid_exists(inner)
    house.supervisor.stop()
    _wait_for_end(inner)


def test_nothing_of_a_fallen_program_stays_behind(make: Callable[..., House]) -> None:
    """What a killed program left running would hold its port: it ends before the next start."""
    house = make(program("stubborn", STUBBORN, stop_seconds=0.3))
    house.tend_until(lambda: house.words("stubborn"))
    inner = int(house.words("stubborn")[0].split()[1])
    os.kill(house.pid("stubborn"), signal.SIGKILL)
    house.tend_until(lambda: len(house.words("stubborn")) == 2)
    _wait_for_end(inner)


def test_it_leaves_strangers_alone(make: Callable[..., House]) -> None:
    """A process of somebody else, even the same program, lives on."""
    stranger = subprocess.Popen([sys.executable, "-c", LIVES], stdout=subprocess.DEVNULL)
    try:
        house = make(program("one", LIVES))
        house.tend_until(lambda: house.words("one"))
        os.kill(house.pid("one"), signal.SIGKILL)
        house.tend_until(lambda: len(house.words("one")) == 2)
        house.supervisor.stop()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_it_starts_the_database_again(make: Callable[..., House]) -> None:
    """When the server falls it is started at once; programs go on and reconnect."""
    house = make(program("one", LIVES))
    house.tend_until(lambda: house.words("one"))
    first = house.pid("one")
    house.cluster.struck = True
    house.supervisor.tend()
    assert house.cluster.starts == 1
    assert house.pid("one") == first


def test_programs_follow_the_database_to_a_new_port(make: Callable[..., House]) -> None:
    """Their pools hold the old address for ever, so they start again."""
    house = make(program("one", LIVES))
    house.tend_until(lambda: house.words("one"))
    first = house.pid("one")
    moves = house.cluster.start

    def move(*, give_up: Callable[[], bool] = lambda: False) -> None:
        moves()
        house.cluster.port = 2

    house.cluster.start = move  # type: ignore[method-assign]
    house.cluster.struck = True
    house.tend_until(lambda: len(house.words("one")) == 2)
    assert house.pid("one") != first


def test_a_stop_signal_ends_waiting(make: Callable[..., House]) -> None:
    """Whatever is under way, a signal is heard within a tick."""
    house = make()
    before = {s: signal.getsignal(s) for s in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        house.supervisor.listen()
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(Stopped):
            house.supervisor.pause()
        with pytest.raises(Stopped):
            house.supervisor.run_once(program("long", LIVES), os.environ)
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def test_children_end_with_a_supervisor_that_was_killed(tmp_path: Path) -> None:
    """Not even kill -9 of the supervisor leaves a program behind."""
    code = (
        "import os, sys, time\nfrom pathlib import Path\n"
        "from xingnuo.kit import child\n"
        "made = child.start([sys.executable, '-c', 'import time; time.sleep(60)'],"
        " log=Path(sys.argv[1]))\n"
        "print(made.pid, flush=True)\ntime.sleep(60)\n"
    )
    keeper = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "log")],
        stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    with keeper:
        assert keeper.stdout
        pid = int(keeper.stdout.readline())
        keeper.kill()
    _wait_for_end(pid)


def test_logs_stay_within_their_size(tmp_path: Path) -> None:
    """A log is cut in place with one older part kept; its writer notices nothing."""
    log = tmp_path / "one.log"
    with log.open("ab", buffering=0) as writer:
        writer.write(b"x" * 2000)
        child.bound(log, bytes_max=1000)
        writer.write(b"after\n")
    assert log.read_bytes() == b"after\n"
    assert log.with_name("one.log.1").stat().st_size == 2000


@pytest.mark.promise("2.2")
def test_no_line_of_a_log_outlives_its_term(tmp_path: Path) -> None:
    """However little is written, a part is turned after a month and gone within the term."""
    log = tmp_path / "quiet.log"
    month = timedelta(days=31)
    with clock.frozen(clock.now()):
        log.write_bytes(b"first\n")
        child.bound(log)
        assert log.read_bytes() == b"first\n"
    days = timedelta(0)
    with log.open("ab", buffering=0) as writer:
        while days < timedelta(days=190):
            days += month
            with clock.shifted(days):
                child.bound(log)
                writer.write(f"{days.days}\n".encode())
                held = b"".join(one.read_bytes() for one in tmp_path.glob("quiet.log*"))
            assert (b"first" in held) is (days < timedelta(days=190)), days
    assert len(list(tmp_path.glob("quiet.log*"))) <= child.LOG_PARTS_MAX + 1


def test_older_parts_are_few(tmp_path: Path) -> None:
    """A busy log keeps a bounded number of older parts, the newest ones."""
    log = tmp_path / "busy.log"
    for number in range(9):
        log.write_bytes(bytes([65 + number]) * 20)
        child.bound(log, bytes_max=10)
    parts = sorted(tmp_path.glob("busy.log.*"))
    assert len(parts) == child.LOG_PARTS_MAX
    assert parts[0].read_bytes() == b"I" * 20


def _wait_for_end(pid: int) -> None:
    deadline = time.monotonic() + 10
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_it_tells_the_fault_a_program_died_of(make: Callable[..., House]) -> None:
    """The last error a program wrote is more use than its last line."""
    code = "import sys; print('x\\nValueError: no such thing\\nbye'); sys.exit(1)"
    house = make(program("dies", code))
    house.tend_until(lambda: house.said)
    assert house.supervisor.kept("dies").last_words() == "ValueError: no such thing"
