"""What browser tests of the H5 door share: a person who signed in by the whole real way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.watch import Watch
from tests.web import walk
from xingnuo.doors.cli.scratch import Stack

type Opens = Callable[..., Page]


@pytest.fixture(scope="session")
def signed_in_state(
    browser: Browser, browser_context_args: dict[str, Any], stack: Stack
) -> dict[str, Any]:
    """Sign one person in in a real browser, once, and give what the browser then keeps."""
    context = browser.new_context(**browser_context_args)
    page = context.new_page()
    walk.sign_in(page, stack.base_url, walk.make_account(stack.sandbox_url))
    state: dict[str, Any] = dict(context.storage_state())
    context.close()
    return state


@pytest.fixture
def opens(
    browser: Browser, browser_context_args: dict[str, Any], watched: Watch
) -> Iterator[Opens]:
    """Give a function that opens a watched page in a browser of its own, with any options."""
    contexts: list[BrowserContext] = []

    def new_page(**options: Any) -> Page:
        context = browser.new_context(**{**browser_context_args, **options})
        contexts.append(context)
        return watched(context.new_page())

    yield new_page
    for context in contexts:
        context.close()


@pytest.fixture
def person_page(page: Page, stack: Stack) -> Page:
    """Give a page in which a fresh person has just signed in."""
    walk.sign_in(page, stack.base_url, walk.make_account(stack.sandbox_url))
    return page
