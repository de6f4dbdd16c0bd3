"""The API's addresses; the OpenAPI document is at `v1/openapi.json`."""

from __future__ import annotations

from django.urls import path

from xingnuo.doors.api import choices, oauth, personal, sessions
from xingnuo.doors.api.core import api

for _router in (sessions.router, choices.router, personal.router):
    api.add_router("", _router)

urlpatterns = [
    path("v1/sync/profile", oauth.sync_profile, name="oauth_sync_profile"),
    path("v1/", api.urls),
]

# These two talk to the account provider, so they open their own transactions.
for _pattern in api.urls[0]:
    if str(_pattern.pattern) in ("session/begin", "session/finish"):
        _pattern.callback.own_transactions = True  # type: ignore[union-attr]
