"""The permissions room as an app: device permissions, and the staff register's tables."""

from __future__ import annotations

from django.apps import AppConfig


class PermissionsConfig(AppConfig):
    """What a device lets us use, and who of ours may look. Nothing in its tables is a person's."""

    name = "xingnuo.people.permissions"
    label = "permissions"

    def ready(self) -> None:
        """Hand the holding to the registry: nothing of a customer, and terms for the register."""
        from xingnuo.people.permissions import actions
        from xingnuo.trust.policy import actions as policy
        from xingnuo.trust.policy.contracts import Holding

        policy.hold(
            Holding(
                room="permissions",
                export=lambda _: {},
                erase=lambda _: 0,
                sweep=actions.sweep,
            )
        )
