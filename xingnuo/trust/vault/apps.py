"""The vault as an app."""

from __future__ import annotations

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """The one store of personal values."""

    name = "xingnuo.trust.vault"
    label = "vault"

    def ready(self) -> None:
        """Hand the holdings to the registry: what is held, purged and sealed of a subject."""
        from xingnuo.trust.policy import actions as policy
        from xingnuo.trust.policy.contracts import Holding
        from xingnuo.trust.vault import actions, queries

        policy.hold(
            Holding(
                room="vault",
                export=queries.export,
                erase=actions.purge,
                seal=actions.seal_subject,
                sweep=actions.sweep,
            )
        )
