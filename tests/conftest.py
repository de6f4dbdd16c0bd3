"""Fixtures of every test: real PostgreSQL, real commits, the role of web and worker.

Nothing is rolled back or flushed: each test makes fresh random subjects, so tests never collide.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests import world
from tests.watch import Watch
from xingnuo.doors.cli.scratch import Stack

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "device_scale_factor": 2,
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
    "reduced_motion": "reduce",
}


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """Make no test database of Django's: the world has its own."""


@pytest.fixture(scope="session", autouse=True)
def real_commits(django_db_blocker: Any) -> Iterator[None]:
    """Let every test use the database, without a transaction around it."""
    with django_db_blocker.unblock():
        yield
        from django.db import connections

        for connection in connections.all(initialized_only=True):
            connection.close()
            if connection.alias in connection._connection_pools:
                connection.close_pool()


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Give this worker's scratch data directory, with the secrets of a running cluster."""
    world.ensure()
    return world.DATA_DIR


@pytest.fixture(scope="session")
def stack(data_dir: Path) -> Iterator[Stack]:
    """Give the real sandbox and web processes over this worker's database."""
    with Stack(data_dir) as running:
        yield running


@pytest.fixture(scope="session")
def base_url() -> str:
    """Give the address the stack answers at; ask for `stack` to have it running."""
    return os.environ["XN_BASE_URL"]


def _chromium() -> str | None:
    names = ("chromium", "chromium-browser")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], playwright: Any
) -> dict[str, Any]:
    """Launch the system's Chromium, else Playwright's own; without one, skip by name."""
    chromium = _chromium()
    if chromium is None and not Path(playwright.chromium.executable_path).exists():
        reason = "no Chromium: run `make browser`, or set CHROMIUM"
        # In CI a missing browser is a failure, never a skip.
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    place = {"executable_path": chromium} if chromium else {}
    return {**browser_type_launch_args, **place, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Open every page as a phone in Shanghai."""
    return {**browser_context_args, **PHONE}


@pytest.fixture
def watched(request: pytest.FixtureRequest) -> Iterator[Watch]:
    """Give a function that watches a page: any console error or CSP violation fails the test.

    Mark a test `console_ok("text")` when it means to cause a message with that text.
    """
    watch = Watch(text for mark in request.node.iter_markers("console_ok") for text in mark.args)
    yield watch
    assert not watch.complaints, "the browser complained:\n" + "\n".join(watch.complaints)


@pytest.fixture
def page(context: BrowserContext, watched: Watch) -> Page:
    """Give a phone page that is watched."""
    return watched(context.new_page())
