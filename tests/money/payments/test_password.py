"""The payment password: none that is guessed at once, counted, locked, reset after a proof."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, connections
from hypothesis import given
from hypothesis import strategies as some

from tests import cast
from tests.money.payments.holders import ANOTHER, PASSWORD, RESET, WRONG, Holder, holder
from tests.outside import Outside
from tests.people.identity.residents import CARD as CLEARING
from xingnuo.kit import clock, ids
from xingnuo.kit.errors import BadInput, TooMany
from xingnuo.money.payments import _confirm_digest as digests
from xingnuo.money.payments import _confirm_weak as weak
from xingnuo.money.payments import actions, queries
from xingnuo.money.payments._confirm_password import left, rest_hours
from xingnuo.money.payments.contracts import (
    CheckState,
    NoSuchReset,
    NotAgreedTo,
    NotProven,
    PasswordShown,
    TryOutcome,
)
from xingnuo.people.accounts.contracts import NeedsReverify

pytestmark = pytest.mark.promise("5.1.4", "1.2.7b")


def shown(one: Holder) -> PasswordShown:
    """Give how the password stands."""
    with cast.transaction():
        return queries.password(one.actor)


def tried(one: Holder, typed: str) -> TryOutcome:
    """Try a password."""
    return actions.check_payment_password(one.actor, typed=typed).outcome


@pytest.mark.parametrize(
    "typed",
    [
        *("123456", "654321", "111111", "000000", "890123", "123123", "112233", "121212"),
        *("520131", "147258", "123321", "100000", "345012", "12345", "1234567", "abcdef", ""),
    ],
)
def test_common_ones_are_refused(typed: str) -> None:
    """Runs, repeats, lucky numbers, and what is no six digits."""
    with pytest.raises(BadInput):
        weak.check(typed, ())


@pytest.mark.parametrize(
    ("number", "typed"),
    [
        ("110105199307158212", "930715"),  # year, month, day
        ("110105199307158212", "150793"),
        ("110105199307158212", "158212"),  # its end
        ("11010519930715821X", "715821"),
        ("19912730295", "730295"),
        ("6229001234567730295", "730295"),
    ],
)
def test_ones_own_numbers_are_refused(number: str, typed: str) -> None:
    """Birth date, document's end, phone's end, card's end."""
    with pytest.raises(BadInput) as fault:
        weak.check(typed, (number,))
    assert "生日" in fault.value.fields["password"]
    assert weak.check(PASSWORD, ("110105199307158212",)) == PASSWORD


@given(some.text(alphabet="0123456789", min_size=6, max_size=6))
def test_a_password_that_passes_is_itself(typed: str) -> None:
    """Whatever passes is six digits, not common, and the very same."""
    try:
        found = weak.check(typed, ())
    except BadInput:
        return
    assert found == typed and len(set(typed)) > 2 and typed[:3] != typed[3:]


def test_it_is_set_at_the_first_card_and_tried(outside: Outside) -> None:
    """A card bound by its bank's code proves the person; the right one fits and no other."""
    alice = holder(outside)
    alice.bind()
    cast.agree(alice.person, "payments.password")
    with cast.transaction():
        actions.set_payment_password(alice.weak, typed=PASSWORD, again=PASSWORD)
    assert (tried(alice, PASSWORD), tried(alice, WRONG)) == (TryOutcome.RIGHT, TryOutcome.WRONG)


def test_it_needs_consent_and_a_proof(outside: Outside) -> None:
    """Neither alone is enough; two different entries set nothing."""
    alice = holder(outside)
    with pytest.raises(NotAgreedTo), cast.transaction():
        actions.set_payment_password(alice.actor, typed=PASSWORD, again=PASSWORD)
    cast.agree(alice.person, "payments.password")
    with pytest.raises(NeedsReverify), cast.transaction():
        actions.set_payment_password(alice.weak, typed=PASSWORD, again=PASSWORD)
    with pytest.raises(BadInput), cast.transaction():
        actions.set_payment_password(alice.actor, typed=PASSWORD, again=WRONG)
    assert not shown(alice).is_set


def test_the_persons_own_numbers_are_looked_at(alice: Holder) -> None:
    """The end of the bound card, of the document and of the phone."""
    number = alice.resident.card()
    alice.bind(number)
    cast.agree(alice.person, "payments.password")
    ends = [number[-6:], alice.resident.phone[-6:], alice.resident.number[8:14]]
    for typed in ends:
        with pytest.raises(BadInput), cast.transaction():
            actions.set_payment_password(alice.actor, typed=typed, again=typed)


def test_pay_10_three_and_five_wrong_tries_lock_for_hours(alice: Holder) -> None:
    """The third costs hours, the fifth a day; the right one does not open a locked one."""
    alice.set_password()
    now = clock.now()
    outcomes = []
    with clock.frozen(now):
        outcomes = [tried(alice, WRONG) for _ in range(3)]
        assert outcomes == [TryOutcome.WRONG, TryOutcome.WRONG, TryOutcome.LOCKED]
        assert tried(alice, PASSWORD) is TryOutcome.LOCKED
        assert shown(alice).locked_until == now + timedelta(hours=3)
    with clock.frozen(now + timedelta(hours=3, seconds=1)):
        assert [tried(alice, WRONG) for _ in range(2)] == [TryOutcome.WRONG, TryOutcome.LOCKED]
        assert shown(alice).locked_until == clock.now() + timedelta(hours=24)
    with clock.frozen(now + timedelta(hours=30)):
        assert tried(alice, PASSWORD) is TryOutcome.RIGHT
        assert shown(alice).wrong_count == 0


def test_what_wrong_tries_cost_is_as_it_is_told() -> None:
    """Hours by count, and how many tries are left before the next lock."""
    assert [rest_hours(count) for count in range(1, 6)] == [0, 0, 3, 0, 24]
    assert [left(count) for count in range(6)] == [3, 2, 1, 2, 1, 0]


def test_of_many_wrong_tries_at_once_three_are_looked_at(alice: Holder) -> None:
    """Each sees what the one before left."""
    alice.set_password()

    def attempt(_: int) -> TryOutcome:
        try:
            return tried(alice, WRONG)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(attempt, range(24)))
    assert outcomes.count(TryOutcome.WRONG) == 2
    assert shown(alice).wrong_count == 3


def test_only_a_slow_bound_digest_is_kept(alice: Holder) -> None:
    """Argon2id, keyed to the person: the same one of another person fits nothing."""
    alice.set_password()
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT text, t::text FROM payments_password t WHERE subject_id = %s",
            [alice.subject_id],
        )
        ((text, row),) = cursor.fetchall()
    assert text.startswith("$argon2id$") and PASSWORD not in row
    assert digests.fits(text, alice.subject_id, PASSWORD)
    assert not digests.fits(text, ids.uuid7(), PASSWORD)


def begun(one: Holder) -> UUID:
    """Begin a reset by the right number."""
    return actions.begin_reset(one.actor, number=one.resident.number).id


def finish(one: Holder, reset_id: UUID, typed: str = ANOTHER) -> None:
    """Hand in the new password."""
    with cast.transaction():
        actions.finish_reset(one.actor, reset_id=reset_id, typed=typed, again=typed)


def test_a_reset_by_number_and_card(alice: Holder) -> None:
    """Number, then the bank's code to the card's phone, then the new one; it opens a lock too."""
    card = alice.bind()
    alice.set_password()
    for _ in range(3):
        tried(alice, WRONG)
    cast.agree(alice.person, RESET)
    cast.agree(alice.person, RESET, recipient=CLEARING)
    reset_id = begun(alice)
    with pytest.raises(NotProven):
        finish(alice, reset_id)
    check = actions.prove_reset_by_card(
        alice.actor, reset_id=reset_id, card_id=card.id, key=ids.uuid7()
    )
    assert check.state is CheckState.CODE
    with pytest.raises(NotProven):
        finish(alice, reset_id)
    actions.confirm_card(alice.actor, check_id=check.id, code=alice.resident.code())
    finish(alice, reset_id)
    assert (tried(alice, PASSWORD), tried(alice, ANOTHER)) == (TryOutcome.WRONG, TryOutcome.RIGHT)
    assert len(alice.cards()) == 1
    with pytest.raises(NoSuchReset):
        finish(alice, reset_id, PASSWORD)


def test_a_proof_from_before_the_reset_counts_for_nothing(alice: Holder) -> None:
    """The check that bound the card, and one of an earlier reset, prove no later one."""
    alice.bind()
    alice.set_password()
    with pytest.raises(NotProven):
        finish(alice, begun(alice))


def test_a_wrong_number_is_counted_and_ends_the_day(alice: Holder, outside: Outside) -> None:
    """Another person's number is as wrong as none; after five the right one is refused too."""
    alice.set_password()
    other = holder(outside)
    for number in [other.resident.number, "x", cast.document_number(), "", "1"]:
        with pytest.raises(BadInput) as fault:
            actions.begin_reset(alice.actor, number=number)
        assert fault.value.fields == {"number": "号码和你实名用的不一致，请核对"}
    with pytest.raises(TooMany):
        begun(alice)


def test_a_reset_is_its_persons_and_ends_by_time(alice: Holder, outside: Outside) -> None:
    """Another's looks missing; half an hour later so does one's own."""
    alice.set_password()
    reset_id, charlie = begun(alice), holder(outside)
    with pytest.raises(NoSuchReset), cast.transaction():
        queries.reset(charlie.actor, reset_id=reset_id)
    with clock.shifted(timedelta(minutes=31)), pytest.raises(NoSuchReset), cast.transaction():
        queries.reset(alice.actor, reset_id=reset_id)


def test_the_old_one_again_is_refused(alice: Holder) -> None:
    """A second first password, and a new one that equals the old one."""
    alice.set_password()
    with pytest.raises(BadInput), cast.transaction():
        actions.set_payment_password(alice.actor, typed=ANOTHER, again=ANOTHER)


def test_a_stranger_has_no_password(alice: Holder) -> None:
    """Without one every try is wrong, in the same time, and nothing is counted."""
    assert tried(alice, PASSWORD) is TryOutcome.WRONG
    assert shown(replace(alice)).wrong_count == 0
