"""Reports of the anti-money-laundering officer: one writes, another approves, nobody is told."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection, transaction

from tests import cast
from tests.doors.console import crew
from tests.doors.console.test_day import lines
from tests.doors.console.test_queues import risk_case
from xingnuo.kit.db import session
from xingnuo.people.antifraud.models import CaseRow, ReportRow
from xingnuo.trust.evidence.contracts import Entry

NARRATIVE = "三天内收到二十多人小额汇入，随即集中转出，与其职业和以往交易不符，且无法说明来由。"
FORM = {"typology": "many_to_one", "narrative": NARRATIVE, "corrects": ""}


def held(member: crew.Crew) -> tuple[str, cast.Person]:
    """Let an officer take a fresh case; gives its address and its person."""
    case = risk_case("aml_suspicious")
    base = f"/ops/q/aml/{case}/"
    assert member.post(f"{base}take/").status_code == 303
    with transaction.atomic():
        return base, cast.Person(CaseRow.objects.get(id=case).subject_id, cast.SYSTEM)


def reports(person: cast.Person) -> list[ReportRow]:
    """Give the reports about a person, oldest first."""
    with transaction.atomic():
        session.set_subject(person.subject_id)
        return list(ReportRow.objects.of(person.subject_id).order_by("id"))


def step_of(member: crew.Crew, base: str) -> str:
    """Give the address of the step about a case's report."""
    number = f"A-{UUID(base.split('/')[4]).hex[-8:].upper()}"
    page = member.get("/ops/releases/").content.decode()
    before = page[: page.index(number)]
    return before[before.rindex("/ops/releases/report/") :].partition('"')[0]


def told(person: cast.Person) -> set[UUID]:
    """Give what the person can read of themselves."""
    found: list[Entry] = lines(person)
    return {one.id for one in found}


@pytest.mark.promise("1.6.3")
def test_a_report_is_written_by_one_and_approved_by_another() -> None:
    """Its author is refused; nothing leaves before; the approved text is what was read."""
    writer, second = crew.hire(["aml"]), crew.hire(["aml"])
    base, person = held(writer)
    before = told(person)
    for wrong in ({"narrative": "短"}, {"typology": ""}, {"typology": "nothing"}):
        assert writer.post(f"{base}report/", {**FORM, **wrong}).status_code == 422
    assert not reports(person)
    assert writer.post(f"{base}report/", FORM).status_code == 303
    step = step_of(second, base)
    assert writer.post(step, {"answer": "release"}).status_code == 403
    assert [one.state for one in reports(person)] == ["written"]
    page = second.get(step)
    assert page.status_code == 200 and NARRATIVE in page.content.decode()
    assert second.post(step, {"answer": "release"}).status_code == 303
    (row,) = reports(person)
    assert (row.state, row.written_by, row.approved_by) == (
        "approved",
        writer.member.code,
        second.member.code,
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'antifraud.send_report'"
            " AND args->>'report_id' = %s",
            [str(row.id)],
        )
        assert cursor.fetchone() == (1,)
    assert told(person) == before


def test_what_is_sent_back_is_not_sent() -> None:
    """The author sees it and writes anew; the refused one waits for nobody."""
    writer, second = crew.hire(["aml"]), crew.hire(["aml"])
    base, person = held(writer)
    assert writer.post(f"{base}report/", FORM).status_code == 303
    step = step_of(second, base)
    assert second.post(step, {"answer": "refuse"}).status_code == 303
    assert "没有批准，请重新写" in writer.get(f"{base}report/").content.decode()
    assert second.get(step).status_code == 404
    assert [one.state for one in reports(person)] == ["written"]


def test_a_rejected_report_is_corrected_by_another() -> None:
    """The correction names the report it stands for, which is then over."""
    writer, second = crew.hire(["aml"]), crew.hire(["aml"])
    base, person = held(writer)
    assert writer.post(f"{base}report/", FORM).status_code == 303
    assert second.post(step_of(second, base), {"answer": "release"}).status_code == 303
    (first,) = reports(person)
    assert "更正以前的报告" not in writer.get(f"{base}report/").content.decode()
    with transaction.atomic():
        session.set_subject(person.subject_id)
        ReportRow.objects.of(person.subject_id).update(state="rejected", receipt="r-1")
    page = writer.get(f"{base}report/").content.decode()
    assert "对方退回，要更正" in page and "更正以前的报告" in page
    assert writer.post(f"{base}report/", {**FORM, "corrects": str(first.id)}).status_code == 303
    old, new = reports(person)
    assert (old.state, new.state, new.corrects) == ("corrected", "written", first.id)


def test_what_is_to_be_reported_has_its_report_first() -> None:
    """A yes without a report is refused; whoever has not the case finds no page."""
    writer, peer = crew.hire(["aml"]), crew.hire(["aml"])
    base, _ = held(writer)
    yes = {"choice": "approved", "reason": "reportable"}
    assert writer.post(f"{base}decide/", yes).status_code == 409
    for who in (peer, crew.hire(["compliance"]), crew.hire(["risk"])):
        assert who.get(f"{base}report/").status_code == 404
        assert who.post(f"{base}report/", FORM).status_code == 404
    assert writer.post(f"{base}report/", FORM).status_code == 303
    assert writer.post(f"{base}decide/", yes).status_code == 303
