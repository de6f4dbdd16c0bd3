"""By bank card: four elements at the bank, then its code; nothing of the card stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests import cast
from tests.outside import Outside
from tests.people.identity import residents
from tests.people.identity.residents import Resident, agree_card, resident
from xingnuo.kit import ids
from xingnuo.kit.errors import BadInput
from xingnuo.people.identity import actions
from xingnuo.people.identity.contracts import (
    Check,
    ForbiddenCheckStep,
    Ground,
    NamedFirst,
    NoSuchCheck,
    State,
)
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.policy.contracts import Tier

pytestmark = pytest.mark.promise("1.2.3b")


@pytest.fixture
def one(outside: Outside) -> Resident:
    """Give a named person who agreed to be checked by card."""
    made = resident(outside, tier=Tier.NAMED)
    agree_card(made)
    return made


def begun(one: Resident, **told: str) -> Check:
    """Begin by a card of the person's."""
    return actions.begin_card(one.actor, card=one.card(**told), phone=one.phone, key=ids.uuid7())


def kept(one: Resident) -> dict[str, str]:
    """Give what the vault holds of the card."""
    with cast.transaction():
        permit = cast.permit(one.person, "identity.card_check")
        return {s.item: s.text for s in gate.read(permit) if s.item.startswith("card_")}


def test_card_and_code_check_the_person(one: Resident) -> None:
    """The bank's yes raises the tier, and the card is gone."""
    check = residents.card_checked(one)
    assert (check.state, check.source, one.tier) == (State.MATCHED, "card_check", Tier.CHECKED)
    assert kept(one) == {}


def test_a_wrong_code_may_be_typed_again(one: Resident) -> None:
    """The bank counts the tries, and the check waits."""
    check = begun(one)
    right = one.code()
    wrong = str((int(right) + 1) % 10**6).zfill(6)
    after = actions.confirm_card(one.actor, check_id=check.id, code=wrong)
    assert after.state is State.STARTED and after.tries_left is not None
    assert actions.confirm_card(one.actor, check_id=check.id, code=right).state is State.MATCHED


def test_another_persons_card_is_no_proof(one: Resident) -> None:
    """A card under another document or name does not match, and no code goes out."""
    other = resident(one.outside)
    before = len(one.outside.inbox(one.phone))
    check = actions.begin_card(one.actor, card=other.card(), phone=one.phone, key=ids.uuid7())
    assert (check.state, check.ground) == (State.MISMATCHED, Ground.NOT_THE_SAME)
    assert (len(one.outside.inbox(one.phone)), one.tier) == (before, Tier.NAMED)
    assert kept(one) == {}


@pytest.mark.parametrize(
    ("state", "ground"), [("lost", Ground.CARD_LOST), ("closed", Ground.CARD_CLOSED)]
)
def test_a_card_out_of_use_is_refused(one: Resident, state: str, ground: Ground) -> None:
    """The bank says why, and the person is told another way."""
    check = begun(one, state=state)
    assert (check.state, check.ground, kept(one)) == (State.REFUSED, ground, {})


def test_name_and_number_come_first(outside: Outside) -> None:
    """A card alone names nobody."""
    made = resident(outside)
    agree_card(made)
    with pytest.raises(NamedFirst):
        begun(made)


def test_a_lost_answer_is_asked_for(one: Resident) -> None:
    """What the bank answered and nobody heard is found by the key; no second code goes out."""
    one.outside.script("bank", "check", "reset", match=one.number)
    check = begun(one)
    assert check.state is State.UNKNOWN
    residents.take_up(after=timedelta(minutes=10))
    state = one.status().checks[0].state
    assert state in (State.STARTED, State.UNKNOWN)


def test_a_confirmation_that_nobody_heard_is_found(one: Resident) -> None:
    """The code is kept nowhere; the bank's own record says that it was right."""
    check = begun(one)
    code = one.code()
    one.outside.script("bank", "confirm", "5xx")
    after = actions.confirm_card(one.actor, check_id=check.id, code=code)
    if after.state is State.UNKNOWN:
        actions.resume(subject_id=one.subject_id, check_id=check.id)
        after = one.status().checks[0]
    assert after.state in (State.MATCHED, State.STARTED)


def test_a_check_that_nobody_went_on_with_is_given_up(one: Resident) -> None:
    """After a day the typed card is gone."""
    begun(one)
    assert kept(one)
    residents.take_up(after=timedelta(days=1, minutes=5))
    assert (one.status().checks[0].state, kept(one)) == (State.LAPSED, {})


def test_a_code_is_for_the_persons_own_check(one: Resident) -> None:
    """Another's check looks missing, and an ended one takes no code."""
    check, charlie = begun(one), resident(one.outside)
    with pytest.raises(NoSuchCheck):
        actions.confirm_card(charlie.actor, check_id=check.id, code="123456")
    with cast.transaction():
        actions.give_up(one.actor, check_id=check.id)
    with pytest.raises(ForbiddenCheckStep):
        actions.confirm_card(one.actor, check_id=check.id, code="123456")


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("card", {"card": "6228481234567890"}),
        ("card", {"card": "62"}),
        ("phone", {"phone": "+1 202 555 0100"}),
        ("phone", {"phone": "12345678901"}),
    ],
)
def test_a_bad_card_or_phone_begins_nothing(
    one: Resident, field: str, told: dict[str, str]
) -> None:
    """Luhn, length and region are checked before anything is begun."""
    asked = {"card": one.card(), "phone": one.phone, **told}
    with pytest.raises(BadInput) as bad:
        actions.begin_card(one.actor, **asked, key=ids.uuid7())
    assert list(bad.value.fields) == [field]
