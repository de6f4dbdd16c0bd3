"""Pushing to a browser: after a consent, encrypted, and forgotten when it is over."""

from __future__ import annotations

from typing import Any

import pytest

from tests import cast
from tests.outside import Partners
from xingnuo.kit import ids
from xingnuo.kit.db import session
from xingnuo.partners.push.contracts import BadSubscription
from xingnuo.people.notices import actions, queries
from xingnuo.people.notices.contracts import Channel, MessageState
from xingnuo.people.notices.models import MessageRow
from xingnuo.trust.consent.contracts import Decision, Scope
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as standing
from xingnuo.trust.gate.contracts import GateRefusal

PURPOSE = "notices.push"


def browser(outside: Partners) -> dict[str, str]:
    """Make a browser's subscription at the push service."""
    made: dict[str, Any] = outside.ask("POST", "/push/test/subscriptions", {})
    return {"endpoint": made["endpoint"], **made["keys"]}


def subscribe(who: cast.Person, told: dict[str, str]) -> None:
    """Keep a browser for a person."""
    with cast.transaction():
        actions.subscribe_push(who.actor, subject_id=who.subject_id, **told)


def push(who: cast.Person) -> MessageState:
    """Tell a person something and run the push's job."""
    with cast.transaction():
        actions.tell(who.subject_id, "case_answered", key=str(ids.uuid7()))
    with cast.transaction():
        session.set_subject(who.subject_id)
        rows = MessageRow.objects.of(who.subject_id).filter(channel=Channel.PUSH.value)
        row = rows.order_by("-id").first()
    assert row is not None
    return actions.deliver(subject_id=who.subject_id, message_id=row.id)


def test_a_push_needs_a_consent_and_a_real_push_service(outside: Partners) -> None:
    """Without the yes nothing is kept; an address that is no push service's never is."""
    alice = cast.make_person()
    told = browser(outside)
    with pytest.raises(GateRefusal):
        subscribe(alice, told)
    cast.agree(alice, PURPOSE)
    for address in ("http://127.0.0.1:5432/x", "https://internal.example/x", "", "file:///x"):
        with pytest.raises(BadSubscription):
            subscribe(alice, told | {"endpoint": address})
    subscribe(alice, told)
    subscribe(alice, told)
    with cast.transaction():
        assert queries.push_ends(alice.subject_id) == 1


def test_a_push_says_the_title_alone(outside: Partners) -> None:
    """What the browser gets is the title; a second browser gets it too."""
    alice = cast.make_person()
    cast.agree(alice, PURPOSE)
    subscribe(alice, browser(outside))
    assert push(alice) is MessageState.SENT


def test_taking_the_consent_back_forgets_every_browser(outside: Partners) -> None:
    """Rows and sealed addresses are gone with the decision."""
    alice = cast.make_person()
    cast.agree(alice, PURPOSE)
    subscribe(alice, browser(outside))
    with cast.transaction():
        gate.decide(
            alice.actor,
            subject_id=alice.subject_id,
            scope=Scope(purpose=PURPOSE, items=("push_subscription",)),
            decision=Decision.WITHDRAW,
            text_hash=standing.sheet(PURPOSE).text_hash,
        )
    with cast.transaction():
        assert queries.push_ends(alice.subject_id) == 0
        assert standing.residue(alice.subject_id)["vault_value"] == 0
