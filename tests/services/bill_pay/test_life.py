"""Top-ups and bills from the number to the receipt, with everything that goes wrong on the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests import cast
from tests.services.bill_pay.customers import FEN, MONEY, Customer
from xingnuo.kit import ids
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput
from xingnuo.money.payments.contracts import PaymentState
from xingnuo.partners.telecom.contracts import TopUp, TopUpOutcome
from xingnuo.services.bill_pay import actions, queries
from xingnuo.services.bill_pay.contracts import (
    BillChanged,
    BillTaken,
    CaseKind,
    NoSuchOrder,
    NotAnswering,
    OrderShown,
    OrderState,
    OtherOrder,
)
from xingnuo.services.bill_pay.models import AccountRow, CaseRow
from xingnuo.trust.consent.contracts import Decision, Scope
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import GateRefusal

pytestmark = pytest.mark.promise("1.2.13a")
LOST = ["reset", "5xx", "timeout_before(2500)", "timeout_after(2500)"]


def test_a_phone_is_topped_up(alice: Customer) -> None:
    """The carrier is told, the amount offered, the money moves once, and the books agree."""
    draft = alice.draft()
    assert (draft.state, draft.carrier) == (OrderState.DRAFT, "华信移动") and draft.region
    assert FEN in draft.offered_fen
    again = actions.begin_top_up(alice.actor, phone="13800000000", key=draft.id)
    assert again == draft
    with cast.transaction():
        order = actions.choose_amount(alice.actor, order_id=draft.id, amount_fen=FEN)
    assert order.state is OrderState.UNPAID and alice.payment(order).payable_fen == FEN
    after = alice.sent(order)
    assert after.state is OrderState.DONE and after.reference
    assert (alice.balance(), alice.done_there(order)) == (MONEY - FEN, FEN)


def test_a_bill_is_found_shown_paid_and_receipted(alice: Customer) -> None:
    """Name and address come hidden in part; the issuer's receipt has its own check text."""
    number = alice.new_bill(7_215, "utility_gas")
    found = actions.find_bill(alice.actor, issuer="utility_gas", number=number)
    assert (found.due_fen, found.balance_fen) == (7_215, 0) and found.bill_no
    assert "*" in found.name and "*" in found.address and number not in repr(found)
    with cast.transaction():
        order = actions.pay_bill(
            alice.actor, account_id=found.id, bill_no=found.bill_no, amount_fen=7_215
        )
    after = alice.sent(order)
    assert after.state is OrderState.DONE
    actions.receipt(subject_id=alice.subject_id, order_id=order.id)
    assert alice.now(order).seal
    assert (alice.balance(), alice.done_there(order)) == (MONEY - 7_215, 7_215)
    with cast.transaction():
        actions.keep_record(subject_id=alice.subject_id, order_id=order.id)
    with cast.transaction():
        (record,) = queries.records(alice.actor)
    assert record.about.endswith(number[-4:]) and number not in record.about
    later = actions.ask_anew(alice.actor, account_id=found.id)
    assert (later.due_fen, later.bill_no) == (0, "")


@pytest.mark.parametrize("what", ["top_up", "bill"])
@pytest.mark.parametrize("fault", [*LOST, "silence", "bad_signature", "late(300)", "slow(200)"])
def test_whatever_the_line_does_it_is_done_once(alice: Customer, what: str, fault: str) -> None:
    """Unknown is a state; the payer paid exactly what the other side's books show done."""
    order = alice.top_up() if what == "top_up" else alice.bill()
    service, operation = ("telecom", "top_up") if what == "top_up" else ("utility", "pay")
    alice.outside.script(service, operation, fault, match=order.id.hex)
    after = alice.sent(order) if fault != "silence" else _silent(alice, order)
    paid = MONEY - alice.balance()
    if fault == "silence":
        assert after.state is OrderState.UNKNOWN and paid == FEN
        return
    assert after.state is OrderState.DONE
    assert paid == alice.done_there(order) == FEN


def _silent(alice: Customer, order: OrderShown) -> OrderShown:
    alice.paid(order)
    actions.send(subject_id=alice.subject_id, order_id=order.id)
    return alice.ended(order, seconds=1)


@pytest.mark.parametrize("what", ["top_up", "bill"])
def test_a_decline_gives_everything_back_once(alice: Customer, what: str) -> None:
    """Declined for good: the whole payment is back, and a second proof changes nothing."""
    order = alice.top_up() if what == "top_up" else alice.bill()
    service, operation = ("telecom", "top_up") if what == "top_up" else ("utility", "pay")
    alice.outside.script(service, operation, "decline", match=order.id.hex)
    after = alice.sent(order)
    assert after.state is OrderState.REFUNDED
    assert alice.payment(order).state is PaymentState.REFUNDED
    actions.ask(subject_id=alice.subject_id, number=order.id)
    actions.send(subject_id=alice.subject_id, order_id=order.id)
    assert (alice.balance(), alice.done_there(order)) == (MONEY, 0)


def test_an_answer_that_contradicts_the_record_is_a_case(alice: Customer) -> None:
    """The record decides; that the answer said otherwise is put before a person."""
    order = alice.top_up()
    alice.paid(order)
    actions.send(subject_id=alice.subject_id, order_id=order.id)
    no = TopUp(outcome=TopUpOutcome.DECLINED, reference="r1", code="declined")
    yes = TopUp(outcome=TopUpOutcome.DONE, reference="r1", amount_fen=FEN)
    told: dict[str, Any] = {"subject_id": alice.subject_id, "order_id": order.id}
    actions.apply(**told, answer=yes, said=no)
    actions.apply(**told, answer=no)
    assert alice.now(order).state is OrderState.DONE
    case = CaseRow.objects.get(number=order.id.hex)
    assert (case.kind, case.ours_fen) == (CaseKind.CONTRADICTION.value, FEN)
    assert alice.balance() == MONEY - FEN


def test_another_amount_is_never_done(alice: Customer) -> None:
    """What is said to be done for another amount stays unknown, before a person."""
    order = alice.top_up()
    alice.paid(order)
    actions.send(subject_id=alice.subject_id, order_id=order.id)
    told = TopUp(outcome=TopUpOutcome.DONE, reference="r1", amount_fen=FEN + 1)
    actions.apply(subject_id=alice.subject_id, order_id=order.id, answer=told)
    assert alice.now(order).state is OrderState.UNKNOWN
    case = CaseRow.objects.get(number=order.id.hex)
    assert (case.kind, case.theirs_fen) == (CaseKind.WRONG_AMOUNT.value, FEN + 1)


def test_an_old_unknown_is_a_case_and_closes_with_its_end(
    alice: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No number of questions ends it; age shows it to a person; its end closes the case."""
    order = alice.top_up()
    alice.paid(order)
    alice.outside.script("telecom", "top_up", "late(1500)", match=order.id.hex)
    actions.send(subject_id=alice.subject_id, order_id=order.id)
    monkeypatch.setattr("xingnuo.services.bill_pay._sending.OLD", -timedelta(days=1))
    actions.ask(subject_id=alice.subject_id, number=order.id)
    case = CaseRow.objects.get(number=order.id.hex)
    assert (case.kind, case.state) == (CaseKind.UNKNOWN_OLD.value, "open")
    assert alice.ended(order).state is OrderState.DONE
    case.refresh_from_db()
    assert case.state == "closed"


def test_a_consent_taken_back_before_sending_gives_the_money_back(alice: Customer) -> None:
    """What may not be sent any more is not sent, and the payer is whole."""
    order = alice.top_up()
    alice.paid(order)
    sheet = gate_queries.sheet("bill_pay.topup", recipient="telecom_operator")
    with cast.transaction():
        gate.decide(
            alice.actor,
            subject_id=alice.subject_id,
            scope=Scope(
                purpose="bill_pay.topup",
                items=tuple(item.id for item in sheet.needed),
                recipient="telecom_operator",
            ),
            decision=Decision.REFUSE,
            text_hash=sheet.text_hash,
        )
    actions.send(subject_id=alice.subject_id, order_id=order.id)
    assert alice.now(order).state is OrderState.REFUNDED
    assert (alice.balance(), alice.done_there(order)) == (MONEY, 0)


def test_an_amount_paid_is_the_amount_shown(alice: Customer) -> None:
    """Another amount, another bill, or one that is taken: nothing is asked for."""
    draft = alice.draft()
    with cast.transaction(), pytest.raises(BadInput):
        actions.choose_amount(alice.actor, order_id=draft.id, amount_fen=1_234)
    found = actions.find_bill(alice.actor, issuer="utility_power", number=alice.new_bill())
    told = {"account_id": found.id, "bill_no": found.bill_no}
    for wrong in ({**told, "amount_fen": FEN + 1}, {**told, "bill_no": "other", "amount_fen": FEN}):
        with cast.transaction(), pytest.raises(BillChanged):
            actions.pay_bill(alice.actor, **wrong)  # type: ignore[arg-type]
    with cast.transaction():
        order = actions.pay_bill(alice.actor, amount_fen=FEN, **told)  # type: ignore[arg-type]
    with cast.transaction():
        again = actions.pay_bill(alice.actor, amount_fen=FEN, **told)  # type: ignore[arg-type]
    assert again == order
    assert alice.sent(order).state is OrderState.DONE
    with cast.transaction(), pytest.raises(BillTaken):
        actions.pay_bill(alice.actor, amount_fen=FEN, **told)  # type: ignore[arg-type]


def test_what_is_not_there_is_said(alice: Customer) -> None:
    """No such number, no such account, nobody answering: plain words and no money."""
    with pytest.raises(BadInput):
        alice.draft("12345")
    with pytest.raises(BadInput):
        alice.draft("17600000000")
    with pytest.raises(BadInput):
        actions.find_bill(alice.actor, issuer="utility_power", number="000000000")
    with cast.transaction():
        session.set_subject(alice.subject_id)
        assert not AccountRow.objects.of(alice.subject_id).exists()
    alice.outside.script("telecom", "carrier", "5xx", match="13900000001")
    with pytest.raises(NotAnswering):
        alice.draft("13900000001")
    with pytest.raises(NoSuchOrder):
        actions.find_bill(alice.actor, issuer="telecom_operator", number="000000000")


def test_others_orders_are_missing_and_steps_are_not_skipped(alice: Customer) -> None:
    """Another's order looks like none; an order that is paid takes no other amount."""
    order = alice.top_up()
    bob = cast.make_person()
    with cast.transaction(), pytest.raises(NoSuchOrder):
        queries.order(bob.actor, order_id=order.id)
    with cast.transaction(), pytest.raises(OtherOrder):
        actions.choose_amount(alice.actor, order_id=order.id, amount_fen=10_000)


def test_a_refusal_closes_this_alone(alice: Customer) -> None:
    """Without a yes to bills nothing is taken or asked; the payer's other things go on."""
    bob = cast.make_person()
    with pytest.raises(GateRefusal):
        actions.begin_top_up(bob.actor, phone="13800000000", key=ids.uuid7())
    with pytest.raises(GateRefusal):
        actions.find_bill(bob.actor, issuer="utility_power", number="000000000")
    cast.agree(bob, "profile.manage")


def test_what_nobody_went_on_with_is_deleted(alice: Customer) -> None:
    """A draft and an account that was not saved go after a day, with what the vault held."""
    draft = alice.draft()
    found = actions.find_bill(alice.actor, issuer="utility_power", number=alice.new_bill())
    with cast.transaction():
        actions.forget(subject_id=alice.subject_id, order_id=draft.id)
    with cast.transaction():
        actions.forget_account(subject_id=alice.subject_id, account_id=found.id)
    with cast.transaction(), pytest.raises(NoSuchOrder):
        queries.order(alice.actor, order_id=draft.id)
    kept = actions.find_bill(alice.actor, issuer="utility_power", number=alice.new_bill())
    with cast.transaction():
        actions.save_account(alice.actor, account_id=kept.id)
    with cast.transaction():
        actions.forget_account(subject_id=alice.subject_id, account_id=kept.id)
    with cast.transaction():
        assert [one.id for one in queries.saved_accounts(alice.actor)] == [kept.id]
    with cast.transaction():
        actions.remove_account(alice.actor, account_id=kept.id)
    with cast.transaction():
        assert queries.saved_accounts(alice.actor) == ()


@pytest.mark.parametrize("what", ["top_up", "bill"])
def test_only_the_items_of_the_bill_leave(alice: Customer, what: str) -> None:
    """What went to the other side is on record, and is what its bill names."""
    order = alice.sent(alice.top_up() if what == "top_up" else alice.bill())
    wanted = {
        "top_up": {"topup_phone", "topup_amount"},
        "bill": {"bill_account", "bill_amount"},
    }[what]
    with cast.transaction():
        session.set_subject(alice.subject_id)
        lines = evidence.of_subject(alice.subject_id, kinds=(Kind.SHARE,), limit=50)
    sent = [set(line.items) for line in lines if line.recipient == order.party]
    assert wanted in sent and set().union(*sent) == wanted
