"""The ledger beside its model: the same steps, the same answers, the same money."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.cast import transaction
from tests.money.ledger import books
from tests.money.ledger.model import MOST, Account, Finish, Ledger, Move
from xingnuo.kit import clock, ids
from xingnuo.kit.errors import Conflict
from xingnuo.money.ledger import actions, queries
from xingnuo.money.ledger.contracts import (
    AccountState,
    End,
    Hold,
    HoldEnd,
    NotEmpty,
    Transfer,
)

STEP_SECONDS = 10  # how far the clock goes with each step; instants asked for lie in between
PEOPLE = ("p", "q")
NAMES = ("p.wallet", "p.savings", "p.credit", "q.wallet", "house.a", "house.b", "nobody")
AMOUNTS = st.sampled_from([1, 2, 7, 50, 100, 100, 400, 400, 1000, 0, -1, MOST, MOST + 1, 10**19])
PLACES = st.sampled_from(NAMES)


class Books(RuleBasedStateMachine):
    """Post, hold, end, freeze, close and let time pass, over few accounts and few ids."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Ledger()
        self.began = clock.now().replace(microsecond=0)
        self.ids: dict[str, UUID] = {}
        self.moves: list[Move] = []
        self.held: list[Move] = []
        self.finishes: list[Finish] = []

    @initialize()
    def open(self) -> None:
        """Open the accounts on both sides."""
        people = {name: books.make_person() for name in PEOPLE}
        self.people = people
        self.places = {name: ids.uuid7() for name in NAMES}
        for name in ("p.wallet", "p.savings", "p.credit", "q.wallet"):
            owner, kind = name.split(".")
            floor, ceiling = (None if kind == "credit" else 0), (500 if kind == "savings" else None)
            with transaction():
                self.places[name] = actions.open_account(
                    books.leave(people[owner]),
                    kind=kind,
                    nonneg=floor == 0,
                    ceiling_fen=ceiling,
                )
            self.model.accounts[name] = Account(owner, floor=floor, ceiling=ceiling)
        for name in ("house.a", "house.b"):
            self.places[name] = books.own_house()
            self.model.accounts[name] = Account("", floor=None)

    def teardown(self) -> None:
        """In the end the books as a whole hold, and past balances are those of then."""
        with self.clock():
            actions.roll_up()
            actions.seal_blocks()
            for number, stood in enumerate(self.model.past):
                at = self.began + timedelta(seconds=number * STEP_SECONDS + STEP_SECONDS / 2)
                for name in ("p.wallet", "p.credit"):
                    with transaction():
                        permit = books.leave(self.people["p"])
                        told = queries.as_of(permit, self.places[name], at)
                    assert told == stood.get(name, 0), (number, name)
            assert books.violations() == []
            for name in ("house.a", "house.b"):
                assert queries.house_balance(self.places[name]) == self.model.accounts[name].posted

    def clock(self) -> Any:
        """Hold the house's clock where the model's stands."""
        return clock.frozen(self.began + timedelta(seconds=self.model.now))

    def id_of(self, name: str) -> UUID:
        """Give the id that a name of the model stands for."""
        return self.ids.setdefault(name, ids.uuid7())

    def subject(self, name: str) -> UUID:
        """Give the subject that a name of the model stands for."""
        return self.people[name].subject_id

    def fresh(self) -> str:
        """Give a name that was not used yet."""
        return f"x{len(self.ids)}.{ids.uuid7()}"

    @rule(data=st.data())
    def post(self, data: st.DataObject) -> None:
        """Post a few transfers, some of them again, some of them in groups."""
        count = data.draw(st.integers(1, 6))
        moves: list[Move] = []
        for _ in range(count):
            if self.moves and data.draw(st.integers(0, 5)) == 0:
                again = data.draw(st.sampled_from(self.moves))
                if data.draw(st.booleans()):
                    again = again._replace(amount=again.amount + 1)
                if again.id not in {move.id for move in moves} and not again.group:
                    moves.append(again)
                continue
            source, target = data.draw(PLACES), data.draw(PLACES)
            subject = data.draw(st.sampled_from(PEOPLE))
            moves.append(Move(subject, self.fresh(), source, target, data.draw(AMOUNTS)))
        if len(moves) > 1 and data.draw(st.booleans()):
            group = self.fresh()
            first = data.draw(st.integers(0, len(moves) - 2))
            known = {move.id for move in self.moves}
            moves[first : first + 2] = [
                move._replace(group=group) if move.id not in known else move
                for move in moves[first : first + 2]
            ]
        if not moves:
            return
        with self.clock():
            told = books.posted(*(self.transfer(move) for move in moves))
        assert [str(each) for each in told] == self.model.post(moves)
        self.moves += moves
        self.model.tick(STEP_SECONDS)

    @rule(data=st.data())
    def post_group_again(self, data: st.DataObject) -> None:
        """Send a group again, whole or with one more member."""
        groups = sorted({move.group for move in self.moves if move.group})
        if not groups:
            return
        group = data.draw(st.sampled_from(groups))
        moves = list({move.id: move for move in self.moves if move.group == group}.values())
        if data.draw(st.booleans()):
            moves.append(Move("p", self.fresh(), "house.a", "p.wallet", 5, group))
        with self.clock():
            told = books.posted(*(self.transfer(move) for move in moves))
        assert [str(each) for each in told] == self.model.post(moves)
        self.model.tick(STEP_SECONDS)

    @rule(data=st.data())
    def hold(self, data: st.DataObject) -> None:
        """Hold money, sometimes again."""
        if self.held and data.draw(st.integers(0, 4)) == 0:
            move = data.draw(st.sampled_from(self.held))
        else:
            expires = self.model.now + data.draw(st.sampled_from([-5, 5, 15, 35, 1005]))
            subject = data.draw(st.sampled_from(PEOPLE))
            move = Move(
                subject,
                self.fresh(),
                data.draw(PLACES),
                data.draw(PLACES),
                data.draw(AMOUNTS),
                expires=expires,
            )
        with self.clock():
            told = books.placed(self.hold_of(move))
        assert [str(each) for each in told] == self.model.hold([move])
        self.held.append(move)
        self.model.tick(STEP_SECONDS)

    @rule(data=st.data())
    def finish(self, data: st.DataObject) -> None:
        """End a hold in any way, also one that is over, ended, or was never there."""
        if self.finishes and data.draw(st.integers(0, 3)) == 0:
            finish = data.draw(st.sampled_from(self.finishes))
        else:
            known = [(move.subject, move.id) for move in self.held] or [("p", self.fresh())]
            subject, name = data.draw(st.sampled_from(known))
            how = data.draw(st.sampled_from(["commit", "commit", "void"]))
            finish = Finish(subject, name, how)
            if how == "commit":
                amount = data.draw(st.sampled_from([None, None, 1, 50, 0, 10**19]))
                finish = finish._replace(amount=amount, transfer=self.fresh())
        with self.clock():
            told = books.ended(self.end_of(finish))
        told_as = self.model.end([finish])
        assert [str(each) for each in told] == told_as
        self.finishes.append(finish)
        self.model.tick(STEP_SECONDS)

    @rule(
        name=st.sampled_from(["p.wallet", "p.savings", "q.wallet"]),
        state=st.sampled_from(["open", "open", "open", "frozen", "closed"]),
    )
    def set_state(self, name: str, state: str) -> None:
        """Freeze, free or close an account."""
        told = "done"
        with self.clock():
            try:
                with transaction():
                    permit = books.leave(self.people[name[0]])
                    actions.set_state(permit, self.places[name], to=AccountState(state))
            except NotEmpty:
                told = "not_empty"
            except Conflict:
                told = "closed"
        assert told == self.model.set_state(name, state)
        self.model.tick(STEP_SECONDS)

    @rule()
    def upkeep(self) -> None:
        """Sweep, roll up and seal; nothing that anybody sees changes."""
        with self.clock():
            actions.expire_holds()
            actions.roll_up()
            actions.seal_blocks()

    @invariant()
    def same_money(self) -> None:
        """Both hold the same money, the same holds and the same versions."""
        for person in getattr(self, "people", {}):
            with self.clock(), transaction():
                standing = queries.balances(books.leave(self.people[person]))
            found = {
                name: (each.posted_fen, each.held_fen, each.version, each.state.value)
                for name, place in self.places.items()
                for each in standing.balances
                if each.account_id == place
            }
            assert found == {
                name: (each.posted, each.held, each.version, each.state)
                for name, each in self.model.accounts.items()
                if each.owner == person
            }

    def transfer(self, move: Move) -> Transfer:
        """Say a move of the model in our words."""
        return Transfer(
            id=self.id_of(move.id),
            subject_id=self.subject(move.subject),
            from_id=self.places[move.source],
            to_id=self.places[move.target],
            amount_fen=move.amount,
            kind="test",
            group_id=self.id_of(move.group) if move.group else None,
        )

    def hold_of(self, move: Move) -> Hold:
        """Say a hold of the model in our words."""
        return Hold(
            id=self.id_of(move.id),
            subject_id=self.subject(move.subject),
            from_id=self.places[move.source],
            to_id=self.places[move.target],
            amount_fen=move.amount,
            expires_at=self.began + timedelta(seconds=move.expires),
            kind="test",
        )

    def end_of(self, finish: Finish) -> HoldEnd:
        """Say an end of the model in our words."""
        return HoldEnd(
            hold_id=self.id_of(finish.hold),
            subject_id=self.subject(finish.subject),
            how=End(finish.how),
            amount_fen=finish.amount,
            transfer_id=self.id_of(finish.transfer) if finish.transfer else None,
        )


Books.TestCase.settings = settings(
    max_examples=25,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestBooks = pytest.mark.timeout(240)(Books.TestCase)
