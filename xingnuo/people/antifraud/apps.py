"""The antifraud room as an app."""

from __future__ import annotations

from django.apps import AppConfig


class AntifraudConfig(AppConfig):
    """Tells, from declared signals, whether a movement of money is safe."""

    name = "xingnuo.people.antifraud"
    label = "antifraud"

    def ready(self) -> None:
        """Hand the holdings to the registry: exported and erased with the person."""
        from xingnuo.people.antifraud import actions, queries
        from xingnuo.trust.policy import actions as policy
        from xingnuo.trust.policy.contracts import Holding

        policy.hold(
            Holding(
                room="antifraud",
                export=queries.export,
                erase=actions.erase,
                sweep=actions.sweep,
            )
        )
