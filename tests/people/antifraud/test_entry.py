"""Signing in is looked at: an unusual one is proved, a barred one does not come in."""

from __future__ import annotations

import pytest

from tests import cast
from tests.outside import Outside
from tests.people.accounts import walk
from tests.people.antifraud.test_cases import listed
from xingnuo.doors.porch import safe_entry
from xingnuo.people.accounts.contracts import Caller, SignedIn
from xingnuo.people.antifraud.contracts import ListField, ListKind, ListRow, Outcome


def looked(signed: SignedIn, address: str = "") -> Outcome:
    """Look at a sign-in as the doors do."""
    return safe_entry.look(signed, caller=Caller(address=address, label="Android · Chrome")).outcome


@pytest.mark.promise("1.2.14")
def test_many_new_devices_in_an_hour_ask_for_a_proof(outside: Outside) -> None:
    """The first sign-ins pass; from the fourth in an hour a new device is proved."""
    first = walk.sign_in(outside)
    outcomes = [looked(first.entered)]
    for _ in range(4):
        again = walk.sign_in(outside, sub=first.sub, phone=first.phone)
        outcomes.append(looked(again.entered))
    assert outcomes == [Outcome.ACCEPT] * 3 + [Outcome.STEP_UP] * 2


def test_a_listed_device_is_kept_out_only_where_it_may_be_looked_at(outside: Outside) -> None:
    """With the person's consent a listed device ends the session; without, it is not even read."""
    signed, other = walk.sign_in(outside), walk.sign_in(outside)
    for each in (signed, other):
        listed(ListKind.DENY, ListField.DEVICE, ListRow(value=each.entered.device))
    person = cast.Person(signed.entered.session.subject_id, signed.actor)
    cast.agree(person, "antifraud.device_check", optional=("device_model",))
    assert looked(signed.entered) is Outcome.REFUSE
    assert walk.resolve(signed.entered.token) is None
    assert looked(other.entered) is Outcome.ACCEPT
    assert walk.resolve(other.entered.token) is not None
