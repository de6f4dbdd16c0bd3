"""Decisions in line: what counts, what is kept, and what a person is told."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connections, transaction

from tests import cast
from tests.people.antifraud.officers import screened
from xingnuo.kit import ids
from xingnuo.kit.errors import BadInput
from xingnuo.people.antifraud import actions, queries
from xingnuo.people.antifraud.contracts import Event, EventKind, Outcome, Verdict
from xingnuo.trust.gate.contracts import GateRefusal, Reason


def stored(person: cast.Person, table: str) -> list[dict[str, Any]]:
    """Give a person's rows past row security."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            f'SELECT * FROM "{table}" WHERE subject_id = %s ORDER BY id', [person.subject_id]
        )
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@pytest.mark.promise("1.2.14")
def test_an_ordinary_payment_passes_and_is_on_record() -> None:
    """The decision names version, facts and outcome, in line with the payment."""
    alice = cast.make_person()
    decision = screened(alice, amount_fen=1_200, counterparty="shop")
    assert decision.outcome is Outcome.ACCEPT and decision.passes
    (row,) = stored(alice, "antifraud_decision")
    (event,) = stored(alice, "antifraud_event")
    assert row["outcome"] == "accept" and row["event_id"] == event["id"]
    assert len(str(row["facts_digest"])) == 64 and row["latency_us"] is not None


def test_raw_values_never_rest() -> None:
    """Device, address, card and counterparty are kept as keyed digests or not at all."""
    alice = cast.make_person()
    cast.agree(alice, "antifraud.device_check", optional=("ip_address", "device_model"))
    told = {"device": "dev-raw-1", "address": "203.0.113.77", "card": "6228480012345678902"}
    screened(alice, EventKind.TRANSFER, amount_fen=100, counterparty="Bob raw", **told)
    (row,) = stored(alice, "antifraud_event")
    for name in ("device", "network", "card", "counterparty"):
        assert len(str(row[name])) == 64
    everything = str(stored(alice, "antifraud_event")) + str(stored(alice, "antifraud_decision"))
    assert not [raw for raw in (*told.values(), "Bob raw") if raw in everything]


def test_device_signals_count_only_with_consent() -> None:
    """Without consent the device leaves no digest; the network counts for money by law alone."""
    alice = cast.make_person()
    screened(alice, EventKind.SIGN_IN, device="d", address="203.0.113.9")
    screened(alice, EventKind.PAYMENT, amount_fen=1, device="d", address="203.0.113.9")
    first, second = stored(alice, "antifraud_event")
    assert first["device"] == first["network"] == "" == second["device"]
    assert len(str(second["network"])) == 64


@pytest.mark.promise("1.2.14")
def test_without_consent_there_is_one_more_proof_and_no_refusal() -> None:
    """A larger transfer is verified once more; nobody is refused for keeping signals to herself."""
    alice, bob = cast.make_person(), cast.make_person()
    cast.agree(bob, "antifraud.device_check", optional=("ip_address", "device_model"))
    assert screened(alice, EventKind.TRANSFER, amount_fen=200_000).outcome is Outcome.STEP_UP
    assert screened(bob, EventKind.TRANSFER, amount_fen=200_000, device="b").passes


@pytest.mark.promise("1.2.14")
@pytest.mark.parametrize(
    ("os", "version", "item", "value"),
    [
        ("android", "9", "oaid", "oaid0123456789ab"),
        ("android", "12", "imei", "490154203237518"),
        ("android", "12", "idfa", "6d92078a-8246-4ba4-ae5b-76104861e7dc"),
        ("ios", "17.1", "oaid", "oaid0123456789ab"),
        ("web", "", "oaid", "oaid0123456789ab"),
    ],
)
def test_identifiers_of_another_platform_are_refused(
    os: str, version: str, item: str, value: str
) -> None:
    """Each identifier is taken on its platform and version alone."""
    alice = cast.make_person()
    cast.agree(alice, "antifraud.device_check", optional=(item,))
    actor = alice.on(os, version)
    with pytest.raises(GateRefusal) as refused, cast.transaction():
        actions.note_identifiers(actor, subject_id=alice.subject_id, identifiers={item: value})
    assert refused.value.reason is Reason.PLATFORM


@pytest.mark.parametrize("amount", [-1, 10**16, 1.5, float("nan"), True, "1"])
def test_an_amount_that_is_none_is_refused(amount: object) -> None:
    """Negative, huge, fractional and not-a-number are no amounts."""
    alice = cast.make_person()
    with pytest.raises(BadInput), cast.transaction():
        actions.screen(
            alice.actor,
            subject_id=alice.subject_id,
            event=Event(kind=EventKind.PAYMENT, amount_fen=amount),  # type: ignore[arg-type]
        )


def test_a_decision_outlives_the_callers_rollback() -> None:
    """Who rolls back keeps the decision afterwards, once."""
    alice = cast.make_person()
    with transaction.atomic():
        decision = actions.screen(
            alice.actor, subject_id=alice.subject_id, event=Event(kind=EventKind.PAYMENT)
        )
        transaction.set_rollback(True)
    assert stored(alice, "antifraud_decision") == []
    for _ in range(2):
        with transaction.atomic():
            actions.keep(decision)
    assert len(stored(alice, "antifraud_decision")) == len(stored(alice, "antifraud_event")) == 1


def test_a_review_opens_a_case_and_its_verdict_is_told() -> None:
    """Money waits for a person of ours, and the caller can ask what became of it."""
    alice = cast.make_person()
    for at in range(10):
        decision = screened(alice, EventKind.TRANSFER, amount_fen=10, counterparty=f"p{at}")
    assert decision.outcome is Outcome.REVIEW and decision.case_id is not None
    with cast.transaction():
        assert queries.verdict(alice.subject_id, decision.id) is Verdict.PENDING
    (case,) = stored(alice, "antifraud_case")
    assert case["kind"] == "risk_review" and case["due_at"] > case["opened_at"]


def test_a_decision_is_never_changed_by_the_app() -> None:
    """The app may add decisions, and neither change nor take one out by its own wish."""
    alice = cast.make_person()
    screened(alice, amount_fen=1)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('xn_app', 'antifraud_decision', 'UPDATE'),"
            " has_column_privilege('xn_app', 'antifraud_rule_set', 'document', 'UPDATE'),"
            " has_table_privilege('xn_app', 'antifraud_event', 'UPDATE')"
        )
        assert cursor.fetchone() == (False, False, False)


def test_a_stranger_sees_nothing_of_a_decision() -> None:
    """Another person's decision is as if it were not there."""
    alice, charlie = cast.make_person(), cast.make_person()
    decision = screened(alice, amount_fen=1)
    for unknown in (decision.id, ids.uuid7()):
        with pytest.raises(Exception) as refused, cast.transaction():
            queries.explain(charlie.actor, decision_id=unknown)
        assert getattr(refused.value, "status", 0) == 404
