"""Parcels: declared items only, on record before they leave, refused when anything lapsed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests import cast
from xingnuo.kit import clock
from xingnuo.kit.db import session
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import GateRefusal, Permit, Reason
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.sharing import actions, queries
from xingnuo.trust.sharing.contracts import NotSealed, Parcel, WrongRecipient

PURPOSE, RECIPIENT = "credit_cards.apply", "issuer_xinhe"
ITEMS = ("name", "document_number", "phone", "document_validity")


def values() -> dict[str, str]:
    """Give what an applicant fills in; numbers belong to one person alone."""
    told = ("张三丰", cast.document_number(), cast.phone(), "2010-01-01/2030-01-01")
    return dict(zip(ITEMS, told, strict=True))


def alice_agreed(told: dict[str, str] | None = None, *, to_recipient: bool = True) -> cast.Person:
    """Make Alice, who applies for a card and agreed to what that needs."""
    alice = cast.make_person()
    cast.agree(alice, PURPOSE)
    cast.fill(alice, PURPOSE, told or values())
    if to_recipient:
        cast.agree(alice, PURPOSE, recipient=RECIPIENT)
    return alice


def permit_of(alice: cast.Person, recipient: str = RECIPIENT) -> Permit:
    """Ask for the permit to share; inside a transaction."""
    return gate.permit(
        alice.actor,
        subject_id=alice.subject_id,
        purpose=PURPOSE,
        items=ITEMS,
        recipient=recipient,
    )


def refused(alice: cast.Person, recipient: str = RECIPIENT) -> Reason:
    """Give the reason for which sharing is refused."""
    with pytest.raises(GateRefusal) as caught, cast.transaction():
        permit_of(alice, recipient)
    return caught.value.reason


@pytest.mark.promise("3.1.2", "3.1.4")
def test_a_parcel_holds_the_declared_items_and_is_on_the_list_of_shares() -> None:
    """It opens after the commit for its recipient alone, and the person's list shows it."""
    told = values()
    alice = alice_agreed(told)
    with cast.transaction():
        parcel = actions.pack(permit_of(alice), ITEMS)
        with pytest.raises(NotSealed):
            queries.contents(parcel, recipient=RECIPIENT)
    assert dict(queries.contents(parcel, recipient=RECIPIENT)) == told
    with pytest.raises(WrongRecipient):
        queries.contents(parcel, recipient="issuer_nanpu")
    with cast.transaction():
        session.set_subject(alice.subject_id)
        (row,) = evidence.shared(alice.subject_id)
    assert (row.recipient, row.purpose) == (RECIPIENT, PURPOSE)
    assert set(row.items) == set(ITEMS)


@pytest.mark.promise("3.1.2")
def test_a_parcel_whose_record_was_rolled_back_never_opens() -> None:
    """No record, no parcel: a rollback takes both."""
    alice = alice_agreed()
    parcels: list[Parcel] = []
    with pytest.raises(RuntimeError), cast.transaction():
        parcels.append(actions.pack(permit_of(alice), ITEMS))
        raise RuntimeError("undone")
    with pytest.raises(NotSealed):
        queries.contents(parcels[0], recipient=RECIPIENT)


@pytest.mark.promise("3.1.2")
def test_a_forged_parcel_does_not_open() -> None:
    """A parcel made by hand has no release."""
    alice = alice_agreed()
    with cast.transaction():
        real = actions.pack(permit_of(alice), ("name",))
    with pytest.raises(NotSealed):
        queries.contents(replace(real, seal=object()), recipient=RECIPIENT)


@pytest.mark.promise("3.1.2")
def test_each_recipient_needs_its_own_consent() -> None:
    """Agreeing to apply, or to one bank, is not agreeing to another bank."""
    alice = alice_agreed(to_recipient=False)
    assert refused(alice) is Reason.NO_CONSENT
    cast.agree(alice, PURPOSE, recipient=RECIPIENT)
    assert refused(alice, "issuer_nanpu") is Reason.NO_CONSENT
    with cast.transaction():
        assert permit_of(alice).recipient == RECIPIENT


@pytest.mark.promise("3.1.6")
def test_the_next_share_after_a_stop_is_refused_and_allowing_opens_it_again() -> None:
    """The person's stop holds at once."""
    alice = alice_agreed()
    with cast.transaction():
        gate.set_sharing(
            alice.actor, subject_id=alice.subject_id, recipient=RECIPIENT, stopped=True
        )
    assert refused(alice) is Reason.SHARING_STOPPED
    with cast.transaction():
        gate.set_sharing(
            alice.actor, subject_id=alice.subject_id, recipient=RECIPIENT, stopped=False
        )
    with cast.transaction():
        assert permit_of(alice)


@pytest.mark.promise("3.1.2")
def test_a_lapsed_agreement_review_or_qualification_stops_every_share() -> None:
    """On the day after the first of the three dates nothing leaves."""
    alice = alice_agreed()
    known = policy.in_force().recipients[RECIPIENT]
    first = min(known.agreement_until, known.review_until, known.qualification_until)
    last_day = clock.frozen(datetime(first.year, first.month, first.day, 4, tzinfo=UTC))
    with last_day, cast.transaction():
        assert permit_of(alice)
    after = date.fromordinal(first.toordinal() + 1)
    with clock.frozen(datetime(after.year, after.month, after.day, 4, tzinfo=UTC)):
        assert refused(alice) is Reason.PARTNER_LAPSED


@pytest.mark.promise("3.1.2")
@pytest.mark.parametrize(
    ("items", "passing"),
    [
        (("card_number",), {}),
        (("marital_status",), {}),
        (("name",), {"phone": "19900001234"}),
        (("name",), {"card_validity": "12/30"}),
    ],
)
def test_an_undeclared_item_is_refused(items: tuple[str, ...], passing: dict[str, Any]) -> None:
    """Neither an item beyond recipient or permit, nor a kept item slipped through as passing."""
    alice = alice_agreed()
    with pytest.raises(GateRefusal) as caught, cast.transaction():
        actions.pack(permit_of(alice), items, passing=passing)
    assert caught.value.reason is Reason.UNDECLARED_ITEM


def test_a_recipient_that_the_purpose_does_not_name_gets_nothing() -> None:
    """A party of another purpose, or an unknown one, is refused."""
    alice = alice_agreed()
    assert refused(alice, "alipay") is Reason.UNDECLARED_ITEM
    assert refused(alice, "nobody") is Reason.UNDECLARED_ITEM
