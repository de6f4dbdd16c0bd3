"""The accounts room as an app."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Links a person of the account provider to one subject, and keeps sessions theirs."""

    name = "xingnuo.people.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Hand the holdings to the registry: exported and erased with the person."""
        from xingnuo.people.accounts import actions, queries
        from xingnuo.trust.policy import actions as policy
        from xingnuo.trust.policy.contracts import Holding

        policy.hold(
            Holding(
                room="accounts",
                export=queries.export,
                erase=actions.erase,
                ends=actions.end_consent,
                sweep=actions.sweep,
            )
        )
