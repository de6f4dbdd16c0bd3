"""Auto-debit agreements: drafted, signed by a confirmation, stopped in one step."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from xingnuo.kit import clock, jobs
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput, Conflict
from xingnuo.money.payments import _cards_rows as rows
from xingnuo.money.payments._cards_dated import value
from xingnuo.money.payments._cards_states import agreement_step, debit_step
from xingnuo.money.payments._confirm_acts import use_confirmation
from xingnuo.money.payments.contracts import (
    AGREEMENT_ACT,
    PAYEES,
    Act,
    AgreementKind,
    AgreementShown,
    AgreementState,
    DebitShown,
    DebitState,
    NoSuchAgreement,
)
from xingnuo.money.payments.models import AgreementRow, DebitRow
from xingnuo.people.notices import actions as notices
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor
from xingnuo.trust.policy import queries as policy

PURPOSE = "payments.auto_debit"
ITEMS = ("name", "card_number", "card_reserved_phone", "document_number")
RECIPIENT = "settlement_bank"
LISTED_MAX = 50
END = "payments.end_agreement"
_LIVE = AgreementState.ACTIVE.value


def draft_agreement(
    actor: Actor,
    *,
    kind: AgreementKind,
    card_id: UUID,
    limit_fen: int,
    month_limit_fen: int,
    until: date,
    key: UUID,
) -> AgreementShown:
    """Write an agreement down that the person has not signed yet; nothing is debited by it.

    Its own consent must stand. The same key gives the same draft. Raises `BadInput` by field.
    """
    subject_id = rows.who(actor)
    rows.alone(subject_id, "agreements")
    # Asked of the bank too: what is signed here is what it will carry out.
    gate.permit(actor, subject_id=subject_id, purpose=PURPOSE, items=ITEMS, recipient=RECIPIENT)
    session.set_subject(subject_id)
    told = {
        "kind": kind.value, "card_id": card_id, "limit_fen": limit_fen,
        "month_limit_fen": month_limit_fen, "until": until,
    }  # fmt: skip
    known = AgreementRow.objects.of(subject_id).filter(id=key).first()
    if known is not None:
        if any(getattr(known, name) != given for name, given in told.items()):
            raise Conflict("key")
        return shown(known)
    _check(limit_fen, month_limit_fen, until)
    rows.bound(subject_id, card_id)
    _end_over(subject_id)
    _none_signed(subject_id, kind)
    row = AgreementRow.objects.create(
        id=key,
        subject_id=subject_id,
        payee=PAYEES[kind],
        state=AgreementState.DRAFT.value,
        made_at=clock.now(),
        **told,
    )
    return shown(row)


def _none_signed(subject_id: UUID, kind: AgreementKind) -> None:
    # Told in words here; the unique key of a live agreement decides.
    if AgreementRow.objects.of(subject_id).filter(kind=kind.value, state=_LIVE).exists():
        raise BadInput({"kind": "这一项已经签过自动扣款，想改请先停掉"})


def _check(limit_fen: int, month_limit_fen: int, until: date) -> None:
    bad: dict[str, str] = {}
    most = value("debit.limit_most")
    if not 0 < limit_fen <= most:
        bad["limit"] = f"每笔上限请填 0.01 到 {most // 100} 元"
    if not limit_fen <= month_limit_fen <= most * 12:
        bad["month_limit"] = "每月上限不能小于每笔上限"
    last = clock.today() + timedelta(days=value("debit.until_most"))
    if not clock.today() < until <= last:
        bad["until"] = f"请选明天到 {last:%Y-%m-%d} 之间的日期"
    if bad:
        raise BadInput(bad)


def act_of(agreement: AgreementShown) -> Act:
    """Give what is confirmed when an agreement is signed: its limit for one debit, its payee."""
    return Act(
        kind=AGREEMENT_ACT,
        amount_fen=agreement.limit_fen,
        payee=agreement.payee,
        ref=agreement.id,
    )


def sign_agreement(actor: Actor, *, agreement_id: UUID, confirmation_id: UUID) -> AgreementShown:
    """Sign a draft by the payer's yes to its limit and payee, in the caller's transaction."""
    subject_id = rows.who(actor)
    rows.alone(subject_id, "agreements")
    row = found(subject_id, agreement_id, hold=True)
    if row.state == _LIVE and row.confirmation_id == confirmation_id:
        return shown(row)
    to = agreement_step(AgreementState(row.state), AgreementState.ACTIVE)
    rows.bound(subject_id, row.card_id, hold=True)
    _check(row.limit_fen, row.month_limit_fen, row.until)
    permit = gate.permit(actor, subject_id=subject_id, purpose=PURPOSE, items=ITEMS)
    session.set_subject(subject_id)
    use_confirmation(permit, confirmation_id, act_of(shown(row)))
    mine = AgreementRow.objects.of(subject_id)
    if mine.filter(kind=row.kind, state=_LIVE).exists():
        raise BadInput({"kind": "这一项已经签过自动扣款，想改请先停掉"})
    row.state, row.signed_at, row.confirmation_id = to.value, clock.now(), confirmation_id
    row.save(update_fields=["state", "signed_at", "confirmation_id"])
    notices.tell(subject_id, "debit_signed", key=f"signed.{row.id}")
    _record(actor, row, "agreement.signed")
    return shown(row)


def cancel_agreement(actor: Actor, *, agreement_id: UUID) -> None:
    """Stop an agreement now: one step, no password; what has not begun is not debited."""
    subject_id = rows.who(actor)
    rows.alone(subject_id, "agreements")
    row = found(subject_id, agreement_id, hold=True)
    cancel(row)
    _record(actor, row, "agreement.cancelled")


def cancel(row: AgreementRow) -> None:
    """End an agreement, and every debit of it that has not begun."""
    was_live = row.state == _LIVE
    row.state = agreement_step(AgreementState(row.state), AgreementState.CANCELLED).value
    row.cancelled_at = clock.now()
    row.save(update_fields=["state", "cancelled_at"])
    end_debits(row)
    if was_live:
        _end_at_bank(row)
        notices.tell(row.subject_id, "debit_cancelled", key=f"cancelled.{row.id}")
        session.set_subject(row.subject_id)


def _end_over(subject_id: UUID) -> None:
    """End the agreements whose last day is over, so that a new one has its place."""
    mine = AgreementRow.objects.of(subject_id).filter(state=_LIVE, until__lt=clock.today())
    for row in mine.select_for_update():
        row.state = agreement_step(AgreementState.ACTIVE, AgreementState.ENDED).value
        row.save(update_fields=["state"])
        end_debits(row)
        _end_at_bank(row)


def _end_at_bank(row: AgreementRow) -> None:
    jobs.defer(END, queue="payments", subject_id=row.subject_id, agreement_id=row.id)


def end_debits(row: AgreementRow) -> None:
    """Take back the debits of an agreement whose money has not begun to move."""
    waiting = DebitRow.objects.of(row.subject_id).filter(
        agreement_id=row.id, state__in=[DebitState.NOTICED.value, DebitState.WAITING.value]
    )
    for debit in waiting.select_for_update():
        debit.state = debit_step(DebitState(debit.state), DebitState.CANCELLED).value
        debit.ended_at, debit.next_on = clock.now(), None
        debit.save(update_fields=["state", "ended_at", "next_on"])


def live_on(subject_id: UUID, card_id: UUID, *, hold: bool = False) -> list[AgreementRow]:
    """Give the live agreements that debit a card."""
    mine = AgreementRow.objects.of(subject_id).filter(card_id=card_id, state=_LIVE)
    return list(mine.select_for_update() if hold else mine)


def unsettled_on(subject_id: UUID, card_id: UUID) -> str:
    """Say that a debit by a card is under way, or nothing."""
    using = AgreementRow.objects.of(subject_id).filter(card_id=card_id).values_list("id", flat=True)
    moving = DebitRow.objects.of(subject_id).filter(
        agreement_id__in=list(using), state=DebitState.TRYING.value
    )
    return "有一笔自动扣款还没有结果，等有了结果再解绑。" if moving.exists() else ""


def found(subject_id: UUID, agreement_id: UUID, *, hold: bool = False) -> AgreementRow:
    """Give a person's agreement; another's and a missing one look the same."""
    mine = AgreementRow.objects.of(subject_id).filter(id=agreement_id)
    row: AgreementRow | None = (mine.select_for_update() if hold else mine).first()
    if row is None:
        raise NoSuchAgreement
    return row


def agreements(actor: Actor) -> tuple[AgreementShown, ...]:
    """Give the person's agreements: live ones first, then those that are over; no drafts."""
    mine = AgreementRow.objects.of(rows.who(actor)).exclude(state=AgreementState.DRAFT.value)
    listed = sorted(mine.order_by("-signed_at")[:LISTED_MAX], key=lambda one: one.state != _LIVE)
    return tuple(map(shown, listed))


def agreement(actor: Actor, *, agreement_id: UUID) -> AgreementShown:
    """Give one of the person's agreements, a draft too."""
    return shown(found(rows.who(actor), agreement_id))


def debits(actor: Actor, *, agreement_id: UUID) -> tuple[DebitShown, ...]:
    """Give the debits under an agreement, newest first."""
    subject_id = rows.who(actor)
    found(subject_id, agreement_id)
    mine = DebitRow.objects.of(subject_id).filter(agreement_id=agreement_id)
    return tuple(
        DebitShown(
            id=row.id,
            amount_fen=row.amount_fen,
            due_on=row.due_on,
            state=DebitState(row.state),
            tries=row.tries,
            next_on=row.next_on,
        )
        for row in mine.order_by("-due_on", "-id")[:LISTED_MAX]
    )


def shown(row: AgreementRow) -> AgreementShown:
    """Give an agreement as it leaves the room; one whose last day is over is shown as ended."""
    state = AgreementState(row.state)
    if state is AgreementState.ACTIVE and row.until < clock.today():
        state = AgreementState.ENDED
    return AgreementShown(
        id=row.id,
        kind=AgreementKind(row.kind),
        payee=row.payee,
        payee_name=payee_name(row.payee),
        card_id=row.card_id,
        limit_fen=row.limit_fen,
        month_limit_fen=row.month_limit_fen,
        until=row.until,
        state=state,
        made_at=row.made_at,
        signed_at=row.signed_at,
        cancelled_at=row.cancelled_at,
    )


def payee_name(payee: str) -> str:
    """Give the company behind a payee's id, as the policy in force names it."""
    known = policy.in_force().controllers.get(payee)
    return known.name if known is not None else payee


def _record(actor: Actor, row: AgreementRow, reason: str) -> None:
    gate.record(actor, subject_id=row.subject_id, kind=Kind.STATE, reason=reason, ref=row.id)
