"""Every door's routes; each route names its action, and the sweeps are made from this list."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import include, path

DOORS = (
    ("api/", "xingnuo.doors.api.urls"),
    ("oauth/", "xingnuo.doors.api.oauth_urls"),
    ("hooks/", "xingnuo.doors.hooks.urls"),
    ("", "xingnuo.doors.web.urls"),
)

urlpatterns = [path(prefix, include(module)) for prefix, module in DOORS if find_spec(module)]

handler400 = "xingnuo.doors.porch.errors.bad_request"
handler404 = "xingnuo.doors.porch.errors.not_found"
handler500 = "xingnuo.doors.porch.errors.server_error"
