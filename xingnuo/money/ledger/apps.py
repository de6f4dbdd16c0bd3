"""The ledger room as an app."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The books: double entry in integer fen, written once, never edited."""

    name = "xingnuo.money.ledger"
    label = "ledger"

    def ready(self) -> None:
        """Hand the holding to the registry: exported, kept by law after the relation ends."""
        from xingnuo.money.ledger import actions, queries
        from xingnuo.trust.policy import actions as policy
        from xingnuo.trust.policy.contracts import Holding

        policy.hold(
            Holding(
                room="ledger",
                export=queries.export,
                erase=actions.close_accounts,
                blocks=queries.blocks,
                sweep=actions.prune,
            )
        )
