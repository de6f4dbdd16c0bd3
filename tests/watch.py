"""Watching a browser page: what it complains about fails the test that drove it."""

from __future__ import annotations

from collections.abc import Iterable

from playwright.sync_api import ConsoleMessage, Page


class Watch:
    """Collects console errors, uncaught errors and CSP violations of pages."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self.complaints: list[str] = []
        self._allowed = tuple(allowed)

    def __call__(self, page: Page) -> Page:
        """Watch a page from now on."""
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._complain(str(error)))
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" or "Content Security Policy" in message.text:
            self._complain(f"{message.text} ({message.location.get('url', '')})")

    def _complain(self, text: str) -> None:
        if not any(part in text for part in self._allowed):
            self.complaints.append(text)
