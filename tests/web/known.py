"""A person who did much: named, agreed, pushed to and reminded, with a picture and a decision."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image

from tests import cast
from xingnuo.duties.rights import actions as rights
from xingnuo.kit import ids
from xingnuo.people.accounts import actions as accounts
from xingnuo.people.antifraud import actions as antifraud
from xingnuo.people.antifraud.contracts import Event, EventKind
from xingnuo.people.notices import _way_out
from xingnuo.people.notices import actions as notices
from xingnuo.trust.consent.contracts import Decision, Scope
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Strength
from xingnuo.trust.policy.contracts import Tier

AGREED: tuple[tuple[str, str], ...] = (
    ("identity.real_name", ""),
    ("identity.real_name", "population_service"),
    ("identity.review", ""),
    ("identity.phone_check", ""),
    ("identity.phone_check", "telecom_check"),
    ("identity.card_check", ""),
    ("identity.card_check", "card_check"),
    ("identity.face_check", ""),
    ("identity.supplement", ""),
    ("notices.push", ""),
    ("notices.reminder", ""),
    ("notices.promotion", ""),
)
CARD, REFUSED = "insurance_exempt", "loans.credit_query"
# What this person sees as a page of its own, neither missing nor a step to another page.
SEES = (
    *("/me/real-name/", "/me/real-name/name/", "/me/real-name/second/", "/me/real-name/bank/"),
    *("/me/real-name/present/", "/me/real-name/face/", "/me/real-name/video/"),
    *("/me/real-name/counter/", "/me/real-name/review/", "/me/real-name/more/"),
    *("/me/settings/reminders/", "/me/settings/push/", "/me/settings/benefit-notices/"),
    *("/me/settings/privacy/automated/", "/me/settings/privacy/personal-service/"),
    *("/me/personal/avatar/", f"/feed/{CARD}/", "/leave/sms_gateway/", "/notices/"),
)


@dataclass(frozen=True, slots=True)
class Known:
    """The person, and what stands in addresses of pages that are about them alone."""

    person: cast.Person
    real: Mapping[str, Mapping[str, str]]


def make() -> Known:
    """Let a fresh person do all of it."""
    alice = cast.make_person(tier=Tier.NAMED)
    for purpose, recipient in AGREED:
        cast.agree(alice, purpose, recipient=recipient)
    cast.agree(alice, "feed.personal", optional=("browsing",))
    cast.agree(alice, "profile.manage", optional=("avatar",))
    subject_id = alice.subject_id
    with cast.transaction():
        accounts.keep_avatar(alice.actor, subject_id=subject_id, content=picture())
    with cast.transaction():
        notices.open_card(alice.actor, subject_id=subject_id, code=CARD)
        notices.tell(subject_id, "case_answered", key=str(subject_id))
        link = _way_out.link(subject_id)
    with cast.transaction():
        event = Event(kind=EventKind.PAYMENT, amount_fen=9_000_000)
        decision = antifraud.screen(alice.actor, subject_id=subject_id, event=event)
    with cast.transaction():
        sheet = gate_queries.sheet(REFUSED)
        gate.decide(
            alice.actor,
            subject_id=subject_id,
            scope=Scope(purpose=REFUSED, items=tuple(item.id for item in sheet.needed)),
            decision=Decision.REFUSE,
            text_hash=sheet.text_hash,
        )
    return Known(
        alice,
        {
            "consent_refused": {"purpose": REFUSED},
            "receipt": {"code": closed()},
            "automated_one": {"decision": str(decision.id)},
            "way_out": {"secret": link.rstrip("/").rpartition("/")[2]},
            "feed_card": {"card": CARD},
        },
    )


def closed() -> str:
    """Have somebody else close their account; gives the code of the receipt."""
    charlie = cast.make_person(state_strength=Strength.REVERIFIED)
    with cast.transaction():
        done = rights.close(charlie.actor, subject_id=charlie.subject_id, key=ids.uuid7())
    return done.receipt_code


def picture() -> bytes:
    """Draw a picture that could be a portrait."""
    drawn = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").save(drawn, "JPEG")
    return drawn.getvalue()
