"""The payments room as an app."""

from __future__ import annotations

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Moves money between people, houses and channels, by consent of the payer."""

    name = "xingnuo.money.payments"
    label = "payments"

    def ready(self) -> None:
        """Hand the holdings to the registry: exported, erased and ended with their consent."""
        from xingnuo.money.payments import actions, queries
        from xingnuo.trust.policy import actions as policy
        from xingnuo.trust.policy.contracts import Holding

        actions.watch_cards(queries.busy_card)
        policy.hold(
            Holding(
                room="payments",
                export=queries.export,
                erase=actions.erase,
                blocks=queries.blocks,
                ends=actions.ends,
                sweep=actions.sweep,
            )
        )
