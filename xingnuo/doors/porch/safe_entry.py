"""Whether a sign-in looks as it should: asked right after it, and before anything is shown."""

from __future__ import annotations

from django.db import transaction

from xingnuo.people.accounts import actions as accounts
from xingnuo.people.accounts.contracts import Caller, SignedIn
from xingnuo.people.antifraud import actions as antifraud
from xingnuo.people.antifraud.contracts import Decision, Event, EventKind, Outcome
from xingnuo.trust.gate.contracts import Actor
from xingnuo.trust.policy.contracts import ActorKind


def look(signed: SignedIn, *, caller: Caller) -> Decision:
    """Decide on a fresh session; one that is refused is ended in the same transaction.

    What asks for one more proof holds until the person gave it: `app_lock` looks each time.
    """
    session = signed.session
    actor = Actor(
        kind=ActorKind.SELF,
        subject_id=session.subject_id,
        session_id=session.id,
        strength=session.strength,
        channel=caller.channel,
    )
    event = Event(
        kind=EventKind.SIGN_IN,
        device=signed.device,
        address=caller.address,
        device_known=not signed.is_new_device,
        ref=session.id,
    )
    with transaction.atomic():
        decision = antifraud.screen(actor, subject_id=session.subject_id, event=event)
        if decision.outcome is Outcome.REFUSE:
            accounts.sign_out(actor)
    return decision
