"""Whom a person deals with: screened by name, never kept, refused without a word of why."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, connections, transaction

from tests import cast
from tests.people.antifraud.officers import officer, screened
from tests.people.antifraud.test_aml import everything_told, named, screen_customer
from tests.people.antifraud.test_cases import listed
from tests.people.antifraud.test_screening import stored
from xingnuo.kit import ids
from xingnuo.people.antifraud import _pinyin, actions, queries
from xingnuo.people.antifraud.contracts import (
    AmlLevel,
    Decision,
    Event,
    EventKind,
    ListField,
    ListKind,
    ListRow,
    Outcome,
    Verdict,
)
from xingnuo.trust.policy.contracts import ActorKind


def somebody() -> str:
    """Give a name of nobody."""
    drawn = int.from_bytes(ids.random_bytes(6))
    return "司马" + "".join(chr(0x4E00 + (drawn >> (16 * n)) % 10_000) for n in range(3))


def sanction(name: str) -> str:
    """Put a name on a sanctions list; gives its number there."""
    ref = f"un.{ids.digest(ids.token())[:12]}"
    listed(ListKind.SANCTIONS, ListField.NAME, ListRow(value=name, ref=ref))
    return ref


def words(decision: Decision) -> tuple[Any, ...]:
    """Give all of a decision that its person is told."""
    return decision.outcome, decision.reasons, decision.message, decision.remedy, decision.case_id


def settle(person: cast.Person, verdict: Verdict, reason: str) -> None:
    """Let compliance decide the one waiting case of hits."""
    compliance = officer(ActorKind.COMPLIANCE)
    (case,) = hits(person, "open")
    actions.take(compliance, case_id=case["id"])
    actions.decide(compliance, case_id=case["id"], verdict=verdict, reason=reason)


def hits(person: cast.Person, *states: str) -> list[dict[str, Any]]:
    """Give a person's cases of hits."""
    found = [c for c in stored(person, "antifraud_case") if c["kind"] == "sanctions_hit"]
    return [case for case in found if not states or case["state"] in states]


@pytest.mark.parametrize("kind", [EventKind.PAYMENT, EventKind.TRANSFER, EventKind.WITHDRAW])
def test_a_listed_counterparty_is_refused_and_looked_at(kind: EventKind) -> None:
    """A person or a merchant: the money stays, one case opens, however often it is tried."""
    alice, name = cast.make_person(), somebody()
    ref = sanction(name)
    for _ in range(2):
        assert screened(alice, kind, amount_fen=5, counterparty_name=name).outcome is Outcome.REFUSE
    (case,) = hits(alice)
    with cast.transaction():
        shown = queries.case(officer(ActorKind.COMPLIANCE), case_id=case["id"])
    (told,) = [value for key, value in shown.facts.items() if key.endswith(ref)]
    assert told == "exact counterparty"
    assert screened(alice, kind, amount_fen=5, counterparty_name=somebody()).passes


def test_a_name_across_scripts_or_a_letter_off_is_refused_too() -> None:
    """Pinyin for characters, a letter changed, a firm with its suffix spelled out."""
    for value, asked in (
        (min(_pinyin.spellings(("司马相如",))) + "qq", "no match at all"),
        ("Simaqqx Xiangruq", "simaqqx xiangrug"),
        ("星诺假名商行有限公司", "星诺假名商號有限公司"),
    ):
        alice = cast.make_person()
        sanction(value)
        outcome = screened(alice, amount_fen=5, counterparty_name=asked).outcome
        assert (outcome is Outcome.REFUSE) is (asked != "no match at all"), asked
    alice, name = cast.make_person(), somebody()
    sanction(min(_pinyin.spellings((name,))))
    assert screened(alice, amount_fen=5, counterparty_name=name).outcome is Outcome.REFUSE


def test_signing_in_asks_for_no_counterparty() -> None:
    """Only a movement of money has another side."""
    alice, name = cast.make_person(), somebody()
    sanction(name)
    assert screened(alice, EventKind.SIGN_IN, counterparty_name=name).passes


def test_the_refusal_is_that_of_a_deny_list() -> None:
    """Words, order of reasons, copy and explanation are those of any shop on a deny list."""
    name, shop = somebody(), ids.token()
    sanction(name)
    listed(ListKind.DENY, ListField.COUNTERPARTY, ListRow(value=shop))
    for amount in (5, 2_500_000):
        for off in (False, True):
            alice, bob = cast.make_person(), cast.make_person()
            if off:
                for person in (alice, bob):
                    with cast.transaction():
                        actions.set_automated(person.actor, off=True)
            told = {"amount_fen": amount, "device": "d", "address": "203.0.113.5"}
            hidden = screened(alice, counterparty="x", counterparty_name=name, **told)
            plain = screened(bob, counterparty=shop, counterparty_name="Somebody Else", **told)
            assert words(hidden)[:4] == words(plain)[:4]
            assert (hidden.case_id is None) is (plain.case_id is None) is (not off)
            seen = []
            for person, decision in ((alice, hidden), (bob, plain)):
                with cast.transaction():
                    shown = queries.explain(person.actor, decision_id=decision.id)
                    (row,) = queries.export(person.subject_id)["antifraud_decision"]
                kept = {k: v for k, v in row.items() if not k.endswith(("id", "_at"))}
                seen.append((shown.looked_at, shown.how, shown.what_next, kept))
            assert seen[0] == seen[1]


def test_nothing_of_the_name_or_the_hit_is_told() -> None:
    """Neither the name, nor the case, nor the list is in anything the person reaches."""
    alice, name = cast.make_person(), somebody()
    ref = sanction(name)
    screened(alice, amount_fen=5, counterparty_name=name)
    told = everything_told(alice)
    (case,), (hit,) = hits(alice), stored(alice, "antifraud_aml_hit")
    marks = ("sanctions", "antifraud_aml", "aml.", ref, name, hit["counterparty"])
    assert not [mark for mark in (*marks, str(case["id"]), str(hit["id"])) if mark in told]
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'antifraud%'")
        tables = [table for (table,) in cursor.fetchall()]
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{name}%"])
            assert cursor.fetchone() == (0,), table


def test_a_risk_officer_sees_no_list_of_the_law() -> None:
    """Who looks at the refusal as a risk officer reads its reason, and not where it came from."""
    alice, name = cast.make_person(), somebody()
    sanction(name)
    decision = screened(alice, amount_fen=5, counterparty_name=name)
    with cast.transaction():
        case_id = actions.ask_review(alice.actor, decision_id=decision.id)
    with cast.transaction():
        shown = queries.case(officer(), case_id=case_id)
    assert [each.code for each in shown.reasons] == ["listed"]
    assert not [fact for fact in shown.facts if fact.startswith("sanctions")]
    (kept,) = stored(alice, "antifraud_decision")
    assert "sanctions.counterparty" in str(kept["facts"])


def test_a_risk_officers_yes_moves_no_money_that_the_law_holds() -> None:
    """The caller is told to wait while compliance looks, and no once it is the listed one."""
    alice, name = cast.make_person(), somebody()
    sanction(name)
    with cast.transaction():
        actions.set_automated(alice.actor, off=True)
    decision = screened(alice, amount_fen=5, counterparty_name=name)
    assert decision.outcome is Outcome.REVIEW and decision.case_id is not None
    risk = officer()
    actions.take(risk, case_id=decision.case_id)
    actions.decide(
        risk, case_id=decision.case_id, verdict=Verdict.APPROVED, reason="confirmed_self"
    )

    def verdict() -> Verdict:
        with cast.transaction():
            return queries.verdict(alice.subject_id, decision.id)

    assert verdict() is Verdict.PENDING
    settle(alice, Verdict.DECLINED, "same_person")
    assert verdict() is Verdict.DECLINED


def test_another_of_the_same_name_is_cleared_for_this_person_alone() -> None:
    """After the look the payment passes and opens nothing; for others it is still looked at."""
    alice, bob, name = cast.make_person(), cast.make_person(), somebody()
    sanction(name)
    screened(alice, amount_fen=5, counterparty_name=name)
    settle(alice, Verdict.APPROVED, "other_person")
    assert screened(alice, amount_fen=5, counterparty_name=name).passes and len(hits(alice)) == 1
    assert screened(bob, amount_fen=5, counterparty_name=name).outcome is Outcome.REFUSE
    sanction(name)
    assert screened(alice, amount_fen=5, counterparty_name=name).outcome is Outcome.REFUSE
    assert len(hits(alice)) == 2


def test_a_confirmed_counterparty_stays_refused_and_opens_nothing_more() -> None:
    """It was the listed one: no second case, and the customer's own level is not barred."""
    alice, name = cast.make_person(), somebody()
    sanction(name)
    screened(alice, amount_fen=5, counterparty_name=name)
    settle(alice, Verdict.DECLINED, "same_person")
    assert screened(alice, amount_fen=5, counterparty_name=name).outcome is Outcome.REFUSE
    assert len(hits(alice)) == 1
    (profile,) = stored(alice, "antifraud_aml_profile")
    assert profile["level"] == AmlLevel.LOW.name.lower()
    assert screened(alice, amount_fen=5, counterparty_name=somebody()).passes


def test_a_customers_own_hit_and_a_counterpartys_stand_apart() -> None:
    """The same entry may be met as both."""
    alice, name = named()
    sanction(name)
    screened(alice, amount_fen=5, counterparty_name=name)
    assert screen_customer(alice) == 1
    assert sorted(bool(hit["counterparty"]) for hit in stored(alice, "antifraud_aml_hit")) == [
        False,
        True,
    ]


def test_the_hit_outlives_the_callers_rollback() -> None:
    """Who rolls back because of the answer keeps case and hit with the decision, once."""
    alice, name = cast.make_person(), somebody()
    sanction(name)
    with transaction.atomic():
        decision = actions.screen(
            alice.actor,
            subject_id=alice.subject_id,
            event=Event(kind=EventKind.PAYMENT, amount_fen=5, counterparty_name=name),
        )
        transaction.set_rollback(True)
    assert hits(alice) == [] == stored(alice, "antifraud_aml_hit")
    for _ in range(2):
        with transaction.atomic():
            actions.keep(decision)
    (case,), (hit,) = hits(alice), stored(alice, "antifraud_aml_hit")
    assert hit["case_id"] == case["id"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM antifraud_aml_hit")
        assert cursor.fetchone() == (0,)
