"""The merchant_collection room as an app."""

from __future__ import annotations

from django.apps import AppConfig


class MerchantCollectionConfig(AppConfig):
    """Lets a merchant be paid by QR code, and settles with them."""

    name = "xingnuo.services.merchant_collection"
    label = "merchant_collection"

    def ready(self) -> None:
        """Take part in payments, guard the settlement card, hand the holdings to the registry."""
        from xingnuo.money.payments import actions as payments
        from xingnuo.money.payments.contracts import Payouts, Service
        from xingnuo.services.merchant_collection import _payouts, actions, queries
        from xingnuo.trust.policy import actions as policy
        from xingnuo.trust.policy.contracts import Holding

        payments.serve(
            Service(
                code=self.label,
                title="扫码付款",
                settled=actions.settled,
                failed=actions.failed,
                refunded=actions.refunded,
            )
        )
        payments.watch_cards(queries.busy_card)
        payments.claim_payouts(
            Payouts(service=self.label, of=_payouts.of, done_on=_payouts.done_on)
        )
        policy.hold(
            Holding(
                room=self.label,
                export=queries.export,
                erase=actions.erase,
                blocks=queries.blocks,
                ends=actions.ends,
                sweep=actions.sweep,
            )
        )
