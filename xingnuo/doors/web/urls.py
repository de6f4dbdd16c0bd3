"""Every page of the H5 app, gathered from the modules that make them."""

from __future__ import annotations

from django.urls import URLPattern

from xingnuo.doors.web import (
    auto_debit,
    automated,
    avatar,
    balance,
    bills,
    cards,
    confirming,
    consents,
    feed,
    home,
    identity,
    leaving,
    notices,
    paying,
    payment_password,
    permissions,
    policy,
    privacy,
    push,
    reminders,
    rights,
    settings,
    sign_in,
    support,
    unlock,
    way_out,
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
    identity,
    automated,
    avatar,
    rights,
    notices,
    support,
    leaving,
    feed,
    reminders,
    push,
    way_out,
    cards,
    payment_password,
    confirming,
    auto_debit,
    paying,
    balance,
    bills,
)

urlpatterns: list[URLPattern] = [pattern for page in PAGES for pattern in page.urlpatterns]
