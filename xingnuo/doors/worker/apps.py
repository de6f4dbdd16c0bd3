"""The worker door as an app, so that its tasks are found."""

from __future__ import annotations

from django.apps import AppConfig


class WorkerConfig(AppConfig):
    """Jobs: each parses its ids and calls one action."""

    name = "xingnuo.doors.worker"
    label = "worker"
