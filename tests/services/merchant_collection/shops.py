"""Shopkeepers and their customers: every consent given, every job run when a test says so."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from tests import cast
from tests.money.payments.payers import Payer, payer
from tests.outside import Partners
from tests.people.identity import residents
from tests.people.identity.test_presence import picture
from xingnuo.kit import clock, ids
from xingnuo.money.payments import actions as payments
from xingnuo.money.payments.contracts import PaymentShown, Way
from xingnuo.people.identity import actions as identity
from xingnuo.people.permissions import actions as permissions
from xingnuo.people.permissions import queries as permissions_queries
from xingnuo.services.merchant_collection import actions, queries
from xingnuo.services.merchant_collection.contracts import (
    CodeShown,
    Form,
    MerchantShown,
    Point,
    SettlementShown,
    Shop,
)
from xingnuo.trust.gate.contracts import Actor
from xingnuo.trust.policy.contracts import Tier

HERE = Point(latitude=30.2741, longitude=120.1551)  # Hangzhou
NEAR = Point(latitude=30.2745, longitude=120.1555)
FAR = Point(latitude=30.3200, longitude=120.1551)  # about five kilometres
ELSEWHERE = Point(latitude=39.9042, longitude=116.4074)  # Beijing
UNSERVED = Point(latitude=43.8256, longitude=87.6168)  # Ürümqi
USCC = "91330106MA27XYZR1K"
NAME = "平阳小吃店"
CONSENTS = tuple(f"merchant_collection.{each}" for each in ("onboard", "collect", "settle"))
_DONE: set[int] = set()


def allow_place(who: cast.Person) -> None:
    """Let the device give its place."""
    with cast.transaction():
        known = permissions_queries.one(who.actor, subject_id=who.subject_id, permission="location")
        permissions.answer(
            who.actor,
            subject_id=who.subject_id,
            permission="location",
            on=True,
            text_hash=known.text_hash,
        )


def present(one: residents.Resident) -> None:
    """Have a person there by face, and the document's photos looked at."""
    for purpose in ("identity.face_check", "identity.document_photo", "identity.review"):
        cast.agree(one.person, purpose)
    cast.agree(one.person, "identity.supplement", optional=("usual_address",))
    identity_values = {
        "sex": "女", "nationality": "中国", "occupation": "个体经营", "phone": one.phone,
        "document_kind": "居民身份证", "document_validity": residents.VALIDITY,
        "usual_address": "浙江省杭州市西湖区文一路 1 号",
    }  # fmt: skip
    with cast.transaction():
        identity.supplement(one.actor, values=identity_values)
    check = identity.check_face(one.actor, image=picture(one, "match"), key=ids.uuid7())
    assert check.is_in_force
    seed = int.from_bytes(ids.random_bytes(6))
    photos = residents.uploaded(one, front=seed, back=seed + 1)
    with cast.transaction():
        identity.confirm_photos(
            one.actor,
            check_id=photos.id,
            name=one.name,
            number=one.number,
            validity=residents.VALIDITY,
        )
    residents.decided(residents.case_of(one, "document_photo"))
    assert one.tier is Tier.PRESENT


@dataclass(slots=True, eq=False)
class Keeper:
    """A person who wants to collect money."""

    payer: Payer
    merchant: MerchantShown | None = field(default=None)

    @property
    def subject_id(self) -> UUID:
        """Give the person's id."""
        return self.payer.subject_id

    @property
    def actor(self) -> Actor:
        """Give the person as a door finds them."""
        return self.payer.holder.actor

    @property
    def person(self) -> cast.Person:
        """Give the person."""
        return self.payer.holder.person

    def locate(self, place: Point = HERE) -> MerchantShown:
        """Ask whether the place is served."""
        with cast.transaction():
            return actions.locate(self.actor, place=place)

    def shop(self, **told: Any) -> Shop:
        """Give what is said of the shop."""
        asked: dict[str, Any] = {
            "form": Form.PERSON,
            "category": "food",
            "name": NAME,
            "address": "浙江省杭州市西湖区文一路 1 号",
            "place": HERE,
            "card_id": self.payer.card_id,
            "agreed_version": queries.AGREEMENT,
            **told,
        }
        return Shop(**asked)

    def open(self, **told: Any) -> MerchantShown:
        """Go the whole way."""
        self.locate()
        self.merchant = actions.apply(self.actor, shop=self.shop(**told))
        return self.merchant

    def static(self) -> CodeShown:
        """Give the code on the wall."""
        with cast.transaction():
            found = queries.static_code(self.actor)
        assert found is not None
        return found

    def charge(self, amount_fen: int) -> CodeShown:
        """Make a code of one order."""
        with cast.transaction():
            return actions.charge(self.actor, code_id=ids.uuid7(), amount_fen=amount_fen)

    def balance(self) -> int:
        """Give what stands on the account, in fen."""
        with cast.transaction():
            return queries.balance(self.actor)

    @property
    def id(self) -> UUID:
        """Give the merchant's id."""
        assert self.merchant is not None
        return self.merchant.id

    def due(self) -> UUID | None:
        """Have what is due by tomorrow's working morning held and written down."""
        with clock.shifted(next_working_morning()):
            return actions.prepare(subject_id=self.subject_id, merchant_id=self.id)

    def settled(self) -> SettlementShown:
        """Settle on the next working morning; the bank's own clock stays where it is."""
        self.due()
        actions.ask(subject_id=self.subject_id, merchant_id=self.id)
        with cast.transaction():
            return queries.settlements(self.actor)[0]

    def give_back(self, sale_id: UUID, amount_fen: int, refund_id: UUID | None = None) -> None:
        """Give a part of a sale back."""
        with cast.transaction():
            actions.refund(
                self.actor,
                sale_id=sale_id,
                refund_id=refund_id or ids.uuid7(),
                amount_fen=amount_fen,
            )
        run_jobs(self.subject_id)


def keeper(outside: Partners, *, agreed: bool = True) -> Keeper:
    """Make a person who has shown who they are, and agreed to what collecting asks."""
    made = Keeper(payer(outside))
    present(made.payer.holder.resident)
    allow_place(made.person)
    cast.agree(made.person, "merchant_collection.region")
    if agreed:
        for purpose in CONSENTS:
            cast.agree(made.person, purpose)
        cast.agree(made.person, "merchant_collection.settle", recipient="acquirer")
    return made


def customer(outside: Partners, *, balance_fen: int = 100_000) -> Payer:
    """Make a payer with money who lets the place be compared."""
    made = payer(outside)
    allow_place(made.holder.person)
    cast.agree(made.holder.person, "payments.place_check")
    if balance_fen:
        made.top_up(balance_fen)
    return made


def scan(
    who: Payer,
    code: CodeShown,
    *,
    amount_fen: int | None = None,
    place: Point = NEAR,
    payment_id: UUID | None = None,
    actor: Actor | None = None,
) -> PaymentShown:
    """Make an order by a code."""
    return actions.order(
        actor or who.holder.actor,
        code=code.text,
        payment_id=payment_id or ids.uuid7(),
        place=place,
        amount_fen=amount_fen,
    )


def pays(who: Payer, code: CodeShown, *, amount_fen: int | None = None) -> PaymentShown:
    """Scan, pay from the balance, and let the merchant's side hear of it."""
    done = who.pay(scan(who, code, amount_fen=amount_fen), Way.BALANCE)
    assert done.payee_subject is not None
    run_jobs(done.payee_subject)
    return done


def run_jobs(subject_id: UUID) -> int:
    """Run what the room has put into the queue about a merchant; each job as often as it stands."""
    with cast.transaction(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, task_name, args::text FROM procrastinate_jobs"
            " WHERE queue_name = 'merchant_collection' AND args->>'subject_id' = %s ORDER BY id",
            [str(subject_id)],
        )
        found = [row for row in cursor.fetchall() if row[0] not in _DONE]
    for number, name, told in found:
        given = {key: _id(value) for key, value in json.loads(told).items()}
        with cast.transaction():
            getattr(actions, name.partition(".")[2])(**given)
        _DONE.add(number)
    return len(found)


def _id(value: object) -> object:
    return UUID(value) if isinstance(value, str) else value


def next_working_morning() -> timedelta:
    """Give how far it is to ten o'clock of the first working day after today."""
    with cast.transaction():
        day: date = support_days().after(clock.today(), 1)
    return datetime.combine(day, time(10), clock.BEIJING) - clock.now()


def support_days() -> Any:
    """Give the calendar of working days."""
    from xingnuo.people.support import queries as support

    return support.workdays()


def refunds_sent(who: Payer) -> None:
    """Send what is prepared to go back to a payer over a channel."""
    with cast.transaction(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT args::text FROM procrastinate_jobs WHERE task_name = 'payments.send_refund'"
            " AND args->>'subject_id' = %s",
            [str(who.subject_id)],
        )
        found = [json.loads(row[0]) for row in cursor.fetchall()]
    for told in found:
        payments.send_refund(subject_id=UUID(told["subject_id"]), refund_id=UUID(told["refund_id"]))
