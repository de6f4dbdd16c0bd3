"""A process that dies between any two steps, and faults by chance: nobody pays for nothing."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.services.bill_pay.customers import MONEY, UNDECIDED, Customer
from xingnuo.services.bill_pay import _rows as rows
from xingnuo.services.bill_pay import actions
from xingnuo.services.bill_pay.contracts import OrderShown, OrderState
from xingnuo.services.bill_pay.models import NumberRow

pytestmark = pytest.mark.promise("1.2.13a")
POINTS = ("after_sent", "after_answer", "after_proof")
FAULTS = ("ok", "reset", "5xx", "decline", "late(200)", "bad_signature", "slow(100)", "silence")
SMALL = 1_000


class Killed(BaseException):
    """The process is gone."""


def kill_at(monkeypatch: pytest.MonkeyPatch, point: str) -> None:
    """Let the next pass of a point be the last of its process."""

    def pause(here: str) -> None:
        if here == point:
            monkeypatch.setattr(rows, "pause", lambda _: None)
            raise Killed

    monkeypatch.setattr(rows, "pause", pause)


def outside(alice: Customer, order: OrderShown, fault: str) -> None:
    """Say what the other side does with an order."""
    service, operation = (
        ("telecom", "top_up") if order.party == "telecom_operator" else ("utility", "pay")
    )
    alice.outside.script(service, operation, fault, match=order.id.hex)


@pytest.mark.parametrize("what", ["top_up", "bill"])
@pytest.mark.parametrize("fault", ["ok", "decline"])
@pytest.mark.parametrize("point", POINTS)
def test_a_kill_between_two_steps_loses_nothing(
    alice: Customer, monkeypatch: pytest.MonkeyPatch, what: str, fault: str, point: str
) -> None:
    """What was kept before is enough to end it rightly, once."""
    order = alice.top_up() if what == "top_up" else alice.bill()
    alice.paid(order)
    outside(alice, order, fault)
    kill_at(monkeypatch, point)
    with pytest.raises(Killed):
        actions.send(subject_id=alice.subject_id, order_id=order.id)
    after = alice.ended(order)
    assert after.state is (OrderState.DONE if fault == "ok" else OrderState.REFUNDED)
    assert MONEY - alice.balance() == alice.done_there(order)


def test_a_kill_before_the_job_is_found_by_the_schedule(alice: Customer) -> None:
    """The order is paid and its job is lost: the minute's round sends it."""
    order = alice.top_up()
    alice.paid(order)
    NumberRow.objects.filter(number=order.id).update(ask_at="2026-01-01T00:00:00Z")
    assert actions.ask_due() >= 1
    assert alice.ended(order).state is OrderState.DONE
    assert MONEY - alice.balance() == alice.done_there(order)


@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    plans=st.lists(
        st.tuples(
            st.sampled_from(("top_up", "bill")),
            st.sampled_from(FAULTS),
            st.sampled_from(("", *POINTS)),
        ),
        min_size=2,
        max_size=3,
    )
)
def test_the_payer_paid_exactly_what_the_books_show_done(
    alice: Customer, monkeypatch: pytest.MonkeyPatch, plans: list[tuple[str, str, str]]
) -> None:
    """Any faults, any kills: at the end the fen agree; what is unknown is still asked about."""
    before, orders = alice.balance(), []
    for what, fault, point in plans:
        order = alice.top_up(SMALL) if what == "top_up" else alice.bill(SMALL)
        orders.append(order)
        alice.paid(order)
        outside(alice, order, fault)
        kill_at(monkeypatch, point)
        with suppress(Killed):
            actions.send(subject_id=alice.subject_id, order_id=order.id)
        monkeypatch.setattr(rows, "pause", lambda _: None)
    states = [alice.ended(order, seconds=2).state for order in orders]
    there = [alice.done_there(order) for order in orders]
    held = sum(
        SMALL for state, done in zip(states, there, strict=True) if state in UNDECIDED and not done
    )
    assert before - alice.balance() == sum(there) + held
    for (_, fault, _), state in zip(plans, states, strict=True):
        assert (state in UNDECIDED) == (fault == "silence")
