"""The support room as an app."""

from __future__ import annotations

from django.apps import AppConfig


class SupportConfig(AppConfig):
    """Answers questions and complaints, knowing no more than the question needs."""

    name = "xingnuo.people.support"
    label = "support"

    def ready(self) -> None:
        """Hand the holdings to the registry; an open complaint stands in nobody's way."""
        from xingnuo.people.notices import actions as notices
        from xingnuo.people.support import actions, queries
        from xingnuo.trust.policy import actions as policy
        from xingnuo.trust.policy.contracts import Holding

        notices.remind("support", queries.reminders)
        policy.hold(
            Holding(
                room="support",
                export=queries.export,
                erase=actions.erase,
                ends=actions.ends,
                sweep=actions.sweep,
                warns=queries.warns,
            )
        )
