"""The identity room as an app."""

from __future__ import annotations

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Real name, in tiers, from what the person gives and lawful sources confirm."""

    name = "xingnuo.people.identity"
    label = "identity"

    def ready(self) -> None:
        """Hand the holdings to the registry: exported and erased with the person."""
        from xingnuo.people.identity import actions, queries
        from xingnuo.trust.policy import actions as policy
        from xingnuo.trust.policy.contracts import Holding

        policy.hold(
            Holding(
                room="identity",
                export=queries.export,
                erase=actions.erase,
                ends=actions.ends,
                sweep=actions.sweep,
            )
        )
