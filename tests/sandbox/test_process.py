"""The process: how it starts, what it refuses, how it ends, what it leaves."""

from __future__ import annotations

import ast
import contextlib
import os
import re
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.sandbox.house import House
from tests.sandbox.outside import (
    PLAIN,
    REPO,
    Person,
    Process,
    Question,
    account,
    code_for,
    get,
    post,
    script,
    tokens,
)

# The aim is 45 MB; the rest is for other builds of Python and its libraries.
RESIDENT_KB_MAX = 55_000
type Start = Callable[..., Process]


@pytest.fixture
def start(tmp_path: Path, house: House) -> Iterator[Start]:
    """Give a function that starts a sandbox; all are ended."""
    started: list[Process] = []

    def give(*, port: int = 0, data: str = "data", **env: str) -> Process:
        started.append(Process(tmp_path / data, house.url, port=port, **env))
        return started[-1]

    yield give
    for process in started:
        if process.process.poll() is None:
            process.process.kill()
        process.process.wait()


def test_it_ends_cleanly_on_a_signal_even_while_it_keeps_someone_waiting(start: Start) -> None:
    """A held answer, an open connection and an idle outbox do not delay the end."""
    sandbox = start().ready()
    script(sandbox, "sms", "status", "timeout_before")

    def wait_in_vain() -> None:
        with contextlib.suppress(httpx.HTTPError):
            httpx.get(f"{sandbox.url}/sms/status/12345678", timeout=30, **PLAIN)

    held = threading.Thread(target=wait_in_vain)
    held.start()
    time.sleep(0.3)
    began = time.monotonic()
    assert sandbox.end() == 0
    assert time.monotonic() - began < 5
    held.join(timeout=10)
    assert not list(sandbox.data.glob("*-wal"))


def test_what_it_holds_outlives_it_even_a_kill(start: Start, house: House) -> None:
    """Accounts, keys, waiting faults and tokens are there again."""
    sandbox = start().ready()
    someone, question = account(sandbox), Question(sandbox, house.url)
    tokens(sandbox, question.form(code_for(sandbox, question, someone["sub"])))
    script(sandbox, "sms", "status", "5xx")
    keys = get(sandbox, "/account/jwks.json")
    sandbox.process.send_signal(signal.SIGKILL)
    sandbox.process.wait()
    again = start(port=sandbox.port).ready()
    assert get(again, "/account/jwks.json") == keys
    books = get(again, "/books/account.json")
    held = next(one for one in books["accounts"] if one["sub"] == someone["sub"])
    assert held["grants"] == {"xingnuo": "offline_access openid phone profile"}
    answer = httpx.get(f"{again.url}/sms/status/12345678", **PLAIN)
    assert answer.status_code == 503


def test_a_used_port_or_folder_is_named(start: Start) -> None:
    """A second start says what is wrong and ends with status 2."""
    first = start().ready()
    for second, said in (
        (start(port=first.port, data="other"), f"port {first.port}: is in use"),
        (start(), "another sandbox uses the data folder"),
    ):
        assert second.process.wait(timeout=20) == 2
        assert said in second.log.read_text()
        assert "Traceback" not in second.log.read_text()


def test_it_never_starts_in_production(start: Start) -> None:
    """The outside world is real there."""
    refused = start(XN_ENV="production")
    assert refused.process.wait(timeout=20) == 2
    assert "production" in refused.log.read_text()


def test_it_is_small(start: Start) -> None:
    """Also after its pages, its keys and its password hashes were used."""
    sandbox = start().ready()
    for path in ("/", "/account/sign-in", "/sms/inbox", "/suixingjie/", "/books/account.json"):
        httpx.get(f"{sandbox.url}{path}", **PLAIN)
    for _ in range(5):
        account(sandbox)
    status = Path(f"/proc/{sandbox.process.pid}/status")
    if not status.exists():
        pytest.skip("this system does not tell a process's memory under /proc")
    resident = re.search(r"VmRSS:\s+(\d+) kB", status.read_text())
    assert resident and int(resident[1]) < RESIDENT_KB_MAX


def test_its_files_are_its_owners_alone(start: Start) -> None:
    """Signing keys and accounts lie there."""
    sandbox = start().ready()
    assert {oct(file.stat().st_mode & 0o077) for file in sandbox.data.iterdir()} == {"0o0"}


def test_its_log_holds_nothing_about_a_person(start: Start, house: House) -> None:
    """Only methods, operations and statuses; no phone, no code, no address with a query."""
    sandbox = start().ready()
    person, question = Person(sandbox), Question(sandbox, house.url)
    someone = account(sandbox)
    told = person.sign_in(question, someone)
    person.http.close()
    httpx.get(f"{sandbox.url}/nothing/{someone['phone']}", **PLAIN)
    httpx.get(f"{sandbox.url}/sms/inbox?phone={someone['phone']}", **PLAIN)
    said = sandbox.log.read_text()
    assert "account.authorize 303" in said
    for secret in (someone["phone"], someone["sub"], told["code"], question.asked["state"], "?"):
        assert secret not in said


def test_it_shares_no_line_with_the_house() -> None:
    """Neither imports the other."""
    for here, there in (("sandbox", "xingnuo"), ("xingnuo", "sandbox")):
        for file in (REPO / here).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                named = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                if isinstance(node, ast.Import):
                    named = [alias.name for alias in node.names]
                assert there not in {name.split(".")[0] for name in named}, file


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421),
        (b"GET / HTTP/1.1\r\n\r\n", 421),
        (b"GET / HTTP/1.1\r\nHost: localhost:PORT\r\nHost: localhost:PORT\r\n\r\n", 421),
        (b"GET http://localhost:PORT/ HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n", 400),
        (b"POST /sms/send HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Length: 1\r\n"
         b"Content-Length: 2\r\n\r\nab", 411),
        (b"POST /sms/send HTTP/1.1\r\nHost: localhost:PORT\r\nTransfer-Encoding: chunked\r\n\r\n"
         b"0\r\n\r\n", 411),
        (b"POST /sms/send HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Length: 99999999\r\n\r\n",
         413),
        (b"POST /sms/send HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Length: -1\r\n\r\n", 411),
        (b"TRACE / HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n", 501),
        (b"\x00\x01\x02 nonsense\r\n\r\n", 400),
        (b"DELETE / HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n", 405),
        (b"GET /static/..%2f..%2fpartners.py HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n", 404),
        (b"GET /static/../partners.py HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n", 404),
    ],
)  # fmt: skip
def test_a_bad_request_is_refused(sandbox: Process, sent: bytes, status: int) -> None:
    """And the next one is served."""
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=5) as raw:
        raw.sendall(sent.replace(b"PORT", str(sandbox.port).encode()))
        line = raw.makefile("rb").readline()
    assert line.split()[1] == str(status).encode()
    assert get(sandbox, "/health") == {"state": "ok"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"a": 1, "a": 2}', 400),
        (b"[" * 10_000, 400),
        (b'{"a": NaN}', 400),
        (b"\xff\xfe", 400),
        (b"[]", 400),
        (b'{"nickname": 3}', 422),
        (b'{"phone": "123"}', 422),
    ],
)
def test_malformed_json_is_refused(sandbox: Process, body: bytes, status: int) -> None:
    """At once, and told as a problem."""
    headers = {"Content-Type": "application/json"}
    address = f"{sandbox.url}/account/test/accounts"
    answer = httpx.post(address, content=body, headers=headers, **PLAIN)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_another_sites_page_cannot_post_for_a_test(sandbox: Process) -> None:
    """A form or plain text would need no leave from the browser; JSON does."""
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        answer = httpx.post(
            f"{sandbox.url}/account/test/accounts", content=b"{}", headers={"Content-Type": kind},
            **PLAIN,
        )  # fmt: skip
        assert answer.status_code == 415


def test_a_taken_phone_is_told(sandbox: Process) -> None:
    """Tests that choose a phone learn when somebody has it."""
    phone = account(sandbox)["phone"]
    post(sandbox, "/account/test/accounts", {"phone": phone}, status=409)


def test_many_callers_at_once_are_all_answered(sandbox: Process) -> None:
    """Each gets its own account, and the books count them all."""
    made: list[str] = []

    def make() -> None:
        for _ in range(3):
            made.append(account(sandbox)["sub"])

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    held = {one["sub"] for one in get(sandbox, "/books/account.json")["accounts"]}
    assert len(set(made)) == 24 and set(made) <= held
    assert os.path.exists(sandbox.data)
