"""Files of questions and complaints by machine, by the rules of the pages and no others."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router
from ninja.files import UploadedFile

from xingnuo.doors.api.house_api import PROBLEMS, me
from xingnuo.doors.api.shapes import Done
from xingnuo.doors.api.support import AskIn
from xingnuo.doors.porch.idempotency import once
from xingnuo.doors.porch.uploads import file_of
from xingnuo.kit import ids
from xingnuo.people.support import actions, queries

router = Router(tags=["support"])
_FILE: dict[str, Any] = {
    "responses": {
        200: {
            "description": "The file; a picture was made anew from its pixels.",
            "content": {
                kind: {"schema": {"type": "string", "format": "binary"}}
                for kind in ("image/jpeg", "image/png", "audio/webm", "audio/ogg", "audio/mp4")
            },
        }
    }
}


@router.post("/support/cases/{uuid:case}/photos", response={200: Done, **PROBLEMS})
def send_photo(request: HttpRequest, case: UUID, photo: File[UploadedFile]) -> HttpResponse:
    """Send one JPEG, PNG or WebP of at most 8 MB into a case; only its pixels are kept."""
    actor, subject_id = me(request)
    content = file_of(request, "photo")

    def act() -> dict[str, str]:
        actions.send_photo(actor, case_id=case, content=content, key=ids.uuid7())
        return {"id": str(case), "state": "said"}

    return once(request, subject_id, act, content=content)


@router.post("/support/cases/{uuid:case}/recordings", response={200: Done, **PROBLEMS})
def send_voice(request: HttpRequest, case: UUID, voice: File[UploadedFile]) -> HttpResponse:
    """Send one recording of at most 60 seconds; its own consent and the microphone's are needed."""
    actor, subject_id = me(request)
    content = file_of(request, "voice")

    def act() -> dict[str, str]:
        actions.send_voice(actor, case_id=case, content=content, key=ids.uuid7())
        return {"id": str(case), "state": "said"}

    return once(request, subject_id, act, content=content)


@router.post("/support/requests", response={200: Done, **PROBLEMS})
def ask_for_another(
    request: HttpRequest, body: Form[AskIn], authority: File[UploadedFile]
) -> HttpResponse:
    """Open a case for somebody else, with the picture of the authority to act for them."""
    actor, subject_id = me(request)
    content = file_of(request, "authority")

    def act() -> dict[str, str]:
        case_id = actions.open_case(
            actor, topic_id=body.topic, text=body.text, key=ids.uuid7(), authority=content
        )
        return {"id": str(case_id), "state": "open"}

    asked = f"{body.topic}\n{body.text}\n".encode()
    return once(request, subject_id, act, content=asked + content)


@router.get(
    "/support/cases/{uuid:case}/files/{uuid:message}",
    response={200: None, **PROBLEMS},
    openapi_extra=_FILE,
)
def file(request: HttpRequest, case: UUID, message: UUID) -> HttpResponse:
    """Give a picture or recording of the person's own case; anybody else's is not there."""
    actor, _ = me(request)
    content, kind = queries.file(actor, case, message)
    response = HttpResponse(content, content_type=kind)
    ending = kind.rpartition("/")[2]
    response["Content-Disposition"] = f'attachment; filename="xingnuo-{message.hex[-8:]}.{ending}"'
    return response
