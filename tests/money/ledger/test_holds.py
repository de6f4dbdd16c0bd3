"""Holds: they count at once, end once, and give back what is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.cast import transaction
from tests.money.ledger.books import (
    commit,
    ended,
    leave,
    placed,
    posted,
    purse,
    violations,
    void,
)
from xingnuo.kit import clock, ids
from xingnuo.kit.errors import BadInput
from xingnuo.money.ledger import actions, queries
from xingnuo.money.ledger.contracts import AccountState, Verdict

DONE = (Verdict.DONE,)


def test_holds_count_at_once() -> None:
    """Six holds of 1,000 on 5,000: five fit, and nothing may be spent beside them."""
    one = purse(5000)
    holds = [one.holds(1000) for _ in range(6)]
    assert placed(*holds) == (*DONE * 5, Verdict.SHORT)
    assert one.balance().available_fen == 0
    assert posted(one.pays(1)) == (Verdict.SHORT,)
    assert ended(commit(holds[5])) == (Verdict.NO_HOLD,)


def test_a_part_commit_gives_the_rest_back() -> None:
    """And a repeat of it gets the same answer, though another end does not."""
    one = purse(1000)
    hold = one.holds(800)
    assert placed(hold) == DONE
    first = commit(hold, 300)
    assert ended(first, first) == (Verdict.DONE, Verdict.DONE)
    assert (one.balance().posted_fen, one.balance().held_fen) == (700, 0)
    assert ended(commit(hold, 300), commit(hold), void(hold)) == (
        Verdict.COMMITTED,
        Verdict.COMMITTED,
        Verdict.COMMITTED,
    )
    assert placed(hold) == DONE
    assert one.balance().held_fen == 0


def test_a_void_gives_all_back_and_burns_what_was_never_placed() -> None:
    """A void that overtakes its hold keeps it from ever counting."""
    one = purse(1000)
    hold, late = one.holds(800), one.holds(100)
    assert placed(hold) == DONE
    assert ended(void(hold), void(hold)) == (Verdict.DONE, Verdict.DONE)
    assert one.balance().available_fen == 1000
    assert ended(commit(hold)) == (Verdict.VOIDED,)
    assert ended(void(late)) == (Verdict.NO_HOLD,)
    assert placed(late) == (Verdict.BURNT,)


def test_a_hold_is_over_by_the_clock_not_by_the_sweep() -> None:
    """It no longer counts and cannot be committed, though nobody swept."""
    one = purse(1000)
    hold = one.holds(800, seconds=60)
    assert placed(hold) == DONE
    with clock.shifted(timedelta(seconds=61)):
        assert one.balance().available_fen == 1000
        with transaction():
            assert queries.balances(leave(one.person)).holds == ()
        assert posted(one.pays(900)) == DONE
        assert ended(commit(hold), void(hold)) == (Verdict.EXPIRED, Verdict.EXPIRED)
        assert one.balance().posted_fen == 100
        assert violations() == []


def test_the_sweep_ends_what_is_over_and_nothing_else() -> None:
    """Once; what is open stays."""
    one = purse(1000)
    over, still = one.holds(300, seconds=60), one.holds(200, seconds=7200)
    assert placed(over, still) == (Verdict.DONE, Verdict.DONE)
    with clock.shifted(timedelta(seconds=61)):
        assert actions.expire_holds() >= 1
        with transaction():
            permit = leave(one.person)
            shown = queries.hold_of(permit, over.id)
            assert shown is not None and shown[0] == over
            assert shown[1] is not None and shown[1].how == "expire"
            assert queries.hold_of(permit, still.id) == (still, None)
        assert actions.expire_holds() == 0
        assert one.balance().held_fen == 200


def test_a_hold_past_its_time_is_not_placed() -> None:
    """Asked for too late."""
    one = purse(1000)
    assert placed(one.holds(100, seconds=-1)) == (Verdict.EXPIRED,)


def test_a_refused_commit_burns_its_transfer_and_leaves_the_hold() -> None:
    """More than was held is refused; with a new id the rest of the story goes on."""
    one = purse(1000)
    hold = one.holds(500)
    assert placed(hold) == DONE
    much = commit(hold, 501)
    assert ended(much) == (Verdict.OVER_HOLD,)
    assert ended(much) == (Verdict.OVER_HOLD,)
    assert ended(replace(much, amount_fen=500)) == (Verdict.BURNT,)
    assert ended(commit(hold, 0)) == (Verdict.BAD_AMOUNT,)
    assert one.balance().held_fen == 500
    assert ended(commit(hold, 500)) == DONE


def test_a_commit_into_a_full_account_is_refused() -> None:
    """A ceiling holds for what was held too."""
    one = purse(1000)
    with transaction():
        box = actions.open_account(leave(one.person), kind="box", ceiling_fen=100)
    hold = one.holds(101, to=box)
    assert placed(hold) == DONE
    assert ended(commit(hold)) == (Verdict.OVER_CEILING,)
    assert ended(commit(hold, 100)) == DONE


def test_a_frozen_account_commits_nothing_but_lets_go() -> None:
    """Void and time still end a hold."""
    one = purse(1000)
    first, second = one.holds(100), one.holds(100)
    placed(first, second)
    with transaction():
        actions.set_state(leave(one.person), one.account, to=AccountState.FROZEN)
    assert placed(one.holds(1)) == (Verdict.FROZEN,)
    assert ended(commit(first), void(second)) == (Verdict.FROZEN, Verdict.DONE)


def test_a_hold_stays_in_its_own_journal() -> None:
    """Another's account is no place to hold for, and the house's own money is not held."""
    one, other = purse(1000), purse(1000)
    from tests.money.ledger.books import BANK

    assert placed(one.holds(1, to=other.account), replace(one.holds(1), from_id=BANK)) == (
        Verdict.NO_ACCOUNT,
        Verdict.NO_ACCOUNT,
    )


def test_an_end_says_what_it_means() -> None:
    """A commit names its transfer, a void names none."""
    one = purse(1000)
    hold = one.holds(1)
    for end in (
        replace(commit(hold), transfer_id=None),
        replace(void(hold), transfer_id=ids.uuid7()),
    ):
        with pytest.raises(BadInput):
            ended(end)
    with pytest.raises(BadInput):
        ended(replace(void(hold), amount_fen=1))


def test_a_transfer_id_ends_one_hold_only() -> None:
    """The id of a transfer that was done is not used again."""
    one = purse(1000)
    first, second = one.holds(100), one.holds(100)
    placed(first, second)
    used = ids.uuid7()
    assert ended(commit(first, transfer_id=used)) == DONE
    assert ended(commit(second, transfer_id=used)) == (Verdict.EXISTS_DIFFERENT,)
    assert one.balance().held_fen == 100
