"""A report's whole life over the real intake: sent, received, asked to be corrected, corrected."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.test import Client

from tests import cast
from tests.partners.outer import Call, Hooks, call_headers
from tests.people.antifraud.officers import officer, screened
from tests.people.antifraud.test_aml import (
    NARRATIVE,
    approved,
    everything_told,
    named,
    send,
    suspicion,
)
from tests.people.antifraud.test_screening import stored
from tests.sandbox.outside import Process, get, post, script
from xingnuo.kit import ids
from xingnuo.partners import _line
from xingnuo.people.antifraud import _sealed, actions, queries
from xingnuo.people.antifraud.contracts import (
    CaseKind,
    EventKind,
    ForbiddenRiskStep,
    ReportShown,
    ReportState,
    Verdict,
)
from xingnuo.trust.gate.contracts import Actor
from xingnuo.trust.policy.contracts import ActorKind

PATH = "/hooks/regulator/notices"


@pytest.fixture(scope="module")
def hooks() -> Iterator[Hooks]:
    """Give the place that the intake calls back to."""
    place = Hooks()
    yield place
    place.stop()


@pytest.fixture(scope="module")
def intake_process(tmp_path_factory: pytest.TempPathFactory, hooks: Hooks) -> Iterator[Process]:
    """Give a running sandbox that calls back to where the tests look."""
    process = Process(tmp_path_factory.mktemp("intake") / "data", hooks.url)
    try:
        yield process.ready()
    finally:
        process.end()
        _hang_up()


@pytest.fixture
def intake(intake_process: Process, monkeypatch: pytest.MonkeyPatch) -> Iterator[Process]:
    """Give the intake, with the client led to it and in no mood to wait."""
    monkeypatch.setenv("XN_REGULATOR_URL", intake_process.url)
    monkeypatch.setattr(_line, "ANSWER_SECONDS_MAX", 1.0)
    _hang_up()
    yield intake_process
    _hang_up()


def _hang_up() -> None:
    _line._http().close()
    _line._http.cache_clear()


def held(intake: Process, report_id: UUID) -> dict[str, Any]:
    """Give what the intake's books hold of a report."""
    (case,) = [
        case
        for case in get(intake, "/books/regulator.json")["cases"]
        if case["key"] == str(report_id)
    ]
    return dict(case)


def report_of(person: cast.Person, report_id: UUID) -> dict[str, Any]:
    """Give a report's row."""
    (row,) = [row for row in stored(person, "antifraud_aml_report") if row["id"] == report_id]
    return row


def knock(call: Call, **changed: str) -> int:
    """Bring a call of the intake to our own door, as it came or with other headers."""
    headers = {name.lower(): value for name, value in call.headers.items()}
    headers |= {name.replace("_", "-"): value for name, value in changed.items()}
    headers = {name: value for name, value in headers.items() if name.startswith("x-")}
    answer = Client(headers={"host": "localhost"}).post(
        PATH, call.body, content_type="application/json", headers=headers
    )
    return answer.status_code


def spoken(report_id: UUID, outcome: str, *reasons: str) -> Call:
    """Give a word of the intake, signed as it signs."""
    body = json.dumps(
        {
            "id": str(ids.uuid7()),
            "key": str(report_id),
            "state": "done",
            "reference": "R-1",
            "outcome": outcome,
            "reasons": list(reasons),
        }
    ).encode()
    return Call(PATH, call_headers("regulator", PATH, body), body)


def cases(person: cast.Person, *states: str) -> list[dict[str, Any]]:
    """Give a person's cases of suspicion, the oldest first."""
    found = stored(person, "antifraud_case")
    kind = CaseKind.AML_SUSPICIOUS.value
    return [case for case in found if case["kind"] == kind and case["state"] in states]


def _asked_to_correct(
    intake: Process, hooks: Hooks, alice: cast.Person, report_id: UUID
) -> dict[str, Any]:
    """Have the centre ask for a correction by hook; gives the case that it opens."""
    told = {"key": str(report_id), "reasons": ["narrative_unclear"]}
    post(intake, "/regulator/test/corrections", told, status=201)
    call = hooks.wait(str(report_id))[-1]
    assert knock(call) == 204
    assert report_of(alice, report_id)["state"] == "accepted"
    (again,) = cases(alice, "open")
    assert again["ref"] == report_id and again["due_at"] > again["opened_at"]
    return again


def _corrected(
    alice: cast.Person, again: dict[str, Any], first_id: UUID
) -> tuple[Actor, ReportShown]:
    """Have another officer write the report anew, and a third approve it."""
    mender = officer(ActorKind.COMPLIANCE)
    actions.take(mender, case_id=again["id"])
    mender = replace(mender, case_id=again["id"])
    corrected = actions.write_report(
        mender,
        case_id=again["id"],
        narrative=NARRATIVE + "补充：资金来自三个互不相识的人。",
        typology="structuring",
        corrects=first_id,
    )
    with cast.transaction():
        actions.approve_report(
            officer(ActorKind.COMPLIANCE, case_id=again["id"]),
            subject_id=alice.subject_id,
            report_id=corrected.id,
        )
    return mender, corrected


def test_a_report_lives_from_the_first_suspicion_to_its_corrected_receipt(
    intake: Process, hooks: Hooks
) -> None:
    """Narrative, two people, bytes, receipt, a correction by hook, a corrected report, receipt."""
    alice, name = named()
    screened(alice, EventKind.TRANSFER, amount_fen=49_999)
    writer, case_id = suspicion(alice)
    first = actions.write_report(
        writer, case_id=case_id, narrative=NARRATIVE, typology="structuring"
    )
    assert send(alice, first.id) is ReportState.WRITTEN, "sent by one person"
    second = officer(ActorKind.COMPLIANCE, case_id=case_id)
    with cast.transaction():
        actions.approve_report(second, subject_id=alice.subject_id, report_id=first.id)
    assert send(alice, first.id) is ReportState.ACCEPTED
    received, row = held(intake, first.id), report_of(alice, first.id)
    content = _sealed.opened(first.id, bytes(row["content"]))
    assert received["asked"]["sha256"] == row["digest"] == ids.digest(content)
    assert received["reference"] == row["receipt"] and received["asked"]["law"] == "AML 35"
    assert json.loads(content)["customer"]["name"] == name
    actions.decide(writer, case_id=case_id, verdict=Verdict.APPROVED, reason="reportable")

    again = _asked_to_correct(intake, hooks, alice, first.id)

    mender, corrected = _corrected(alice, again, first.id)
    assert send(alice, corrected.id) is ReportState.ACCEPTED
    assert report_of(alice, first.id)["state"] == "corrected"
    row = report_of(alice, corrected.id)
    told = json.loads(_sealed.opened(corrected.id, bytes(row["content"])))
    assert told["corrects"] == str(first.id) and "互不相识" in told["narrative"]
    assert row["receipt"] == held(intake, corrected.id)["reference"] != held(intake, first.id)
    actions.decide(mender, case_id=again["id"], verdict=Verdict.APPROVED, reason="reportable")
    assert cases(alice, "open", "taken") == []
    with cast.transaction():
        shown = queries.reports(mender, subject_id=alice.subject_id)
    assert [each.state for each in shown] == [ReportState.ACCEPTED, ReportState.CORRECTED]
    hidden = [str(first.id), str(corrected.id), row["receipt"], "aml", "sanctions", "可疑"]
    assert not [mark for mark in hidden if mark in everything_told(alice)]


@pytest.mark.parametrize("fault", ["late(500)", "silence", "bad_signature"])
def test_a_faulty_answer_leaves_it_unknown_until_the_record_is_asked(
    intake: Process, fault: str
) -> None:
    """Late, silent or not signed: nothing is believed and nothing is sent as another report."""
    alice, _ = named()
    report_id = approved(alice)
    script(intake, "regulator", "report", fault, match=str(report_id))
    first = send(alice, report_id)
    assert first in (ReportState.UNKNOWN, ReportState.SENT), first
    for _ in range(40):
        if send(alice, report_id) is ReportState.ACCEPTED:
            break
        threading.Event().wait(0.1)
    row = report_of(alice, report_id)
    if fault == "silence":
        # The intake took it and never tells: it stays unknown, and is asked for ever.
        assert row["state"] in ("unknown", "sent")
        return
    assert row["state"] == "accepted"
    assert held(intake, report_id)["asked"]["sha256"] == row["digest"]


def test_the_same_word_twice_opens_one_case(intake: Process, hooks: Hooks) -> None:
    """A call that comes again, even many at once, does nothing more."""
    alice, _ = named()
    report_id = approved(alice)
    assert send(alice, report_id) is ReportState.ACCEPTED
    told = {"key": str(report_id), "reasons": ["narrative_unclear"]}
    post(intake, "/regulator/test/corrections", told, status=201)
    call = hooks.wait(str(report_id))[-1]
    start, statuses = threading.Barrier(6), []

    def again() -> None:
        try:
            start.wait()
            statuses.append(knock(call))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=again) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses.append(knock(call))
    assert 204 in statuses and set(statuses) <= {204, 400, 401, 403, 409}
    assert len(cases(alice, "open")) == 1


def test_a_contradiction_changes_nothing_that_was_decided(intake: Process) -> None:
    """The first decisive word stands; the other opens a case, so that a person looks."""
    alice, _ = named()
    report_id = approved(alice)
    assert send(alice, report_id) is ReportState.ACCEPTED
    assert knock(spoken(report_id, "rejected", "hash_wrong")) == 204
    assert report_of(alice, report_id)["state"] == "accepted"
    assert len(cases(alice, "open")) == 1
    assert knock(spoken(report_id, "accepted")) == 204
    assert report_of(alice, report_id)["state"] == "accepted"


def test_a_bad_signature_is_no_word(intake: Process) -> None:
    """Changed body, another's key, an old or a missing signature: refused, and nothing happens."""
    alice, _ = named()
    report_id = approved(alice)
    assert send(alice, report_id) is ReportState.ACCEPTED
    right = spoken(report_id, "correction", "narrative_unclear")
    forged = base64.b16encode(ids.random_bytes(32)).decode().lower()
    other = call_headers("regulator", PATH, right.body, secret="another's")
    old = call_headers("regulator", PATH, right.body, stamp=1_700_000_000)
    for wrong in (
        replace(right, body=right.body.replace(b"narrative", b"something")),
        replace(right, headers=other),
        replace(right, headers=old),
        replace(right, headers={}),
        replace(right, headers={**right.headers, "X-Signature": forged}),
        replace(right, headers={**right.headers, "X-Key-Id": "bank"}),
    ):
        assert knock(wrong) in (400, 401, 403)
    assert cases(alice, "open") == [] and report_of(alice, report_id)["state"] == "accepted"
    assert knock(spoken(ids.uuid7(), "accepted")) == 204, "an unknown key is answered alike"


def test_a_word_before_the_answer_is_kept_and_a_report_not_sent_takes_none(
    intake: Process,
) -> None:
    """What was only written or approved cannot have been received."""
    alice, _ = named()
    report_id = approved(alice)
    knock(spoken(report_id, "accepted"))
    assert report_of(alice, report_id)["state"] == "approved"
    assert send(alice, report_id) is ReportState.ACCEPTED
    with pytest.raises(ForbiddenRiskStep), cast.transaction():
        actions.approve_report(
            officer(ActorKind.COMPLIANCE, case_id=report_of(alice, report_id)["case_id"]),
            subject_id=alice.subject_id,
            report_id=report_id,
        )
