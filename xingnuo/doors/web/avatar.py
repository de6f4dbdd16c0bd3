"""The person's picture: see it, choose one, delete it; under 我的 › 个人信息 › 头像."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xingnuo.doors.porch.replies import see_other
from xingnuo.doors.porch.uploads import file_of
from xingnuo.doors.web._pages import actor, person, show, subject, with_query
from xingnuo.kit.errors import BadInput, NotFound
from xingnuo.kit.pictures import content_type_of
from xingnuo.people.accounts import actions as accounts
from xingnuo.people.accounts import queries
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as standing_of
from xingnuo.trust.gate.contracts import GateRefusal, Reason
from xingnuo.trust.policy.contracts import SubjectState

PURPOSE, ITEM, FIELD = "profile.manage", "avatar", "picture"
# The picture is a picture: opened by itself it loads nothing and runs nothing.
_BARE = (
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; object-src 'none';"
    " form-action 'none'; sandbox"
)


@require_http_methods(["GET", "POST"])
@person
def avatar(request: HttpRequest) -> HttpResponse:
    """Show the picture that is kept, and keep the one that the person chose."""
    if request.method == "GET":
        return show(request, "rights/avatar", _context(request))
    try:
        content = file_of(request, FIELD)
        accounts.keep_avatar(actor(request), subject_id=subject(request), content=content)
    except GateRefusal as refusal:
        if refusal.reason not in (Reason.NO_CONSENT, Reason.DUE_AGAIN):
            raise
        # Nothing was taken: the person is asked first, and comes back to this very page.
        gate.refused(refusal)
        return see_other(_ask())
    except BadInput as error:
        return _again(request, error)
    messages.success(request, "头像已保存。")
    return see_other(reverse("avatar"))


def _again(request: HttpRequest, error: BadInput) -> HttpResponse:
    words = error.fields.get(FIELD, error.message_text)
    told = {"error": words, "errors": [(f"id_{FIELD}", words)]}
    response = show(request, "rights/avatar", _context(request) | told, status=error.status)
    response.fault_code = error.code  # type: ignore[attr-defined]
    return response


def _context(request: HttpRequest) -> dict[str, object]:
    stands = standing_of.standing(subject(request))
    agreed = any(
        one.purpose == PURPOSE
        and one.decision == "grant"
        and not one.due_again
        and ITEM in one.items
        for one in stands.decisions
    )
    return {
        "held": queries.avatar_held(actor(request), subject_id=subject(request)),
        "may_choose": stands.state is SubjectState.ACTIVE and agreed,
        "ask": _ask() if stands.state is SubjectState.ACTIVE and not agreed else "",
    }


def _ask() -> str:
    return with_query(reverse("consent", args=[PURPOSE]), next=reverse("avatar"))


@require_GET
@person
def picture(request: HttpRequest) -> HttpResponse:
    """Give the person's own picture, to nobody else and for no cache."""
    return _picture_of(request)


def _picture_of(request: HttpRequest) -> HttpResponse:
    """Make the answer that holds the person's own picture; raises `NotFound` without one."""
    found = queries.avatar(actor(request), subject_id=subject(request))
    if found is None:
        raise NotFound(ITEM)
    response = HttpResponse(found.content, content_type=content_type_of(found.content))
    response["Content-Disposition"] = 'inline; filename="avatar.jpg"'
    response["Content-Security-Policy"] = _BARE
    return response


@require_POST
@person
def delete(request: HttpRequest) -> HttpResponse:
    """Delete the pictures that are kept."""
    accounts.remove_avatar(actor(request), subject_id=subject(request))
    messages.success(request, "头像已删除。")
    return see_other(reverse("avatar"))


urlpatterns = [
    path("me/personal/avatar/", avatar, name="avatar"),
    path("me/personal/avatar/picture/", picture, name="avatar_picture"),
    path("me/personal/avatar/delete/", delete, name="avatar_delete"),
]
