"""What browser tests of the console share: a desk, and members who came in by the real way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page

from tests.watch import Watch

DESK: dict[str, Any] = {
    "viewport": {"width": 1280, "height": 800},
    "is_mobile": False,
    "has_touch": False,
    "device_scale_factor": 1,
}
type Desk = Callable[..., Page]


@pytest.fixture
def desk(browser: Browser, browser_context_args: dict[str, Any], watched: Watch) -> Iterator[Desk]:
    """Give a function that opens a watched page at a desk; with a token, as who it belongs to."""
    contexts: list[BrowserContext] = []

    def open_page(token: str = "", **options: Any) -> Page:
        context = browser.new_context(**{**browser_context_args, **DESK, **options})
        contexts.append(context)
        if token:
            told = {"name": settings.STAFF_COOKIE, "value": token, "url": settings.CONSOLE_URL}
            context.add_cookies([told])  # type: ignore[list-item]
        return watched(context.new_page())

    yield open_page
    for context in contexts:
        context.close()
