"""Anti-money-laundering: screened, reported by two, followed up, and told to nobody."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client

from tests import cast
from tests.people.antifraud.officers import officer, screened
from tests.people.antifraud.test_cases import listed
from tests.people.antifraud.test_screening import stored
from xingnuo.duties.rights import actions as rights
from xingnuo.kit import clock, ids
from xingnuo.kit.errors import BadInput, NotFound
from xingnuo.partners.regulator import client as centre
from xingnuo.partners.regulator.contracts import Outcome as Said
from xingnuo.partners.regulator.contracts import Receipt
from xingnuo.people.antifraud import _sanctions, _sealed, actions, queries
from xingnuo.people.antifraud.contracts import (
    AmlLevel,
    EventKind,
    ForbiddenRiskStep,
    ListField,
    ListKind,
    ListRow,
    Outcome,
    ReportState,
    SameOfficer,
    StaffOnly,
    Verdict,
)
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Reason
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import ActorKind

NARRATIVE = "客户三天内分二十七笔转入又转出，金额都刚好低于报告标准，与其职业收入不符。"


def named() -> tuple[cast.Person, str]:
    """Make a person with a name of their own."""
    alice = cast.make_person()
    name = "".join(chr(0x4E00 + int(part, 16)) for part in _parts(ids.digest(ids.token())))
    cast.agree(alice, "profile.manage", optional=("name",))
    cast.fill(alice, "profile.manage", {"name": name})
    return alice, name


def _parts(text: str) -> list[str]:
    return [text[at : at + 3] for at in range(0, 15, 3)]


def screen_customer(person: cast.Person) -> int:
    """Screen as the job does."""
    with cast.transaction():
        return actions.screen_customer(cast.SYSTEM, subject_id=person.subject_id)


def suspicion(person: cast.Person) -> tuple[Actor, UUID]:
    """Open a suspicion, and let another officer take it."""
    opener, taker = officer(ActorKind.COMPLIANCE), officer(ActorKind.COMPLIANCE)
    case_id = actions.open_suspicion(opener, subject_id=person.subject_id, typology="structuring")
    actions.take(taker, case_id=case_id)
    return replace(taker, case_id=case_id), case_id


def approved(person: cast.Person) -> UUID:
    """Write a report and have another officer approve it."""
    writer, case_id = suspicion(person)
    report = actions.write_report(
        writer, case_id=case_id, narrative=NARRATIVE, typology="structuring"
    )
    with cast.transaction():
        actions.approve_report(
            officer(ActorKind.COMPLIANCE, case_id=case_id),
            subject_id=person.subject_id,
            report_id=report.id,
        )
    return report.id


def send(person: cast.Person, report_id: UUID) -> ReportState:
    """Send or follow up as the job does."""
    return actions.send_report(subject_id=person.subject_id, report_id=report_id)


def test_a_customer_on_a_list_is_found_and_weighed() -> None:
    """A hit opens one case, however often it is found; confirmed, the customer is barred."""
    alice, name = named()
    listed(ListKind.SANCTIONS, ListField.NAME, ListRow(value=name, ref="un.77"))
    assert (screen_customer(alice), screen_customer(alice)) == (1, 0)
    (case,) = stored(alice, "antifraud_case")
    compliance = officer(ActorKind.COMPLIANCE, case_id=case["id"])
    with cast.transaction():
        profile = queries.aml_profile(compliance, subject_id=alice.subject_id)
    assert profile is not None and profile.level is AmlLevel.MEDIUM
    actions.take(compliance, case_id=case["id"])
    actions.decide(
        compliance,
        case_id=case["id"],
        verdict=Verdict.DECLINED,
        reason="same_person",
    )
    with cast.transaction():
        profile = queries.aml_profile(compliance, subject_id=alice.subject_id)
    assert profile is not None and profile.level is AmlLevel.BARRED
    assert profile.review_on > clock.today()


def test_another_person_of_the_same_name_is_cleared_and_stays_cleared() -> None:
    """What was cleared opens no case again."""
    alice, name = named()
    listed(ListKind.SANCTIONS, ListField.NAME, ListRow(value=name, ref="un.78"))
    screen_customer(alice)
    (case,) = stored(alice, "antifraud_case")
    compliance = officer(ActorKind.COMPLIANCE)
    actions.take(compliance, case_id=case["id"])
    actions.decide(
        compliance,
        case_id=case["id"],
        verdict=Verdict.APPROVED,
        reason="other_person",
    )
    assert screen_customer(alice) == 0 and len(stored(alice, "antifraud_case")) == 1
    assert screened(alice, amount_fen=1).passes


def test_when_a_list_changes_customers_are_screened_again() -> None:
    """The job takes up everybody who was screened against other lists."""
    alice, name = named()
    assert screen_customer(alice) == 0
    with cast.transaction():
        assert alice.subject_id not in _sanctions.due(10_000)
    listed(ListKind.SANCTIONS, ListField.NAME, ListRow(value=name, ref="un.79"))
    with cast.transaction():
        assert alice.subject_id in _sanctions.due(10_000)
    actions.screen_due(cast.SYSTEM)
    assert len(stored(alice, "antifraud_aml_hit")) == 1


@pytest.mark.usefixtures("outside")
def test_a_report_is_written_approved_sent_and_received() -> None:
    """Two people, one file, its hash, and the centre's number."""
    alice, name = named()
    screened(alice, EventKind.TRANSFER, amount_fen=49_999)
    report_id = approved(alice)
    assert send(alice, report_id) in (ReportState.ACCEPTED, ReportState.SENT)
    (row,) = stored(alice, "antifraud_aml_report")
    sealed = bytes(row["content"])
    assert name.encode() not in sealed and NARRATIVE.encode() not in sealed
    told = json.loads(_sealed.opened(report_id, sealed))
    assert told["customer"]["name"] == name and told["narrative"] == NARRATIVE
    assert told["attempts"][0]["amount_fen"] == 49_999
    assert row["digest"] == ids.digest(_sealed.opened(report_id, sealed))
    assert row["receipt"]


def test_one_person_alone_sends_nothing() -> None:
    """Who wrote a report does not approve it, nor does anyone without the case."""
    alice, _ = named()
    writer, case_id = suspicion(alice)
    report = actions.write_report(writer, case_id=case_id, narrative=NARRATIVE, typology="gambling")
    asked: dict[str, Any] = {"subject_id": alice.subject_id, "report_id": report.id}
    with pytest.raises(SameOfficer), cast.transaction():
        actions.approve_report(writer, **asked)
    with pytest.raises(GateRefusal) as refused, cast.transaction():
        actions.approve_report(officer(ActorKind.COMPLIANCE), **asked)
    assert refused.value.reason is Reason.NO_CASE
    with pytest.raises(NotFound), cast.transaction():
        actions.approve_report(
            officer(ActorKind.COMPLIANCE, case_id=ids.uuid7()),
            **asked,
        )
    with pytest.raises(StaffOnly), cast.transaction():
        actions.approve_report(officer(ActorKind.RISK, case_id=case_id), **asked)
    assert actions.send_report(**asked) is ReportState.WRITTEN
    owner = connections["owner"]
    with pytest.raises(IntegrityError), transaction.atomic(using="owner"), owner.cursor() as cursor:
        cursor.execute(
            "UPDATE antifraud_aml_report SET approved_by = written_by WHERE id = %s", [report.id]
        )


@pytest.mark.parametrize(
    ("narrative", "typology"),
    [("短", "gambling"), (NARRATIVE, "nothing"), ("长" * 20_001, "gambling")],
)
def test_a_report_without_substance_is_refused(narrative: str, typology: str) -> None:
    """Too short, too long, or of no known kind."""
    alice, _ = named()
    writer, case_id = suspicion(alice)
    with pytest.raises(BadInput):
        actions.write_report(writer, case_id=case_id, narrative=narrative, typology=typology)


def test_unknown_ends_by_asking_and_the_first_decisive_word_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Silence leaves it unknown; then the record is asked before anything is sent again."""
    alice, _ = named()
    report_id, calls = approved(alice), []
    answers = {"report": Receipt(outcome=Said.PENDING), "status": Receipt(outcome=Said.PENDING)}
    monkeypatch.setattr(centre, "report", lambda *_, **__: calls.append("r") or answers["report"])
    monkeypatch.setattr(centre, "status", lambda *_: calls.append("s") or answers["status"])
    assert send(alice, report_id) is ReportState.UNKNOWN
    assert send(alice, report_id) is ReportState.UNKNOWN
    answers["status"] = Receipt(outcome=Said.PENDING, reference="AML-1")
    answers["report"] = Receipt(outcome=Said.PENDING, reference="AML-1")
    assert send(alice, report_id) is ReportState.SENT
    answers["status"] = Receipt(outcome=Said.REJECTED, reference="AML-1", reasons=("format",))
    actions.follow_reports()
    assert calls == ["r", "s", "r", "s", "r", "s"]
    (row,) = stored(alice, "antifraud_aml_report")
    assert row["state"] == "rejected"
    answers["report"] = Receipt(outcome=Said.ACCEPTED, reference="AML-1")
    assert send(alice, report_id) is ReportState.REJECTED
    kinds = [case["kind"] for case in stored(alice, "antifraud_case")]
    assert kinds == ["aml_suspicious", "aml_suspicious"]


def test_a_rejected_report_is_corrected_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """The old one is closed as corrected; correcting twice, or what was not sent, is refused."""
    alice, _ = named()
    report_id = approved(alice)
    writer, case_id = suspicion(alice)
    told = {"case_id": case_id, "narrative": NARRATIVE, "typology": "gambling"}
    with pytest.raises(ForbiddenRiskStep):
        actions.write_report(writer, **told, corrects=report_id)
    monkeypatch.setattr(centre, "report", lambda *_, **__: Receipt(outcome=Said.REJECTED))
    assert send(alice, report_id) is ReportState.REJECTED
    again = actions.write_report(writer, **told, corrects=report_id)
    assert again.state is ReportState.WRITTEN
    with pytest.raises(ForbiddenRiskStep):
        actions.write_report(writer, **told, corrects=report_id)


def test_a_changed_report_does_not_leave() -> None:
    """What two people approved is what leaves: a flipped byte stops it."""
    alice, _ = named()
    report_id = approved(alice)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "UPDATE antifraud_aml_report SET content = set_byte(content, 40,"
            " get_byte(content, 40) # 1) WHERE id = %s",
            [report_id],
        )
    with pytest.raises(_sealed.Unreadable):
        send(alice, report_id)


def barred(person: cast.Person) -> None:
    """Make a confirmed hit stand against a person."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO antifraud_aml_profile VALUES"
            " (%s, %s, 'barred', 90, '{sanctions_near}', now(), '2027-01-01', now(), '')",
            [ids.uuid7(), person.subject_id],
        )


def test_a_barred_customer_meets_words_that_anybody_may_meet() -> None:
    """Outcome, words, copy and explanation are those of whoever pays somebody on a watch list."""
    alice, bob, shop = cast.make_person(), cast.make_person(), ids.token()
    barred(alice)
    listed(ListKind.WATCH, ListField.COUNTERPARTY, ListRow(value=shop))
    hidden = screened(alice, amount_fen=5, counterparty="any shop")
    plain = screened(bob, amount_fen=5, counterparty=shop)
    assert hidden.outcome is plain.outcome is Outcome.REVIEW
    assert (hidden.message, hidden.remedy, hidden.reasons) == (
        plain.message,
        plain.remedy,
        plain.reasons,
    )
    copies, explained = [], []
    for person, decision in ((alice, hidden), (bob, plain)):
        with cast.transaction():
            told = queries.explain(person.actor, decision_id=decision.id)
            explained.append((told.looked_at, told.how, told.what_next, told.decision.reasons))
            (row,) = queries.export(person.subject_id)["antifraud_decision"]
            copies.append({k: v for k, v in row.items() if not k.endswith(("id", "_at"))})
    assert explained[0] == explained[1] and copies[0] == copies[1]
    kinds = [case["kind"] for case in stored(alice, "antifraud_case")]
    assert kinds == ["risk_review"]


def everything_told(person: cast.Person) -> str:
    """Give all that the person's own queries and copy tell, as text."""
    told: list[Any] = []
    with cast.transaction():
        told.append(queries.automated(person.actor))
        told += evidence.of_subject(person.subject_id, limit=200)
        told += evidence.looked(person.subject_id, limit=200)
        told.append(evidence.counts(person.subject_id, clock.now() - timedelta(days=1)))
        told += evidence.collected(person.subject_id)
        told += evidence.shared(person.subject_id)
        told += [holding.export(person.subject_id) for holding in policy.holdings()]
    with cast.transaction():
        copy = rights.copy(person.actor, subject_id=person.subject_id)
    with zipfile.ZipFile(io.BytesIO(copy.content)) as packed:
        told += [packed.read(name).decode("utf-8", "replace") for name in packed.namelist()]
    return str(told)


def test_nothing_the_person_reaches_tells_of_a_suspicion() -> None:
    """A planted case, report, hit and level: no list, count, copy or export shows any of it."""
    alice, name = named()
    screened(alice, amount_fen=5)
    listed(ListKind.SANCTIONS, ListField.NAME, ListRow(value=name, ref="un.tip"))
    screen_customer(alice)
    report_id = approved(alice)
    rows = [*stored(alice, "antifraud_aml_report"), *stored(alice, "antifraud_aml_hit")]
    hidden = [case for case in stored(alice, "antifraud_case") if case["kind"] != "risk_review"]
    assert len(rows) == 2 and len(hidden) == 2
    secret = [str(row["id"]) for row in (*rows, *hidden)]
    told = everything_told(alice)
    marks = ("aml.", "antifraud_aml", "aml_", "sanctions", "un.tip", "structuring", "可疑交易")
    assert not [mark for mark in (*secret, str(report_id), *marks) if mark in told]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM antifraud_aml_report")
        assert cursor.fetchone() == (0,)


def test_what_the_law_keeps_outlives_the_person_and_stays_sealed() -> None:
    """Erasing takes the room's other rows; the report stays, readable to compliance alone."""
    alice, _ = named()
    screened(alice, amount_fen=5)
    report_id = approved(alice)
    with cast.transaction():
        assert actions.erase(alice.subject_id) == 2
    (row,) = stored(alice, "antifraud_aml_report")
    assert NARRATIVE in _sealed.opened(report_id, bytes(row["content"])).decode()


def test_a_forged_word_of_the_centre_changes_nothing() -> None:
    """Without the centre's signature the hook refuses, and the report stands as it stood."""
    alice, _ = named()
    report_id = approved(alice)
    body = json.dumps({"id": "n1", "key": str(report_id), "outcome": "accepted"})
    answer = Client(headers={"host": "localhost"}).post(
        "/hooks/regulator/notices", body, content_type="application/json"
    )
    assert answer.status_code in (400, 401, 403)
    assert stored(alice, "antifraud_aml_report")[0]["state"] == "approved"
