"""The notices room as an app."""

from __future__ import annotations

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Tells people what they must know, and what they agreed to hear."""

    name = "xingnuo.people.notices"
    label = "notices"

    def ready(self) -> None:
        """Hand the holdings to the registry: exported, erased and ended with their consent."""
        from xingnuo.people.notices import actions, queries
        from xingnuo.trust.policy import actions as policy
        from xingnuo.trust.policy.contracts import Holding

        policy.hold(
            Holding(
                room="notices",
                export=queries.export,
                erase=actions.erase,
                ends=actions.end_consent,
                sweep=actions.sweep,
            )
        )
