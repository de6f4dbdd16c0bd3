"""Checking a card at its bank in steps: on record with its parcel, asked, put down.

No step calls out inside a transaction. Whoever dies between two steps leaves a state from which
`resume_card` goes on; the key of a check is its id, so the bank does nothing twice.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock, jobs
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput, Conflict
from xingnuo.money.payments import _cards_rows as rows
from xingnuo.money.payments._cards_dated import value
from xingnuo.money.payments._cards_rows import BIND, CARD, HOUSE
from xingnuo.money.payments._cards_settle import settle
from xingnuo.money.payments.contracts import (
    Aim,
    CardScreened,
    CardTaken,
    CheckGround,
    CheckShown,
    CheckState,
    ForbiddenCardStep,
)
from xingnuo.money.payments.models import CheckRow
from xingnuo.partners.bank import client as bank
from xingnuo.partners.bank.contracts import RECIPIENT, Answer, Outcome
from xingnuo.people.accounts.contracts import NeedsReverify
from xingnuo.people.antifraud import actions as antifraud
from xingnuo.people.antifraud import queries as risk
from xingnuo.people.antifraud.contracts import Decision, Event, EventKind, Verdict
from xingnuo.people.antifraud.contracts import Outcome as Risk
from xingnuo.people.identity import actions as identity
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor, Permit, Strength
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.sharing import actions as sharing
from xingnuo.trust.sharing.contracts import Parcel

QUEUE = "payments"
RESUME, LAPSE = "payments.resume_card", "payments.lapse_card"
# A call takes seconds; what is not settled by then lost its process and is taken up by a job.
SETTLE_SECONDS = 60
PURPOSES = {Aim.BIND: BIND, Aim.RESET: "payments.reset_password"}
NAMED = ("name", "document_number")
_TAKEN = "vault_lookup_taken"
_LOST = (CheckState.ASKING, CheckState.CONFIRMING, CheckState.UNKNOWN)


def begin_card(
    actor: Actor, *, number: str, phone: str, key: UUID, device: str = "", address: str = ""
) -> CheckShown:
    """Ask the bank whether card, document, name and reserved phone are one person's.

    If they are, the bank texts a code to that phone and the check waits for it (`code`). Opens its
    own transactions; safe to repeat with its key. Raises `BadInput` by field, `CardKnown`,
    `CardTaken`, `TooManyCards`, `TooMany`, `CardScreened`, `NeedsReverify`, or the gate's refusal.
    `device` and `address` are the door's own signals for the check of unusual acts, kept nowhere.
    """
    typed = _read(number, phone)
    identity.ensure_lawful(RECIPIENT)
    with transaction.atomic(durable=True):
        subject_id = rows.who(actor)
        rows.alone(subject_id, "cards")
        known = rows.replayed(subject_id, key, Aim.BIND)
        if known is not None:
            return _same(known, typed)
        digest = rows.digest_of(subject_id, typed["card_number"])
        rows.ensure_tries(subject_id, Aim.BIND)
        rows.ensure_place(subject_id, digest)
        # Asked before anything is looked at: without leave to bind, nothing is screened either.
        _permit(actor, subject_id, Aim.BIND)
        event = Event(
            kind=EventKind.BIND_CARD, card=typed["card_number"], phone=typed["card_reserved_phone"],
            device=device, address=address, ref=key,
        )  # fmt: skip
        decision = antifraud.screen(actor, subject_id=subject_id, event=event)
        session.set_subject(subject_id)
        parcel, stopped = _put_down(
            actor, subject_id, key=key, digest=digest, typed=typed, decision=decision
        )
    if stopped is not None:
        raise stopped
    if parcel is None:
        return _read_again(subject_id, key)
    return _told(subject_id, key, bank.begin(parcel, key=str(key)))


def _put_down(
    actor: Actor,
    subject_id: UUID,
    *,
    key: UUID,
    digest: str,
    typed: dict[str, str],
    decision: Decision,
) -> tuple[Parcel | None, Exception | None]:
    """Write the check as the screening has it; a refusal is told after the commit."""
    if decision.outcome is Risk.REFUSE:
        return None, CardScreened()
    if decision.outcome is Risk.STEP_UP and actor.strength < Strength.REVERIFIED:
        return None, NeedsReverify()
    waits = decision.outcome is Risk.REVIEW
    row = CheckRow.objects.create(
        id=key,
        subject_id=subject_id,
        aim=Aim.BIND.value,
        state=(CheckState.REVIEWING if waits else CheckState.ASKING).value,
        number_digest=digest,
        decision_id=decision.id,
        began_at=clock.now(),
    )
    permit = _permit(actor, subject_id, Aim.BIND)
    _keep(permit, typed, rows.slot(key))
    parcel = None if waits else _packed(permit, row)
    session.set_subject(subject_id)
    wait = value("cards.code_waits") * 3600 if waits else SETTLE_SECONDS
    _later(LAPSE if waits else RESUME, row, wait)
    return parcel, None


def _keep(permit: Permit, typed: dict[str, str], place: str) -> None:
    try:
        gate.collect(permit, typed, slot=place)
    except Conflict as taken:
        if taken.code != _TAKEN:
            raise
        raise CardTaken from None


def _same(known: CheckRow, typed: dict[str, str]) -> CheckShown:
    digest = rows.digest_of(known.subject_id, typed["card_number"])
    if known.number_digest and known.number_digest != digest:
        raise Conflict("key")
    return rows.shown(known)


def confirm_card(actor: Actor, *, check_id: UUID, code: str) -> CheckShown:
    """Hand the bank the code that the person got; it is kept nowhere here. Own transactions.

    Raises `BadInput` for what is no code, `ForbiddenCardStep` where none is waited for.
    """
    with transaction.atomic():
        rows.found(rows.who(actor), check_id)
    try:
        code = policy.normalise("code", code)
    except BadInput as error:
        raise BadInput({"code": next(iter(error.fields.values()))}) from None
    identity.ensure_lawful(RECIPIENT)
    with transaction.atomic(durable=True):
        subject_id = rows.who(actor)
        row = rows.locked(subject_id, check_id)
        if row.state != CheckState.CODE.value:
            raise ForbiddenCardStep(row.state)
        permit = gate.permit(
            actor,
            subject_id=subject_id,
            purpose=PURPOSES[Aim(row.aim)],
            items=("sms_code",),
            recipient=RECIPIENT,
        )
        parcel = sharing.pack(permit, (), passing={"sms_code": code})
        session.set_subject(subject_id)
        rows.move(row, CheckState.CONFIRMING)
        _later(RESUME, row, SETTLE_SECONDS)
    return _told(subject_id, check_id, bank.confirm(parcel, key=str(check_id)))


def ask_by_card(actor: Actor, *, card_id: UUID, key: UUID) -> CheckShown:
    """Let a person prove themselves by a card of theirs: four elements again, and a new code."""
    identity.ensure_lawful(RECIPIENT)
    with transaction.atomic(durable=True):
        subject_id = rows.who(actor)
        rows.alone(subject_id, "cards")
        known = rows.replayed(subject_id, key, Aim.RESET)
        if known is not None:
            return rows.shown(known)
        rows.bound(subject_id, card_id)
        rows.ensure_tries(subject_id, Aim.RESET)
        row = CheckRow.objects.create(
            id=key,
            subject_id=subject_id,
            aim=Aim.RESET.value,
            state=CheckState.ASKING.value,
            card_id=card_id,
            began_at=clock.now(),
        )
        parcel = _packed(_permit(actor, subject_id, Aim.RESET), row)
        session.set_subject(subject_id)
        _later(RESUME, row, SETTLE_SECONDS)
    return _told(subject_id, key, bank.begin(parcel, key=str(key)))


def resume_card(*, subject_id: UUID, check_id: UUID) -> CheckState:
    """Go on with a check whose answer is not known, or that a person of ours looked at.

    Own transactions. What the bank does not know stays unknown; only its word ends it.
    """
    with transaction.atomic(durable=True):
        row = rows.locked(subject_id, check_id)
        state = CheckState(row.state)
        if state is CheckState.REVIEWING:
            return _reviewed(row)
    if state not in _LOST:
        return state
    answer = bank.status(str(check_id))
    if answer.outcome is Outcome.NOT_KNOWN:
        # The question never arrived: the same key again asks, and texts nothing twice.
        answer = _asked_again(subject_id, check_id)
    return _told(subject_id, check_id, answer).state


def _reviewed(row: CheckRow) -> CheckState:
    assert row.decision_id is not None, "a review without its decision"
    found = risk.verdict(row.subject_id, row.decision_id)
    session.set_subject(row.subject_id)
    if found is Verdict.DECLINED:
        rows.move(row, CheckState.REFUSED, CheckGround.SCREENED)
        rows.drop_typed(row)
    elif found is Verdict.APPROVED:
        rows.move(row, CheckState.ASKING)
        _later(RESUME, row, 0)
    return CheckState(row.state)


def _asked_again(subject_id: UUID, check_id: UUID) -> Answer:
    with transaction.atomic(durable=True):
        row = rows.locked(subject_id, check_id)
        parcel = _packed(_permit(HOUSE, subject_id, Aim(row.aim)), row)
    return bank.begin(parcel, key=str(check_id))


def give_up_card(actor: Actor, *, check_id: UUID) -> CheckShown:
    """Give a check up that waits for the person or for ours; what was typed is deleted."""
    row = rows.locked(rows.who(actor), check_id)
    rows.move(row, CheckState.LAPSED, CheckGround.GIVEN_UP)
    rows.drop_typed(row)
    return rows.shown(row)


def lapse_card(*, subject_id: UUID, check_id: UUID) -> CheckState:
    """End a check that nobody went on with for a day; one that went on is left alone."""
    row = rows.locked(subject_id, check_id)
    if CheckState(row.state) in (CheckState.CODE, CheckState.REVIEWING):
        rows.move(row, CheckState.LAPSED, CheckGround.GIVEN_UP)
        rows.drop_typed(row)
    return CheckState(row.state)


def _told(subject_id: UUID, check_id: UUID, answer: Answer) -> CheckShown:
    with transaction.atomic(durable=True):
        row = settle(subject_id, check_id, answer)
        state = CheckState(row.state)
        if state is CheckState.UNKNOWN:
            age = int((clock.now() - row.began_at).total_seconds())
            _later(RESUME, row, max(SETTLE_SECONDS, min(age, rows.DAY_SECONDS)))
        elif state is CheckState.CODE:
            _later(LAPSE, row, value("cards.code_waits") * 3600)
        return rows.shown(row)


def _read_again(subject_id: UUID, check_id: UUID) -> CheckShown:
    with transaction.atomic():
        return rows.shown(rows.found(subject_id, check_id))


def _later(name: str, row: CheckRow, seconds: int) -> None:
    at = clock.now() + timedelta(seconds=seconds) if seconds else None
    jobs.defer(name, queue=QUEUE, at=at, subject_id=row.subject_id, check_id=row.id)


def _permit(actor: Actor, subject_id: UUID, aim: Aim) -> Permit:
    return gate.permit(
        actor,
        subject_id=subject_id,
        purpose=PURPOSES[aim],
        items=(*NAMED, *CARD),
        recipient=RECIPIENT,
    )


def _packed(permit: Permit, row: CheckRow) -> Parcel:
    place = rows.slot(row.card_id or row.id)
    return sharing.pack(permit, (*NAMED, *CARD), slots=dict.fromkeys(CARD, place))


def _read(number: str, phone: str) -> dict[str, str]:
    found: dict[str, str] = {}
    bad: dict[str, str] = {}
    for item, field, kind, text in (
        ("card_number", "card", "card", number),
        ("card_reserved_phone", "phone", "phone", phone),
    ):
        try:
            found[item] = policy.normalise(kind, text)
        except BadInput as error:
            bad[field] = next(iter(error.fields.values()))
    if bad:
        raise BadInput(bad)
    return found
