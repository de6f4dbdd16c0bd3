"""Bytes that are no proper HTTP, sent to the real server: answered 4xx or hung up, never a fault.

After every try the server still answers, and says nothing of its insides.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from xingnuo.doors.cli import programs
from xingnuo.doors.cli.programs import WEB_THREADS
from xingnuo.doors.cli.scratch import Stack

SECONDS = 10
CRLF = b"\r\n"
HOST = b"Host: localhost\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture(scope="module")
def port(stack: Stack) -> int:
    """Give the port of the running server."""
    assert stack.base_url
    return int(os.environ["XN_PORT"])


@contextmanager
def line(port: int) -> Iterator[socket.socket]:
    """Open a connection to the server."""
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
        yield connection


def read(connection: socket.socket, *, seconds: float = SECONDS) -> bytes:
    """Read all that comes until the other side hangs up or falls silent."""
    found, until = b"", time.monotonic() + seconds
    connection.settimeout(1)
    while time.monotonic() < until:
        try:
            part = connection.recv(65536)
        except TimeoutError:
            if found:
                break
            continue
        except OSError:
            break
        if not part:
            break
        found += part
    return found


def statuses(answer: bytes) -> list[int]:
    """Give the statuses of every answer in a stream."""
    return [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]]


def is_harmless(port: int, answer: bytes) -> None:
    """Check that nothing but refusals came, that nothing was told, and that the server lives."""
    assert all(status < 500 for status in statuses(answer)), answer[:300]
    for word in (b"Traceback", b"django", b"granian/", b"xingnuo/", b"site-packages"):
        assert word not in answer, answer[:300]
    assert programs.status_of(port, "/welcome/") == 200


BROKEN = {
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200) + CRLF * 2,
    "rubbish": b"\xff\x00\xfe" * 100 + CRLF * 2,
    "half a request line": b"GET\r\n\r\n",
    "no such version": b"GET / HTTP/9.9\r\n" + HOST + CRLF,
    "an old version": b"GET / HTTP/0.9\r\n" + CRLF,
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\n" + HOST + b"Host: evil.example\r\n\r\n",
    "another host": b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "a host of odd letters": b"GET / HTTP/1.1\r\nHost: \xff\x01<script>\r\n\r\n",
    "an endless path": b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n" + HOST + CRLF,
    "a NUL in the path": b"GET /\x00 HTTP/1.1\r\n" + HOST + CRLF,
    "a written NUL in the path": b"GET /me/%00/ HTTP/1.1\r\n" + HOST + CRLF,
    "half an escape": b"GET /%c0%ae%c0%ae/%zz HTTP/1.1\r\n" + HOST + CRLF,
    "steps upwards": b"GET /static/../../../etc/passwd HTTP/1.1\r\n" + HOST + CRLF,
    "written steps upwards": b"GET /static/%2e%2e/%2e%2e/settings.py HTTP/1.1\r\n" + HOST + CRLF,
    "a whole address": b"GET http://evil.example/ HTTP/1.1\r\n" + HOST + CRLF,
    "a tunnel": b"CONNECT evil.example:443 HTTP/1.1\r\n" + HOST + CRLF,
    "an odd method": b"BREW / HTTP/1.1\r\n" + HOST + CRLF,
    "an endless header": b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 2_000_000 + CRLF * 2,
    "ten thousand headers": b"GET / HTTP/1.1\r\n" + HOST + b"X: a\r\n" * 10_000 + CRLF,
    "endless cookies": b"GET /me/ HTTP/1.1\r\n" + HOST + b"Cookie: " + b"a=b; " * 5_000 + CRLF * 2,
    "a cookie of odd letters": b"GET /me/ HTTP/1.1\r\n" + HOST
    + b"Cookie: xn_session=\xff\x80\r\n\r\n",
    "a header without a name": b"GET / HTTP/1.1\r\n" + HOST + b": x\r\n\r\n",
    "a folded header": b"GET / HTTP/1.1\r\n" + HOST + b"X: a\r\n b\r\n\r\n",
    "a NUL in a header": b"GET / HTTP/1.1\r\n" + HOST + b"X: a\x00b\r\n\r\n",
    "a bare line feed": b"GET / HTTP/1.1\n" + b"Host: localhost\nX: y\n\n",
    "two lengths": b"POST /welcome/ HTTP/1.1\r\n" + HOST + FORM + b"Content-Length: 1\r\n"
    b"Content-Length: 2\r\n\r\nab",
    "a length below nothing": b"POST /welcome/ HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n",
    "a length of letters": b"POST /welcome/ HTTP/1.1\r\n" + HOST + b"Content-Length: ten\r\n\r\n",
    "a length beyond numbers": b"POST /welcome/ HTTP/1.1\r\n" + HOST + b"Content-Length: "
    + b"9" * 40 + CRLF * 2,
    "length and chunks": b"POST /welcome/ HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /me/ HTTP/1.1\r\n" + HOST + CRLF,
    "chunks of no length": b"POST /welcome/ HTTP/1.1\r\n" + HOST + FORM
    + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
    "chunks of an endless length": b"POST /welcome/ HTTP/1.1\r\n" + HOST + FORM
    + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 40 + b"\r\nabc\r\n0\r\n\r\n",
    "an unknown coding": b"POST /welcome/ HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: xyz\r\n\r\n",
    "chunked, twice": b"POST /welcome/ HTTP/1.1\r\n" + HOST
    + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "a wish to go on": b"POST /welcome/ HTTP/1.1\r\n" + HOST + b"Expect: 1000-maybe\r\n\r\n",
    "an upgrade": b"GET / HTTP/1.1\r\n" + HOST + b"Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
    "HTTP/2 by surprise": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(64),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_broken_http_is_refused(port: int, what: str) -> None:
    """A refusal or silence, and nothing that a server error would say."""
    with line(port) as connection:
        try:
            connection.sendall(BROKEN[what])
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it hung up before it had heard everything
        is_harmless(port, read(connection))


@pytest.mark.parametrize(
    "path",
    [
        "/sign-in/?next=/me/%0d%0aSet-Cookie:%20a=b",
        "/policy/1.0/%0d%0aX-Evil:%20yes",
        "/me/%0d%0aLocation:%20//evil.example",
        "/%0d%0a%0d%0a<script>alert(1)</script>",
    ],
)
def test_no_line_is_smuggled_into_an_answer(port: int, path: str) -> None:
    """What an address holds of line ends never becomes a header of ours."""
    with line(port) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        answer = read(connection)
    head = answer.partition(CRLF * 2)[0].lower()
    assert b"\nx-evil" not in head and b"\nset-cookie: a=b" not in head
    assert b"\nlocation: //evil" not in head
    is_harmless(port, answer)


def test_a_line_of_requests_is_answered_one_by_one(port: int) -> None:
    """Five at once get five answers in their order; a broken one ends the line."""
    one = b"GET /welcome/ HTTP/1.1\r\n" + HOST + CRLF
    with line(port) as connection:
        connection.sendall(one * 5)
        answer = read(connection)
    assert statuses(answer) == [200] * 5
    with line(port) as connection:
        connection.sendall(one + b"\x00\x01\r\n\r\n" + one)
        answer = read(connection)
    assert statuses(answer)[0] == 200 and len(statuses(answer)) <= 2
    is_harmless(port, answer)


def test_bodies_that_never_end_leave_room_for_others(port: int, stack: Stack) -> None:
    """One silent sender less than there are threads: others are answered meanwhile, and after.

    As many as there are threads do shut others out: `docs/threat-model.md` says what stands before
    the server in a place that is open to everybody.
    """
    cookie = b"Cookie: xn_csrf=" + b"a" * 32 + CRLF  # with one, the form is read for its twin
    promised = b"POST /sign-in/ HTTP/1.1\r\nHost: localhost:%d\r\n" % port + cookie + FORM
    promised += b"Origin: " + stack.base_url.encode() + b"\r\nContent-Length: 100000\r\n\r\na="
    where = ("127.0.0.1", port)
    held = [socket.create_connection(where, timeout=30) for _ in range(WEB_THREADS - 1)]
    try:
        for connection in held:
            connection.sendall(promised)
        assert not read(held[0], seconds=1), "it was answered without its body"
        assert programs.status_of(port, "/welcome/") == 200
    finally:
        for connection in held:
            connection.close()
    assert programs.status_of(port, "/welcome/") == 200


def test_slow_headers_hold_nobody_up(port: int) -> None:
    """Forty that send their headers letter by letter; others are answered meanwhile."""
    held = [socket.create_connection(("127.0.0.1", port), timeout=SECONDS) for _ in range(40)]
    try:
        for letter in b"GET / HT":
            for connection in held:
                connection.sendall(bytes([letter]))
            assert programs.status_of(port, "/welcome/") == 200
    finally:
        for connection in held:
            connection.close()


def test_a_sender_who_leaves_in_the_middle_is_no_fault(port: int, stack: Stack) -> None:
    """Half a form and gone: nothing is done, and the log tells of no fault."""
    before = stack.log("web").count("Traceback")
    head = (
        b"POST /display/ HTTP/1.1\r\n" + HOST + b"Content-Type: multipart/form-data; boundary=b\r\n"
    )
    for _ in range(5):
        with line(port) as connection:
            connection.sendall(
                head + b"Content-Length: 500000\r\n\r\n--b\r\nContent-Disposition: form"
            )
    time.sleep(0.3)
    assert programs.status_of(port, "/welcome/") == 200
    assert stack.log("web").count("Traceback") == before


def test_a_large_upload_comes_to_read_its_refusal(port: int) -> None:
    """Twelve megabytes are heard out and answered 413, with the house's own page."""
    head = b"POST /me/personal/avatar/ HTTP/1.1\r\n" + HOST
    head += b"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 12000000\r\n\r\n"
    with line(port) as connection:
        connection.sendall(head)
        for _ in range(12):
            connection.sendall(bytes(1_000_000))
        answer = read(connection)
    assert statuses(answer) == [413] and "太大".encode() in answer
    is_harmless(port, answer)
