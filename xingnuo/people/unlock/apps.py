"""The unlock room as an app."""

from __future__ import annotations

from django.apps import AppConfig


class UnlockConfig(AppConfig):
    """Fingerprint, face, gesture or password, as equals; only a result reaches us."""

    name = "xingnuo.people.unlock"
    label = "unlock"

    def ready(self) -> None:
        """Hand the holdings to the registry: exported and erased with the person."""
        from xingnuo.people.unlock import actions, queries
        from xingnuo.trust.policy import actions as policy
        from xingnuo.trust.policy.contracts import Holding

        policy.hold(
            Holding(
                room="unlock",
                export=queries.export,
                erase=actions.erase,
                ends=actions.end,
                sweep=actions.sweep,
            )
        )
