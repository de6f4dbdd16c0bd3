"""Start-up: the street plan registers what every room declares."""

from __future__ import annotations

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The last app to be ready: by then every room can be registered."""

    name = "xingnuo.config"
    label = "config"

    def ready(self) -> None:
        """Keep library logs from saying values, and hand every room's declaration to the policy."""
        from xingnuo.config import wiring
        from xingnuo.kit import log

        log.quieten()
        wiring.register_all()
