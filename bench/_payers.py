"""Payers of drills and benches: people who agreed to all that paying asks for, with card and money.

The sandbox must answer at XN_SANDBOX_URL.
"""

from __future__ import annotations

import json
import os
import re
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from xingnuo.kit import ids
from xingnuo.money.payments import actions, queries
from xingnuo.money.payments.contracts import Order, Payee, PaymentKind, PaymentShown, Way
from xingnuo.people.identity import actions as identity
from xingnuo.people.identity._numbers import check_digit
from xingnuo.people.identity.contracts import Rule
from xingnuo.trust.consent.contracts import Decision, Scope
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, Strength
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import ActorKind, Tier

NAME, PASSWORD = "欧阳明月", "730295"
SYSTEM = Actor(kind=ActorKind.SYSTEM, channel="worker", strength=Strength.SIGNED_IN)
_AGREED = (
    ("identity.real_name", ""),
    ("identity.real_name", "population_service"),
    ("payments.bind_card", ""),
    ("payments.bind_card", "card_check"),
    ("payments.password", ""),
    ("payments.service", ""),
    ("payments.records", ""),
    ("payments.pay", ""),
    *(("payments.pay", each) for each in ("alipay", "wechat_pay", "unionpay", "settlement_bank")),
)


@dataclass(frozen=True, slots=True)
class Payer:
    """A person who can pay by every way, with the account that their balance is on."""

    actor: Actor
    card_id: UUID
    account_id: UUID

    @property
    def subject_id(self) -> UUID:
        """Give the person's id."""
        assert self.actor.subject_id is not None
        return self.actor.subject_id

    def payee(self) -> Payee:
        """Give the person as somebody who receives."""
        return Payee(
            id=str(self.account_id),
            name="艾晓雯",
            account_id=self.account_id,
            subject_id=self.subject_id,
        )

    def order(
        self,
        kind: PaymentKind,
        amount_fen: int,
        *,
        to: Payer | None = None,
        fee_fen: int = 0,
        coupon_id: UUID | None = None,
        expires_at: datetime | None = None,
    ) -> Order:
        """Give a new order of this person."""
        return Order(
            id=ids.uuid7(),
            kind=kind,
            # The core's own services take every kind, so that each process knows them.
            service="transfer" if kind is PaymentKind.PAY else kind.value,
            amount_fen=amount_fen,
            payee=(to or self).payee(),
            title="演练",
            fee_fen=fee_fen,
            coupon_id=coupon_id,
            expires_at=expires_at,
        )

    def create(self, order: Order) -> PaymentShown:
        """Write an order down."""
        with transaction.atomic():
            return actions.create(self.actor, order=order)

    def pay(self, payment: PaymentShown, way: Way) -> PaymentShown:
        """Confirm by password and pay."""
        act = actions.act_of_payment(payment)
        with transaction.atomic():
            asked = actions.ask_confirmation(self.actor, subject_id=self.subject_id, act=act)
        yes = actions.confirm(self.actor, challenge_id=asked.id, password=PASSWORD)
        by_card = way is Way.CARD or payment.kind is PaymentKind.WITHDRAW
        return actions.pay(
            self.actor,
            payment_id=payment.id,
            confirmation_id=yes.id,
            way=way,
            card_id=self.card_id if by_card else None,
        )

    def now(self, payment_id: UUID) -> PaymentShown:
        """Give a payment as it stands."""
        with transaction.atomic():
            return queries.payment(self.actor, payment_id=payment_id)

    def balance(self) -> int:
        """Give what the person may spend, in fen."""
        with transaction.atomic():
            return queries.balance(self.actor).available_fen


def make() -> Payer:
    """Make a payer: signed in, named, agreed, with a card and a payment password."""
    subject_id = ids.uuid7()
    actor = Actor(
        kind=ActorKind.SELF,
        subject_id=subject_id,
        session_id=ids.uuid7(),
        strength=Strength.REVERIFIED,
    )
    compiled = policy.in_force()
    with transaction.atomic():
        gate.open_subject(subject_id)
        gate.accept_policy(
            actor, subject_id=subject_id, version=compiled.version, text_hash=compiled.hash
        )
    for purpose, recipient in _AGREED:
        agree(actor, purpose, recipient)
    number, phone = _number(), f"199{int.from_bytes(ids.random_bytes(4)) % 10**8:08d}"
    told = {"name": NAME, "number": number, "phone": phone}
    outside("/authority/test/people", told)
    identity.check_name(actor, name=NAME, number=number, rule=Rule.RESIDENT, key=ids.uuid7())
    with transaction.atomic():
        gate.set_tier(SYSTEM, subject_id=subject_id, tier=Tier.CHECKED, cause="drill")
    card_id = _card(actor, number, phone)
    with transaction.atomic():
        actions.set_payment_password(actor, typed=PASSWORD, again=PASSWORD)
    with transaction.atomic():
        permit = gate.permit(
            actor, subject_id=subject_id, purpose="payments.service", items=("account_id",)
        )
        account = actions.open_balance(permit)
    return Payer(actor, card_id, account)


def agree(actor: Actor, purpose: str, recipient: str) -> None:
    """Agree to a purpose by its sheet."""
    assert actor.subject_id is not None
    with transaction.atomic():
        sheet = gate_queries.sheet(purpose, recipient=recipient)
        scope = Scope(
            purpose=purpose, items=tuple(item.id for item in sheet.needed), recipient=recipient
        )
        gate.decide(
            actor,
            subject_id=actor.subject_id,
            scope=scope,
            decision=Decision.GRANT,
            text_hash=sheet.text_hash,
        )


def _card(actor: Actor, number: str, phone: str) -> UUID:
    told = {"name": NAME, "document_number": number, "phone": phone}
    card = str(outside("/bank/test/cards", told)["card_number"])
    check = actions.begin_card(actor, number=card, phone=phone, key=ids.uuid7())
    messages = outside(f"/sms/inbox.json?phone={phone}")["messages"]
    found = re.search(r"(?<!\d)\d{6}(?!\d)", messages[0]["text"])
    assert found is not None, "the bank's code"
    actions.confirm_card(actor, check_id=check.id, code=found[0])
    return check.id


def _number() -> str:
    drawn = int.from_bytes(ids.random_bytes(4))
    body = f"110105{1950 + drawn % 50}{1 + drawn // 64 % 12:02d}{1 + drawn // 1024 % 28:02d}"
    body += f"{drawn // 65536 % 1000:03d}"
    return body + check_digit(body)


def outside(
    path: str, told: dict[str, Any] | None = None, *, method: str | None = None, seconds: float = 60
) -> Any:
    """Ask the sandbox something, or tell it."""
    asked = urllib.request.Request(
        os.environ["XN_SANDBOX_URL"] + path,
        data=None if told is None else json.dumps(told).encode(),
        headers={"Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(asked, timeout=seconds) as answer:
        return json.load(answer)
