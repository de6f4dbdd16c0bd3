"""Sliding windows: exact at the edges, by every key, and of many at once no more pass than may."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import cast
from tests.people.antifraud.officers import document, live, screened
from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.people.antifraud import _facts, _rules, _velocity, actions
from xingnuo.people.antifraud._limits import COUNTED_ROWS_MAX
from xingnuo.people.antifraud.contracts import EventKind, Outcome
from xingnuo.people.antifraud.models import EventRow

START = datetime(2026, 11, 20, 4, tzinfo=UTC)
EDGES = [0, 1, 299, 300, 301, 899, 900, 3599, 3600, 3601, 86_399, 86_400, 604_800, 2_592_000]
NAMES = [
    f"{measure}.{what}.{by}.{window}"
    for measure, what, by in (
        ("count", "any", "subject"),
        ("count", "transfer", "subject"),
        ("sum", "money", "subject"),
        ("distinct_counterparty", "any", "subject"),
        ("distinct_subject", "any", "device"),
        ("distinct_device", "any", "card"),
        ("count", "money", "counterparty"),
        ("sum", "any", "network"),
    )
    for window in ("5m", "1h", "30d")
]


@dataclass(frozen=True)
class Past:
    """One event of a drawn history."""

    who: int
    kind: str
    ago: int
    amount: int
    device: int
    card: int
    other: int


PAST = st.builds(
    Past,
    who=st.integers(0, 2),
    kind=st.sampled_from(["payment", "transfer", "sign_in"]),
    ago=st.one_of(st.sampled_from(EDGES), st.integers(0, 2_700_000)),
    amount=st.integers(0, 10**9),
    device=st.integers(0, 2),
    card=st.integers(0, 2),
    other=st.integers(0, 2),
)


def naive(name: str, events: list[EventRow], now: EventRow) -> int | None:
    """Count a window by going through everything."""
    counter = _facts.counter(name)
    assert counter is not None
    key = "subject_id" if counter.by == "subject" else counter.by
    mine = getattr(now, key)
    if not mine:
        return None
    since = now.at - timedelta(seconds=counter.seconds)
    inside = [
        each
        for each in events
        if getattr(each, key) == mine
        and each.at > since
        and (not counter.kinds or each.kind in counter.kinds)
    ]
    if counter.measure == "count":
        return len(inside)
    if counter.measure == "sum":
        return sum(each.amount_fen for each in inside)
    of = {"counterparty": "counterparty", "subject": "subject_id", "device": "device"}
    name_of = of[counter.measure.removeprefix("distinct_")]
    return len({getattr(each, name_of) for each in inside} - {""})


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(PAST, max_size=12), st.booleans())
def test_windows_count_what_a_naive_model_counts(past: list[Past], bare: bool) -> None:
    """Count, sum and distinct, by subject, device, card, counterparty and network."""
    people = [ids.uuid7() for _ in range(3)]
    salt = ids.token()
    marks = {k: ["", *(ids.digest(f"{salt}{k}{n}") for n in "ab")] for k in "dcon"}

    def row(each: Past) -> EventRow:
        return EventRow(
            subject_id=people[each.who],
            kind=each.kind,
            at=START - timedelta(seconds=each.ago),
            amount_fen=each.amount,
            device=marks["d"][each.device],
            card=marks["c"][each.card],
            counterparty=marks["o"][each.other],
            network=marks["n"][each.device],
        )

    mark = 0 if bare else 1
    now = Past(0, "transfer", 0, 7, device=mark, card=mark, other=mark)
    rows = [row(each) for each in (*past, now)]
    with transaction.atomic():
        for each in rows:
            session.set_subject(each.subject_id)
            each.save(force_insert=True)
        found = _velocity.counted(rows[-1], frozenset(NAMES))
    assert found == {name: naive(name, rows, rows[-1]) for name in NAMES}


def test_a_window_ends_exactly_where_it_says() -> None:
    """An event five minutes old to the microsecond no longer counts; a microsecond less does."""
    for ago, expected in ((timedelta(minutes=5), 1), (timedelta(minutes=5, microseconds=-1), 2)):
        alice = cast.make_person()
        with clock.frozen(START - ago):
            screened(alice, amount_fen=1)
        with clock.frozen(START):
            screened(alice, amount_fen=1)
        with transaction.atomic():
            session.set_subject(alice.subject_id)
            last = EventRow.objects.of(alice.subject_id).last()
            found = _velocity.counted(last, frozenset({"count.any.subject.5m"}))
        assert found == {"count.any.subject.5m": expected}


CROWD = 6_007  # more than any rule compares a count with
CROWDED = """
    INSERT INTO antifraud_event
        (id, subject_id, kind, at, amount_fen, device, network, card, counterparty)
    SELECT gen_random_uuid(), CASE WHEN n %% 2 = 0 THEN %s::uuid ELSE gen_random_uuid() END,
        'transfer', %s::timestamptz - n * interval '1 second', n, %s, '', %s,
        CASE WHEN n = %s THEN %s ELSE 'shop ' || n END
    FROM generate_series(1, %s) AS n
"""


def test_sums_and_distincts_are_exact_beyond_any_cap() -> None:
    """Thousands of events of one person, device and card: each counts, the oldest too."""
    alice, device, card = cast.make_person(), ids.digest(ids.token()), ids.digest(ids.token())
    oldest = CROWD - CROWD % 2
    with connections["owner"].cursor() as cursor:
        told = [alice.subject_id, START, device, card, oldest, "old friend", CROWD]
        cursor.execute(CROWDED, told)
    now = EventRow(
        subject_id=alice.subject_id, kind="transfer", at=START, amount_fen=1, device=device,
        card=card, counterparty="old friend",
    )  # fmt: skip
    measures = [
        f"{measure}.any.{by}.30d"
        for measure in ("count", "sum", "distinct_counterparty", "distinct_subject")
        for by in ("subject", "device", "card")
    ]
    with transaction.atomic():
        session.set_subject(alice.subject_id)
        now.save(force_insert=True)
        found = _velocity.counted(now, frozenset([*measures, "counterparty_known"]))
        degrees = _velocity.degrees(alice.subject_id, START - timedelta(days=30))
    mine, whole = CROWD // 2, CROWD * (CROWD + 1) // 2
    assert found == {
        "counterparty_known": True,
        "count.any.subject.30d": mine + 1,
        "sum.any.subject.30d": sum(range(2, CROWD + 1, 2)) + 1,
        "distinct_counterparty.any.subject.30d": mine,
        "distinct_subject.any.subject.30d": 1,
        # A count alone stops, one above the highest number that a rule may compare it with.
        "count.any.device.30d": COUNTED_ROWS_MAX + 1,
        "count.any.card.30d": COUNTED_ROWS_MAX + 1,
        **{f"sum.any.{by}.30d": whole + 1 for by in ("device", "card")},
        **{f"distinct_counterparty.any.{by}.30d": CROWD for by in ("device", "card")},
        **{f"distinct_subject.any.{by}.30d": CROWD - mine + 1 for by in ("device", "card")},
    }
    others = CROWD - mine
    assert degrees == _velocity.Degrees(1, others, 1, others, others + 1)


@given(
    st.integers(0, 2 * COUNTED_ROWS_MAX),
    st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge"]),
    st.one_of(st.integers(0, COUNTED_ROWS_MAX), st.just(COUNTED_ROWS_MAX)),
)
def test_where_a_count_stops_no_rule_can_tell(count: int, op: str, threshold: int) -> None:
    """Stopped one beyond the highest threshold, a count holds every comparison it held before."""
    told = document({"when": {"fact": "count.any.subject.1d", op: threshold}})
    (rule,) = _rules.parse(told).rules
    stopped = min(count, COUNTED_ROWS_MAX + 1)
    whole = _rules.holds(rule.when, {"count.any.subject.1d": count})
    assert _rules.holds(rule.when, {"count.any.subject.1d": stopped}) is whole


def test_of_many_at_once_no_more_pass_than_the_limit() -> None:
    """Sixteen payments in the same instant: exactly four are let through."""
    live({"when": {"fact": "count.payment.subject.1h", "ge": 5}, "outcome": "refuse"})
    alice = cast.make_person()
    gate, outcomes = threading.Barrier(16), []

    def pay() -> None:
        try:
            gate.wait()
            outcomes.append(screened(alice, amount_fen=1).outcome)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=pay) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [Outcome.ACCEPT] * 4 + [Outcome.REFUSE] * 12


def test_one_card_in_many_hands_is_counted_once_a_hand() -> None:
    """The graph tells how many share a card, and nobody's name."""
    card, people = ids.token(), [cast.make_person() for _ in range(4)]
    for person in people:
        screened(person, EventKind.BIND_CARD, card=card)
    with transaction.atomic():
        found = _velocity.degrees(people[0].subject_id, clock.now() - timedelta(days=30))
    assert found == _velocity.Degrees(0, 0, 1, 3, 4)
    assert screened(people[0], EventKind.BIND_CARD, card=card).outcome is Outcome.STEP_UP


def test_old_events_are_swept_and_young_ones_stay() -> None:
    """Beyond half a year an event is deleted."""
    alice = cast.make_person()
    with clock.frozen(clock.now() - timedelta(days=181)):
        screened(alice, amount_fen=1)
    screened(alice, amount_fen=1)
    actions.sweep()
    with transaction.atomic():
        session.set_subject(alice.subject_id)
        assert EventRow.objects.of(alice.subject_id).count() == 1


def test_a_set_function_gives_counts_and_never_whose() -> None:
    """The app may run it, and still sees nobody's rows by itself."""
    alice = cast.make_person()
    screened(alice, amount_fen=1)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM antifraud_event")
        assert cursor.fetchone() == (0,)
