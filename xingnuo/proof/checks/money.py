"""Checks of payments: each that leaves is one share on record, and every way goes by the books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock, ids
from xingnuo.money.ledger import queries as ledger
from xingnuo.money.ledger.contracts import HouseKind, house
from xingnuo.money.payments import actions, queries
from xingnuo.money.payments.contracts import (
    AgreementKind,
    DebitRefused,
    Order,
    Payee,
    PaymentKind,
    PaymentShown,
    PaymentState,
    Way,
)
from xingnuo.proof import _house as outer
from xingnuo.proof import _stage as stage
from xingnuo.proof._register import check
from xingnuo.proof._stage import must, nothing
from xingnuo.proof.checks import cards
from xingnuo.proof.checks.live import ask
from xingnuo.proof.checks.people import refused
from xingnuo.proof.contracts import CheckKind
from xingnuo.trust.evidence.contracts import Entry, Kind
from xingnuo.trust.gate.contracts import GateRefusal, Reason
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Basis

PAY, SERVICE, DEBIT, BANK = "payments.pay", "payments.service", "payments.auto_debit", "bank"
CARRIERS = ("alipay", "wechat_pay", "unionpay", "settlement_bank")
STYLES = ("alipay", "wechat", "unionpay")
FOUR = {"name", "card_number", "card_reserved_phone", "document_number"}
# What 1.2.7c needs by law to know who pays, and nothing else.
_OF_SERVICE = FOUR | {
    "document_kind", "document_validity", "nationality", "sex", "occupation", "phone",
    "account_id", "usual_address", "opening_bank", "card_validity", "order", "transaction",
    "transfer",
}  # fmt: skip
_P = PaymentKind


@dataclass(frozen=True, slots=True)
class Payer:
    """A person with a card and a password, by whom money is moved."""

    who: stage.Person
    number: str
    phone: str

    @property
    def card_id(self) -> UUID:
        """Give the one card."""
        with transaction.atomic():
            (card,) = queries.my_cards(self.who.actor)
        return card.id

    def payee(self) -> Payee:
        """Give the person as somebody who is paid."""
        with transaction.atomic():
            account = actions.open_balance(actions.keeping(self.who.subject_id))
        return Payee(
            id=str(account), name="艾晓雯", account_id=account, subject_id=self.who.subject_id
        )

    def pay(self, payment_id: UUID, way: Way, *, card_id: UUID | None = None) -> PaymentShown:
        """Say yes and pay what was ordered."""
        with transaction.atomic():
            known = queries.payment(self.who.actor, payment_id=payment_id)
            asked = actions.ask_confirmation(
                self.who.actor,
                subject_id=self.who.subject_id,
                act=actions.act_of_payment(known),
            )
        yes = actions.confirm(self.who.actor, challenge_id=asked.id, password=cards.PASSWORD)
        return actions.pay(
            self.who.actor,
            payment_id=payment_id,
            confirmation_id=yes.id,
            way=way,
            card_id=card_id,
        )

    def moved(
        self, kind: _P, fen: int, way: Way, *, to: Payee | None = None, coupon: UUID | None = None
    ) -> PaymentShown:
        """Order something and pay it; a card goes along where one is charged or paid to."""
        order = Order(
            id=ids.uuid7(),
            kind=kind,
            service="transfer" if kind is _P.PAY else kind.value,
            amount_fen=fen,
            payee=to or self.payee(),
            title="一双布鞋",
            coupon_id=coupon,
        )
        with transaction.atomic():
            actions.create(self.who.actor, order=order)
        needs_card = way is Way.CARD or kind is _P.WITHDRAW
        return self.pay(order.id, way, card_id=self.card_id if needs_card else None)

    def balance(self) -> int:
        """Give what the person may spend, in fen."""
        with transaction.atomic():
            return queries.balance(self.who.actor).available_fen


def payer(*, agreed: bool = True) -> Payer:
    """Make a payer; without `agreed` they said nothing yet to paying by card."""
    who, number, phone = cards._holder()
    cards._bound(who, number, phone)
    with transaction.atomic():
        actions.set_payment_password(who.actor, typed=cards.PASSWORD, again=cards.PASSWORD)
    stage.decide(who, SERVICE)
    if agreed:
        stage.decide(who, PAY)
        for recipient in CARRIERS:
            stage.decide(who, PAY, recipient=recipient)
    return Payer(who, number, phone)


def shares(who: stage.Person) -> list[Entry]:
    """Give what left the house for the sake of paying, newest first."""
    told = stage.lines(who, Kind.SHARE)
    return [line for line in told if line.purpose in (PAY, DEBIT)]


def _numbers(payment: PaymentShown) -> list[UUID]:
    rows = ask("SELECT id FROM payments_attempt WHERE payment_id = %s", payment.id)
    return [row[0] for row in rows]


def _taken(payment: PaymentShown) -> list[int]:
    """Give what the channels' own books say was taken for a payment."""
    mine = {number.hex for number in _numbers(payment)}
    return [
        order["amount_fen"]
        for style in STYLES
        for order in outer.outside(f"/books/{style}.json")["orders"]
        if order["order_no"] in mine and order["paid_at"]
    ]


@check("1.2.7a", kind=CheckKind.STATIC)
def four_items_go_to_whoever_carries_it_out() -> None:
    """Paying, repaying and debiting ask for four items, each by its own leave, and no more."""
    for compiled in (policy.in_force(), policy.declared()):
        for purpose in (PAY, "payments.repay", DEBIT):
            known = compiled.purposes[purpose]
            must(set(known.items) == FOUR, f"{purpose} asks for something else")
            must(known.basis is Basis.SEPARATE_CONSENT, f"{purpose} is not asked for by itself")
            must("其他不变" in known.refusal_cost, f"{purpose} costs more than itself")
        must(compiled.purposes[DEBIT].own_consent, "debits are agreed to with something else")
        for recipient in CARRIERS:
            told = set(compiled.recipients[recipient].items)
            must(FOUR <= told <= FOUR | {"card_validity"}, f"{recipient} gets something else")


@check("1.2.7a", kind=CheckKind.DYNAMIC)
def each_payment_that_leaves_is_one_share() -> None:
    """Over a channel, to the bank or by a debit: one record each with who got what, for what."""
    alice, bob = payer(), payer()
    came = alice.moved(_P.TOP_UP, 50_000, Way.CARD)
    must(came.state is PaymentState.SUCCESS, "the card is not charged")
    told = [(line.recipient, set(line.items)) for line in shares(alice.who)]
    must(told == [("alipay", FOUR)], "what went to the channel is not on record once")
    must(_taken(came) == [50_000], "the channel took something else")
    alice.moved(_P.TRANSFER, 1_000, Way.BALANCE, to=bob.payee())
    must(len(shares(alice.who)) == 1, "something left for what stays in the house")
    out = alice.moved(_P.WITHDRAW, 2_000, Way.BALANCE)
    must(out.state in (PaymentState.SUCCESS, PaymentState.PAYING), "the bank is not asked")
    told = [(line.recipient, set(line.items)) for line in shares(alice.who)]
    must(told == [("settlement_bank", FOUR), ("alipay", FOUR)], "a payout is not on record once")
    _debited(alice)
    last = shares(alice.who)[0]
    must((last.purpose, last.recipient) == (DEBIT, "settlement_bank"), "a debit is not on record")
    must(set(last.items) == FOUR, "the bank got something else of a debit")


def _debited(alice: Payer) -> None:
    """Agree to debits, and try one that nobody announced: the bank knows the agreement alone."""
    stage.decide(alice.who, DEBIT)
    stage.decide(alice.who, DEBIT, recipient="settlement_bank")
    with transaction.atomic():
        drafted = actions.draft_agreement(
            alice.who.actor,
            kind=AgreementKind.LOAN_REPAY,
            card_id=alice.card_id,
            limit_fen=300_000,
            month_limit_fen=500_000,
            until=clock.today() + timedelta(days=365),
            key=ids.uuid7(),
        )
        asked = actions.ask_confirmation(
            alice.who.actor, subject_id=alice.who.subject_id, act=actions.act_of(drafted)
        )
    yes = actions.confirm(alice.who.actor, challenge_id=asked.id, password=cards.PASSWORD)
    with transaction.atomic():
        actions.sign_agreement(alice.who.actor, agreement_id=drafted.id, confirmation_id=yes.id)
    lender = Payee(id=drafted.payee, name="放款方", account_id=house(HouseKind.INCOME))
    order = Order(
        id=ids.uuid7(), kind=_P.PAY, service="transfer", amount_fen=100, payee=lender, title="还款"
    )
    with refused(DebitRefused, "debited without a word before"):
        actions.debit(
            subject_id=alice.who.subject_id,
            order=order,
            agreement_id=drafted.id,
            ref=ids.uuid7(),
        )


@check("1.2.7a", kind=CheckKind.DYNAMIC)
def a_no_to_the_card_leaves_the_balance() -> None:
    """Without the leave nothing goes to a channel; what the house itself carries out goes on."""
    alice, bob = payer(agreed=False), payer()
    try:
        alice.moved(_P.TOP_UP, 5_000, Way.CARD)
    except GateRefusal as refusal:
        must(refusal.reason is Reason.NO_CONSENT, "refused for another reason")
    else:
        must(False, "a card is charged without a leave")
    nothing([line.recipient for line in shares(alice.who)], "something left without a leave")
    bob.moved(_P.TOP_UP, 5_000, Way.CARD)
    bob.moved(_P.TRANSFER, 3_000, Way.BALANCE, to=alice.payee())
    back = alice.moved(_P.TRANSFER, 1_000, Way.BALANCE, to=bob.payee())
    must(back.state is PaymentState.SUCCESS, "a no to the card closes the balance too")


@check("1.2.7a", kind=CheckKind.DYNAMIC)
def no_answer_moves_no_money_twice() -> None:
    """A channel that falls silent is asked again by the same number; no other is tried."""
    alice = payer()
    told = {"service": "alipay", "operation": "pay", "script": ["reset"], "match": ""}
    outer.outside("/faults", told)
    first = alice.moved(_P.TOP_UP, 4_000, Way.CARD)
    must(first.state is PaymentState.PAYING, "no answer is taken for an answer")
    (number,) = _numbers(first)
    for _ in range(4):
        actions.ask(subject_id=alice.who.subject_id, number=number)
    with transaction.atomic():
        last = queries.payment(alice.who.actor, payment_id=first.id)
    booked = 4_000 if last.state is PaymentState.SUCCESS else 0
    must(_numbers(first) == [number], "another channel was asked without a no")
    must(sum(_taken(first)) == booked == alice.balance(), "the books differ from the channel's")
    must(len(shares(alice.who)) == 1, "one try is not one share")


@check("1.2.7a", kind=CheckKind.LIVE)
def every_payment_that_left_is_on_record() -> None:
    """Nobody has more payments that left with their items than records of what was shared."""
    ((count,),) = ask(
        "SELECT count(*) FROM (SELECT one.subject_id, count(*) AS left_us"
        " FROM payments_attempt AS one JOIN payments_payment AS paid"
        " ON paid.subject_id = one.subject_id AND paid.id = one.payment_id"
        " WHERE paid.agreement_id IS NULL AND one.state <> 'prepared'"
        " AND one.made_at > now() - interval '2 years' GROUP BY one.subject_id) AS gone"
        " WHERE left_us > (SELECT count(*) FROM evidence_line AS told WHERE told.kind = 'share'"
        " AND told.purpose = %s AND told.subject_id = gone.subject_id)",
        PAY,
    )
    must(count == 0, f"{count} people's payments left without a record")


@check("1.2.7c", kind=CheckKind.STATIC)
def the_payment_service_asks_for_what_the_law_asks() -> None:
    """The service's items are those of the promise, under one leave, and a no costs it alone."""
    for compiled in (policy.in_force(), policy.declared()):
        known = compiled.purposes[SERVICE]
        must(set(compiled.items_of(SERVICE)) == _OF_SERVICE, "the service asks for something else")
        must(known.basis is Basis.SEPARATE_CONSENT, "the service is not asked for by itself")
        must("其他不变" in known.refusal_cost, "a no costs more than the service")
        for name in ("快捷", "余额", "转账", "优惠"):
            must(name in known.refusal_cost, "a way of paying is not named")


@check("1.2.7c", kind=CheckKind.DYNAMIC)
def four_ways_go_by_the_books() -> None:
    """By card, balance, transfer and discount: each stands in the books, whole, with its items."""
    alice, bob = payer(), payer()
    to, spent = bob.payee(), house(HouseKind.MARKETING)
    came = alice.moved(_P.TOP_UP, 50_000, Way.CARD)
    coupon, before = _coupon(alice), ledger.house_balance(spent)
    paid = (
        alice.moved(_P.PAY, 1_000, Way.CARD, to=to),
        alice.moved(_P.PAY, 2_000, Way.BALANCE, to=to),
        alice.moved(_P.TRANSFER, 3_000, Way.BALANCE, to=to),
        alice.moved(_P.PAY, 4_000, Way.CARD, to=to, coupon=coupon),
    )
    must(all(one.state is PaymentState.SUCCESS for one in (came, *paid)), "a way does not pay")
    must(bob.balance() == 10_000, "the payee has not all of it")
    must(alice.balance() == 50_000 - 5_000, "the payer's balance moved by something else")
    must(before - ledger.house_balance(spent) == 300, "the discount is nobody's cost")
    must([*_taken(paid[0]), *_taken(paid[3])] == [1_000, 3_700], "the channels took another sum")
    must(_booked(bob) == {one.id: one.amount_fen for one in paid}, "a payment is not in the books")
    left = {came.id: 50_000, paid[1].id: -2_000, paid[2].id: -3_000}
    must(_booked(alice) == left, "the payer's account has other entries")
    told = [set(line.items) for line in shares(alice.who)]
    # Whether each of them is on record is another promise's.
    must(
        len(told) <= 3 and all(items == FOUR for items in told),
        "something else leaves than the four items of a card payment",
    )


def _coupon(alice: Payer) -> UUID:
    made = ids.uuid7()
    with transaction.atomic():
        actions.give_coupon(
            actions.keeping(alice.who.subject_id),
            coupon_id=made,
            campaign="proof",
            off_fen=300,
            least_fen=1_000,
            valid_until=clock.now() + timedelta(days=3),
        )
    return made


def _booked(one: Payer) -> dict[UUID | None, int]:
    """Give the entries of a person's balance, by what they are about."""
    with transaction.atomic():
        permit = actions.keeping(one.who.subject_id)
        account = actions.open_balance(permit)
        return {e.ref_id: e.amount_fen for e in ledger.statement(permit, account).entries}


@check("1.2.7c", kind=CheckKind.LIVE)
def every_payment_is_in_the_books() -> None:
    """No payment that succeeded is missing from the ledger."""
    ((count,),) = ask(
        "SELECT count(*) FROM payments_payment AS paid"
        " WHERE paid.state IN ('success', 'part_refunded', 'refunded') AND NOT EXISTS"
        " (SELECT FROM ledger_transfer AS moved WHERE moved.ref_type = 'payment'"
        " AND moved.ref_id = paid.id)"
    )
    must(count == 0, f"{count} payments are not in the books")
