"""Where a sign-in came from: sealed for each device, shown masked, and told to nobody else."""

from __future__ import annotations

import pytest
from django.http import HttpRequest
from django.test import override_settings

from tests import cast
from xingnuo.doors.porch.address import address_of
from xingnuo.kit import ids
from xingnuo.people.accounts import _addresses
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.policy.contracts import SubjectState


def kept(person: cast.Person, address: str, device: object = None) -> bool:
    """Keep an address as a sign-in does."""
    with cast.transaction():
        return _addresses.keep(
            person.actor,
            subject_id=person.subject_id,
            device_id=device or ids.uuid7(),  # type: ignore[arg-type]
            address=address,
        )


def seen(person: cast.Person) -> list[str]:
    """Give what the page of devices shows."""
    with cast.transaction():
        return sorted(_addresses.masked(person.actor, subject_id=person.subject_id).values())


@pytest.mark.promise("1.2.1a")
def test_the_last_address_of_each_device_is_shown_masked() -> None:
    """A second sign-in takes the first one's place; another device has its own."""
    alice, bob, device = cast.make_person(), cast.make_person(), ids.uuid7()
    assert kept(alice, "203.0.113.7", device) and kept(alice, "198.51.100.9", device)
    assert kept(alice, "2001:db8::1")
    assert seen(alice) == ["198.51.*.*", "2001:0db8:*"]
    assert seen(bob) == []
    with cast.transaction():
        copy = gate_queries.read(cast.permit(alice, "rights.copy"))
    assert sorted(one.text for one in copy if one.item == "ip_address") == seen(alice)


def test_nothing_is_taken_where_the_purpose_does_not_hold() -> None:
    """Without an accepted policy, after a withdrawal, and of what is no address."""
    nobody_yet, alice = cast.make_person(accepted=False), cast.make_person()
    assert not kept(nobody_yet, "203.0.113.7")
    assert not kept(alice, "no address")
    with cast.transaction():
        gate.change_state(
            alice.actor, subject_id=alice.subject_id, to=SubjectState.WITHDRAWN, cause="test"
        )
    assert not kept(alice, "203.0.113.7")
    assert seen(alice) == []


def came(peer: str, forwarded: str = "") -> str:
    """Give where a request is said to come from."""
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = peer
    if forwarded:
        request.META["HTTP_X_FORWARDED_FOR"] = forwarded
    return address_of(request)


def test_only_our_own_proxies_are_believed() -> None:
    """What a caller writes into the header stands before what our proxy wrote, and is not read."""
    assert came("203.0.113.7", "198.51.100.1") == "203.0.113.7"
    assert came("no address") == ""
    with override_settings(TRUSTED_PROXIES="10.0.0.0/8 127.0.0.1/32"):
        assert came("127.0.0.1", "198.51.100.1") == "198.51.100.1"
        assert came("127.0.0.1", "6.6.6.6, 198.51.100.1, 10.1.2.3") == "198.51.100.1"
        assert came("203.0.113.7", "198.51.100.1") == "203.0.113.7"
        assert came("127.0.0.1", "rubbish") == ""
        assert came("127.0.0.1") == "127.0.0.1"
