"""Document photos: cleaned, sealed, read by our own machine, confirmed by hand, then looked at."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock, jobs, pictures
from xingnuo.kit.errors import BadInput
from xingnuo.people.identity import _marks, _numbers, _opened, _reading, _rows, _values
from xingnuo.people.identity._house import HOUSE, READER
from xingnuo.people.identity._limits import PHOTO_EDGE_PX_MAX
from xingnuo.people.identity._settle import settle
from xingnuo.people.identity._sources import WITNESS, ensure_lawful
from xingnuo.people.identity._states import step
from xingnuo.people.identity.contracts import (
    CaseKind,
    Check,
    ForbiddenCheckStep,
    Ground,
    Kind,
    NoSuchCheck,
    NotTheDocument,
    ReadValues,
    Rule,
    Side,
    State,
    Verdict,
)
from xingnuo.people.identity.models import CheckRow, Clock
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, Permit
from xingnuo.trust.policy import queries as policy

PURPOSE, PHOTO = "identity.document_photo", "document_photo"
READ_JOB, READ_QUEUE, READ_PART = "identity.read_document", "documents", "read"


def upload(actor: Actor, *, front: bytes, back: bytes, key: UUID) -> Check:
    """Take the photos of both sides; only their pixels are kept, sealed. Own transaction.

    Raises `BadInput` naming the side, `NamedFirst`, `StillOpen`, `TooMany` or the gate's refusal.
    """
    subject_id = _rows.who(actor)
    sides = {Side.FRONT: _clean(front, Side.FRONT), Side.BACK: _clean(back, Side.BACK)}
    if sides[Side.FRONT] == sides[Side.BACK]:
        raise BadInput({"back": "两张是同一张照片，请分别上传正反面"})
    ensure_lawful(WITNESS)
    with transaction.atomic(durable=True):
        known = _rows.replayed(subject_id, key, Kind.DOCUMENT_PHOTO)
        if known is not None:
            return _rows.shown(known)
        named = _rows.ensure(subject_id)
        row = _rows.begin(subject_id, Kind.DOCUMENT_PHOTO, key=key, rule=Rule(named.rule))
        permit = gate.permit(actor, subject_id=subject_id, purpose=PURPOSE, items=(PHOTO,))
        for side, content in sides.items():
            place = _values.slot(row.id, side.value)
            gate.collect_file(permit, PHOTO, content=content, slot=place)
        _marks.put(row, Side.FRONT, sides[Side.FRONT])
        if _reading.is_there():
            jobs.defer(READ_JOB, queue=READ_QUEUE, subject_id=subject_id, check_id=row.id)
    return _rows.shown(row)


def _clean(content: bytes, side: Side) -> bytes:
    try:
        return pictures.clean(content, edge_px_max=PHOTO_EDGE_PX_MAX).content
    except BadInput as error:
        raise BadInput({side.value: next(iter(error.fields.values()))}, error.detail) from None


def read_document(*, subject_id: UUID, check_id: UUID) -> bool:
    """Read a check's photos by our own machine, for the person to confirm; safe to repeat.

    Runs in the process of documents alone. Opens its own transactions: the reading, which takes
    a second or two, holds none.
    """
    with transaction.atomic(durable=True):
        row = _rows.locked(subject_id, check_id)
        if row.state != State.STARTED.value:
            return False
        permit = gate.permit(READER, subject_id=subject_id, purpose=PURPOSE, items=(PHOTO,))
        photos = [
            gate_queries.read_file(permit, PHOTO, slot=_values.slot(check_id, side.value))
            for side in Side
        ]
    found = _reading.read([photo for photo in photos if photo], Rule(row.rule))
    with transaction.atomic(durable=True):
        row = _rows.locked(subject_id, check_id)
        if row.state != State.STARTED.value:
            return False
        permit = gate.permit(READER, subject_id=subject_id, purpose=PURPOSE, items=(PHOTO,))
        # In one sealed file beside the photos: what a machine read is no value of the person's.
        gate.collect_file(
            permit,
            PHOTO,
            content=json.dumps(found, ensure_ascii=False).encode(),
            slot=_values.slot(check_id, READ_PART),
        )
    return True


def read_values(actor: Actor, *, check_id: UUID) -> ReadValues:
    """Give the person what the machine read, to compare with the document in their hand."""
    permit = _own(actor, check_id)
    content = gate_queries.read_file(permit, PHOTO, slot=_values.slot(check_id, READ_PART))
    if content is None:
        return ReadValues(is_done=not _reading.is_there())
    found: Mapping[str, str] = json.loads(content)
    return ReadValues(
        is_done=True,
        name=found.get("name", ""),
        number=found.get("number", ""),
        validity=found.get("validity", ""),
    )


def own_photo(actor: Actor, *, check_id: UUID, side: Side) -> bytes | None:
    """Give the person one side as it is kept; refused without a fresh proof of the person."""
    permit = _own(actor, check_id)
    return gate_queries.read_file(permit, PHOTO, slot=_values.slot(check_id, side.value))


def _own(actor: Actor, check_id: UUID) -> Permit:
    subject_id = _rows.who(actor)
    row = _rows.found(subject_id, check_id)
    if row.kind != Kind.DOCUMENT_PHOTO.value:
        raise NoSuchCheck
    return gate.permit(actor, subject_id=subject_id, purpose=PURPOSE, items=(PHOTO,))


def confirm(actor: Actor, *, check_id: UUID, name: str, number: str, validity: str) -> Check:
    """Take what the person says stands on the document, and put the photos before a person.

    Runs in the caller's transaction. Raises `NotTheDocument` where it is not the name and number
    that stand confirmed, `BadInput` by field; a lapsed document ends the check at once.
    """
    subject_id = _rows.who(actor)
    row = _rows.locked(subject_id, check_id)
    if row.kind != Kind.DOCUMENT_PHOTO.value or row.state != State.STARTED.value:
        raise ForbiddenCheckStep(row.state)
    until, written = _valid_until(validity)
    _same_person(actor, row, name, number)
    if until is not None and until < clock.today():
        verdict = Verdict(state=State.REFUSED, ground=Ground.DOCUMENT_EXPIRED, source=WITNESS)
        settle(subject_id, check_id, verdict)
        return _rows.shown(_rows.locked(subject_id, check_id))
    _put_before_a_person(row, until, written)
    return _rows.shown(row)


def _put_before_a_person(row: CheckRow, until: date | None, written: str) -> None:
    legal = gate.permit(
        HOUSE,
        subject_id=row.subject_id,
        purpose="identity.keep",
        items=("document_validity",),
    )
    gate.collect(legal, {"document_validity": written}, slot=_values.slot(row.id))
    row.valid_until = _end_of(until) if until else None
    row.state = step(State(row.state), State.REVIEWING).value
    row.save(update_fields=["state", "valid_until"])
    _rows.sleep(row, Clock.ABANDON)
    # A picture that another account used too comes first, and says so to nobody outside.
    level = 2 if _marks.is_reused(row) else 0
    _opened.open_case(
        CaseKind.DOCUMENT_PHOTO, subject_id=row.subject_id, check_id=row.id, level=level
    )


def _valid_until(validity: str) -> tuple[date | None, str]:
    try:
        written = policy.normalise("validity", validity)
    except BadInput as error:
        raise BadInput({"validity": next(iter(error.fields.values()))}) from None
    last = written.rsplit("/", 1)[-1]
    return (None if last == "长期" else date.fromisoformat(last)), written


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, tzinfo=clock.BEIJING).replace(microsecond=0)


def _same_person(actor: Actor, row: CheckRow, name: str, number: str) -> None:
    try:
        typed = policy.normalise("name", name)
    except BadInput as error:
        raise BadInput({"name": next(iter(error.fields.values()))}) from None
    found = _numbers.read(Rule(row.rule), number)
    permit = gate.permit(
        actor, subject_id=row.subject_id, purpose="identity.real_name", items=_values.NAMED
    )
    held = _values.plain(permit, _values.NAMED)
    if held != {"name": typed, "document_number": found.text}:
        raise NotTheDocument
