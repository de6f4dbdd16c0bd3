"""The notices room as an app."""

from __future__ import annotations

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Tells people what they must know, and what they agreed to hear."""

    name = "xingnuo.people.notices"
    label = "notices"

    def ready(self) -> None:
        """Hand the holdings to the registry, and to the rooms below the way to tell people."""
        from xingnuo.people.accounts import actions as accounts
        from xingnuo.people.notices import _dates, actions, queries
        from xingnuo.trust.policy import actions as policy
        from xingnuo.trust.policy.contracts import Holding

        accounts.tell_through(actions.tell)
        actions.remind("identity", _dates.of_document)
        policy.hold(
            Holding(
                room="notices",
                export=queries.export,
                erase=actions.erase,
                ends=actions.end_consent,
                sweep=actions.sweep,
            )
        )
