"""The person's picture: see it, choose one, delete it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Router
from ninja.files import UploadedFile

from xingnuo.doors.api.house_api import PROBLEMS, me
from xingnuo.doors.api.shapes import Done
from xingnuo.doors.porch.idempotency import once
from xingnuo.doors.porch.uploads import file_of
from xingnuo.kit.errors import NotFound
from xingnuo.kit.pictures import content_type_of
from xingnuo.people.accounts import actions as accounts
from xingnuo.people.accounts import queries

router = Router(tags=["personal"])
_PICTURE: dict[str, Any] = {
    "responses": {
        200: {
            "description": "The picture, made anew from its pixels.",
            "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


@router.get("/avatar", response={200: None, **PROBLEMS}, openapi_extra=_PICTURE)
def picture(request: HttpRequest) -> HttpResponse:
    """Give the person's own picture, else the one of their account; 404 without either."""
    actor, subject_id = me(request)
    found = queries.avatar(actor, subject_id=subject_id)
    if found is None:
        raise NotFound("avatar")
    response = HttpResponse(found.content, content_type=content_type_of(found.content))
    response["Content-Disposition"] = 'attachment; filename="avatar.jpg"'
    return response


@router.post("/avatar", response={200: Done, **PROBLEMS})
def keep(request: HttpRequest, picture: File[UploadedFile]) -> HttpResponse:
    """Keep one JPEG, PNG or WebP of at most 8 MB, cut square; only its pixels are kept."""
    actor, subject_id = me(request)
    content = file_of(request, "picture")

    def act() -> dict[str, str]:
        accounts.keep_avatar(actor, subject_id=subject_id, content=content)
        return {"id": "avatar", "state": "kept"}

    return once(request, subject_id, act, content=content)


@router.delete("/avatar", response={200: Done, **PROBLEMS})
def delete(request: HttpRequest) -> HttpResponse:
    """Delete every picture that is kept."""
    actor, subject_id = me(request)

    def act() -> dict[str, str]:
        gone = accounts.remove_avatar(actor, subject_id=subject_id)
        return {"id": "avatar", "state": "deleted" if gone else "absent"}

    return once(request, subject_id, act)
