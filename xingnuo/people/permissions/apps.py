"""The permissions room as an app: device permissions, and the staff register's tables."""

from __future__ import annotations

from django.apps import AppConfig


class PermissionsConfig(AppConfig):
    """What a device lets us use, and who of ours may look. Nothing in its tables is a person's."""

    name = "xingnuo.people.permissions"
    label = "permissions"
