"""The console as an app: its templates and static files."""

from __future__ import annotations

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The operators' door."""

    name = "xingnuo.doors.console"
    label = "console"
