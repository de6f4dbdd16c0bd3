"""The web door served by this very process, so that a browser sees a test's clock and folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.test import Client
from playwright.sync_api import Page


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a line would name a path."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@contextmanager
def served() -> Iterator[str]:
    """Serve the door on a free port; gives its address."""
    door = StaticFilesHandler(get_wsgi_application())
    with make_server("localhost", 0, door, server_class=_Server, handler_class=_Quiet) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        before = settings.BASE_URL
        settings.BASE_URL = f"http://localhost:{server.server_port}"
        try:
            yield settings.BASE_URL
        finally:
            settings.BASE_URL = before
            server.shutdown()


def enter(page: Page, address: str, client: Client) -> None:
    """Let a browser go on where a client is signed in."""
    name = settings.SESSION_COOKIE
    value = client.cookies[name].value
    page.context.add_cookies([{"name": name, "value": value, "url": address, "httpOnly": True}])
