"""What goes on by itself: unknowns are asked about, old orders closed at their channel, notices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from xingnuo.kit import clock, ids, jobs
from xingnuo.kit.db import session
from xingnuo.money.payments import _core_cases as cases
from xingnuo.money.payments import _core_pay as paying
from xingnuo.money.payments import _core_proof as proofs
from xingnuo.money.payments import _core_rails as rails
from xingnuo.money.payments import _core_refunds as refunds
from xingnuo.money.payments import _core_rows as rows
from xingnuo.money.payments._core_contracts import (
    LIVE_ATTEMPTS,
    AttemptState,
    NoSuchPayment,
    Rail,
)
from xingnuo.money.payments._core_models import AttemptRow, InboxRow, NumberRow
from xingnuo.money.payments._core_rails import Finding, Proof, Source
from xingnuo.partners.channel import client as channel
from xingnuo.partners.channel.contracts import Kind, Notice, Style
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import GateRefusal

GRACE = timedelta(minutes=1)  # after an order's end, before its channel is asked to close it
OLD = timedelta(hours=1)  # an unknown of this age is shown to a person
ASKED_AT_ONCE_MAX = 200
CLOSES = (Rail.ALIPAY.value, Rail.WECHAT.value)  # the others have no such question


def ask(*, subject_id: UUID, number: UUID) -> None:
    """Ask what became of a number that is still open; its own transactions, safe to repeat."""
    known = _number(number)
    if known is None or not known.is_open:
        return
    if known.kind == "refund":
        refunds.ask(subject_id=subject_id, refund_id=number)
        return
    with transaction.atomic():
        session.set_subject(subject_id)
        attempt = rows.attempt_of(subject_id, number)
    state = AttemptState(attempt.state)
    if state not in LIVE_ATTEMPTS:
        return
    if state is AttemptState.PREPARED:
        paying.unsent(subject_id=subject_id, number=number)
        return
    proof = rails.query(attempt)
    undecided = proof.finding in (Finding.OPEN, Finding.NOT_FOUND, Finding.UNKNOWN)
    if undecided and attempt.rail in CLOSES and clock.now() > attempt.expires_at + GRACE:
        proof = _closed(attempt)
    if proof.finding is Finding.UNKNOWN and attempt.rail == Rail.BANK.value:
        try:
            proof = paying.again(attempt)
        except GateRefusal as refusal:
            gate.refused(refusal)  # the leave is gone: nothing more is sent, the question stays
    proofs.apply_proof(proof)
    _age(attempt)


def _closed(attempt: AttemptRow) -> Proof:
    """Rule 5: ask the channel to close the order; only its yes is proof that nothing will come."""
    with transaction.atomic(durable=True):
        session.set_subject(attempt.subject_id)
        rows.found(attempt.subject_id, attempt.payment_id, hold=True)
        held = rows.attempt_of(attempt.subject_id, attempt.id, hold=True)
        if held.state == AttemptState.UNKNOWN.value:
            rows.move_attempt(held, AttemptState.CLOSING)
    return rails.close(attempt)


def _age(attempt: AttemptRow) -> None:
    with transaction.atomic():
        session.set_subject(attempt.subject_id)
        now = rows.attempt_of(attempt.subject_id, attempt.id)
        old = clock.now() - attempt.made_at > OLD
        if old and AttemptState(now.state) in LIVE_ATTEMPTS:
            cases.open_case(cases.Kind.UNKNOWN_OLD, now, ours=now.amount_fen, theirs=None)


def _number(number: UUID) -> NumberRow | None:
    found: NumberRow | None = NumberRow.objects.filter(number=number).first()
    return found


def ask_due() -> int:
    """Ask about every open number whose time has come and whose job was lost; gives how many."""
    late = clock.now() - timedelta(seconds=30)
    due = NumberRow.objects.filter(is_open=True, ask_at__lt=late).order_by("ask_at")
    found = list(due.values_list("subject_id", "number")[:ASKED_AT_ONCE_MAX])
    return jobs.one_by_one(found, _ask_now)


def _ask_now(subject_id: UUID, number: UUID) -> None:
    later = clock.now() + timedelta(minutes=5)
    NumberRow.objects.filter(number=number).update(ask_at=later)
    ask(subject_id=subject_id, number=number)


def channel_notice(
    style: str, *, headers: Mapping[str, str], body: bytes
) -> tuple[int, bytes, str]:
    """Take a channel's notice and give what it wants to hear; its own transactions.

    The answer is made after the commit. A notice of a number that is nobody's is not taken, so
    that the channel comes again. Raises `NotAuthentic`.
    """
    way = Style(style)
    notice = channel.receive(way, headers, body)
    number = _number(_as_number(notice))
    if number is None or number.rail != way.value:
        return channel.answer(way, taken=False)
    answer = rails.of_channel(number.subject_id, number.number, notice.answer, Source.NOTICE)
    if notice.kind is Kind.REFUND:
        proofs.apply_refund_proof(answer)
    else:
        proofs.apply_proof(answer)
    _taken(way, notice, body)
    return channel.answer(way, taken=True)


def _as_number(notice: Notice) -> UUID:
    text = notice.refund_no if notice.kind is Kind.REFUND else notice.order_no
    try:
        return UUID(hex=text)
    except ValueError:
        raise NoSuchPayment from None


def _taken(style: Style, notice: Notice, body: bytes) -> None:
    # Written after the proof, which is safe to repeat: a crash between loses nothing.
    try:
        with transaction.atomic():
            InboxRow.objects.create(
                rail=style.value,
                event_id=notice.id[:64],
                body_sha256=ids.digest(body),
                at=clock.now(),
            )
    except IntegrityError:
        return


def send_refund(*, subject_id: UUID, refund_id: UUID) -> None:
    """Send a refund that is prepared; its own transactions."""
    refunds.send(subject_id=subject_id, refund_id=refund_id)
