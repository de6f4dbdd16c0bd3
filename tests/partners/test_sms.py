"""The text message gateway: what is signed, what is believed, and what opens a parcel."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest

from xingnuo.kit import ids
from xingnuo.partners.sms import client, wire
from xingnuo.partners.sms.contracts import RECIPIENT, Outcome
from xingnuo.trust.sharing.contracts import NotSealed, Parcel


def signed(secret: str = "s", **changed: Any) -> bool:
    """Say whether a right answer with changes is believed."""
    body, nonce, stamp = b'{"state":"accepted"}', "n" * 22, 1000
    right = wire._digest(secret, "202", nonce, str(stamp), body=body)
    told = {"x-timestamp": str(stamp), "x-signature": right}
    told |= changed.pop("told", {})
    given: dict[str, Any] = {"status": 202, "nonce": nonce, "body": body, "now": 1000}
    return wire.is_signed("s", told=told, **(given | changed))


def test_an_answer_is_believed_by_its_signature() -> None:
    """Bound to status, request, time and body."""
    assert signed()
    assert not signed(secret="t")
    assert not signed(status=200)
    assert not signed(nonce="m" * 22)
    assert not signed(body=b"{}")
    assert not signed(now=1000 + wire.STALE_SECONDS_MAX + 1)
    for told in ({"x-signature": ""}, {"x-timestamp": ""}, {"x-timestamp": "-1"}):
        assert not signed(told=told)


@pytest.mark.parametrize(
    ("status", "told", "is_signed", "outcome"),
    [
        (202, {"state": "accepted"}, True, Outcome.ACCEPTED),
        (200, {"state": "delivered"}, True, Outcome.ACCEPTED),
        (202, {"state": "accepted"}, False, Outcome.PENDING),
        (200, {"state": "odd"}, True, Outcome.PENDING),
        (422, {"code": "phone_refused"}, False, Outcome.REFUSED),
        (409, {"code": "message_id_reused"}, False, Outcome.REFUSED),
        (422, {"code": "new_word"}, False, Outcome.PENDING),
        (401, {"code": "phone_refused"}, False, Outcome.PENDING),
        (500, {"code": "phone_refused"}, False, Outcome.PENDING),
        (302, {}, False, Outcome.PENDING),
    ],
)
def test_what_is_not_understood_is_pending(
    status: int, told: dict[str, str], is_signed: bool, outcome: Outcome
) -> None:
    """Taken only if signed; refused only by a word that is final."""
    assert wire.outcome(status, told, signed=is_signed) is outcome


def test_the_record_of_a_message_decides() -> None:
    """An unknown id is still to be sent."""
    assert wire.recorded(200, {"state": "accepted"}) is Outcome.ACCEPTED
    assert wire.recorded(404, {"code": "message_unknown"}) is Outcome.PENDING
    assert wire.recorded(200, {"state": "lost"}) is Outcome.PENDING


def test_a_parcel_made_elsewhere_does_not_open() -> None:
    """Only the sharing room makes one, and only after its record is committed."""
    values = MappingProxyType({"phone": "13800000000"})
    forged = Parcel(
        id=ids.uuid7(),
        recipient=RECIPIENT,
        purpose="notices.service",
        subject_id=ids.uuid7(),
        items=("phone",),
        values=values,
    )
    with pytest.raises(NotSealed):
        client.send(forged, text="x", key=str(ids.uuid7()))
    assert "138" not in repr(forged)


def test_nothing_but_the_three_fields_travels() -> None:
    """Id, phone and text; the signature stands in headers."""
    body = wire.body_of(key="k" * 8, phone="13800000000", text="文")
    assert body == '{"message_id": "kkkkkkkk", "phone": "13800000000", "text": "文"}'.encode()
