"""The ways that ask a source, each in three steps: on record with its parcel, asked, put down.

No step calls out inside a transaction. Whoever dies between two steps leaves a state from which
`_clocks` goes on; the key of a check is its id, so that a source does nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock, pictures
from xingnuo.kit.errors import BadInput
from xingnuo.people.identity import _age, _asking, _grown, _numbers, _phone, _rows, _values
from xingnuo.people.identity._limits import FACE_BYTES_MAX, FACE_EDGE_PX_MAX
from xingnuo.people.identity._numbers import Numbered
from xingnuo.people.identity._settle import settle
from xingnuo.people.identity._sources import BY_KIND, ensure_lawful
from xingnuo.people.identity.contracts import (
    Check,
    ForbiddenCheckStep,
    Ground,
    IsMinor,
    Kind,
    Rule,
    State,
    Verdict,
)
from xingnuo.people.identity.models import CheckRow, Clock
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor, Permit
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.sharing import actions as sharing
from xingnuo.trust.sharing.contracts import Parcel


def check_name(actor: Actor, *, name: str, number: str, rule: Rule, key: UUID) -> Check:
    """Have name and document number confirmed by the authority; safe to repeat with its key.

    Opens its own transactions. Raises `BadInput` by field, `IsMinor` (the gate is closed then),
    `NumberTaken`, `SourceLapsed`, `StillOpen`, `TooMany`, or the gate's refusal.
    """
    subject_id = _rows.who(actor)
    found, name = _read(name, number, rule)
    _age.refuse_minor(subject_id, found)
    return _confirm(actor, Kind.NAME_NUMBER, name, found, key)


def prove_age(actor: Actor, *, name: str, number: str, rule: Rule, key: UUID) -> Check:
    """Have a person whose gate is closed as a minor's confirmed as grown up, by the authority.

    What was typed is kept until a member of staff has seen the person. Opens nothing: `reopen`
    does, by the person's own act.
    """
    found, name = _read(name, number, rule)
    if _numbers.is_minor(found):
        raise IsMinor
    return _confirm(actor, Kind.AGE, name, found, key)


def _read(name: str, number: str, rule: Rule) -> tuple[Numbered, str]:
    bad: dict[str, str] = {}
    found = None
    try:
        name = policy.normalise("name", name)
    except BadInput as error:
        bad["name"] = next(iter(error.fields.values()))
    try:
        found = _numbers.read(rule, number)
    except BadInput as error:
        bad |= error.fields
    if bad or found is None:
        raise BadInput(bad)
    return found, name


def _confirm(actor: Actor, kind: Kind, name: str, found: Numbered, key: UUID) -> Check:
    subject_id, purpose = _rows.who(actor), _values.PURPOSE[kind]
    ensure_lawful(BY_KIND[kind])
    with transaction.atomic(durable=True):
        known = _rows.replayed(subject_id, key, kind)
        if known is not None:
            return _rows.shown(known)
        if kind is Kind.AGE:
            _grown.ensure_closed(actor, subject_id)
        _values.ensure_free(actor, subject_id, found.text)
        row = _rows.begin(subject_id, kind, key=key, rule=found.rule)
        permit = gate.permit(
            actor,
            subject_id=subject_id,
            purpose=purpose,
            items=_values.NAMED,
            recipient=row.source,
        )
        typed = {"name": name, "document_number": found.text}
        _values.keep(permit, typed, _values.slot(row.id))
        parcel = sharing.pack(permit, _values.NAMED, slot=_values.slot(row.id))
        _rows.sent(row)
    return _ended(subject_id, row.id, _asking.named(parcel, key=row.id))


def check_phone(actor: Actor, *, phone: str, key: UUID) -> Check:
    """Have name, number and a phone confirmed by the telecoms; a yes makes the phone the person's.

    Raises `BadInput`, `NamedFirst`, `SourceLapsed`, `StillOpen`, `TooMany` or the gate's refusal.
    """
    verdict = _phone.asked(actor, phone=phone, key=key)
    if verdict is not None:
        return _ended(_rows.who(actor), key, verdict)
    with transaction.atomic():
        return _rows.shown(_rows.found(_rows.who(actor), key))


def check_face(actor: Actor, *, image: bytes, key: UUID) -> Check:
    """Have a picture of the face compared by the face service; it is kept nowhere here.

    Raises `BadPicture` before anything is begun.
    """
    picture = pictures.clean(image, edge_px_max=FACE_EDGE_PX_MAX)
    if len(picture.content) > FACE_BYTES_MAX:
        raise pictures.PictureTooLarge("face")
    passing = {"face_image": picture.content}
    items = ("face_image", *_values.NAMED)
    parcel = _asked(
        actor,
        Kind.FACE,
        key,
        items,
        lambda permit: sharing.pack(permit, _values.NAMED, passing_files=passing),
    )
    return _answered(actor, key, _asking.faced, parcel)


def _asked(
    actor: Actor,
    kind: Kind,
    key: UUID,
    items: tuple[str, ...],
    pack: Callable[[Permit], Parcel],
) -> Parcel | None:
    """Put a question about a named person on record with its parcel; None for a repeat."""
    subject_id = _rows.who(actor)
    ensure_lawful(BY_KIND[kind])
    with transaction.atomic(durable=True):
        if _rows.replayed(subject_id, key, kind) is not None:
            return None
        _rows.ensure(subject_id)
        row = _rows.begin(subject_id, kind, key=key)
        permit = gate.permit(
            actor,
            subject_id=subject_id,
            purpose=_values.PURPOSE[kind],
            items=items,
            recipient=row.source,
        )
        parcel = pack(permit)
        _rows.sent(row)
    return parcel


def _answered(actor: Actor, key: UUID, ask: Callable[..., Verdict], parcel: Parcel | None) -> Check:
    subject_id = _rows.who(actor)
    if parcel is not None:
        return _ended(subject_id, key, ask(parcel, key=key))
    with transaction.atomic():
        return _rows.shown(_rows.found(subject_id, key))


def begin_card(actor: Actor, *, card: str, phone: str, key: UUID) -> Check:
    """Ask the bank whether card, document, name and reserved phone belong together.

    If they do, the bank texts a code to that phone and the check waits for it (`started`).
    """
    subject_id = _rows.who(actor)
    typed = _read_card(card, phone)
    ensure_lawful(BY_KIND[Kind.CARD])
    with transaction.atomic(durable=True):
        known = _rows.replayed(subject_id, key, Kind.CARD)
        if known is not None:
            return _rows.shown(known)
        _rows.ensure(subject_id)
        row = _rows.begin(subject_id, Kind.CARD, key=key)
        place, items = _values.slot(row.id), (*_values.NAMED, *_values.CARD)
        permit = _card_permit(actor, row, items)
        _values.keep(permit, {**_values.plain(permit, _values.NAMED), **typed}, place)
        parcel = sharing.pack(permit, items, slot=place)
        _rows.sent(row)
    return _card_step(subject_id, row.id, *_asking.card_begun(parcel, key=row.id))


def confirm_card(actor: Actor, *, check_id: UUID, code: str) -> Check:
    """Hand the bank the code that the person got; it is kept nowhere here."""
    subject_id = _rows.who(actor)
    with transaction.atomic():
        # What is another's looks missing, whatever was typed.
        _rows.found(subject_id, check_id)
    try:
        code = policy.normalise("code", code)
    except BadInput as error:
        raise BadInput({"code": next(iter(error.fields.values()))}) from None
    ensure_lawful(BY_KIND[Kind.CARD])
    with transaction.atomic(durable=True):
        row = _rows.locked(subject_id, check_id)
        if row.kind != Kind.CARD.value or row.state != State.STARTED.value:
            raise ForbiddenCheckStep(row.state)
        permit = _card_permit(actor, row, ("sms_code",))
        parcel = sharing.pack(permit, (), passing={"sms_code": code})
        _rows.sent(row)
    return _card_step(subject_id, row.id, *_asking.card_confirmed(parcel, key=row.id))


def _read_card(card: str, phone: str) -> dict[str, str]:
    found: dict[str, str] = {}
    bad: dict[str, str] = {}
    for item, field, kind, text in (
        ("card_number", "card", "card", card),
        ("card_reserved_phone", "phone", "phone", phone),
    ):
        try:
            found[item] = policy.normalise(kind, text)
        except BadInput as error:
            bad[field] = next(iter(error.fields.values()))
    if bad:
        raise BadInput(bad)
    return found


def _card_permit(actor: Actor, row: CheckRow, items: tuple[str, ...]) -> Permit:
    return gate.permit(
        actor,
        subject_id=row.subject_id,
        purpose="identity.card_check",
        items=items,
        recipient=row.source,
    )


def _card_step(subject_id: UUID, check_id: UUID, verdict: Verdict, tries_left: int | None) -> Check:
    """Put a bank's answer down; a code that is out or was wrong gives the step back."""
    if verdict.state is not State.STARTED:
        return _ended(subject_id, check_id, verdict)
    with transaction.atomic(durable=True):
        row = _rows.locked(subject_id, check_id)
        back_to_person(row, tries_left)
        return _rows.shown(row)


def back_to_person(row: CheckRow, tries_left: int | None = None) -> None:
    """Let a card check wait for the person's code, for as long as a check may wait."""
    if State(row.state) not in (State.SENT, State.UNKNOWN):
        return
    row.tries_left = tries_left
    _rows.move(row, State.STARTED, Ground.NONE)
    _rows.sleep(row, Clock.RESUME)
    _rows.wake(row, Clock.ABANDON, clock.now() + _rows.STARTED_FOR)


def _ended(subject_id: UUID, check_id: UUID, verdict: Verdict) -> Check:
    with transaction.atomic(durable=True):
        settle(subject_id, check_id, verdict)
        return _rows.shown(_rows.locked(subject_id, check_id))
