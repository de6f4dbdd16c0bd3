"""The machines' door as an app."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """OpenAPI 3.1, bearer sessions, idempotency keys, problem+json."""

    name = "xingnuo.doors.api"
    label = "api"
