"""Every page of the console. They exist on its host name alone, where nothing else exists."""

from __future__ import annotations

from django.urls import URLPattern

from xingnuo.doors.console import (
    aml,
    audit,
    handovers,
    home,
    legal,
    links,
    look,
    money,
    register,
    releases,
    rules,
    sign_in,
    support,
    work,
)

PAGES = (
    sign_in,
    home,
    work,
    look,
    releases,
    support,
    handovers,
    aml,
    legal,
    money,
    links,
    rules,
    register,
    audit,
)

urlpatterns: list[URLPattern] = [pattern for page in PAGES for pattern in page.urlpatterns]

handler400 = "xingnuo.doors.porch.errors.bad_request"
handler404 = "xingnuo.doors.porch.errors.not_found"
handler500 = "xingnuo.doors.porch.errors.server_error"
