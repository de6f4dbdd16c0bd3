"""A person's ways as rows: held while they change, released after a proof, dropped when it ends."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from xingnuo.kit import clock
from xingnuo.kit.db import session
from xingnuo.people.accounts import actions as accounts
from xingnuo.people.accounts.contracts import NotSignedIn, WayNews
from xingnuo.people.unlock._states import after
from xingnuo.people.unlock.contracts import NAMES, State, Step, Way
from xingnuo.people.unlock.models import Challenge, Credential, Digest, WayRow
from xingnuo.trust.evidence import actions as evidence
from xingnuo.trust.evidence import queries as record
from xingnuo.trust.evidence.contracts import Kind, Line
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.gate.contracts import Actor, Granted, Strength

# What the accounts room records when the person proved themselves at the account provider.
PROVED_AT_PROVIDER = "reverified.account"
_PROOFS_READ_MAX = 200
# The item of each way that leaves a trace with us; what is noted of it is never its value.
ITEMS = {
    Way.BIOMETRIC: "fingerprint_result",
    Way.PASSWORD: "unlock_password",
    Way.PATTERN: "unlock_pattern",
}
FACE = "face_result"


def who(actor: Actor) -> tuple[UUID, UUID]:
    """Give person and session of a signed-in actor, and set the subject."""
    if actor.subject_id is None or actor.session_id is None:
        raise NotSignedIn
    if actor.strength < Strength.SIGNED_IN:
        raise NotSignedIn
    session.set_subject(actor.subject_id)
    return actor.subject_id, actor.session_id


def held(subject_id: UUID, way: Way) -> WayRow | None:
    """Give a way and hold it: whoever else changes or tries it waits for this transaction."""
    return WayRow.objects.of(subject_id).filter(way=way.value).select_for_update().first()


def state_of(row: WayRow | None) -> State:
    """Give the state of a way; no row means off."""
    return State(row.state) if row is not None else State.OFF


def agreed(subject_id: UUID, way: Way) -> Granted | None:
    """Give the person's standing consent to a way, or None."""
    return next((one for one in consents(subject_id) if one.purpose == way.purpose), None)


def consents(subject_id: UUID) -> list[Granted]:
    """Give the person's standing consents; one that is due again still stands as a wish."""
    return [one for one in gate.standing(subject_id).decisions if one.decision == "grant"]


def is_released(subject_id: UUID, since: datetime) -> bool:
    """Say whether the person proved themselves at the account provider since an instant."""
    proofs = record.of_subject(subject_id, kinds=[Kind.UNLOCK], since=since, limit=_PROOFS_READ_MAX)
    return any(proof.reason == PROVED_AT_PROVIDER for proof in proofs)


def released(row: WayRow) -> bool:
    """Open a locked way again if a proof at the provider came after the lock."""
    assert row.locked_at is not None, "a locked way without its time"
    if not is_released(row.subject_id, row.locked_at):
        return False
    row.state = after(state_of(row), Step.RELEASE).value
    row.locked_at = row.wait_until_at = None
    row.wrong_count = 0
    row.save()
    return True


def begun(subject_id: UUID, way: Way) -> WayRow:
    """Give the held row of a way that is being set; a new one is pending."""
    row = held(subject_id, way)
    state = after(state_of(row), Step.BEGIN)
    if row is None:
        # Two at once: the unique key lets one in, and the other's rollback is its answer.
        row = WayRow.objects.create(subject_id=subject_id, way=way.value, state=state.value)
    return row


def set_now(row: WayRow) -> None:
    """Note that a way was set: active, with a clean count, first if it is new; and tell of it."""
    now = clock.now()
    fresh = row.set_at is None
    row.state = after(state_of(row), Step.SET).value
    row.wrong_count = 0
    row.wait_until_at = row.locked_at = None
    row.set_at = now
    if fresh:
        row.chosen_at = now
    row.save()
    news = WayNews.ADDED if fresh else WayNews.CHANGED
    accounts.tell_of_way(row.subject_id, news=news, way=NAMES[Way(row.way)])


def drop(actor: Actor, row: WayRow) -> int:
    """End a way: its row and all that it kept go now; gives how many rows went."""
    after(state_of(row), Step.END)
    subject_id, way = row.subject_id, Way(row.way)
    gone = Digest.objects.of(subject_id).filter(way_id=row.id).delete()[0]
    if way is Way.BIOMETRIC:
        gone += Credential.objects.of(subject_id).delete()[0]
        gone += Challenge.objects.of(subject_id).delete()[0]
    gone += WayRow.objects.of(subject_id).filter(id=row.id).delete()[0]
    if row.set_at is not None:
        accounts.tell_of_way(subject_id, news=WayNews.REMOVED, way=NAMES[way])
    leave(actor, subject_id, Kind.DROP, way=way, items=(ITEMS[way],), ref=row.id, count=gone)
    return gone


def leave(
    actor: Actor,
    subject_id: UUID,
    kind: Kind,
    *,
    way: Way,
    outcome: str = "done",
    reason: str = "",
    items: tuple[str, ...] = (),
    ref: UUID | None = None,
    count: int = 1,
) -> None:
    """Leave evidence of something done with a way, in the caller's transaction."""
    evidence.record(
        Line(
            kind=kind,
            subject_id=subject_id,
            outcome=outcome,
            reason=reason,
            actor_kind=actor.kind.value,
            session_id=actor.session_id,
            channel=actor.channel,
            purpose=way.purpose,
            items=items,
            ref=ref,
            count=count,
        )
    )
