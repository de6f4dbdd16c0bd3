"""A change card's life against the bank: opened, used in every way, reconciled, closed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests import cast
from tests.outside import Outside
from tests.services.wallet_card.owners import owner
from xingnuo.kit import clock, ids
from xingnuo.money.payments import actions as payments
from xingnuo.money.payments import queries as payment_queries
from xingnuo.money.payments.contracts import CardInUse, NotConfirmed, OtherThanConfirmed
from xingnuo.services.wallet_card import actions, queries
from xingnuo.services.wallet_card.contracts import (
    MoveDiffers,
    MoveKind,
    NoAccount,
    NotEmpty,
    OverLimit,
    Short,
)
from xingnuo.services.wallet_card.models import CaseRow, DayRow

pytestmark = pytest.mark.promise("1.2.8")
K = MoveKind


def test_card_2_every_way_moves_money_once(outside: Outside) -> None:
    """Topped up, saved, sold, spent, withdrawn: both sides' books are equal after each step."""
    alice = owner(outside)
    assert alice.open().state == "open"
    for kind, fen in (
        (K.TOP_UP, 200_000), (K.BUY_DEPOSIT, 70_000), (K.BUY_FUND, 60_000),
        (K.SELL_DEPOSIT, 10_000), (K.SELL_FUND, 5_000), (K.SPEND, 12_345), (K.WITHDRAW, 2_655),
    ):  # fmt: skip
        number = ids.uuid7()
        done = alice.move(kind, fen, number)
        assert (done.state, done.amount_fen) == ("done", fen), (kind, done)
        assert alice.agree(), kind
    assert alice.ours() == {"cash": 70_000, "deposit": 60_000, "fund": 55_000}
    with cast.transaction():
        assert payment_queries.balance(alice.holder.actor).available_fen == 12_345
    month = alice.month()
    assert (month.in_fen, month.out_fen) == (200_000, 15_000)
    assert len(month.moves) == 7


def test_a_number_is_one_movement(outside: Outside) -> None:
    """The same number again moves nothing; with other content it is refused."""
    alice = owner(outside)
    assert alice.open().state == "open"
    number = ids.uuid7()
    first = alice.move(K.TOP_UP, 5_000, number)
    again = actions.move(
        alice.holder.actor, kind=K.TOP_UP, amount_fen=5_000, number=number,
        confirmation_id=ids.uuid7(),
    )  # fmt: skip
    assert first == again and alice.ours()["cash"] == 5_000
    with pytest.raises(MoveDiffers):
        actions.move(
            alice.holder.actor, kind=K.TOP_UP, amount_fen=5_001, number=number,
            confirmation_id=ids.uuid7(),
        )  # fmt: skip


def test_nothing_moves_without_the_persons_yes(outside: Outside) -> None:
    """No yes, or a yes to another amount: nothing leaves."""
    alice = owner(outside)
    alice.brought(10_000)
    number = ids.uuid7()
    with pytest.raises(NotConfirmed):
        actions.move(
            alice.holder.actor, kind=K.WITHDRAW, amount_fen=100, number=number,
            confirmation_id=ids.uuid7(),
        )  # fmt: skip
    yes = alice.yes(K.WITHDRAW, 100, number)
    with pytest.raises(OtherThanConfirmed):
        actions.move(
            alice.holder.actor, kind=K.WITHDRAW, amount_fen=101, number=number,
            confirmation_id=yes,
        )  # fmt: skip
    assert alice.ours()["cash"] == 10_000 and alice.agree()


def test_card_5_nothing_is_bought_beyond_what_is_there(outside: Outside) -> None:
    """More than the account holds, or than the law allows to spend in a day, is refused."""
    alice = owner(outside)
    alice.brought(2_000_000)
    for kind in (K.BUY_DEPOSIT, K.BUY_FUND, K.WITHDRAW):
        with pytest.raises(Short):
            alice.move(kind, 2_000_001)
    alice.move(K.SPEND, 900_000)
    with pytest.raises(OverLimit):
        alice.move(K.SPEND, 100_001)
    assert alice.move(K.SPEND, 100_000).state == "done"
    with clock.shifted(timedelta(days=1)), cast.transaction():
        assert queries.my_limits(alice.holder.actor).day_left_fen == 1_000_000
    assert alice.agree()


def test_card_3_only_an_empty_account_closes(outside: Outside) -> None:
    """With money it stays; empty it closes, frees its card, and accepts nothing any more."""
    alice = owner(outside)
    alice.brought(1_000)
    with pytest.raises(CardInUse), cast.transaction():
        payments.unbind_card(alice.holder.actor, card_id=alice.card_id)
    with pytest.raises(NotEmpty):
        alice.close()
    assert [one.code for one in _blocks(alice.subject_id)] == ["wallet_open"]
    assert alice.move(K.WITHDRAW, 1_000).state == "done"
    assert alice.close().state == "closed"
    assert not any(alice.ours().values()) and alice.theirs()["state"] == "closed"
    assert not _blocks(alice.subject_id)
    with pytest.raises(NoAccount):
        alice.move(K.TOP_UP, 100)
    assert alice.open().state == "open"


def _blocks(subject_id: object) -> list[object]:
    with cast.transaction():
        return list(queries.blocks(subject_id))  # type: ignore[arg-type]


def test_card_1_what_is_shown_is_the_banks_word_with_its_time(outside: Outside) -> None:
    """Fetched to the fen; when the bank does not answer the last word stays, with its time."""
    alice = owner(outside)
    alice.brought(30_000)
    alice.move(K.BUY_FUND, 10_000)
    told = alice.refresh()
    assert told is not None
    theirs = alice.theirs()
    assert (told.cash_fen, told.deposit_fen, told.fund_fen, told.income_fen) == tuple(
        theirs[f"{name}_fen"] for name in ("cash", "deposit", "fund", "income")
    )
    outside.script("bank", "balance", *["5xx"] * 9, match=theirs["account"])
    alice.move(K.BUY_FUND, 1_000)
    again = alice.refresh()
    assert again == told


def reconciled(day: date) -> dict[str, int]:
    """Reconcile a day as if it were over, and nobody had done so before."""
    DayRow.objects.filter(day=day).delete()
    found = actions.reconcile(day)
    return {"lines": found.lines, "income": found.income, "differences": found.differences}


def cases_of(subject_id: object) -> set[str]:
    """Name the kinds of a person's cases."""
    return set(CaseRow.objects.filter(subject_id=subject_id).values_list("kind", flat=True))
