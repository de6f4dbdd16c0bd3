"""The change card as an app."""

from __future__ import annotations

from django.apps import AppConfig


class WalletCardConfig(AppConfig):
    """Keeps a person's e-account at the partner bank, and our mirror of it."""

    name = "xingnuo.services.wallet_card"
    label = "wallet_card"

    def ready(self) -> None:
        """Hand the holdings to the registry, and hold the bound card while the account lives."""
        from xingnuo.money.payments import actions as payments
        from xingnuo.services.wallet_card import actions, queries
        from xingnuo.trust.policy import actions as policy
        from xingnuo.trust.policy.contracts import Holding

        payments.watch_cards(queries.busy_card)
        policy.hold(
            Holding(
                room="wallet_card",
                export=queries.export,
                erase=actions.erase,
                blocks=queries.blocks,
                ends=actions.ends,
                sweep=actions.sweep,
            )
        )
