"""The queue: taken by one, decided by who did not open it, with a clock; and lists by two."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, connections, transaction

from tests import cast
from tests.people.antifraud.officers import live, officer, screened
from xingnuo.kit import clock, ids
from xingnuo.kit.errors import BadInput
from xingnuo.people.antifraud import actions, queries
from xingnuo.people.antifraud.contracts import (
    CaseKind,
    EventKind,
    ForbiddenRiskStep,
    ListField,
    ListKind,
    ListRow,
    Outcome,
    OwnCase,
    SameOfficer,
    StaffOnly,
    Verdict,
)
from xingnuo.trust.gate.contracts import Actor
from xingnuo.trust.policy.contracts import ActorKind

REVIEW = {"when": {"fact": "amount_fen", "ge": 500}, "outcome": "review", "reason": "amount"}


def reviewed() -> tuple[cast.Person, UUID, UUID]:
    """Give a person whose payment waits for review, with its decision and its case."""
    live(REVIEW)
    alice = cast.make_person()
    decision = screened(alice, amount_fen=600)
    assert decision.case_id is not None
    return alice, decision.id, decision.case_id


def test_a_case_is_taken_looked_at_and_decided() -> None:
    """The officer sees facts and reasons in words; the caller then finds the verdict."""
    alice, decision_id, case_id = reviewed()
    risk = officer()
    assert actions.take(risk, case_id=case_id).taken_by == risk.staff_id
    with cast.transaction():
        shown = queries.case(risk, case_id=case_id)
    assert shown.facts["amount_fen"] == 600 and shown.reasons[0].code == "amount"
    actions.decide(risk, case_id=case_id, verdict=Verdict.APPROVED, reason="confirmed_self")
    with cast.transaction():
        assert queries.verdict(alice.subject_id, decision_id) is Verdict.APPROVED


def test_steps_out_of_order_are_refused() -> None:
    """Nobody decides what they did not take, twice, or for a reason of another kind."""
    _, _, case_id = reviewed()
    one, two = officer(), officer()

    def decide(
        who: Actor = one, verdict: Verdict = Verdict.APPROVED, reason: str = "confirmed_self"
    ) -> object:
        return actions.decide(who, case_id=case_id, verdict=verdict, reason=reason)

    for wrong in (decide, lambda: actions.give_back(one, case_id=case_id)):
        with pytest.raises(ForbiddenRiskStep):
            wrong()
    actions.take(one, case_id=case_id)
    for wrong in (
        lambda: actions.take(two, case_id=case_id),
        lambda: decide(two),
        lambda: decide(reason="same_person"),
        lambda: decide(reason="rule_right"),
        lambda: decide(verdict=Verdict.PENDING),
    ):
        with pytest.raises(ForbiddenRiskStep):
            wrong()
    actions.give_back(one, case_id=case_id)
    actions.take(two, case_id=case_id)
    decide(two)
    for wrong in (lambda: decide(two), lambda: actions.take(one, case_id=case_id)):
        with pytest.raises(ForbiddenRiskStep):
            wrong()


def test_nobody_decides_their_own_case() -> None:
    """Neither who opened it nor who it is about; the database says so too."""
    alice = cast.make_person()
    compliance = officer(ActorKind.COMPLIANCE)
    case_id = actions.open_suspicion(
        compliance, subject_id=alice.subject_id, typology="structuring"
    )
    with pytest.raises(OwnCase):
        actions.take(compliance, case_id=case_id)
    with pytest.raises(OwnCase):
        actions.take(
            replace(officer(ActorKind.COMPLIANCE), subject_id=alice.subject_id), case_id=case_id
        )
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE antifraud_case SET state = 'decided', verdict = 'approved', reason = 'x',"
            " decided_by = opened_by, decided_at = now() WHERE id = %s",
            [case_id],
        )


def test_of_many_officers_at_once_one_gets_the_case() -> None:
    """Eight take the same case in the same instant."""
    _, _, case_id = reviewed()
    gate, won, lost = threading.Barrier(8), [], []

    def take() -> None:
        risk = officer()
        try:
            gate.wait()
            won.append(actions.take(risk, case_id=case_id).taken_by)
        except ForbiddenRiskStep:
            lost.append(risk.staff_id)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 7)


def test_a_queue_shows_each_officer_their_kinds_alone() -> None:
    """Risk never learns that an AML case exists, nor an agent that any does."""
    alice, _, case_id = reviewed()
    compliance = officer(ActorKind.COMPLIANCE)
    hidden = actions.open_suspicion(compliance, subject_id=alice.subject_id, typology="gambling")
    seen: set[UUID] = set()
    after, risk = "", officer()
    while True:
        page = queries.open_cases(risk, after=after, limit=2)
        seen |= {case.id for case in page.cases}
        assert len(page.cases) <= 2 and all(
            case.kind in ("risk_review", "objection") for case in page.cases
        )
        after = page.after
        if not after:
            break
    assert case_id in seen and hidden not in seen
    assert page.open_count >= 1
    with pytest.raises(StaffOnly):
        actions.take(risk, case_id=hidden)
    assert queries.open_cases(risk, kinds=[CaseKind.AML_SUSPICIOUS]).cases == ()
    with pytest.raises(StaffOnly):
        queries.open_cases(officer(ActorKind.AGENT))
    with pytest.raises(StaffOnly):
        queries.open_cases(replace(risk, undertaking_until=clock.now() - timedelta(days=1)))


def listed(kind: ListKind, field: ListField, *rows: ListRow) -> UUID:
    """Hand in a list and let it in by two people."""
    who = ActorKind.COMPLIANCE if kind is ListKind.SANCTIONS else ActorKind.RISK
    source = f"t-{ids.uuid7().hex}"
    proposed = actions.propose_list(officer(who), kind=kind, field=field, source=source, rows=rows)
    return actions.release_list(officer(who), list_id=proposed.id).id


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        (ListField.DEVICE, "bad-device", {"device": "bad-device"}),
        (ListField.CARD, "6228480000000000001", {"card": "6228480000000000001"}),
        (ListField.COUNTERPARTY, "bad-shop", {"counterparty": "bad-shop"}),
        (ListField.NETWORK, "198.51.100.0/24", {"address": "198.51.100.200"}),
        (ListField.NETWORK, "2001:db8:7::/48", {"address": "2001:db8:7:1::5"}),
        (ListField.PHONE, "19912345670", {"phone": "19912345670"}),
    ],
)
def test_what_is_on_the_deny_list_is_refused(
    field: ListField, value: str, told: dict[str, str]
) -> None:
    """By device, card, counterparty, phone and network; with a way out in words."""
    salt = "" if field is ListField.NETWORK else ids.token()
    alice = cast.make_person()
    cast.agree(alice, "antifraud.device_check", optional=("ip_address", "device_model"))
    event = {name: text + salt for name, text in told.items()}
    listed(ListKind.DENY, field, ListRow(value=value + salt, ref="r.1"))
    decision = screened(alice, EventKind.PAYMENT, amount_fen=1, **event)
    assert decision.outcome is Outcome.REFUSE and decision.reasons[0].code == "listed"
    assert "复核" in decision.remedy and "名单" not in decision.message


def test_an_entry_holds_on_its_days_alone() -> None:
    """Before its first and after its last day it counts for nothing."""
    today, card = clock.today(), ids.token()
    alice = cast.make_person()
    day = timedelta(days=1)
    listed(ListKind.DENY, ListField.CARD, ListRow(value=card + "1", valid_from=today + day))
    listed(ListKind.DENY, ListField.CARD, ListRow(value=card + "2", valid_until=today - day))
    listed(
        ListKind.DENY,
        ListField.CARD,
        ListRow(value=card + "3", valid_from=today, valid_until=today),
    )
    outcomes = [screened(alice, amount_fen=1, card=f"{card}{n}").passes for n in (1, 2, 3)]
    assert outcomes == [True, True, False]


def test_a_list_counts_only_when_a_second_person_lets_it_in() -> None:
    """The one who handed it in is refused; turned away, its entries are gone."""
    card, risk, alice = ids.token(), officer(), cast.make_person()
    proposed = actions.propose_list(
        risk,
        kind=ListKind.DENY,
        field=ListField.CARD,
        source=f"t-{ids.uuid7().hex}",
        rows=[ListRow(value=card)],
    )
    with pytest.raises(SameOfficer):
        actions.release_list(risk, list_id=proposed.id)
    assert screened(alice, amount_fen=1, card=card).passes
    actions.reject_list(officer(), list_id=proposed.id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM antifraud_entry WHERE list_id = %s", [proposed.id])
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    ("field", "row"),
    [
        (ListField.NAME, ListRow(value="王" * 10_000)),
        (ListField.NAME, ListRow(value="·- ")),
        (ListField.NETWORK, ListRow(value="198.51.100.1/24")),
        (ListField.NETWORK, ListRow(value="0.0.0.0/0")),
        (ListField.CARD, ListRow(value="")),
        (ListField.CARD, ListRow(value="1" * 10_000)),
        (ListField.CARD, ListRow(value="1", ref="张三 的卡")),
    ],
)
def test_a_row_that_names_nothing_is_refused_with_its_place(field: ListField, row: ListRow) -> None:
    """Ten thousand characters, empty names, host bits, everybody's network, words as numbers."""
    with pytest.raises(BadInput) as refused:
        actions.propose_list(
            officer(),
            kind=ListKind.DENY,
            field=field,
            source=f"t-{ids.uuid7().hex}",
            rows=[ListRow(value="203.0.113.0/24" if field is ListField.NETWORK else "good"), row],
        )
    assert list(refused.value.fields) == ["rows.1"]


def test_a_newer_list_takes_the_place_of_the_one_before() -> None:
    """Of the same source only the newest holds, and the entries of the old one go."""
    source, cards = f"t-{ids.uuid7().hex}", (ids.token(), ids.token())
    for card in cards:
        proposed = actions.propose_list(
            officer(),
            kind=ListKind.DENY,
            field=ListField.CARD,
            source=source,
            rows=[ListRow(value=card)],
        )
        actions.release_list(officer(), list_id=proposed.id)
    alice = cast.make_person()
    assert [screened(alice, amount_fen=1, card=card).passes for card in cards] == [True, False]
    assert actions.sweep() >= 1
