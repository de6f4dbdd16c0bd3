"""Opening a gate again that was closed as a minor's: the authority's word, and being seen.

Who knows a grown-up's name and number could have typed them, so a person looks as well: by video
or at a counter, as for the tier of being there. No face is taken here: it may be a child's.
"""

from __future__ import annotations

from uuid import UUID

from xingnuo.people.identity import _opened, _rows, _values
from xingnuo.people.identity._house import HOUSE
from xingnuo.people.identity._settle import refresh_tier
from xingnuo.people.identity.contracts import (
    OPEN_STATES,
    Ground,
    Kind,
    NamedFirst,
    PresentFirst,
    State,
)
from xingnuo.people.identity.models import CheckRow
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Reason
from xingnuo.trust.policy.contracts import SubjectState

SEEN = (Kind.VIDEO, Kind.COUNTER)
CAUSE = "came_of_age"


def is_closed(subject_id: UUID) -> bool:
    """Say whether the gate stands closed as a minor's; sets the subject."""
    return gate_queries.state_of(subject_id) is SubjectState.MINOR


def ensure_closed(actor: Actor, subject_id: UUID) -> None:
    """Refuse whoever has nothing to open again."""
    if not is_closed(subject_id):
        raise GateRefusal(
            Reason.ACTOR_NOT_ALLOWED,
            purpose="identity.age_gate",
            actor=actor,
            subject_id=subject_id,
            message="帐号没有因未成年而关闭，不需要这一步。",
            remedy="请回到实名认证页。",
        )


def reopen(actor: Actor) -> None:
    """Open the gate by the person's own act, once the authority and a member of staff said yes.

    What was proved for it is spent: services ask for a real name anew, each for its own tier.
    Raises `NamedFirst` or `PresentFirst` for what is lacking.
    """
    subject_id = _rows.who(actor)
    ensure_closed(actor, subject_id)
    if _rows.in_force(subject_id, Kind.AGE) is None:
        raise NamedFirst
    if _rows.in_force(subject_id, *SEEN) is None:
        raise PresentFirst
    _spend(subject_id, Ground.SPENT)
    gate.change_state(actor, subject_id=subject_id, to=SubjectState.ACTIVE, cause=CAUSE)
    refresh_tier(subject_id, cause=CAUSE, actor=HOUSE)


def give_up(row: CheckRow) -> None:
    """Drop what was typed when nobody came to be seen."""
    if row.kind == Kind.AGE.value and row.state == State.MATCHED.value:
        _spend(row.subject_id, Ground.GIVEN_UP)


def _spend(subject_id: UUID, ground: Ground) -> None:
    open_states = [state.value for state in (*OPEN_STATES, State.MATCHED)]
    kinds = [kind.value for kind in (Kind.AGE, *SEEN)]
    rows = CheckRow.objects.of(subject_id).filter(state__in=open_states, kind__in=kinds)
    for row in rows.select_for_update():
        _values.drop_typed(row)
        _rows.move(row, State.LAPSED, ground)
        _opened.end_cases(row.id)
