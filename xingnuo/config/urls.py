"""Every door's routes; each route names its action, and the sweeps are made from this list."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("api/", include("xingnuo.doors.api.urls")),
    path("oauth/", include("xingnuo.doors.api.oauth_urls")),
    path("hooks/", include("xingnuo.doors.hooks.urls")),
    path("", include("xingnuo.doors.web.urls")),
]

handler404 = "xingnuo.doors.porch.errors.not_found"
handler500 = "xingnuo.doors.porch.errors.server_error"
