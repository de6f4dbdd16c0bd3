"""The porch as an app: templates, static files and what all doors share."""

from __future__ import annotations

from django.apps import AppConfig


class PorchConfig(AppConfig):
    """What every door stands on."""

    name = "xingnuo.doors.porch"
    label = "porch"

    def ready(self) -> None:
        """Hand the holdings to the registry."""
        from xingnuo.doors.porch import idempotency
        from xingnuo.trust.policy import actions
        from xingnuo.trust.policy.contracts import Holding

        actions.hold(
            Holding(
                room="porch",
                export=idempotency.export,
                erase=idempotency.erase,
                sweep=idempotency.sweep,
            )
        )
