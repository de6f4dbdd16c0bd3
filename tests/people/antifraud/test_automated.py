"""Automated decisions: reasons in plain words, a person on request, and the right to refuse."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client

from tests import cast
from tests.house.sweep import HERE, session_for
from tests.people.antifraud.officers import live, officer, screened
from tests.people.antifraud.test_screening import stored
from xingnuo.kit import ids
from xingnuo.people.accounts import queries as accounts
from xingnuo.people.antifraud import actions, queries
from xingnuo.people.antifraud.contracts import (
    EventKind,
    NoSuchDecision,
    Outcome,
    Spent,
    Verdict,
)

REFUSE = {"when": {"fact": "amount_fen", "ge": 500}, "outcome": "refuse", "reason": "amount"}
PAGE = "/me/settings/privacy/automated/"


def refused() -> tuple[cast.Person, UUID]:
    """Give a person whose payment was refused by a program."""
    live(REFUSE)
    alice = cast.make_person()
    return alice, screened(alice, amount_fen=600).id


def test_a_decision_is_explained_in_plain_words() -> None:
    """The main reasons, what was looked at, how, and what can be done."""
    alice, decision_id = refused()
    with cast.transaction():
        told = queries.explain(alice.actor, decision_id=decision_id)
    assert [reason.text for reason in told.decision.reasons] == ["金额比平时大"]
    assert told.looked_at == ("这一笔的金额",)
    assert "复核" in told.what_next and str(told.decision.rule_version) in told.how


def test_a_person_looks_again_when_asked_and_their_word_counts() -> None:
    """The request has a clock, the same request opens one case, and its end is told."""
    alice, decision_id = refused()
    with cast.transaction():
        case_id = actions.ask_review(alice.actor, decision_id=decision_id)
    with cast.transaction():
        assert actions.ask_review(alice.actor, decision_id=decision_id) == case_id
    (case,) = stored(alice, "antifraud_case")
    assert case["due_at"] - case["opened_at"] == timedelta(days=15)  # type: ignore[operator]
    risk = officer()
    actions.take(risk, case_id=case_id)
    actions.decide(risk, case_id=case_id, verdict=Verdict.APPROVED, reason="upheld")
    with cast.transaction():
        (shown,) = queries.automated(alice.actor).decisions
    assert shown.asked and shown.verdict is Verdict.APPROVED


def test_who_refuses_automation_is_looked_at_by_a_person_instead() -> None:
    """A refusal by program becomes a review; everything else stays, and off can be undone."""
    live(REFUSE)
    alice = cast.make_person()
    for off, expected in ((True, Outcome.REVIEW), (False, Outcome.REFUSE)):
        with cast.transaction():
            actions.set_automated(alice.actor, off=off)
        decision = screened(alice, amount_fen=600)
        assert decision.outcome is expected
        assert (decision.case_id is not None) is off
        assert screened(alice, amount_fen=1).passes


def test_open_requests_have_a_limit() -> None:
    """Five wait at a time; the sixth is told so."""
    live(REFUSE)
    alice = cast.make_person()
    for at in range(6):
        decision = screened(alice, amount_fen=600)
        if at < 5:
            with cast.transaction():
                actions.ask_review(alice.actor, decision_id=decision.id)
    with pytest.raises(Spent), cast.transaction():
        actions.ask_review(alice.actor, decision_id=decision.id)


def test_anothers_decision_looks_as_if_it_were_not_there() -> None:
    """To ask about a foreign decision and about none is the same."""
    _, decision_id = refused()
    charlie = cast.make_person()
    for one in (decision_id, ids.uuid7()):
        with pytest.raises(NoSuchDecision), cast.transaction():
            actions.ask_review(charlie.actor, decision_id=one)


def test_the_pages_show_explain_and_ask() -> None:
    """List, switch, explanation and request, as a browser without scripts uses them."""
    alice, decision_id = refused()
    who = session_for(alice.subject_id, "alice")
    browser = Client(headers=HERE)
    browser.cookies[settings.SESSION_COOKIE] = who.token
    browser.cookies["xn_seen"] = who.seen
    listed = browser.get(PAGE).content.decode()
    assert "金额比平时大" in listed and "没有办理" in listed and f"{PAGE}{decision_id}/" in listed
    assert browser.post(f"{PAGE}switch/", {"on": "0"}).status_code == 303
    assert "先由人来看" in browser.get(PAGE).content.decode()
    one = browser.get(f"{PAGE}{decision_id}/").content.decode()
    assert "请人复核" in one and "第" in one
    assert browser.post(f"{PAGE}{decision_id}/review/").status_code == 303
    assert "人工复核中" in browser.get(f"{PAGE}{decision_id}/").content.decode()
    assert browser.get(f"{PAGE}{ids.uuid7()}/").status_code == 404
    assert "自动化决策" in browser.get("/me/settings/privacy/").content.decode()


def test_the_api_says_the_same() -> None:
    """The pair of the pages, for the app."""
    alice, decision_id = refused()
    who = session_for(alice.subject_id, "alice")
    api = Client(headers={**HERE, "Authorization": f"Bearer {who.token}", "Xn-Seen": who.seen})
    told = api.get("/api/v1/automated").json()
    assert told["off"] is False and told["decisions"][0]["outcome"] == "refuse"
    one = api.get(f"/api/v1/automated/{decision_id}").json()
    assert one["decision"]["reasons"][0]["text"] == "金额比平时大"
    key = {"Idempotency-Key": str(ids.uuid7())}
    asked = api.post(
        f"/api/v1/automated/{decision_id}/review", "", content_type="application/json", headers=key
    )
    assert asked.status_code == 200 and asked.json()["state"] == "open"


def test_an_unusual_sign_in_is_proved_before_it_goes_on() -> None:
    """A session that asks for a proof reaches the proof and nothing else."""
    alice = cast.make_person()
    who = session_for(alice.subject_id, "alice")
    browser = Client(headers=HERE)
    browser.cookies[settings.SESSION_COOKIE] = who.token
    browser.cookies["xn_seen"] = who.seen
    assert browser.get("/me/").status_code == 200
    with cast.transaction():
        found = queries.automated(alice.actor)
    assert found.decisions == ()
    with cast.transaction():
        session = accounts.resolve(who.token, seen=who.seen)
    assert session is not None
    for _ in range(4):
        decision = screened(alice, EventKind.SIGN_IN, device_known=False, ref=session.id)
    assert decision.outcome is Outcome.STEP_UP
    answer = browser.get("/me/")
    assert answer.status_code == 303 and answer["Location"].startswith("/me/verify/")
    assert browser.get("/me/verify/").status_code == 200
    api = Client(headers={**HERE, "Authorization": f"Bearer {who.token}", "Xn-Seen": who.seen})
    assert api.get("/api/v1/me").json()["code"] == "needs_verify"
