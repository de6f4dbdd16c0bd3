"""What every page knows: theme, size, and whether someone is signed in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

THEMES = ("auto", "light", "dark")
MODES = ("standard", "elder", "elder-xl")


def ui(request: HttpRequest) -> dict[str, Any]:
    """Read the look from its cookie `theme.mode.hidden`; anything else is the plain look."""
    theme, _, rest = request.COOKIES.get("xn_ui", "").partition(".")
    mode, _, hidden = rest.partition(".")
    visitor = getattr(request, "visitor", None)
    return {
        "ui": {
            "theme": theme if theme in THEMES else "auto",
            "mode": mode if mode in MODES else "standard",
            "hidden": hidden == "1",
        },
        "visitor": visitor,
    }
