"""What every page knows: theme, size, and whether someone is signed in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

THEMES = ("auto", "light", "dark")
MODES = ("standard", "elder", "elder-xl")
WORKER = "/sw.js"


def look_of(request: HttpRequest) -> dict[str, object]:
    """Read the look from its cookie `theme.mode.hidden`; anything else is the plain look."""
    theme, _, rest = request.COOKIES.get("xn_ui", "").partition(".")
    mode, _, hidden = rest.partition(".")
    return {
        "theme": theme if theme in THEMES else "auto",
        "mode": mode if mode in MODES else "standard",
        "hidden": hidden == "1",
    }


def ui(request: HttpRequest) -> dict[str, Any]:
    """Give the look, and the service worker once the first-run notice was answered."""
    # Before an answer nothing at all is put into the browser, not even the shell.
    worker = WORKER if "xn_notice" in request.COOKIES else ""
    return {
        "ui": {**look_of(request), "worker": worker},
        "visitor": getattr(request, "visitor", None),
    }
