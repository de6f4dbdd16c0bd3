"""The rights room as an app."""

from __future__ import annotations

from django.apps import AppConfig


class RightsConfig(AppConfig):
    """What a person may ask of us, and get, in time."""

    name = "xingnuo.duties.rights"
    label = "rights"

    def ready(self) -> None:
        """Hand the holdings to the registry: cases outlive erasure as proof of what was done."""
        from xingnuo.duties.rights import actions as own
        from xingnuo.duties.rights import queries
        from xingnuo.trust.policy import actions
        from xingnuo.trust.policy.contracts import Holding

        actions.hold(
            Holding(room="rights", export=queries.export, erase=lambda _: 0, sweep=own.sweep)
        )
