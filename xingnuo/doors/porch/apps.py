"""The porch as an app: templates, static files and what all doors share."""

from __future__ import annotations

from django.apps import AppConfig


class PorchConfig(AppConfig):
    """What every door stands on."""

    name = "xingnuo.doors.porch"
    label = "porch"
