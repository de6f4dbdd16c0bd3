"""Every page of the H5 app, gathered from the modules that make them."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern

PAGES = (
    "home",
    "sign_in",
    "policy",
    "settings",
    "privacy",
    "consents",
    "permissions",
    "unlock",
    "rights",
    "notices",
)

urlpatterns: list[URLPattern] = [
    pattern
    for page in PAGES
    if find_spec(f"xingnuo.doors.web.{page}") is not None
    for pattern in import_module(f"xingnuo.doors.web.{page}").urlpatterns
]
