"""The person's own data: values, lists, copy, withdrawal, closure."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from xingnuo.doors.api.house_api import PROBLEMS, me
from xingnuo.doors.api.shapes import (
    CaseOut,
    CollectedOut,
    Done,
    LineOut,
    ReceiptOut,
    SharedOut,
    Value,
    ValueOut,
    Withdraw,
)
from xingnuo.doors.porch.idempotency import HEADER, once
from xingnuo.duties.rights import actions as rights
from xingnuo.duties.rights import queries
from xingnuo.kit.errors import BadInput, NotFound
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Form

router = Router(tags=["personal"])
_ARCHIVE: dict[str, Any] = {
    "responses": {
        200: {
            "description": "Everything that is kept, masked.",
            "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


@router.get("/personal", response={200: list[ValueOut], **PROBLEMS})
def values(request: HttpRequest) -> object:
    """Give the person's values: masked, and plain within five minutes of a fresh proof."""
    actor, subject_id = me(request)
    items = policy.in_force().items
    return [
        shown._asdict() | {"name": items[shown.item].name, "outcome": shown.outcome.value}
        for shown in queries.profile(actor, subject_id=subject_id)
    ]


@router.put("/personal/{slug:item}", response={200: Done, **PROBLEMS})
def keep(request: HttpRequest, item: str, body: Value) -> HttpResponse:
    """Keep or correct one item; a new one needs the consent of `profile.manage`."""
    actor, subject_id = me(request)
    _editable(item)

    def act() -> dict[str, str]:
        held = {shown.item for shown in queries.profile(actor, subject_id=subject_id)}
        if item in held:
            rights.correct(actor, subject_id=subject_id, values={item: body.value})
            return {"id": item, "state": "corrected"}
        permit = gate.permit(actor, subject_id=subject_id, purpose="profile.manage", items=(item,))
        gate.collect(permit, {item: body.value})
        return {"id": item, "state": "kept"}

    return once(request, subject_id, act)


@router.delete("/personal/{slug:item}", response={200: Done, **PROBLEMS})
def delete(request: HttpRequest, item: str) -> HttpResponse:
    """Delete one item."""
    actor, subject_id = me(request)
    _editable(item)

    def act() -> dict[str, str]:
        gone = rights.delete_items(actor, subject_id=subject_id, items=(item,))
        return {"id": item, "state": "deleted" if gone else "absent"}

    return once(request, subject_id, act)


def _editable(item: str) -> None:
    known = policy.in_force().items.get(item)
    if known is None or not known.editable or known.form is not Form.VALUE:
        raise NotFound("item")


@router.get("/copy", response={200: None, **PROBLEMS}, openapi_extra=_ARCHIVE)
def copy(request: HttpRequest) -> HttpResponse:
    """Give the masked copy of everything stored, as a ZIP."""
    actor, subject_id = me(request)
    made = rights.copy(actor, subject_id=subject_id)
    response = HttpResponse(made.content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{made.filename}"'
    return response


@router.get("/lists/collected", response={200: list[CollectedOut], **PROBLEMS})
def collected(request: HttpRequest) -> object:
    """Give what was really collected."""
    _, subject_id = me(request)
    return evidence.collected(subject_id)


@router.get("/lists/shared", response={200: list[SharedOut], **PROBLEMS})
def shared(request: HttpRequest) -> object:
    """Give what was really shared."""
    _, subject_id = me(request)
    return evidence.shared(subject_id)


@router.get("/record", response={200: list[LineOut], **PROBLEMS})
def record(request: HttpRequest, before: UUID | None = None) -> object:
    """Give the person's own record, newest first, a page at a time."""
    _, subject_id = me(request)
    return [
        asdict(line) | {"kind": line.kind.value}
        for line in evidence.of_subject(subject_id, before=before)
    ]


@router.get("/cases", response={200: list[CaseOut], **PROBLEMS})
def cases(request: HttpRequest) -> object:
    """List the person's requests with their clocks."""
    _, subject_id = me(request)
    return queries.cases(subject_id)


@router.post("/withdrawal", response={200: Done, **PROBLEMS})
def withdraw(request: HttpRequest, body: Withdraw) -> HttpResponse:
    """Withdraw consent to the policy: collection and use stop at once."""
    actor, subject_id = me(request)

    def act() -> dict[str, str]:
        case = rights.withdraw_policy(actor, subject_id=subject_id, text_hash=body.text_hash)
        return {"id": str(case.id), "state": case.state.value}

    return once(request, subject_id, act)


@router.post("/closure", response={200: Done, **PROBLEMS})
def close(request: HttpRequest) -> dict[str, str]:
    """Close the account and erase everything; needs a fresh proof of the person.

    The key is a UUID made by the client; the session ends, so the receipt is the only way back.
    """
    actor, subject_id = me(request)
    try:
        key = UUID(request.headers.get(HEADER, ""))
    except ValueError:
        raise BadInput({HEADER: "注销的请求编号必须是 UUID"}) from None
    closing = rights.close(actor, subject_id=subject_id, key=key)
    return {
        "id": str(closing.case.id),
        "state": closing.case.state.value,
        "receipt": closing.receipt_code,
    }


@router.get("/receipts/{slug:code}", response={200: ReceiptOut, **PROBLEMS}, auth=None)
def receipt(request: HttpRequest, code: str) -> dict[str, object]:
    """Give a closed case by its receipt code."""
    found = queries.receipt(code[:40])
    made = found.certificate
    return {
        "case": asdict(found.case),
        "certificate": dict(made.body) if made else None,
        "signature": made.signature if made else "",
        "key_id": made.key_id if made else "",
    }
