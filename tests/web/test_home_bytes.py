"""Home within its budget: 35 KB on the first load, counted from real compressed answers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response

from tests.web import walk
from xingnuo.doors.cli import programs
from xingnuo.doors.cli.scratch import Stack
from xingnuo.kit import child

BUDGET = 35 * 1024
PAGE_BUDGET = 60 * 1024
START_SECONDS_MAX = 60


@pytest.fixture(scope="module")
def shipped(stack: Stack, data_dir: Path) -> Iterator[str]:
    """Give the address of a web process as it ships: static files named by hash, compressed."""
    port = programs.free_port()
    env = {
        **os.environ,
        "XN_ENV": "dev",
        "XN_PORT": str(port),
        "XN_BASE_URL": f"http://localhost:{port}",
    }
    collect = [sys.executable, "-m", "django", "collectstatic", "--noinput", "-v", "0"]
    subprocess.run(collect, env=env, check=True, timeout=120)
    process = child.start(programs.web(port).argv, log=data_dir / "logs" / "shipped.log", env=env)
    deadline = time.monotonic() + START_SECONDS_MAX
    while not programs.answers(port) and time.monotonic() < deadline:
        time.sleep(0.05)
    yield f"http://localhost:{port}"
    child.end(process, ask=2, seconds=10)


def cold(page: Page, url: str) -> dict[str, int]:
    """Load a page with nothing cached; give the bytes of each answer as they come over the wire."""
    answers: list[Response] = []
    page.on("response", lambda one: answers.append(one))
    page.goto(url)
    page.wait_for_load_state("networkidle")
    return {one.url: _wire_bytes(one) for one in answers}


def _wire_bytes(answer: Response) -> int:
    sizes = answer.request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]


def test_home_is_small(browser: Browser, shipped: str, stack: Stack) -> None:
    """The whole first load of home, headers included, stays within the budget."""
    context = browser.new_context(service_workers="block", viewport={"width": 390, "height": 844})
    page = context.new_page()
    walk.agree_to_notice(page, shipped)
    context_cold = browser.new_context(
        service_workers="block", storage_state=context.storage_state()
    )
    seen = cold(context_cold.new_page(), f"{shipped}/")
    told = "\n".join(f"{size:7d} {url}" for url, size in seen.items())
    assert sum(seen.values()) <= BUDGET, told
    assert len(seen) <= 10, told
    for path in ("/policy/", "/policy/diff/1.0/2.0/", "/policy/lists/collected/", "/me/"):
        fresh = browser.new_context(service_workers="block", storage_state=context.storage_state())
        other = cold(fresh.new_page(), f"{shipped}{path}")
        assert sum(other.values()) <= PAGE_BUDGET, (path, other)
        fresh.close()
    context.close()
    context_cold.close()


def test_static_files_come_compressed_and_for_ever(shipped: str, browser: Browser) -> None:
    """Style and script carry a content encoding, and their names change when they do."""
    context = browser.new_context(service_workers="block")
    answers: list[Response] = []
    page = context.new_page()
    page.on("response", lambda one: answers.append(one))
    page.goto(f"{shipped}/welcome/")
    page.wait_for_load_state("networkidle")
    static = [one for one in answers if re.search(r"\.(css|js)$", one.url)]
    assert static
    for one in static:
        headers = one.all_headers()
        assert headers.get("content-encoding") in ("br", "gzip"), one.url
        assert "immutable" in headers["cache-control"], one.url
        assert re.search(r"\.[0-9a-f]{12}\.", one.url), one.url
    context.close()
