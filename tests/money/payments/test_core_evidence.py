"""What a payment leaves on record: a line for each permit and each act, however few the trips."""

from __future__ import annotations

from collections import Counter

import pytest

from tests import cast
from tests.money.payments.payers import Payer, payer
from tests.outside import Outside
from xingnuo.kit.db import session
from xingnuo.money.payments.contracts import PaymentKind, PaymentState, Way
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.evidence.contracts import Kind

pytestmark = pytest.mark.promise("1.2.7a")


def _lines(who: Payer) -> Counter[tuple[str, ...]]:
    with cast.transaction():
        session.set_subject(who.subject_id)
        found = evidence.of_subject(who.subject_id, limit=500)
    told: Counter[tuple[str, ...]] = Counter()
    for line in found:
        # What a person does again within the hour is one line, which depends on the clock.
        if line.actor_kind == "self" and line.kind is not Kind.UNLOCK:
            continue
        told[line.kind.value, line.purpose, line.reason, line.actor_kind, *line.items] += line.count
    return told


def test_a_payment_leaves_the_same_lines_each_time(outside: Outside) -> None:
    """From the order to the books, nothing is decided, opened, kept or confirmed without a line."""
    alice, bob = payer(outside), payer(outside)
    assert alice.top_up(5_000).state is PaymentState.SUCCESS
    order = alice.order(1_000, kind=PaymentKind.TRANSFER, payee=bob.payee(), title="转账")
    before = _lines(alice)
    made = alice.create(order)
    assert alice.pay(made, Way.BALANCE).state is PaymentState.SUCCESS
    assert dict(_lines(alice) - before) == {
        ("permit", "payments.keep", "", "system", "transaction"): 1,
        ("collect", "payments.keep", "", "system", "transaction"): 1,
        ("unlock", "", "payment_confirmed.password", "self"): 1,
        ("permit", "antifraud.payment_check", "", "system", "transaction"): 1,
    }
