"""Accounts, transfers and holds of people made for one test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.cast import SYSTEM, Person, make_person, transaction
from xingnuo.kit import clock, ids
from xingnuo.money.ledger import actions, queries
from xingnuo.money.ledger.contracts import (
    Balance,
    End,
    Hold,
    HoldEnd,
    HouseKind,
    Transfer,
    Verdict,
    house,
)
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Permit

BANK = house(HouseKind.BANK_FLOAT)
CLEARING = house(HouseKind.CLEARING)
FEE = house(HouseKind.FEE)


def leave(person: Person) -> Permit:
    """Ask for the permit under which the books are kept; inside a transaction."""
    return gate.permit(SYSTEM, subject_id=person.subject_id, purpose="payments.keep")


def own_house() -> UUID:
    """Open a house account that no other test moves money on."""
    with transaction():
        return actions.open_house(HouseKind.PAYABLE, f"t{ids.random_bytes(12).hex()}")


@dataclass(frozen=True, slots=True)
class Purse:
    """A person with one account."""

    person: Person
    account: UUID

    @property
    def subject(self) -> UUID:
        """Give the person's id."""
        return self.person.subject_id

    def pays(self, fen: int, to: UUID = FEE, **more: Any) -> Transfer:
        """Make a transfer out of the account."""
        return self._transfer(self.account, to, fen, **more)

    def gets(self, fen: int, source: UUID = BANK, **more: Any) -> Transfer:
        """Make a transfer into the account."""
        return self._transfer(source, self.account, fen, **more)

    def _transfer(self, source: UUID, target: UUID, fen: int, **more: Any) -> Transfer:
        given: dict[str, Any] = {"id": ids.uuid7(), "kind": "test"} | more
        return Transfer(
            subject_id=self.subject, from_id=source, to_id=target, amount_fen=fen, **given
        )

    def holds(self, fen: int, *, seconds: float = 3600, to: UUID = CLEARING, **more: Any) -> Hold:
        """Make a hold on the account."""
        given: dict[str, Any] = {"id": ids.uuid7(), "kind": "test"} | more
        return Hold(
            subject_id=self.subject,
            from_id=self.account,
            to_id=to,
            amount_fen=fen,
            expires_at=clock.now() + timedelta(seconds=seconds),
            **given,
        )

    def balance(self) -> Balance:
        """Read how the account stands."""
        with transaction():
            return queries.balance(leave(self.person), self.account)


def purse(fen: int = 0, *, kind: str = "wallet", **more: Any) -> Purse:
    """Make a person whose account holds so much."""
    person = make_person()
    with transaction():
        made = Purse(person, actions.open_account(leave(person), kind=kind, **more))
    if fen:
        assert posted(made.gets(fen)) == (Verdict.DONE,)
    return made


def posted(*transfers: Transfer) -> tuple[Verdict, ...]:
    """Post in a transaction of its own."""
    with transaction():
        return actions.post_many(transfers)


def placed(*holds: Hold) -> tuple[Verdict, ...]:
    """Place holds in a transaction of its own."""
    with transaction():
        return actions.place_many(holds)


def ended(*ends: HoldEnd) -> tuple[Verdict, ...]:
    """End holds in a transaction of its own."""
    with transaction():
        return actions.end_many(ends)


def commit(hold: Hold, fen: int | None = None, transfer_id: UUID | None = None) -> HoldEnd:
    """Make the commit of a hold."""
    return HoldEnd(
        hold_id=hold.id,
        subject_id=hold.subject_id,
        how=End.COMMIT,
        amount_fen=fen,
        transfer_id=transfer_id or ids.uuid7(),
    )


def void(hold: Hold) -> HoldEnd:
    """Make the void of a hold."""
    return HoldEnd(hold_id=hold.id, subject_id=hold.subject_id, how=End.VOID)


def violations() -> Sequence[str]:
    """Check the books as a whole, and say what does not hold."""
    return [f"{each.invariant} {each.what} {each.examples}" for each in queries.check()]
