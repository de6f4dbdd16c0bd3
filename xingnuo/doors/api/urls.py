"""The API's addresses; the OpenAPI document is at `v1/openapi.json`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_GET

from xingnuo.doors.api import (
    automated,
    avatar,
    bill_pay,
    cards,
    choices,
    identity,
    merchant,
    oauth,
    payments,
    personal,
    sessions,
    support,
    support_files,
    unlocking,
    wallet,
)
from xingnuo.doors.api.house_api import api
from xingnuo.doors.porch.passage import own_transactions

for _router in (
    sessions.router,
    choices.router,
    automated.router,
    avatar.router,
    personal.router,
    unlocking.router,
    identity.router,
    cards.router,
    wallet.router,
    bill_pay.router,
    payments.router,
    merchant.router,
    support.router,
    support_files.router,
):
    api.add_router("", _router)

# These talk to the account provider, or count a try that no rollback may take back.
_IN_STEPS = (
    *("session/begin", "session/finish", "unlock"),
    *identity.IN_STEPS,
    *cards.IN_STEPS,
    *wallet.IN_STEPS,
    *payments.IN_STEPS,
    *bill_pay.IN_STEPS,
)


def _guarded(pattern: URLPattern | URLResolver) -> URLPattern | URLResolver:
    assert isinstance(pattern, URLPattern), "the API's own addresses hold no further list"
    if pattern.name in ("openapi-json", "api-root"):
        # The framework's own views take any method.
        pattern.callback = require_GET(pattern.callback)
    if str(pattern.pattern) in _IN_STEPS:
        pattern.callback = own_transactions(pattern.callback)
    return pattern


# Asked for once: each asking makes the patterns anew.
_patterns, _app, _space = api.urls

urlpatterns = [
    path("v1/sync/profile", oauth.sync_profile, name="oauth_sync_profile"),
    path("v1/", ([_guarded(each) for each in _patterns], _app, _space)),
]
