"""Every page of the H5 app, gathered from the modules that make them."""

from __future__ import annotations

from django.urls import URLPattern

from xingnuo.doors.web import (
    avatar,
    consents,
    home,
    leaving,
    notices,
    permissions,
    policy,
    privacy,
    rights,
    settings,
    sign_in,
    unlock,
)

PAGES = (
    home,
    sign_in,
    policy,
    settings,
    privacy,
    consents,
    permissions,
    unlock,
    avatar,
    rights,
    notices,
    leaving,
)

urlpatterns: list[URLPattern] = [pattern for page in PAGES for pattern in page.urlpatterns]
