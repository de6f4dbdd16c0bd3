"""The consent room as an app."""

from __future__ import annotations

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    """What a person agreed to, refused or took back."""

    name = "xingnuo.trust.consent"
    label = "consent"

    def ready(self) -> None:
        """Hand the holdings to the registry: decisions are exported, and kept as evidence."""
        from xingnuo.trust.consent import queries
        from xingnuo.trust.policy import actions
        from xingnuo.trust.policy.contracts import Holding

        actions.hold(Holding(room="consent", export=queries.export, erase=lambda _: 0))
