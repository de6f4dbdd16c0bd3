"""Owners of change cards: residents of the sandbox with a bound card and every consent."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests import cast
from tests.money.payments.holders import PASSWORD, Holder, holder
from tests.outside import Partners
from xingnuo.kit import clock, ids
from xingnuo.money.payments import actions as payments
from xingnuo.services.wallet_card import _books as books
from xingnuo.services.wallet_card import actions, queries
from xingnuo.services.wallet_card.contracts import (
    AccountShown,
    AssetsShown,
    MonthShown,
    MoveKind,
    MoveShown,
)
from xingnuo.services.wallet_card.models import AccountRow, NumberRow
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.policy.contracts import Tier

PURPOSES = ("wallet_card.open", "wallet_card.use", "wallet_card.show")
SETTLED_SECONDS_MAX = 5


@dataclass(frozen=True, slots=True)
class Owner:
    """A person with a bound card, a payment password, and the leave for the change card."""

    holder: Holder
    card_id: UUID

    @property
    def subject_id(self) -> UUID:
        """Give the person's id."""
        return self.holder.subject_id

    @property
    def outside(self) -> Partners:
        """Give the outside world."""
        return self.holder.outside

    def open(self, number: UUID | None = None) -> AccountShown:
        """Have the account opened."""
        return actions.open_card(
            self.holder.actor, card_id=self.card_id, number=number or ids.uuid7()
        )

    def close(self, number: UUID | None = None) -> AccountShown:
        """Have the account closed."""
        return actions.close_card(self.holder.actor, number=number or ids.uuid7())

    def yes(self, kind: MoveKind, amount_fen: int, number: UUID) -> UUID:
        """Confirm a movement by password and give the yes."""
        with cast.transaction():
            asked = actions.ask(self.holder.actor, kind=kind, amount_fen=amount_fen, number=number)
        said = payments.confirm(self.holder.actor, challenge_id=asked.id, password=PASSWORD)
        return said.id

    def move(self, kind: MoveKind, amount_fen: int, number: UUID | None = None) -> MoveShown:
        """Move money by a fresh yes."""
        number = number or ids.uuid7()
        return actions.move(
            self.holder.actor,
            kind=kind,
            amount_fen=amount_fen,
            number=number,
            confirmation_id=self.yes(kind, amount_fen, number),
        )

    def account(self) -> AccountShown | None:
        """Give the account as it stands."""
        with cast.transaction():
            return queries.account(self.holder.actor)

    def seen(self, number: UUID) -> MoveShown:
        """Give a movement as it stands."""
        with cast.transaction():
            return queries.move(self.holder.actor, number=number)

    def settled(self, number: UUID) -> MoveShown:
        """Ask until a movement has an end."""
        until = time.monotonic() + SETTLED_SECONDS_MAX
        while is_open(number) and time.monotonic() < until:
            actions.ask_bank(subject_id=self.subject_id, number=number)
            time.sleep(0.02)
        return self.seen(number)

    def refresh(self) -> AssetsShown | None:
        """Fetch what the account holds."""
        return actions.refresh(self.holder.actor)

    def month(self) -> MonthShown:
        """Give this month's statement."""
        with cast.transaction():
            return queries.statement(self.holder.actor, day=clock.today())

    def ours(self) -> dict[str, int]:
        """Give what our books say of each pocket."""
        with cast.transaction():
            return books.pockets(payments.keeping(self.subject_id))

    def theirs(self) -> dict[str, Any]:
        """Give the account as the sandbox's bank has it."""
        with cast.transaction():
            gate.permit(
                cast.SYSTEM, subject_id=self.subject_id, purpose="payments.keep",
                items=("transaction",),
            )  # fmt: skip
            token = AccountRow.objects.of(self.subject_id).order_by("-id").first().token
        found: list[dict[str, Any]] = self.outside.books("bank")["accounts"]
        return next(one for one in found if one["account"] == token)

    def agree(self) -> bool:
        """Say whether both sides' books are the same to the fen."""
        theirs = self.theirs()
        return self.ours() == {name: theirs[f"{name}_fen"] for name in books.POCKETS}

    def brought(self, fen: int) -> None:
        """Open the account and top it up."""
        assert self.open().state == "open"
        assert self.move(MoveKind.TOP_UP, fen).state == "done"


def is_open(number: UUID) -> bool:
    """Say whether a number is still asked about."""
    found = NumberRow.objects.filter(number=number).first()
    return found is not None and found.is_open


def owner(outside: Partners, *, agreed: bool = True, tier: Tier = Tier.PRESENT) -> Owner:
    """Make a person who may have a change card."""
    made = holder(outside)
    card = made.bind()
    made.set_password()
    with cast.transaction():
        gate.set_tier(cast.SYSTEM, subject_id=made.subject_id, tier=tier, cause="test")
    if agreed:
        for purpose in (*PURPOSES, "payments.service"):
            cast.agree(made.person, purpose)
        for purpose in PURPOSES[:2]:
            cast.agree(made.person, purpose, recipient="card_bank")
        cast.fill(made.person, "wallet_card.open", {"phone": made.resident.phone})
    return Owner(made, card.id)
