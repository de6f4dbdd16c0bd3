"""The HTTP server: one thread per connection, faults of the wire, clean end.

Written on the standard library because faults such as a reset or an answer that never comes need
the socket itself, and because it is the lightest in memory.
"""

from __future__ import annotations

import select
import shutil
import socket
import struct
import sys
import threading
import time
from dataclasses import replace
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from sandbox.ground import pages
from sandbox.ground.faults import Fault
from sandbox.ground.http import Problem, Request, Response, Route
from sandbox.ground.partner import World
from sandbox.ground.router import Router

# Longer than clients keep an idle connection, so that the client is always the one who closes.
IDLE_SECONDS_MAX = 30
CONNECTIONS_MAX = 200
DRIPS = 20
LOOK_SECONDS = 0.2
HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
)
OUTAGE = Problem(503, "outage", "对方系统暂时不可用。")


class HungUp(Exception):
    """The connection ends here without an answer."""


class Server(ThreadingHTTPServer):
    """A sandbox that listens."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, world: World, router: Router, *, host: str) -> None:
        self.world, self.router = world, router
        self._room = threading.BoundedSemaphore(CONNECTIONS_MAX)
        super().__init__((host, world.settings.port), Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Give the connection a thread, or close it where too many are open."""
        if self._room.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one connection to its end."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Name the fault of our own, never the values that it was about."""
        error = sys.exception()
        if not isinstance(error, ConnectionError | TimeoutError):
            print(f"sandbox: {type(error).__name__} outside a request", flush=True)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS_MAX
    disable_nagle_algorithm = True
    wbufsize = -1

    def answer(self) -> None:
        """Answer one request, with the fault that the script has for it."""
        began = time.monotonic()
        label, status = "unknown", 0
        try:
            try:
                request = self._read()
                service, route, request = self.server.router.find(request)
                label = f"{service or 'sandbox'}.{route.operation or route.pattern}"
                response = self._perform(service, route, request)
            except Problem as problem:
                response = problem.response()
            status = response.status
            self._send(response)
        except HungUp:
            self.close_connection = True
        # The route's own pattern, never the path or the query: they can hold personal values.
        spent = int((time.monotonic() - began) * 1000)
        print(f"{self.command} {label} {status or 'hung-up'} {spent}ms", flush=True)

    do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = do_HEAD = do_OPTIONS = answer

    def _perform(self, service: str, route: Route, request: Request) -> Response:
        fault = Fault()
        if service and route.operation:
            text = f"{request.target}\n{request.body.decode(errors='replace')}"
            fault = self.server.world.faults.take(service, route.operation, text=unquote(text))
        self._before(fault, own=fault.kind in route.faults)
        try:
            refusal = _refusal(fault, route)
            if refusal is None:
                response = route.handler(self.server.world, replace(request, fault=fault))
            else:
                # Told in its own words: an OAuth refusal is no problem+json.
                response = pages.problem(refusal) if route.page else refusal.response()
        except Problem as problem:
            response = pages.problem(problem) if route.page else problem.response()
        except Exception as error:
            # A fault of ours must look like a partner's outage, and must be seen in the log.
            print(f"sandbox: {type(error).__name__} in {route.pattern}", flush=True)
            response = Problem(500, "internal", "沙盒出错了。").response()
        if fault.kind == "timeout_after":
            self._hold(fault.seconds)
            raise HungUp
        if fault.kind == "drip":
            self._send(response, drip_seconds=fault.seconds)
            raise HungUp
        return response

    def _before(self, fault: Fault, *, own: bool) -> None:
        if fault.kind == "reset":
            # Lingering for no time makes the kernel send a reset instead of an orderly end.
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.close()
            raise HungUp
        if fault.kind == "timeout_before" or (fault.kind == "silence" and not own):
            self._hold(fault.seconds)
            raise HungUp
        if fault.kind == "slow":
            self.server.world.stopping.wait(fault.seconds)

    def _hold(self, seconds: float) -> None:
        """Say nothing for so long, unless the other side or the sandbox ends."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.server.world.stopping.is_set():
            left = min(LOOK_SECONDS, max(0.0, end - time.monotonic()))
            if select.select([self.connection], [], [], left)[0]:
                if not self.connection.recv(1, socket.MSG_PEEK):
                    return
                self.server.world.stopping.wait(left)

    def _read(self) -> Request:
        lengths = self.headers.get_all("Content-Length") or ["0"]
        hosts = self.headers.get_all("Host") or []
        self.close_connection = self.close_connection or len(lengths) > 1
        if "Transfer-Encoding" in self.headers or len(lengths) > 1 or not lengths[0].isdigit():
            self.close_connection = True
            raise Problem(411, "length_required", "请写明内容长度。")
        if int(lengths[0]) > self.server.router.body_bytes_max(self.path.partition("?")[0]):
            self.close_connection = True
            raise Problem(413, "too_large", "内容太大。")
        body = self.rfile.read(int(lengths[0]))
        if len(hosts) != 1 or hosts[0] not in self.server.world.settings.hosts:
            raise Problem(421, "wrong_host", "请用 localhost 访问沙盒。")
        if not self.path.startswith("/"):
            raise Problem(400, "malformed_target", "地址格式不对。")
        path, _, query = self.path.partition("?")
        method = "GET" if self.command == "HEAD" else self.command
        return Request(
            method=method, path=path, query=query, headers=_lower(self.headers), body=body
        )

    def _send(self, response: Response, *, drip_seconds: float = 0.0) -> None:
        self.send_response(response.status)
        self.send_header("Content-Type", response.content_type)
        size = response.file.stat().st_size if response.file else len(response.body)
        self.send_header("Content-Length", str(size))
        given = {name for name, _ in response.headers}
        if "Cache-Control" not in given:
            self.send_header("Cache-Control", "no-store")
        for name, value in (*HEADERS, *response.headers):
            self.send_header(name, value)
        if "Content-Security-Policy" not in given:
            self.send_header(
                "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"
            )
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if response.file and self.command != "HEAD":
            with response.file.open("rb") as file:
                shutil.copyfileobj(file, self.wfile)
        body = b"" if self.command == "HEAD" else response.body
        size = max(1, -(-len(body) // DRIPS)) if drip_seconds else max(1, len(body))
        for start in range(0, len(body), size):
            if drip_seconds:
                self.wfile.flush()
                self.server.world.stopping.wait(drip_seconds / DRIPS)
            self.wfile.write(body[start : start + size])
        self.wfile.flush()

    def version_string(self) -> str:
        """Name the server and nothing of what it is made of."""
        return "sandbox"

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse a request that could not be read; its text is not repeated."""
        self.close_connection = True
        # What could not be read may have left these unset, or set to a version without headers.
        self.command, self.request_version = "GET", self.protocol_version
        self._send(Problem(code, "malformed_request", "请求格式不对。").response())

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet: `answer` writes the log, without personal values."""
        return


def _refusal(fault: Fault, route: Route) -> Problem | None:
    if fault.kind == "5xx":
        return OUTAGE
    return route.declined if fault.kind == "decline" and "decline" not in route.faults else None


def _lower(headers: Message[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
