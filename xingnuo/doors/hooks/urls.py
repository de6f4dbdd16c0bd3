"""Where partners call back."""

from __future__ import annotations

from django.urls import path

from xingnuo.doors.hooks import account

urlpatterns = [path("account/logout", account.logout, name="hooks_account_logout")]
