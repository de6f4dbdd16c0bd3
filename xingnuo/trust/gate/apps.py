"""The gate as an app."""

from __future__ import annotations

from django.apps import AppConfig


class GateConfig(AppConfig):
    """The one way to a permit."""

    name = "xingnuo.trust.gate"
    label = "gate"

    def ready(self) -> None:
        """Hand the holdings to the registry: the state row outlives erasure as a tombstone."""
        from xingnuo.trust.gate import _custody, queries
        from xingnuo.trust.policy import actions
        from xingnuo.trust.policy.contracts import Holding

        actions.hold(
            Holding(
                room="gate",
                export=queries.export,
                erase=lambda _: 0,
                sweep=_custody.forget_erased,
            )
        )
