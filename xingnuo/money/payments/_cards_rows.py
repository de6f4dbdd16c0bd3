"""Rows of checks and cards: begun once by a key, moved by the tables of steps, held one by one."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import connection

from xingnuo.kit import clock
from xingnuo.kit.db import session
from xingnuo.kit.errors import Conflict, TooMany
from xingnuo.kit.keyed import Keyed
from xingnuo.money.payments._cards_dated import value
from xingnuo.money.payments._cards_states import check_step
from xingnuo.money.payments.contracts import (
    OPEN_CHECKS,
    Aim,
    CardKnown,
    CardState,
    CheckGround,
    CheckShown,
    CheckState,
    NoSuchCard,
    TooManyCards,
)
from xingnuo.money.payments.models import CardRow, CheckRow
from xingnuo.people.accounts.contracts import NeedsReverify
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Reason, Strength
from xingnuo.trust.policy.contracts import ActorKind

HOUSE = Actor(kind=ActorKind.SYSTEM, channel="worker", strength=Strength.SIGNED_IN)
BIND = "payments.bind_card"
CARD = ("card_number", "card_reserved_phone")
DAY_SECONDS = 86_400
OPEN = tuple(state.value for state in OPEN_CHECKS)
# The person's own step: a new beginning gives these up. The others wait for somebody's answer.
_THEIRS = (CheckState.CODE.value, CheckState.REVIEWING.value)
keyed = Keyed("payments")


def who(actor: Actor) -> UUID:
    """Give the person who acts for themselves, signed in, and set the subject."""
    if actor.kind is not ActorKind.SELF or actor.subject_id is None:
        raise GateRefusal(Reason.ACTOR_NOT_ALLOWED, purpose=BIND, actor=actor)
    if actor.strength < Strength.SIGNED_IN:
        raise GateRefusal(Reason.TOO_WEAK, purpose=BIND, actor=actor)
    session.set_subject(actor.subject_id)
    return actor.subject_id


def proved(actor: Actor) -> UUID:
    """Give the person who acts, proved within the last minutes; raises `NeedsReverify`."""
    subject_id = who(actor)
    if actor.strength < Strength.REVERIFIED:
        raise NeedsReverify
    return subject_id


def alone(subject_id: UUID, about: str) -> None:
    """Let nobody else do the same with this person until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"payments.{about}:{subject_id}"],
        )


def slot(check_id: UUID) -> str:
    """Give the place of a card's number and phone in the vault."""
    return str(check_id)


def digest_of(subject_id: UUID, number: str) -> str:
    """Give the keyed digest by which a person's own cards are told apart; nobody else's."""
    return keyed("card", subject_id, number)


def replayed(subject_id: UUID, key: UUID, aim: Aim) -> CheckRow | None:
    """Give the check that a key began before, so that a repeat begins nothing."""
    row: CheckRow | None = CheckRow.objects.of(subject_id).filter(id=key).first()
    if row is not None and row.aim != aim.value:
        raise Conflict("key")
    return row


def ensure_tries(subject_id: UUID, aim: Aim) -> None:
    """Refuse more checks in a day than are allowed; what waited for the person is given up."""
    rows = CheckRow.objects.of(subject_id).filter(aim=aim.value)
    for old in rows.filter(state__in=_THEIRS).select_for_update():
        move(old, CheckState.LAPSED, CheckGround.GIVEN_UP)
        drop_typed(old)
    session.set_subject(subject_id)
    since = clock.now() - timedelta(seconds=DAY_SECONDS)
    if rows.filter(began_at__gt=since).count() >= value("cards.tries_per_day"):
        raise TooMany(
            "card", retry_after_seconds=DAY_SECONDS, message="今天核对银行卡的次数已用完。"
        )


def ensure_place(subject_id: UUID, digest: str) -> None:
    """Refuse a card that is bound or being asked about, and one more than fit."""
    bound = CardRow.objects.of(subject_id).filter(state=CardState.BOUND.value)
    open_ones = CheckRow.objects.of(subject_id).filter(aim=Aim.BIND.value, state__in=OPEN)
    if bound.filter(number_digest=digest).exists():
        raise CardKnown("bound")
    if open_ones.filter(number_digest=digest).exists():
        raise CardKnown("open")
    if bound.count() + open_ones.count() >= value("cards.most"):
        raise TooManyCards


def move(row: CheckRow, to: CheckState, ground: CheckGround = CheckGround.NONE) -> None:
    """Move a check by the table of steps; an end has its time, and keeps no digest."""
    row.state, row.ground = check_step(CheckState(row.state), to).value, ground.value
    if to not in OPEN_CHECKS:
        row.ended_at = clock.now()
        row.number_digest = ""
    row.save(
        update_fields=[
            "state", "ground", "ended_at", "number_digest", "tries_left", "reference", "card_id",
        ]
    )  # fmt: skip


def drop_typed(row: CheckRow) -> None:
    """Drop what was typed for a card that was not bound; deleting is a duty in every state."""
    if row.aim == Aim.BIND.value:
        drop(row.subject_id, row.id)


def drop(subject_id: UUID, card_id: UUID) -> None:
    """Drop a card's number and phone from the vault, and their look-up."""
    permit = gate.permit(HOUSE, subject_id=subject_id, purpose="payments.discard", items=CARD)
    gate.drop(permit, CARD, slot=slot(card_id))
    session.set_subject(subject_id)


def locked(subject_id: UUID, check_id: UUID) -> CheckRow:
    """Give a person's check, held; another's and a missing one look the same."""
    session.set_subject(subject_id)
    row: CheckRow | None = (
        CheckRow.objects.of(subject_id).filter(id=check_id).select_for_update().first()
    )
    if row is None:
        raise NoSuchCard
    return row


def found(subject_id: UUID, check_id: UUID) -> CheckRow:
    """Give a person's check to read; another's and a missing one look the same."""
    session.set_subject(subject_id)
    row: CheckRow | None = CheckRow.objects.of(subject_id).filter(id=check_id).first()
    if row is None:
        raise NoSuchCard
    return row


def bound(subject_id: UUID, card_id: UUID, *, hold: bool = False) -> CardRow:
    """Give a person's bound card; another's, an unbound and a missing one look the same."""
    rows = CardRow.objects.of(subject_id).filter(id=card_id, state=CardState.BOUND.value)
    row: CardRow | None = (rows.select_for_update() if hold else rows).first()
    if row is None:
        raise NoSuchCard
    return row


def shown(row: CheckRow) -> CheckShown:
    """Give a check as it leaves the room."""
    return CheckShown(
        id=row.id,
        aim=Aim(row.aim),
        state=CheckState(row.state),
        ground=CheckGround(row.ground),
        tries_left=row.tries_left,
        card_id=row.card_id,
        began_at=row.began_at,
        ended_at=row.ended_at,
    )
