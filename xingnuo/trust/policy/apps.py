"""The policy room as an app."""

from __future__ import annotations

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    """The published policy is the program."""

    name = "xingnuo.trust.policy"
    label = "policy"
