"""Two-person steps of lists, plugged in beside those of the rules."""

from __future__ import annotations

from xingnuo.doors.console._release_rules import LISTS as SOURCE

__all__ = ["SOURCE"]
