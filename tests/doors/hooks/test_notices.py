"""The gateways call back over HTTP: what is theirs is taken once, anything else changes nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests import cast
from tests.outside import Partners
from tests.partners.outer import call_headers
from tests.people.accounts import walk
from tests.people.support.test_outcome import Away, Silent, body
from xingnuo.kit import clock, ids
from xingnuo.people.notices import actions as notices
from xingnuo.people.notices.contracts import Channel
from xingnuo.people.notices.models import MessageRow
from xingnuo.people.support.contracts import HandState
from xingnuo.trust.gate import queries as standing

__all__ = ["body"]
PROMOTION = "notices.promotion"
REPLY = "/hooks/sms/reply"
EVENT = "/hooks/email/events"
INTAKE = "/hooks/regulator/notices"


def call(path: str, partner: str, told: dict[str, Any], **spoiled: str) -> int:
    """Call a hook as a partner signs it; gives the status."""
    body = json.dumps(told).encode()
    headers = call_headers(partner, path, body) | spoiled
    answer = Client().post(path, body, content_type="application/json", headers=headers)
    return answer.status_code


def reply(phone: str, text: str = "T") -> dict[str, Any]:
    """Write a reply as the gateway tells it."""
    return {"id": str(ids.uuid7()), "phone": phone, "text": text, "at": clock.now().isoformat()}


def is_on(who: walk.Signed) -> bool:
    """Say whether promotions are on."""
    with cast.transaction():
        decisions = standing.standing(who.entered.session.subject_id).decisions
    return any(one.purpose == PROMOTION and one.decision == "grant" for one in decisions)


@pytest.fixture
def alice(outside: Partners) -> walk.Signed:
    """Give a person who signed in and agreed to promotions."""
    who = walk.sign_in(outside)
    cast.agree(cast.Person(who.entered.session.subject_id, who.actor), PROMOTION)
    return who


@pytest.mark.promise("1.6.1")
def test_a_signed_reply_stops_promotions_once(alice: walk.Signed) -> None:
    """The same call again is answered alike and changes nothing: on again stays on."""
    told = reply(alice.phone)
    assert call(REPLY, "sms", told) == 204
    assert not is_on(alice)
    cast.agree(cast.Person(alice.entered.session.subject_id, alice.actor), PROMOTION)
    assert call(REPLY, "sms", told) == 204
    assert is_on(alice)


@pytest.mark.promise("1.6.1")
@pytest.mark.parametrize(
    "spoiled",
    [
        {"X-Signature": "0" * 64},
        {"X-Key-Id": "xingnuo"},
        {"X-Timestamp": "1000000000"},
        {"X-Nonce": "short"},
    ],
)
def test_a_spoofed_reply_changes_nothing(alice: walk.Signed, spoiled: dict[str, str]) -> None:
    """A wrong signature, sender, time or nonce is refused, and the consent stands."""
    assert call(REPLY, "sms", reply(alice.phone), **spoiled) == 403
    assert is_on(alice)


@pytest.mark.promise("1.6.1")
def test_a_complaint_of_a_letter_stops_promotions(alice: walk.Signed) -> None:
    """A letter that bounced is marked; one that was complained of ends promotions."""
    subject_id = alice.entered.session.subject_id
    with cast.transaction():
        notices.tell(subject_id, "benefits_week", key=str(ids.uuid7()))
        row = MessageRow.objects.of(subject_id).get(channel=Channel.EMAIL.value)
        row.state = "sent"
        row.save(update_fields=["state"])
    told = {"id": str(ids.uuid7()), "key": str(row.id), "at": clock.now().isoformat()}
    assert call(EVENT, "email", told | {"kind": "bounced"}) == 204
    assert is_on(alice)
    assert call(EVENT, "email", told | {"kind": "complained", "id": str(ids.uuid7())}) == 204
    assert not is_on(alice)
    stranger = told | {"id": str(ids.uuid7()), "key": str(ids.uuid7()), "kind": "complained"}
    assert call(EVENT, "email", stranger) == 204


@pytest.mark.promise("1.6.1")
def test_a_letters_link_stops_promotions_without_signing_in(alice: walk.Signed) -> None:
    """One post, by a person or by a mail program; a link of nobody's is no page."""
    from xingnuo.people.notices import _way_out

    with cast.transaction():
        address = _way_out.link(alice.entered.session.subject_id)
    path = address[address.index("/out/") :]
    guest = Client()
    assert guest.get(path).status_code == 200
    assert is_on(alice)
    assert guest.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not is_on(alice)
    assert guest.post(path).status_code == 200
    assert guest.get(f"/out/{ids.token()}/").status_code == 404


def said(key: str, outcome: str, **more: Any) -> dict[str, Any]:
    """Write a later word as the regulator's intake tells it."""
    head = {"id": str(ids.uuid7()), "key": key, "state": "done", "reference": "R-2026-1"}
    return {**head, "outcome": outcome, "at": clock.now().isoformat(), **more}


@pytest.mark.promise("1.2.15b")
def test_a_late_receipt_of_a_hand_over_is_taken_once(body: Silent) -> None:
    """Signed and of now it counts, again it changes nothing; spoofed or of nobody it is nothing."""
    away = Away()
    away.unknown()
    key = str(away.made.id)
    for spoiled in ({"X-Signature": "0" * 64}, {"X-Timestamp": "1000000000"}):
        assert call(INTAKE, "regulator", said(key, "accepted"), **spoiled) == 403
    assert call(INTAKE, "regulator", said(key, "accepted", reference="")) == 403
    assert away.shown().state is HandState.UNKNOWN
    word = said(key, "correction", reasons=["phone_missing"], due_on="2026-12-04")
    for _ in range(2):
        assert call(INTAKE, "regulator", word) == 204
    shown = away.shown()
    assert shown.state is HandState.CORRECTION and shown.reasons == ("phone_missing",)
    assert call(INTAKE, "regulator", said(key, "accepted")) == 204
    assert away.shown().state is HandState.CORRECTION
    assert call(INTAKE, "regulator", said(str(ids.uuid7()), "accepted")) == 204
    assert call(INTAKE, "regulator", said(key, "rejected", reasons=["not_ours"])) == 204
    assert away.shown().state is HandState.REJECTED
