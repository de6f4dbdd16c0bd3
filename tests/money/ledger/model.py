"""A ledger in plain Python that knows nothing of ours: what each step must answer.

Money is integers, time is what it is told. Verdicts are the words of the contract.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

MOST = 10**15


class Move(NamedTuple):
    """A transfer or a hold as it is asked for."""

    subject: str
    id: str
    source: str
    target: str
    amount: int
    group: str = ""
    expires: int = 0

    def content(self) -> Hashable:
        """Give what a repeat must repeat; every bad amount is the same."""
        amount = self.amount if 0 < self.amount <= MOST else -1
        return (self.source, self.target, amount, self.group, self.expires)


class Finish(NamedTuple):
    """The end of a hold as it is asked for: no amount commits the whole."""

    subject: str
    hold: str
    how: str
    amount: int | None = None
    transfer: str = ""


@dataclass
class Account:
    """One account of the model; a house account has no owner and no bounds."""

    owner: str
    posted: int = 0
    held: int = 0
    version: int = 0
    state: str = "open"
    floor: int | None = 0
    ceiling: int | None = None


@dataclass
class Ledger:
    """The books, what was answered, and what is held."""

    now: int = 0
    accounts: dict[str, Account] = field(default_factory=dict)
    done: dict[tuple[str, str], Hashable] = field(default_factory=dict)
    dead: dict[tuple[str, str, str], tuple[Hashable, str]] = field(default_factory=dict)
    holds: dict[tuple[str, str], Move] = field(default_factory=dict)
    ends: dict[tuple[str, str], Finish] = field(default_factory=dict)
    past: list[dict[str, int]] = field(default_factory=list)

    def tick(self, by: int) -> None:
        """Let time pass, after noting how every account stands."""
        self.past.append({name: account.posted for name, account in self.accounts.items()})
        self.now += by
        for key, hold in self.holds.items():
            if key not in self.ends and hold.expires <= self.now:
                self.ends[key] = Finish(*key, "expire")
                self.accounts[hold.source].held -= hold.amount

    def post(self, moves: Sequence[Move]) -> list[str]:
        """Post moves; neighbours of one group are done all or none."""
        told: list[str] = []
        place = 0
        while place < len(moves):
            upto = place + 1
            while moves[place].group and upto < len(moves) and (
                moves[upto].group == moves[place].group
            ):  # fmt: skip
                upto += 1
            told += self._unit(moves[place:upto])
            place = upto
        return told

    def _unit(self, unit: Sequence[Move]) -> list[str]:
        known = [self._known(move, "transfer") for move in unit]
        if all(known):
            return [str(each) for each in known]
        told = [each or "in_group" for each in known]
        if not any(known):
            told = self._fresh(unit)
        for move, before, verdict in zip(unit, known, told, strict=True):
            if verdict != "done" and not before:
                self.dead[move.subject, move.id, "transfer"] = (move.content(), verdict)
        return told

    def _fresh(self, unit: Sequence[Move]) -> list[str]:
        applied: list[Move] = []
        for move in unit:
            verdict = self._verdict(move)
            if verdict != "done":
                for each in applied:
                    self._move(each, -1)
                return ["in_group" if each is not move else verdict for each in unit]
            self._move(move, 1)
            applied.append(move)
        for move in unit:
            self.done[move.subject, move.id] = move.content()
        return ["done"] * len(unit)

    def _known(self, move: Move, about: str) -> str | None:
        if about == "transfer":
            first = self.done.get((move.subject, move.id))
        else:
            hold = self.holds.get((move.subject, move.id))
            first = hold and hold.content()
        if first is not None:
            return "done" if first == move.content() else "exists_different"
        content, verdict = self.dead.get((move.subject, move.id, about), (None, ""))
        if not verdict:
            return None
        return verdict if content == move.content() else "burnt"

    def _verdict(self, move: Move, *, is_hold: bool = False) -> str:
        source, target = self.accounts.get(move.source), self.accounts.get(move.target)
        if not 0 < move.amount <= MOST:
            return "bad_amount"
        if move.source == move.target:
            return "same_account"
        if source is None or target is None or is_hold and not source.owner:
            return "no_account"
        if {source.owner, target.owner} - {"", move.subject}:
            return "no_account"
        if "closed" in (source.state, target.state):
            return "closed"
        if source.state == "frozen":
            return "frozen"
        if is_hold and move.expires <= self.now:
            return "expired"
        if source.floor is not None and source.posted - source.held - move.amount < source.floor:
            return "short"
        if is_hold:
            return "done"
        if target.ceiling is not None and target.posted + move.amount > target.ceiling:
            return "over_ceiling"
        return "done"

    def _move(self, move: Move, sign: int) -> None:
        for name, amount in ((move.source, -move.amount), (move.target, move.amount)):
            self.accounts[name].posted += sign * amount
            self.accounts[name].version += sign

    def hold(self, moves: Sequence[Move]) -> list[str]:
        """Place holds."""
        return [self._hold(move) for move in moves]

    def _hold(self, move: Move) -> str:
        known = self._known(move, "hold")
        if known:
            return known
        verdict = self._verdict(move, is_hold=True)
        if verdict == "done":
            self.holds[move.subject, move.id] = move
            self.accounts[move.source].held += move.amount
        else:
            self.dead[move.subject, move.id, "hold"] = (move.content(), verdict)
        return verdict

    def end(self, finishes: Sequence[Finish]) -> list[str]:
        """End holds."""
        return [self._end(finish) for finish in finishes]

    def _end(self, finish: Finish) -> str:
        hold = self.holds.get((finish.subject, finish.hold))
        before = self.ends.get((finish.subject, finish.hold))
        whole = finish._replace(amount=finish.amount or (hold.amount if hold else None))
        if before == (whole if finish.how == "commit" else finish):
            return "done"
        burnt = self.dead.get((finish.subject, finish.transfer, "transfer"))
        if finish.transfer and burnt:
            return burnt[1] if burnt[0] == finish else "burnt"
        verdict = self._end_verdict(finish, hold, before)
        if verdict == "exists_different":
            return verdict
        if verdict != "done":
            if finish.how == "commit":
                self.dead[finish.subject, finish.transfer, "transfer"] = (finish, verdict)
            elif hold is None:
                self.dead.setdefault((finish.subject, finish.hold, "hold"), (None, verdict))
            return verdict
        assert hold is not None
        self.ends[finish.subject, finish.hold] = whole if finish.how == "commit" else finish
        self.accounts[hold.source].held -= hold.amount
        if finish.how == "commit":
            move = hold._replace(id=finish.transfer, amount=whole.amount or 0, expires=0)
            self.done[move.subject, move.id] = move.content()
            self._move(move, 1)
        return "done"

    def _end_verdict(self, finish: Finish, hold: Move | None, before: Finish | None) -> str:
        if before is not None:
            return {"commit": "committed", "void": "voided", "expire": "expired"}[before.how]
        if (finish.subject, finish.transfer) in self.done:
            return "exists_different"
        if hold is None:
            return "no_hold"
        if finish.how != "commit":
            return "done"
        amount = hold.amount if finish.amount is None else finish.amount
        source, target = self.accounts[hold.source], self.accounts[hold.target]
        if not 0 < amount <= MOST:
            return "bad_amount"
        if amount > hold.amount:
            return "over_hold"
        if target.state == "closed":
            return "closed"
        if source.state == "frozen":
            return "frozen"
        if target.ceiling is not None and target.posted + amount > target.ceiling:
            return "over_ceiling"
        return "done"

    def set_state(self, name: str, state: str) -> str:
        """Freeze, free or close."""
        account = self.accounts[name]
        if account.state == state:
            return "done"
        if account.state == "closed":
            return "closed"
        if state == "closed" and (account.posted or account.held):
            return "not_empty"
        account.state = state
        return "done"
