"""The web door as an app: pages of the H5 app."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages for a person with a phone."""

    name = "xingnuo.doors.web"
    label = "web"
