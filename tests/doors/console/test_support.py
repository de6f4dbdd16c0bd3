"""The desk of support at the console: take, read, answer, hand over by two, enter the calendar."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tests import cast
from tests.doors.console import crew
from tests.people.support import cases
from tests.people.support.test_outcome import Away, Silent, body
from tests.pictures import picture
from xingnuo.kit import ids
from xingnuo.people.support import actions, queries
from xingnuo.people.support.contracts import HandState
from xingnuo.people.support.models import CaseRow

__all__ = ["body"]
HOSTILE = "<script>alert(1)</script> 还款日不对"


def base_of(desk: str, case_id: UUID) -> str:
    """Give the address of a case."""
    return f"/ops/q/{desk}/{case_id}/"


def taken(who: crew.Crew, desk: str, case_id: UUID) -> str:
    """Let a member take a case; gives its address."""
    base = base_of(desk, case_id)
    assert who.post(f"{base}take/").status_code == 303
    return base


def said(**more: str) -> dict[str, Any]:
    """Give an answer's form."""
    return {"key": str(ids.uuid7()), "act": "answer", "text": "", "canned": "", **more}


@pytest.mark.promise("9.1", "1.2.15a")
def test_an_agents_day() -> None:
    """Taken, read as words, answered once; then the case and its person are out of reach."""
    person = cases.asker()
    cast.agree(person, "support.case", optional=("phone",))
    cast.fill(person, "accounts.sign_in", {"phone": cast.phone()})
    case_id = cases.opened(person, "personal_data", HOSTILE)
    agent, peer = crew.hire(["agent"]), crew.hire(["agent"])
    base = base_of("tickets", case_id)
    assert agent.get(f"{base}talk/").status_code == 404
    taken(agent, "tickets", case_id)
    assert "199****" in agent.get(base).content.decode()
    page = agent.get(f"{base}talk/").content.decode()
    assert "&lt;script&gt;" in page and "<script>alert" not in page
    for path in ("talk/", "transactions/", f"files/{ids.uuid7()}/"):
        assert peer.get(base + path).status_code == 404
    assert agent.get(f"{base}transactions/").status_code == 403
    for wrong in (said(), said(text="长" * 2001), said(text="好", canned="received")):
        assert agent.post(f"{base}talk/", wrong).status_code == 422
    form = said(text="已经改好。")
    assert agent.post(f"{base}talk/", form).status_code == 303
    assert agent.post(f"{base}talk/", form).status_code == 404
    for path in ("talk/", "transactions/"):
        assert agent.get(base + path).status_code == 404
    assert "199****" not in agent.get(base).content.decode()
    assert agent.post(f"{base}take/").status_code == 409
    with cast.transaction():
        assert [one.text for one in queries.thread(person.actor, case_id)][-1] == "已经改好。"


@pytest.mark.promise("1.2.15a")
def test_a_general_question_shows_nothing_of_who_asks() -> None:
    """Neither a masked phone nor a name stands on the page, consent or not."""
    person = cases.asker()
    cast.agree(person, "support.case", optional=("phone",))
    cast.fill(person, "accounts.sign_in", {"phone": cast.phone()})
    agent = crew.hire(["agent"])
    base = taken(agent, "tickets", cases.opened(person))
    page = agent.get(base).content.decode()
    assert "199****" not in page and "不需要客户的身份信息" in page
    assert agent.get(f"{base}reveal/phone/").status_code == 404


@pytest.mark.promise("1.2.15b")
def test_two_of_compliance_hand_a_complaint_over() -> None:
    """Agents cannot; the proposer cannot release; the second does; the person sees it."""
    person = cases.asker()
    case_id = cases.opened(person, "finance_complaint")
    agent = crew.hire(["agent"])
    base = taken(agent, "complaints", case_id)
    form = {"body": "regulator", "ground": "person_asked", "bar": ""}
    assert agent.post(f"{base}hand-over/", form).status_code == 404
    assert agent.post(f"{base}back/").status_code == 303
    first, second = crew.hire(["compliance"]), crew.hire(["compliance"])
    taken(first, "complaints", case_id)
    assert first.get(f"{base}talk/").status_code == 200
    assert first.post(f"{base}hand-over/", {**form, "body": ""}).status_code == 422
    assert first.post(f"{base}hand-over/", {**form, "bar": "aml"}).status_code == 403
    assert first.post(f"{base}hand-over/", form).status_code == 303
    listed = second.get("/ops/releases/").content.decode()
    place = listed.index("/ops/releases/handover/")
    path = listed[place : listed.index('"', place)]
    assert "第四十条" in second.get(path).content.decode()
    assert first.post(path, {"answer": "release"}).status_code in (403, 409)
    assert second.post(path, {"answer": "release"}).status_code == 303
    with cast.transaction():
        (made,) = queries.handovers(person.actor, case_id)
    assert made.state is HandState.RELEASED


@pytest.mark.promise("9.1", "5.2.1c")
def test_written_requests_are_compliances() -> None:
    """Agents find no such queue; compliance looks at the authority before it answers."""
    person = cases.asker()
    with cast.transaction():
        case_id = actions.open_case(
            person.actor,
            topic_id="rights",
            text="替母亲查询。",
            key=ids.uuid7(),
            authority=picture(),
        )
    assert crew.hire(["agent"]).get("/ops/q/requests/").status_code == 404
    boss = crew.hire(["compliance"])
    base = taken(boss, "requests", case_id)
    page = boss.get(f"{base}talk/").content.decode()
    assert "审核授权书" in page
    with cast.transaction():
        photo = next(one for one in queries.thread(person.actor, case_id) if one.is_file)
    answer = boss.get(f"{base}files/{photo.id}/")
    assert answer.status_code == 200 and answer["Content-Type"] == "image/jpeg"
    assert boss.post(f"{base}talk/", said(text="好")).status_code == 409
    assert boss.post(f"{base}authority/", {"answer": "accept"}).status_code == 303
    assert boss.post(f"{base}talk/", said(text="好")).status_code == 303


def test_passing_on_and_closing() -> None:
    """A question becomes a complaint; what nobody wrote to is closed for a reason."""
    agent = crew.hire(["agent"])
    case_id = cases.opened(cases.asker())
    base = taken(agent, "tickets", case_id)
    form = {"choice": "raise", "reason": "person_complains", "note": ""}
    assert agent.post(f"{base}decide/", form).status_code == 303
    assert CaseRow.objects.get(id=case_id).desk == "complaints"
    base = taken(agent, "tickets", cases.opened(cases.asker()))
    close = {"choice": "close", "reason": "no_reply", "note": ""}
    assert agent.post(f"{base}decide/", close).status_code == 409
    assert agent.post(f"{base}talk/", said(act="ask", canned="ask_when")).status_code == 303
    assert agent.post(f"{base}decide/", close).status_code == 303


@pytest.mark.promise("9.1")
def test_the_calendar_is_compliances() -> None:
    """Days come with their source; wrong ones are told at their field; agents find no page."""
    assert crew.hire(["agent"]).get("/ops/calendar/").status_code == 404
    boss = crew.hire(["compliance"])
    assert boss.get("/ops/calendar/").status_code == 200
    right = {"year": "2043", "off": "2043-01-01", "worked": "", "source": "国办发明电〔2042〕7号"}
    for wrong in (
        {"year": "今年"},
        {"off": "2043-02-30"},
        {"off": "元旦"},
        {"source": "?"},
        {"off": "2043-05-01"},
    ):
        assert boss.post("/ops/calendar/", {**right, **wrong}).status_code == 422
    assert boss.post("/ops/calendar/", right).status_code == 303
    assert "2043-01-01" in boss.get("/ops/calendar/").content.decode()


@pytest.mark.promise("1.2.15b")
def test_two_of_compliance_see_an_open_hand_over_to_its_end(body: Silent) -> None:
    """Listed without a name, asked again, proven by one, confirmed by another; agents: no page."""
    away = Away()
    away.unknown()
    base = f"/ops/handovers/{away.case_id}/consumer_body/"
    first, second = crew.hire(["compliance"]), crew.hire(["compliance"])
    for path in ("/ops/handovers/", base):
        assert crew.hire(["agent"]).get(path).status_code == 404
        page = first.get(path).content.decode()
        assert "金融消费者权益保护部门" in page and "欧阳明月" not in page
    assert first.post(base, {"act": "ask"}).status_code == 303
    assert first.post(base, {"act": "confirm"}).status_code == 409
    proof = {"act": "prove", "outcome": "accepted", "kind": "letter", "reference": "银消保-118"}
    for wrong in ({"outcome": ""}, {"kind": ""}, {"reference": "1"}, {"act": "end"}):
        assert first.post(base, {**proof, **wrong}).status_code == 422
    assert first.post(base, proof).status_code == 303
    assert first.post(base, {"act": "confirm"}).status_code == 409
    assert "银消保-118" in second.get(base).content.decode()
    assert second.post(base, {"act": "confirm"}).status_code == 303
    assert away.shown().state is HandState.ACCEPTED
    assert second.get(base).status_code == 404
