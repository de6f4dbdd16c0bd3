"""The feed of movements: each once, added up exactly, held against limits, watched for patterns."""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import cast
from tests.people.antifraud.officers import officer
from tests.people.antifraud.test_screening import stored
from xingnuo.kit import clock, ids
from xingnuo.kit.errors import BadInput
from xingnuo.people.antifraud import _dated, _days, _movements, actions
from xingnuo.people.antifraud.contracts import (
    Direction,
    LimitKind,
    Movement,
    MovementDiffers,
    MovementKind,
    PartyKind,
    Verdict,
)
from xingnuo.people.antifraud.models import DayRow, MovementRow
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.policy.contracts import ActorKind

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)  # noon in Beijing
DAY = timedelta(days=1)


def movement(amount_fen: int = 1_000, **told: Any) -> Movement:
    """Give a movement, an ordinary transfer out unless told otherwise."""
    return Movement(
        **{
            "kind": MovementKind.TRANSFER,
            "amount_fen": amount_fen,
            "direction": Direction.OUT,
            "channel": "bank",
            "counterparty_kind": PartyKind.PERSON,
            "cross_border": False,
            "ref": ids.uuid7(),
            "at": NOON,
            **told,
        }
    )


def feed(person: cast.Person, *movements: Movement) -> list[bool]:
    """Feed movements as payments does: under a permit of its own, in one transaction."""
    with cast.transaction():
        permit = gate.permit(
            cast.SYSTEM, subject_id=person.subject_id, purpose="antifraud.payment_check"
        )
        return [actions.feed_movement(permit, movement=each) for each in movements]


def cases(person: cast.Person, kind: str) -> list[dict[str, Any]]:
    """Give a person's cases of a kind."""
    return [case for case in stored(person, "antifraud_case") if case["kind"] == kind]


def test_the_figures_of_the_law_are_the_registers() -> None:
    """Cash 50,000 or 10,000 dollars; 500,000 at home, 200,000 abroad; a firm 2,000,000 (LVT 5)."""
    yuan, dollars = 100, 100
    assert {kind: _days.limits(kind, NOON.date()) for kind in LimitKind} == {
        LimitKind.CASH: (50_000 * yuan, 10_000 * dollars),
        LimitKind.ENTITY: (2_000_000 * yuan, 200_000 * dollars),
        LimitKind.DOMESTIC: (500_000 * yuan, 100_000 * dollars),
        LimitKind.ABROAD: (200_000 * yuan, 10_000 * dollars),
    }
    with pytest.raises(_dated.NoDatedRule):
        _days.limits(LimitKind.CASH, date(2017, 6, 30))


@pytest.mark.parametrize(
    ("told", "limit_fen", "limit_cents"),
    [
        ({"kind": MovementKind.CASH}, 5_000_000, 1_000_000),
        ({"kind": MovementKind.CASH, "cross_border": True}, 5_000_000, 1_000_000),
        ({}, 50_000_000, 10_000_000),
        ({"direction": Direction.IN}, 50_000_000, 10_000_000),
        ({"cross_border": True}, 20_000_000, 1_000_000),
        ({"customer_kind": PartyKind.ENTITY}, 200_000_000, 20_000_000),
        ({"kind": MovementKind.PAYMENT}, 50_000_000, 10_000_000),
    ],
)
def test_a_case_opens_at_the_limit_and_not_a_fen_below(
    told: dict[str, Any], limit_fen: int, limit_cents: int
) -> None:
    """In one movement or in several of a day; RMB and foreign money apart."""
    for parts in ([limit_fen], [limit_fen - 7, 7], [1, limit_fen - 2, 1]):
        alice, bob = cast.make_person(), cast.make_person()
        feed(alice, *(movement(part, **told) for part in parts))
        (case,) = cases(alice, "aml_large")
        assert case["due_at"] == NOON + 5 * DAY and case["opened_by"] == ""
        feed(bob, *(movement(part, **told) for part in [*parts[:-1], parts[-1] - 1] if part))
        assert cases(bob, "aml_large") == []
    carol, dave = cast.make_person(), cast.make_person()
    feed(carol, movement(1, foreign_usd_cents=limit_cents, **told))
    feed(dave, movement(limit_fen - 1, **told), movement(9**9, foreign_usd_cents=1, **told))
    assert len(cases(carol, "aml_large")) == 1 and cases(dave, "aml_large") == []


def test_in_and_out_are_not_added_together() -> None:
    """The law adds one side at a time; yet a day and limit have one case."""
    alice = cast.make_person()
    feed(alice, movement(49_999_999), movement(49_999_999, direction=Direction.IN))
    assert cases(alice, "aml_large") == []
    feed(alice, movement(1), movement(1, direction=Direction.IN), movement(90_000_000))
    assert len(cases(alice, "aml_large")) == 1
    feed(
        alice, movement(5_000_000, kind=MovementKind.CASH), movement(20_000_000, cross_border=True)
    )
    assert len(cases(alice, "aml_large")) == 3


def test_a_day_is_one_of_the_chinese_calendar() -> None:
    """Midnight in Beijing parts two days, whatever the day in London."""
    alice = cast.make_person()
    midnight = datetime(2026, 11, 19, 16, tzinfo=UTC)
    last = midnight - timedelta(microseconds=1)
    feed(alice, movement(30_000_000, at=last), movement(30_000_000, at=midnight))
    assert cases(alice, "aml_large") == []
    days = {row["day_on"]: row["out_fen"] for row in stored(alice, "antifraud_aml_day")}
    assert days == {date(2026, 11, 19): 30_000_000, date(2026, 11, 20): 30_000_000}
    feed(alice, movement(20_000_000, at=last))
    (case,) = cases(alice, "aml_large")
    assert case["due_at"] == last + 5 * DAY


def test_a_case_opens_once_a_day_and_kind_for_ever() -> None:
    """After it was decided the same day opens none again; the next day does."""
    alice = cast.make_person()
    feed(alice, movement(60_000_000))
    (case,) = cases(alice, "aml_large")
    compliance = officer(ActorKind.COMPLIANCE)
    actions.take(compliance, case_id=case["id"])
    actions.decide(compliance, case_id=case["id"], verdict=Verdict.APPROVED, reason="reportable")
    feed(alice, movement(60_000_000))
    assert len(cases(alice, "aml_large")) == 1
    feed(alice, movement(60_000_000, at=NOON + DAY))
    assert len(cases(alice, "aml_large")) == 2


def test_the_same_movement_counts_once() -> None:
    """Told again it changes nothing; told otherwise it is refused, and nothing is guessed."""
    alice, bob = cast.make_person(), cast.make_person()
    told = movement(30_000_000)
    assert feed(alice, told, told) == [True, False] and feed(alice, told) == [False]
    assert feed(bob, told) == [True]
    for other in (
        {"amount_fen": 30_000_001},
        {"direction": Direction.IN},
        {"at": NOON + DAY},
        {"channel": "card"},
        {"cross_border": True},
        {"foreign_usd_cents": 1},
        {"kind": MovementKind.PAYMENT},
        {"counterparty_kind": PartyKind.ENTITY},
        {"customer_kind": PartyKind.OWN},
    ):
        with pytest.raises(MovementDiffers):
            feed(alice, replace(told, **other))
    (day,) = stored(alice, "antifraud_aml_day")
    assert (day["out_fen"], day["out_count"]) == (30_000_000, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount_fen": 0},
        {"amount_fen": -1},
        {"amount_fen": 1.0},
        {"amount_fen": True},
        {"amount_fen": 10**15 + 1},
        {"foreign_usd_cents": -1},
        {"foreign_usd_cents": "7"},
        {"channel": ""},
        {"channel": "Bank"},
        {"channel": "a" * 21},
        {"at": datetime(2026, 11, 20, 4)},  # noqa: DTZ001
        {"at": datetime(2126, 11, 20, 4, tzinfo=UTC)},
    ],
)
def test_what_is_no_movement_is_refused(wrong: dict[str, Any]) -> None:
    """No amount, an amount that is none, a time without a zone or yet to come."""
    alice = cast.make_person()
    with pytest.raises(BadInput):
        feed(alice, movement(**{"amount_fen": 1, **wrong}))
    assert stored(alice, "antifraud_aml_movement") == []


def test_of_many_at_once_every_fen_is_counted_and_one_case_opens() -> None:
    """Sixteen feed the same day in the same instant, half of them a movement that another feeds."""
    alice = cast.make_person()
    twice = [movement(4_000_000) for _ in range(4)]
    told = [*twice, *twice, *(movement(4_000_000, direction=Direction.IN) for _ in range(8))]
    start, new, faults = threading.Barrier(len(told)), [], []

    def go(one: Movement) -> None:
        try:
            start.wait()
            new.extend(feed(alice, one))
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    for kind in (MovementKind.TRANSFER, MovementKind.CASH):
        wave = [
            replace(one, kind=kind, ref=UUID(ids.digest(f"{kind}.{one.ref}")[:32])) for one in told
        ]
        threads = [threading.Thread(target=go, args=(one,)) for one in wave]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert faults == [] and sorted(new) == [False] * 8 + [True] * 24
    for day in stored(alice, "antifraud_aml_day"):
        assert (day["in_fen"], day["in_count"]) == (32_000_000, 8)
        assert (day["out_fen"], day["out_count"]) == (16_000_000, 4)
    (case,) = cases(alice, "aml_large")
    (cash,) = [d for d in stored(alice, "antifraud_aml_day") if d["limit_kind"] == "cash"]
    assert cash["case_id"] == case["id"]


MOVED = st.builds(
    movement,
    amount_fen=st.one_of(
        st.integers(1, 10**9), st.sampled_from([1, 4_999_999, 5_000_000, 40_000_000, 50_000_000])
    ),
    kind=st.sampled_from(list(MovementKind)),
    direction=st.sampled_from(list(Direction)),
    cross_border=st.booleans(),
    customer_kind=st.sampled_from([PartyKind.PERSON, PartyKind.ENTITY]),
    foreign_usd_cents=st.sampled_from([0, 0, 1, 999_999, 1_000_000]),
    at=st.integers(0, 60).map(lambda hours: NOON - timedelta(hours=hours)),
    ref=st.integers(0, 5).map(lambda n: UUID(int=n)),
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(MOVED, max_size=10))
def test_days_add_up_to_what_a_naive_model_adds(told: list[Movement]) -> None:
    """Whatever comes, in any order, some of it twice: sums, counts and cases are the model's."""
    alice, model, known = cast.make_person(), defaultdict(int), {}
    for one in told:
        if one.ref in known and known[one.ref] != one:
            with pytest.raises(MovementDiffers):
                feed(alice, one)
            continue
        assert feed(alice, one) == [one.ref not in known]
        if one.ref not in known:
            known[one.ref] = one
            limit = _movements.limit_of(one)
            key = (clock.beijing(one.at).date(), limit.value)
            unit = "usd_cents" if one.foreign_usd_cents else "fen"
            value = one.foreign_usd_cents or one.amount_fen
            model[*key, f"{one.direction.value}_{unit}"] += value
            model[*key, f"{one.direction.value}_count"] += 1
    rows = stored(alice, "antifraud_aml_day")
    names = [f"{way}_{unit}" for way in ("in", "out") for unit in ("fen", "usd_cents", "count")]
    found = {
        (row["day_on"], row["limit_kind"], name): row[name]
        for row in rows
        for name in names
        if row[name]
    }
    assert found == dict(model)
    large = {row["case_id"] for row in rows if _days.percent(_day(row)) >= 100}
    assert {case["id"] for case in cases(alice, "aml_large")} == large
    assert None not in large and len(large) == sum(row["case_id"] is not None for row in rows)


def _day(row: dict[str, Any]) -> DayRow:
    return DayRow(**row)


def test_the_net_of_the_night_opens_what_the_feed_did_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day that reached its limit without a case gets one, once, from the movements themselves."""
    alice, bob = cast.make_person(), cast.make_person()
    at = NOON - timedelta(days=100 + int(ids.digits(3)))
    monkeypatch.setattr(_movements, "open_large", lambda *_: None)
    feed(alice, movement(60_000_000, at=at))
    feed(bob, movement(49_999_999, at=at))
    monkeypatch.undo()
    assert cases(alice, "aml_large") == []
    for _ in range(2):
        with cast.transaction():
            actions.open_large(at)
    assert len(cases(alice, "aml_large")) == 1 and cases(bob, "aml_large") == []


def test_the_app_changes_no_movement() -> None:
    """A movement and an alert are only added."""
    with connections["owner"].cursor() as cursor:
        for table in (MovementRow._meta.db_table, "antifraud_aml_alert"):
            cursor.execute(
                "SELECT has_table_privilege('xn_app', %s, 'UPDATE'),"
                " has_table_privilege('xn_app', %s, 'DELETE')",
                [table, table],
            )
            assert cursor.fetchone() == (False, False)
