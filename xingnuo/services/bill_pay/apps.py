"""The bill_pay room as an app."""

from __future__ import annotations

from django.apps import AppConfig


class BillPayConfig(AppConfig):
    """Tops phones up and pays public bills, and shows links that were checked."""

    name = "xingnuo.services.bill_pay"
    label = "bill_pay"

    def ready(self) -> None:
        """Hand the holdings to the registry, and take payments as a service."""
        from xingnuo.money.payments import actions as payments
        from xingnuo.money.payments.contracts import Service
        from xingnuo.services.bill_pay import actions, queries
        from xingnuo.services.bill_pay.contracts import SERVICE
        from xingnuo.trust.policy import actions as policy
        from xingnuo.trust.policy.contracts import Holding

        payments.serve(
            Service(
                code=SERVICE,
                title="生活缴费",
                settled=actions.settled,
                failed=actions.failed,
                refunded=actions.refunded,
                back="bill_order",
            )
        )
        policy.hold(
            Holding(
                room="bill_pay",
                export=queries.export,
                erase=actions.erase,
                blocks=queries.blocks,
                ends=actions.ends,
                sweep=actions.prune,
            )
        )
