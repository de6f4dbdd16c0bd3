"""Rows of the change card: found and held one by one, moved by the tables."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection

from xingnuo.kit import clock, jobs, points
from xingnuo.kit.db import session
from xingnuo.money.payments import actions as payments
from xingnuo.services.wallet_card._states import account_step, move_step
from xingnuo.services.wallet_card.contracts import (
    LIVE,
    OPEN,
    AccountShown,
    AccountState,
    MoveKind,
    MoveShown,
    MoveState,
    NoAccount,
)
from xingnuo.services.wallet_card.models import AccountRow, MoveRow, NumberRow
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Permit, Reason, Strength
from xingnuo.trust.policy.contracts import ActorKind

HOUSE = Actor(kind=ActorKind.SYSTEM, channel="worker", strength=Strength.SIGNED_IN)
QUEUE = "wallet_card"
ASK = "wallet_card.ask"
_LOOK_AFTER_SECONDS = 30
_SAVED = ["state", "reference", "code", "asked", "sent_at", "ended_at"]
LIVE_STATES = [state.value for state in LIVE]


def who(actor: Actor) -> UUID:
    """Give the person who acts for themselves, signed in, and set the subject."""
    if actor.kind is not ActorKind.SELF or actor.subject_id is None:
        raise GateRefusal(Reason.ACTOR_NOT_ALLOWED, purpose=OPEN, actor=actor)
    if actor.strength < Strength.SIGNED_IN:
        raise GateRefusal(Reason.TOO_WEAK, purpose=OPEN, actor=actor)
    session.set_subject(actor.subject_id)
    return actor.subject_id


def alone(subject_id: UUID) -> None:
    """Let nobody else work on this person's card until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"wallet_card:{subject_id}"]
        )


def keeping(subject_id: UUID) -> Permit:
    """Ask for the leave under which money is booked and its record kept (AML 34)."""
    return payments.keeping(subject_id)


def with_subject(permit: Permit) -> None:
    """Make the transaction see the permit's subject again after another was looked at."""
    session.set_subject(permit.subject_id, permit_id=permit.id)


def account_now(subject_id: UUID) -> AccountRow | None:
    """Give the person's account that lives, or else the newest one."""
    mine = AccountRow.objects.of(subject_id)
    living = [AccountState.OPENING.value, AccountState.OPEN.value]
    live: AccountRow | None = mine.filter(state__in=living).first()
    newest: AccountRow | None = mine.order_by("-id").first()
    return live or newest


def open_account(subject_id: UUID) -> AccountRow:
    """Give the person's open account, held; raises `NoAccount`."""
    mine = AccountRow.objects.of(subject_id).filter(state=AccountState.OPEN.value)
    row: AccountRow | None = mine.select_for_update(no_key=True).first()
    if row is None:
        raise NoAccount
    return row


def account_of(subject_id: UUID, account_id: UUID, *, hold: bool = False) -> AccountRow:
    """Give one account of a person; another's and a missing one look the same."""
    mine = AccountRow.objects.of(subject_id).filter(id=account_id)
    row: AccountRow | None = (mine.select_for_update(no_key=True) if hold else mine).first()
    if row is None:
        raise NoAccount
    return row


def move_of(subject_id: UUID, number: UUID, *, hold: bool = False) -> MoveRow:
    """Give one movement of a person; another's and a missing one look the same."""
    mine = MoveRow.objects.of(subject_id).filter(id=number)
    row: MoveRow | None = (mine.select_for_update(no_key=True) if hold else mine).first()
    if row is None:
        raise NoAccount
    return row


def write(account: AccountRow, *, number: UUID, kind: MoveKind, amount_fen: int) -> MoveRow:
    """Put a request on record with its number, before it goes anywhere."""
    now = clock.now()
    row: MoveRow = MoveRow.objects.create(
        id=number,
        subject_id=account.subject_id,
        account_id=account.id,
        kind=kind.value,
        state=MoveState.PREPARED.value,
        amount_fen=amount_fen,
        made_at=now,
    )
    at = now + timedelta(seconds=_LOOK_AFTER_SECONDS)
    NumberRow.objects.create(
        number=number,
        subject_id=account.subject_id,
        kind=kind.value,
        amount_fen=amount_fen,
        ask_at=at,
        made_at=now,
    )
    # Should this process die before it sends, the job finds a request that certainly never left.
    jobs.defer(ASK, queue=QUEUE, at=at, subject_id=account.subject_id, number=number)
    return row


def move(row: MoveRow, to: MoveState) -> None:
    """Move a request by the table; one that is over is asked about no more."""
    row.state = move_step(MoveState(row.state), to).value
    if to is MoveState.SENT:
        row.sent_at = clock.now()
    if to not in LIVE:
        row.ended_at = clock.now()
    row.save(update_fields=_SAVED)


def close_number(row: MoveRow, *, done_on: date | None = None) -> None:
    """Take a number off the queue of what is asked about; what was done has its day."""
    NumberRow.objects.filter(number=row.id).update(is_open=False, ask_at=None, done_on=done_on)


def day_of(at: datetime | None) -> date:
    """Give the Beijing day of an instant, or today."""
    return clock.beijing(at or clock.now()).date()


def move_account(row: AccountRow, to: AccountState) -> None:
    """Move an account by the table."""
    row.state = account_step(AccountState(row.state), to).value
    row.save()


def ask_again(row: MoveRow) -> None:
    """Note the next time at which an unknown is asked about; no count ever ends it."""
    at = clock.now() + jobs.ask_after(row.asked)
    row.asked += 1
    row.save(update_fields=["asked"])
    NumberRow.objects.filter(number=row.id).update(ask_at=at)
    jobs.defer(ASK, queue=QUEUE, at=at, subject_id=row.subject_id, number=row.id)


def pause(point: str) -> None:
    """Stand at a named point of this room, where a drill may end the process."""
    points.pause(f"wallet_card.{point}")


def account_shown(row: AccountRow) -> AccountShown:
    """Give an account as it leaves the room, without the bank's token."""
    return AccountShown(
        id=row.id,
        state=AccountState(row.state),
        card_id=row.card_id,
        code=row.code,
        made_at=row.made_at,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        fetched_at=row.fetched_at,
    )


def move_shown(row: MoveRow) -> MoveShown:
    """Give a movement as it leaves the room."""
    return MoveShown(
        id=row.id,
        account_id=row.account_id,
        kind=MoveKind(row.kind),
        state=MoveState(row.state),
        amount_fen=row.amount_fen,
        code=row.code,
        made_at=row.made_at,
        ended_at=row.ended_at,
    )
