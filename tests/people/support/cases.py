"""Cases for tests: a person with consents, a desk with a case in hand."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from tests import cast
from xingnuo.kit import clock, ids
from xingnuo.people.support import actions, queries
from xingnuo.people.support.contracts import Desk
from xingnuo.trust.consent.contracts import Decision, Scope
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, Strength
from xingnuo.trust.policy.contracts import ActorKind

WORDS = "页面上的还款日和合同不一样，请核实。"
WEBM = b"\x1aE\xdf\xa3" + b"\x00" * 400


def asker(*, photo: bool = True, strength: Strength = Strength.REVERIFIED) -> cast.Person:
    """Make a person who agreed to write to the desk."""
    made = cast.make_person(state_strength=strength)
    cast.agree(made, "support.messages", optional=("uploaded_photo",) if photo else ())
    return made


def staff(kind: ActorKind = ActorKind.AGENT, case_id: UUID | None = None, code: str = "") -> Actor:
    """Make a member of staff, for a case."""
    return Actor(
        kind=kind,
        staff_id=code or f"t{ids.token()[:10].lower()}",
        session_id=ids.uuid7(),
        strength=Strength.UNLOCKED,
        channel="console",
        undertaking_until=clock.now() + timedelta(days=30),
        case_id=case_id,
    )


def opened(person: cast.Person, topic: str = "product", text: str = WORDS) -> UUID:
    """Open a case of a person."""
    with cast.transaction():
        return actions.open_case(person.actor, topic_id=topic, text=text, key=ids.uuid7())


def taken(case_id: UUID, *, desk: Desk = Desk.TICKETS, kind: ActorKind = ActorKind.AGENT) -> Actor:
    """Let somebody of the desk take a case."""
    who = staff(kind, case_id)
    with cast.transaction():
        actions.take(desk, staff_id=who.staff_id, case_id=case_id)
    return who


def answered(case_id: UUID, who: Actor, text: str = "已经核对，合同为准。") -> None:
    """Answer a held case."""
    with cast.transaction():
        actions.answer(who, case_id=case_id, key=ids.uuid7(), text=text)


def withdraw(person: cast.Person, purpose: str) -> None:
    """Take a consent back."""
    with cast.transaction():
        gate.decide(
            person.actor,
            subject_id=person.subject_id,
            scope=Scope(purpose=purpose),
            decision=Decision.WITHDRAW,
            text_hash=gate_queries.sheet(purpose).text_hash,
        )


def ids_of_case(person: cast.Person) -> dict[str, str]:
    """Open a case of a person; gives what stands in the addresses of its pages."""
    cast.agree(person, "support.messages")
    case_id = opened(person)
    with cast.transaction():
        (first,) = queries.thread(person.actor, case_id)
    return {"case": str(case_id), "message": str(first.id)}
