"""The console as an app: its templates and static files."""

from __future__ import annotations

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The operators' door."""

    name = "xingnuo.doors.console"
    label = "console"

    def ready(self) -> None:
        """Plug in the queues and releases of the rooms."""
        from xingnuo.doors.console import _plugged

        _plugged.plug_in()
