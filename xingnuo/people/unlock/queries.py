"""What the unlock room lets out: a person's ways, and whether a session must unlock first."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from xingnuo.kit import clock
from xingnuo.kit.db import session as subject_session
from xingnuo.people.accounts import queries as accounts
from xingnuo.people.accounts.contracts import Session
from xingnuo.people.unlock import _rows
from xingnuo.people.unlock._limits import IDLE_SECONDS
from xingnuo.people.unlock._proving import wait_of
from xingnuo.people.unlock.contracts import (
    LABELS,
    CredentialShown,
    NoSuchWay,
    State,
    Way,
    WayShown,
)
from xingnuo.people.unlock.models import Challenge, Credential, Digest, WayRow
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.gate.contracts import Actor
from xingnuo.trust.policy.contracts import SubjectState

# In the other states what a person once set is not used any more, so it locks nobody out.
_LOCKS_IN = frozenset({SubjectState.ACTIVE, SubjectState.FROZEN})
_STAMP_DIGITS_MAX = 12
# Left out of a person's copy: whoever finds the copy must not be able to unlock with it.
_WITHHELD = {
    "unlock_digest": ("text",),
    "unlock_credential": ("credential", "public_key"),
    "unlock_challenge": ("digest",),
}


def must_unlock(current: Session, *, seen: str = "") -> bool:
    """Say whether a session must unlock before it goes on; asks no table while it is in use.

    `seen` is the stamp of the session's last use (`accounts.queries.stamp`). Sets the subject.
    """
    if not is_idle(current, seen=seen):
        return False
    subject_session.set_subject(current.subject_id)
    set_up = set(
        WayRow.objects.of(current.subject_id)
        .exclude(state=State.PENDING.value)
        .values_list("way", flat=True)
    )
    if not set_up:
        return False
    standing = gate.standing(current.subject_id)
    agreed = {one.purpose for one in standing.decisions if one.decision == "grant"}
    return standing.state in _LOCKS_IN and any(Way(way).purpose in agreed for way in set_up)


def is_idle(current: Session, *, seen: str = "") -> bool:
    """Say whether a session was never unlocked, or not used for ten minutes since."""
    if current.unlocked_at is None:
        return True
    used_at = max(current.unlocked_at, _stamped(current.id, seen) or current.unlocked_at)
    return clock.now() - used_at > timedelta(seconds=IDLE_SECONDS)


def _stamped(session_id: UUID, seen: str) -> datetime | None:
    seconds = seen.partition(".")[0]
    if not (seconds.isascii() and seconds.isdecimal() and len(seconds) <= _STAMP_DIGITS_MAX):
        return None
    at = datetime.fromtimestamp(int(seconds), UTC)
    # Only the accounts room can make a stamp, so making it again proves it.
    fits = hmac.compare_digest(accounts.stamp(session_id, at).encode(), seen.encode())
    return at if fits else None


def ways(actor: Actor) -> tuple[WayShown, ...]:
    """List all ways with how they stand; the chosen one comes first, those that are off last."""
    subject_id, _ = _rows.who(actor)
    rows = {Way(row.way): row for row in WayRow.objects.of(subject_id)}
    standing = gate.standing(subject_id)
    agreed = {one.purpose: one.due_again for one in standing.decisions if one.decision == "grant"}
    chosen = max((row for row in rows.values() if row.chosen_at), key=_chosen_at, default=None)
    active = standing.state is SubjectState.ACTIVE
    shown = [
        _shown(
            way,
            # Consent taken back elsewhere: the row is as good as gone.
            rows.get(way) if way.purpose in agreed else None,
            is_live=active and not agreed.get(way.purpose, True),
            is_chosen=rows.get(way) is not None and rows.get(way) is chosen,
        )
        for way in Way
    ]
    return tuple(sorted(shown, key=lambda one: (not one.is_chosen, one.set_at is None)))


def one(actor: Actor, *, way: Way) -> WayShown:
    """Give one way with how it stands."""
    return next(shown for shown in ways(actor) if shown.way is way)


def usable(actor: Actor) -> tuple[WayShown, ...]:
    """List the ways that can open now or after a wait, the chosen one first."""
    return tuple(shown for shown in ways(actor) if shown.is_usable)


def credential(actor: Actor, *, credential_id: UUID) -> CredentialShown:
    """Give one of the person's own devices; a foreign or missing one looks the same."""
    subject_id, _ = _rows.who(actor)
    row = Credential.objects.of(subject_id).filter(id=credential_id).first()
    if row is None:
        raise NoSuchWay
    return _device(row)


def is_agreed(actor: Actor, *, way: Way) -> bool:
    """Say whether the person's consent to a way stands as it is asked for today."""
    subject_id, _ = _rows.who(actor)
    known = _rows.agreed(subject_id, way)
    return known is not None and not known.due_again


def lacks_face(actor: Actor) -> bool:
    """Say whether the consent leaves out the face result that this device would give."""
    subject_id, _ = _rows.who(actor)
    known = _rows.agreed(subject_id, Way.BIOMETRIC)
    return actor.platform.os == "ios" and (known is None or _rows.FACE not in known.items)


def export(subject_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Give every row of a person, without what could open anything."""
    subject_session.set_subject(subject_id)
    tables = {each._meta.db_table: each for each in (WayRow, Digest, Credential, Challenge)}
    return {
        name: [
            {key: value for key, value in row.items() if key not in _WITHHELD.get(name, ())}
            for row in each.objects.of(subject_id).values()
        ]
        for name, each in tables.items()
    }


def _chosen_at(row: WayRow) -> datetime:
    assert row.chosen_at is not None, "a way that nobody chose"
    return row.chosen_at


def _shown(way: Way, row: WayRow | None, *, is_live: bool, is_chosen: bool) -> WayShown:
    state = _rows.state_of(row)
    wrong_count = row.wrong_count if row else 0
    if row is not None and row.locked_at and _rows.is_released(row.subject_id, row.locked_at):
        # A proof at the provider opens it with the next try; the page already says so.
        state, wrong_count = State.ACTIVE, 0
    devices: tuple[CredentialShown, ...] = ()
    if row is not None and way is Way.BIOMETRIC:
        devices = tuple(_device(one) for one in Credential.objects.of(row.subject_id))
    return WayShown(
        way=way,
        state=state,
        is_chosen=is_chosen and row is not None,
        is_usable=is_live and state in (State.ACTIVE, State.LOCKED),
        wrong_count=wrong_count,
        wait_seconds=wait_of(row) if row else 0,
        set_at=row.set_at if row else None,
        used_at=row.used_at if row else None,
        credentials=devices,
    )


def _device(row: Credential) -> CredentialShown:
    return CredentialShown(
        id=row.id,
        device=row.device,
        label=row.label,
        name=LABELS.get(row.label, row.device),
        made_at=row.made_at,
        used_at=row.used_at,
    )
