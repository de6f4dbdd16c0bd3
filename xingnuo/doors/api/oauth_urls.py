"""The authorization server's addresses; `api/v1/sync/profile` stands with the API's own."""

from __future__ import annotations

from django.urls import path

from xingnuo.doors.api import oauth

urlpatterns = [
    path("authorize", oauth.authorize, name="oauth_authorize"),
    path("token", oauth.token, name="oauth_token"),
    path("revoke", oauth.revoke, name="oauth_revoke"),
    path("metadata", oauth.metadata, name="oauth_metadata"),
]
