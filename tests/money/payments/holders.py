"""Cardholders of payments' tests: residents of the sandbox who bind cards and confirm acts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from tests import cast
from tests.outside import Partners
from tests.people.identity.residents import CARD as CLEARING
from tests.people.identity.residents import Resident, resident
from xingnuo.kit import ids
from xingnuo.money.payments import actions, queries
from xingnuo.money.payments.contracts import (
    Act,
    CardShown,
    Challenge,
    CheckShown,
    CheckState,
    Confirmed,
)
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, Permit, Strength
from xingnuo.trust.policy.contracts import Tier

PASSWORD, ANOTHER, WRONG = "730295", "482617", "602841"
BIND, RESET, DEBIT = "payments.bind_card", "payments.reset_password", "payments.auto_debit"


@dataclass(frozen=True, slots=True)
class Holder:
    """A person whose cards the sandbox's bank knows."""

    resident: Resident

    @property
    def subject_id(self) -> UUID:
        """Give the person's id."""
        return self.resident.subject_id

    @property
    def person(self) -> cast.Person:
        """Give the person."""
        return self.resident.person

    @property
    def actor(self) -> Actor:
        """Give the person as a door finds them, freshly proved."""
        return self.resident.actor

    @property
    def weak(self) -> Actor:
        """Give the person signed in and nothing more."""
        return replace(self.actor, strength=Strength.SIGNED_IN)

    @property
    def outside(self) -> Partners:
        """Give the outside world."""
        return self.resident.outside

    def begin(self, number: str = "", **told: object) -> CheckShown:
        """Begin to bind a card: a fresh one of the person's unless another is told."""
        asked = {"phone": self.resident.phone, "key": ids.uuid7(), **told}
        return actions.begin_card(
            self.actor,
            number=number or self.resident.card(),
            **asked,  # type: ignore[arg-type]
        )

    def bind(self, number: str = "") -> CardShown:
        """Bind a card the whole way."""
        check = self.begin(number)
        assert check.state is CheckState.CODE, check
        after = actions.confirm_card(self.actor, check_id=check.id, code=self.resident.code())
        assert after.state is CheckState.CONFIRMED, after
        return next(card for card in self.cards() if card.id == check.id)

    def cards(self) -> tuple[CardShown, ...]:
        """Give the person's cards."""
        with cast.transaction():
            return queries.my_cards(self.actor)

    def check(self, check_id: UUID) -> CheckShown:
        """Give a check as it stands."""
        with cast.transaction():
            return queries.check(self.actor, check_id=check_id)

    def kept(self) -> dict[str, set[str]]:
        """Give what the vault holds of cards, by item."""
        with cast.transaction():
            permit = self.permit(BIND, ("card_number", "card_reserved_phone"))
            found: dict[str, set[str]] = {}
            for one in gate_queries.read(permit):
                found.setdefault(one.item, set()).add(one.text)
            return found

    def permit(self, purpose: str, items: tuple[str, ...] | None = None) -> Permit:
        """Ask for a permit; must run inside a transaction."""
        return gate.permit(self.actor, subject_id=self.subject_id, purpose=purpose, items=items)

    def set_password(self, typed: str = PASSWORD) -> None:
        """Agree to a payment password and set it."""
        cast.agree(self.person, "payments.password")
        with cast.transaction():
            actions.set_payment_password(self.actor, typed=typed, again=typed)

    def ask(self, act: Act) -> Challenge:
        """Ask for a yes to an act."""
        with cast.transaction():
            return actions.ask_confirmation(self.actor, subject_id=self.subject_id, act=act)

    def confirmed(self, act: Act) -> Confirmed:
        """Say yes to an act by password."""
        return actions.confirm(self.actor, challenge_id=self.ask(act).id, password=PASSWORD)


def act(amount_fen: int = 12_345, *, payee: str = "lender", ref: UUID | None = None) -> Act:
    """Give an act to confirm."""
    return Act(kind="pay", amount_fen=amount_fen, payee=payee, ref=ref or ids.uuid7())


def holder(outside: Partners, *, agreed: bool = True) -> Holder:
    """Make a person whose name is confirmed, and who agreed to bind cards."""
    made = Holder(resident(outside, tier=Tier.CHECKED))
    if agreed:
        cast.agree(made.person, BIND)
        cast.agree(made.person, BIND, recipient=CLEARING)
    return made


def may_debit(one: Holder) -> None:
    """Agree to be debited, and to the bank that carries it out."""
    cast.agree(one.person, DEBIT)
    cast.agree(one.person, DEBIT, recipient="settlement_bank")
