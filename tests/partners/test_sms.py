"""The text message gateway: what is believed, what travels, and what opens a parcel."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from xingnuo.kit import ids
from xingnuo.partners.sms import client, wire
from xingnuo.partners.sms.contracts import RECIPIENT, Outcome
from xingnuo.trust.sharing.contracts import NotSealed, Parcel


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
        (404, {"code": "message_unknown"}, True, Outcome.PENDING),
        (200, {"state": "delivered", "message_id": "j" * 8}, True, Outcome.PENDING),
    ],
)
def test_what_is_not_understood_is_pending(
    status: int, told: dict[str, str], is_signed: bool, outcome: Outcome
) -> None:
    """Taken only if signed; refused only by a word that is final."""
    told = {"message_id": "k" * 8} | told
    assert wire.outcome(status, told, signed=is_signed, key="k" * 8) is outcome


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
    """Id, phone and text, cut at what the gateway takes; the signature stands in headers."""
    told = wire.message(key="k" * 8, phone="13800000000", text="文" * 501)
    assert told == {"message_id": "k" * 8, "phone": "13800000000", "text": "文" * 500}
