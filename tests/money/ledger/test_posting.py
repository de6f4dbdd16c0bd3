"""Posting: a verdict for each, repeats answered as at first, groups, journals and bounds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.cast import transaction
from tests.money.ledger.books import BANK, CLEARING, FEE, leave, posted, purse
from xingnuo.kit import clock, ids
from xingnuo.kit.errors import BadInput, NotFound
from xingnuo.money.ledger import actions, queries
from xingnuo.money.ledger.actions import ForeignJournal
from xingnuo.money.ledger.contracts import (
    AccountState,
    HouseKind,
    NotEmpty,
    NotPosted,
    Verdict,
    house,
)
from xingnuo.trust.gate.contracts import GateRefusal


@pytest.mark.parametrize("fen", [0, -1, 10**15 + 1, 10**19, 0.001, "１００", True, None])
def test_no_bad_amount_moves_anything(fen: Any) -> None:
    """Zero, less, too much, and what is no whole number are refused, and stay refused."""
    one = purse(500)
    bad = one.pays(fen)
    assert posted(bad) == (Verdict.BAD_AMOUNT,)
    assert posted(bad) == (Verdict.BAD_AMOUNT,)
    assert posted(replace(bad, amount_fen=100)) == (Verdict.BURNT,)
    assert one.balance().posted_fen == 500


def test_each_reason_has_its_verdict() -> None:
    """What stands against a transfer is told, and strangers in the batch are not touched."""
    one, other = purse(500, ceiling_fen=600), purse(50)
    told = posted(
        one.pays(100),
        one.pays(100, to=one.account),
        one.pays(100, to=other.account),
        one.pays(100, to=ids.uuid7()),
        one.pays(100, to=house(HouseKind.FEE, "nobody")),
        one.pays(401),
        one.gets(201),
        other.pays(50),
    )
    assert told == (
        Verdict.DONE,
        Verdict.SAME_ACCOUNT,
        Verdict.NO_ACCOUNT,
        Verdict.NO_ACCOUNT,
        Verdict.NO_ACCOUNT,
        Verdict.SHORT,
        Verdict.OVER_CEILING,
        Verdict.DONE,
    )
    assert (one.balance().posted_fen, other.balance().posted_fen) == (400, 0)


def test_a_repeat_gets_the_first_answer_whatever_happened_since() -> None:
    """Done stays done, short stays short though there is money now, other content is told apart."""
    one = purse(100)
    paid, dear = one.pays(60), one.pays(100)
    assert posted(paid, dear) == (Verdict.DONE, Verdict.SHORT)
    assert posted(one.gets(1000)) == (Verdict.DONE,)
    for _ in range(2):
        assert posted(dear, paid) == (Verdict.SHORT, Verdict.DONE)
    assert posted(replace(paid, amount_fen=61), replace(dear, amount_fen=1)) == (
        Verdict.EXISTS_DIFFERENT,
        Verdict.BURNT,
    )
    assert one.balance().posted_fen == 1040


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "other"},
        {"group_id": ids.uuid7()},
        {"clearing_ref": ids.uuid7()},
        {"ref_type": "bill"},
        {"ref_id": ids.uuid7()},
        {"event_at": clock.now()},
        {"to_id": CLEARING},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_field_belongs_to_the_content(change: dict[str, Any]) -> None:
    """A repeat that differs in any field is no repeat."""
    one = purse(100)
    paid = one.pays(60)
    assert posted(paid) == (Verdict.DONE,)
    assert posted(replace(paid, **change)) == (Verdict.EXISTS_DIFFERENT,)


def test_the_same_id_twice_in_one_batch_is_done_once() -> None:
    """The second is answered as a repeat of the first."""
    one = purse(100)
    paid = one.pays(60)
    told = posted(paid, paid, replace(paid, amount_fen=1), one.pays(40))
    assert told == (Verdict.DONE, Verdict.DONE, Verdict.EXISTS_DIFFERENT, Verdict.DONE)
    assert one.balance().posted_fen == 0


def test_a_group_is_done_all_or_none_over_several_subjects() -> None:
    """The payer is short, so the payee gets nothing; strangers in between are served."""
    payer, payee, stranger = purse(100), purse(), purse(10)
    group, ref = ids.uuid7(), ids.uuid7()
    both = {"group_id": group, "clearing_ref": ref}
    given = payee.gets(101, CLEARING, **both)
    taken = payer.pays(101, CLEARING, **both)
    fee = payer.pays(1, FEE, **both)
    told = posted(given, fee, stranger.pays(10), taken)
    assert told == (Verdict.IN_GROUP, Verdict.IN_GROUP, Verdict.DONE, Verdict.SHORT)
    assert posted(given, fee, taken) == (Verdict.IN_GROUP, Verdict.IN_GROUP, Verdict.SHORT)
    assert (payer.balance().posted_fen, payee.balance().version) == (100, 0)
    assert stranger.balance().posted_fen == 0
    assert posted(*(replace(each, id=ids.uuid7(), amount_fen=9) for each in (given, taken))) == (
        Verdict.DONE,
        Verdict.DONE,
    )
    assert payee.balance().posted_fen == 9


def test_a_group_that_was_answered_takes_no_more_members() -> None:
    """Sent again with one more, the old keep their answer and the new one is refused."""
    one, group = purse(100), ids.uuid7()
    first, second = one.pays(10, group_id=group), one.pays(20, group_id=group)
    assert posted(first, second) == (Verdict.DONE, Verdict.DONE)
    late = one.pays(30, group_id=group)
    assert posted(first, late, second) == (Verdict.DONE, Verdict.IN_GROUP, Verdict.DONE)
    assert posted(late) == (Verdict.IN_GROUP,)
    assert one.balance().posted_fen == 70


def test_one_id_twice_in_a_group_is_the_callers_mistake() -> None:
    """It has no meaning, and nothing is done."""
    one = purse(100)
    paid = one.pays(10, group_id=ids.uuid7())
    with pytest.raises(BadInput):
        posted(paid, paid)
    assert one.balance().posted_fen == 100


def test_a_permit_opens_its_own_journal_and_credits_tied_to_it() -> None:
    """Nobody debits another, or credits another out of nowhere."""
    one, other = purse(100), purse(100)
    ref = ids.uuid7()
    tied = {"clearing_ref": ref}
    for transfers in (
        [other.pays(10)],
        [one.pays(10, CLEARING, **tied), other.pays(10, CLEARING, **tied)],
        [one.pays(10, CLEARING, **tied), other.gets(10, BANK, **tied)],
        [one.pays(10, CLEARING, **tied), other.gets(10, CLEARING)],
        [one.pays(10, CLEARING), other.gets(10, CLEARING)],
    ):
        with pytest.raises(ForeignJournal), transaction():
            actions.post(leave(one.person), transfers)
    with transaction():
        told = actions.post(
            leave(one.person), [one.pays(10, CLEARING, **tied), other.gets(10, CLEARING, **tied)]
        )
    assert told == (Verdict.DONE, Verdict.DONE)
    assert (one.balance().posted_fen, other.balance().posted_fen) == (90, 110)
    with transaction():
        refs = [each.clearing_ref for each in queries.open_refs(timedelta(0))]
    assert ref not in refs


def test_a_forged_permit_opens_nothing() -> None:
    """Only a permit of the gate's own making counts."""
    one = purse(100)
    with pytest.raises(GateRefusal), transaction():
        actions.post(replace(leave(one.person), seal=object()), [one.pays(10)])
    with pytest.raises(GateRefusal), transaction():
        queries.balance(replace(leave(one.person), seal=object()), one.account)


def test_anothers_account_is_missing() -> None:
    """By row security, whatever id is asked for."""
    one, other = purse(100), purse(100)
    for ask in (queries.balance, queries.statement):
        with pytest.raises(NotFound), transaction():
            ask(leave(one.person), other.account)
    with pytest.raises(NotFound), transaction():
        actions.set_state(leave(one.person), other.account, to=AccountState.FROZEN)


def test_nothing_leaves_a_frozen_account_and_nothing_moves_on_a_closed_one() -> None:
    """Frozen takes money in; closed is for good and only for the empty."""
    one = purse(100)

    def to(state: AccountState) -> None:
        with transaction():
            actions.set_state(leave(one.person), one.account, to=state)

    to(AccountState.FROZEN)
    assert posted(one.pays(1), one.gets(1)) == (Verdict.FROZEN, Verdict.DONE)
    with pytest.raises(NotEmpty):
        to(AccountState.CLOSED)
    to(AccountState.OPEN)
    assert posted(one.pays(101)) == (Verdict.DONE,)
    to(AccountState.CLOSED)
    assert posted(one.pays(1), one.gets(1)) == (Verdict.CLOSED, Verdict.CLOSED)


def test_a_ceiling_may_be_lowered_below_what_stands() -> None:
    """What stands there stays; nothing more comes until there is room."""
    one = purse(100)
    with transaction():
        actions.set_ceiling(leave(one.person), one.account, ceiling_fen=50)
    assert posted(one.gets(1), one.pays(60), one.gets(10), one.gets(1)) == (
        Verdict.OVER_CEILING,
        Verdict.DONE,
        Verdict.DONE,
        Verdict.OVER_CEILING,
    )


def test_opening_again_gives_the_same_account() -> None:
    """One account of a kind and name a person."""
    one = purse()
    with transaction():
        permit = leave(one.person)
        assert actions.open_account(permit, kind="wallet") == one.account
        assert actions.open_account(permit, kind="wallet", name="second") != one.account


def test_only_declared_codes_get_in() -> None:
    """No kind or reference can carry a value."""
    one = purse(100)
    for text in ("张三", "13812345678", "a'b", "x" * 40, "a,b", '"', "A"):
        with pytest.raises(BadInput):
            posted(one.pays(1, kind=text))
        with pytest.raises(BadInput):
            posted(one.pays(1, ref_type=text))


def test_one_refusal_undoes_a_transaction_that_asks_for_all() -> None:
    """`done` raises with every verdict, and what was posted is gone with the transaction."""
    one = purse(100)
    paid = one.pays(60)
    with pytest.raises(NotPosted) as refused, transaction():
        actions.done(actions.post(leave(one.person), [paid, one.pays(60)]))
    assert refused.value.verdicts == (Verdict.DONE, Verdict.SHORT)
    assert one.balance().posted_fen == 100
    assert posted(paid) == (Verdict.DONE,)


def test_a_statement_is_paged_newest_first_and_adds_up() -> None:
    """Opening, what came and went, and closing fit; pages join without a gap."""
    one = purse()
    start = clock.now()
    for day in range(6):
        with clock.frozen(start + timedelta(days=day)):
            posted(one.gets(100 + day), one.pays(10))
    with transaction():
        permit = leave(one.person)
        span = {"since": start + timedelta(days=1), "until": start + timedelta(days=4)}
        seen, after = [], None
        while True:
            page = queries.statement(permit, one.account, after=after, limit=4, **span)
            seen += page.entries
            if (after := page.after) is None:
                break
    assert [entry.version for entry in seen] == [8, 7, 6, 5, 4, 3]
    assert (page.opening_fen, page.closing_fen) == (90, 90 + 101 + 102 + 103 - 30)
    assert (page.in_fen, page.out_fen) == (306, 30)
    assert seen[0].amount_fen == -10 and seen[0].other_id == FEE
    assert seen[0].balance_after_fen == page.closing_fen


def test_a_house_account_tells_its_days() -> None:
    """What moved on a Beijing day, the same before and after a roll-up."""
    from tests.money.ledger.books import own_house

    one, own = purse(), own_house()
    day = clock.today()
    at = clock.now().replace(hour=15, minute=59) + timedelta(days=1)  # a minute before midnight
    with clock.frozen(at):
        posted(one.gets(100, own))
    with clock.frozen(at + timedelta(minutes=2)):
        posted(one.pays(30, own))
    first = clock.beijing(at).date()
    for _ in range(2):
        told = queries.house_days(own, since=first, until=first + timedelta(days=2))
        assert [(each.day, each.sum_fen, each.entries) for each in told] == [
            (first, -100, 1),
            (first + timedelta(days=1), 30, 1),
        ]
        assert queries.house_balance(own) == -70
        actions.roll_up()
    assert not told[1].is_final or day > told[1].day


def test_the_person_gets_their_books_and_cannot_leave_with_money() -> None:
    """A copy holds accounts and entries; a balance stands against closing."""
    one = purse(100)
    with transaction():
        leave(one.person)
        copy = queries.export(one.subject)
        assert [each.code for each in queries.blocks(one.subject)] == ["balance"]
    assert [row["posted_fen"] for row in copy["ledger_account"]] == [100]
    assert [row["amount_fen"] for row in copy["ledger_entry"]] == [100]
    posted(one.pays(100))
    with transaction():
        leave(one.person)
        assert queries.blocks(one.subject) == []
        assert actions.close_accounts(one.subject) == 1
    assert one.balance().state is AccountState.CLOSED
