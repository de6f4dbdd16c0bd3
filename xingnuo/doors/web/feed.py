"""Cards of the feed: everybody's by default, in a person's own order once they asked for it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods

from xingnuo.doors.porch.replies import see_other
from xingnuo.doors.web._pages import show, visitor
from xingnuo.kit.errors import NotFound
from xingnuo.people.notices import actions as notices
from xingnuo.people.notices import queries as known


@require_http_methods(["GET", "POST"])
def card(request: HttpRequest, card: str) -> HttpResponse:
    """Show a card; "more of this" counts only for who asked for their own order."""
    who = visitor(request).actor
    found = known.card(card)
    if found is None:
        raise NotFound
    mine = who.subject_id is not None and known.is_personal(who.subject_id)
    if request.method == "POST":
        if who.subject_id is not None:
            notices.open_card(who, subject_id=who.subject_id, code=card)
        messages.success(request, "记下了，首页会多排这类内容。" if mine else "没有记录任何内容。")
        return see_other(reverse("feed_card", args=[card]))
    return show(request, "home/card", {"card": found, "mine": mine})


urlpatterns = [path("feed/<slug:card>/", card, name="feed_card")]
