"""Rows of checks: begun once by a key, moved by the table of steps, woken by clocks."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from xingnuo.kit import clock
from xingnuo.kit.db import session
from xingnuo.kit.errors import Conflict, TooMany
from xingnuo.people.identity import _limits, _values
from xingnuo.people.identity._sources import BY_KIND
from xingnuo.people.identity._states import step, tier_of
from xingnuo.people.identity.contracts import (
    OPEN_STATES,
    Check,
    Ground,
    Kind,
    NamedFirst,
    NoSuchCheck,
    Rule,
    State,
    StillOpen,
)
from xingnuo.people.identity.models import CheckRow, Clock, ClockRow
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Reason
from xingnuo.trust.policy.contracts import ActorKind

_OPEN = [state.value for state in OPEN_STATES]
_WITH_A_SOURCE = (State.SENT, State.UNKNOWN, State.REVIEWING)
STARTED_FOR = timedelta(seconds=_limits.STARTED_SECONDS_MAX)
FIND_DAYS = 90  # how long a late answer still finds its check


def who(actor: Actor) -> UUID:
    """Give the person who acts for themselves."""
    if actor.kind is not ActorKind.SELF or actor.subject_id is None:
        raise GateRefusal(Reason.ACTOR_NOT_ALLOWED, purpose="identity.real_name", actor=actor)
    return actor.subject_id


def replayed(subject_id: UUID, key: UUID, kind: Kind) -> CheckRow | None:
    """Give the check that a key began before, so that a repeat begins nothing."""
    session.set_subject(subject_id)
    row: CheckRow | None = CheckRow.objects.of(subject_id).filter(id=key).first()
    if row is not None and row.kind != kind.value:
        raise Conflict("key")
    return row


def begin(subject_id: UUID, kind: Kind, *, key: UUID, rule: Rule | None = None) -> CheckRow:
    """Begin a check; one that was begun and never went on is given up for it.

    Raises `StillOpen` while a source or a person still has the last one, `TooMany` beyond the
    tries of a day.
    """
    session.set_subject(subject_id)
    now = clock.now()
    rows = CheckRow.objects.of(subject_id).filter(kind=kind.value)
    for old in rows.filter(state__in=_OPEN).select_for_update():
        if State(old.state) in _WITH_A_SOURCE:
            raise StillOpen(kind.value)
        _values.drop_typed(old)
        move(old, State.LAPSED, Ground.GIVEN_UP)
    session.set_subject(subject_id)
    day = timedelta(seconds=_limits.DAY_SECONDS)
    if rows.filter(began_at__gt=now - day).count() >= _limits.TRIES_PER_DAY:
        raise TooMany(
            kind.value,
            retry_after_seconds=_limits.DAY_SECONDS,
            message="今天核对的次数已用完，换一种方式或明天再来。",
        )
    row: CheckRow = CheckRow.objects.create(
        id=key,
        subject_id=subject_id,
        kind=kind.value,
        state=State.STARTED.value,
        source=BY_KIND[kind],
        rule=rule.value if rule else "",
        began_at=now,
    )
    wake(row, Clock.ABANDON, now + STARTED_FOR)
    return row


def sent(row: CheckRow) -> None:
    """Put down that the question leaves now, and when to look for an answer that got lost."""
    now = clock.now()
    row.state, row.sent_at = step(State(row.state), State.SENT).value, now
    row.save(update_fields=["state", "sent_at"])
    sleep(row, Clock.ABANDON)
    wake(row, Clock.RESUME, now + timedelta(seconds=_limits.SETTLE_SECONDS))
    wake(row, Clock.FIND, now + timedelta(days=FIND_DAYS))


def move(row: CheckRow, to: State, ground: Ground) -> None:
    """Move a check by the table of steps; an end stops its clocks."""
    row.state, row.ground = step(State(row.state), to).value, ground.value
    if to not in OPEN_STATES and row.ended_at is None:
        row.ended_at = clock.now()
    row.save(
        update_fields=[
            "state", "ground", "ended_at", "source", "reference", "notice", "tries_left",
            "valid_until",
        ]
    )  # fmt: skip
    if to not in OPEN_STATES:
        sleep(row, Clock.RESUME, Clock.ABANDON)
    if to in (State.EXPIRED, State.LAPSED):
        sleep(row, Clock.REMIND, Clock.EXPIRE)


def wake(row: CheckRow, kind: Clock, at: datetime) -> None:
    """Set a check's clock, or set it anew."""
    ClockRow.objects.update_or_create(
        check_id=row.id,
        kind=kind.value,
        defaults={"subject_id": row.subject_id, "due_at": at},
    )


def sleep(row: CheckRow, *kinds: Clock) -> None:
    """Stop clocks of a check."""
    ClockRow.objects.filter(check_id=row.id, kind__in=[kind.value for kind in kinds]).delete()


def struck(row: CheckRow, kind: Clock) -> bool:
    """Take a clock of a locked check that has come; says whether there is one left to take."""
    due = ClockRow.objects.filter(check_id=row.id, kind=kind.value, due_at__lte=clock.now())
    return bool(due.delete()[0])


def locked(subject_id: UUID, check_id: UUID) -> CheckRow:
    """Give a person's check, locked; another's and a missing one look the same."""
    session.set_subject(subject_id)
    row: CheckRow | None = (
        CheckRow.objects.of(subject_id).filter(id=check_id).select_for_update().first()
    )
    if row is None:
        raise NoSuchCheck
    return row


def found(subject_id: UUID, check_id: UUID) -> CheckRow:
    """Give a person's check to read; another's and a missing one look the same."""
    session.set_subject(subject_id)
    row: CheckRow | None = CheckRow.objects.of(subject_id).filter(id=check_id).first()
    if row is None:
        raise NoSuchCheck
    return row


def open_of(subject_id: UUID, kind: Kind) -> CheckRow | None:
    """Give the open check of a kind, locked."""
    session.set_subject(subject_id)
    row: CheckRow | None = (
        CheckRow.objects.of(subject_id)
        .filter(kind=kind.value, state__in=_OPEN)
        .select_for_update()
        .first()
    )
    return row


def matched(subject_id: UUID) -> list[CheckRow]:
    """Give the checks in force; the subject must be set."""
    return list(CheckRow.objects.of(subject_id).filter(state=State.MATCHED.value))


def in_force(subject_id: UUID, *kinds: Kind) -> CheckRow | None:
    """Give a check of these kinds that counts now; sets the subject."""
    session.set_subject(subject_id)
    named = [kind.value for kind in kinds]
    return next((row for row in matched(subject_id) if row.kind in named), None)


def ensure(subject_id: UUID, kind: Kind = Kind.NAME_NUMBER) -> CheckRow:
    """Give the check of name and number in force; raises `NamedFirst` without one."""
    row = in_force(subject_id, kind)
    if row is None:
        raise NamedFirst
    return row


def tier_now(subject_id: UUID) -> int:
    """Give the tier that the checks in force add up to; the subject must be set."""
    return tier_of(Kind(row.kind) for row in matched(subject_id))


def subject_of(check_id: UUID) -> UUID | None:
    """Find whose check a source speaks of, by its key alone."""
    row = ClockRow.objects.filter(check_id=check_id).first()
    return row.subject_id if row else None


def shown(row: CheckRow) -> Check:
    """Give a check as it leaves the room."""
    state = State(row.state)
    return Check(
        id=row.id,
        kind=Kind(row.kind),
        state=state,
        ground=Ground(row.ground),
        source=row.source,
        began_at=row.began_at,
        ended_at=row.ended_at,
        valid_until=row.valid_until,
        tries_left=row.tries_left,
        is_in_force=state is State.MATCHED,
    )
