"""What staff may not do at the console is refused, and stands on their record."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction

from tests import cast
from tests.doors.console import crew
from tests.doors.console.test_queues import identity_case, risk_case
from tests.people.support import cases
from xingnuo.doors.console import _pages
from xingnuo.kit import clock, ids
from xingnuo.people.antifraud.models import CaseRow as RiskRow
from xingnuo.people.identity.models import CaseRow as IdentityRow
from xingnuo.people.permissions import _staff_looks
from xingnuo.people.permissions import queries as staff
from xingnuo.trust.evidence import queries as evidence

WHY = {"reason": "match_caller", "note": crew.NOTE}


def record(member: crew.Crew) -> list[str]:
    """Give what a member did or tried, newest first."""
    return [one.reason for one in evidence.acted(actor_ref=member.member.code)]


@pytest.mark.promise("4.1.4")
def test_who_looks_without_a_case_finds_nothing_and_leaves_a_line() -> None:
    """No case, another's case, a case that is only open: the same missing page."""
    phone = cast.phone()
    person = crew.person_with(phone=phone)
    member, peer = crew.hire(["compliance"]), crew.hire(["compliance"])
    others = f"/ops/q/rights/{crew.ask(person)}/"
    assert peer.post(f"{others}take/").status_code == 303
    for base in (f"/ops/q/rights/{ids.uuid7()}/", others, f"/ops/q/rights/{crew.ask(person)}/"):
        form = {**WHY, "item": "phone", "value": phone}
        assert member.post(f"{base}look-up/", form).status_code == 404
        assert member.post(f"{base}reveal/phone/", WHY).status_code == 404
    assert record(member)[:6] == ["not_found:ops_reveal", "not_found:ops_look_up"] * 3


def test_who_reveals_over_budget_is_refused_and_it_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An agent's reveals end with the day's budget; so do the hour's look-ups."""
    person = cases.asker()
    cast.agree(person, "support.case", optional=("phone",))
    cast.fill(person, "accounts.sign_in", {"phone": cast.phone()})
    agent = crew.hire(["agent"])
    base = f"/ops/q/tickets/{cases.opened(person, 'personal_data')}/"
    assert agent.post(f"{base}take/").status_code == 303
    monkeypatch.setattr(_staff_looks, "REVEALS_A_DAY", 2)
    monkeypatch.setattr(_staff_looks, "REVEALS_NEAR", 1)
    answers = [agent.post(f"{base}reveal/phone/", WHY).status_code for _ in range(3)]
    assert answers == [303, 303, 429]
    told = record(agent)
    assert told[0] == "over_budget:ops_reveal" and "alert.reveals_near" in told
    monkeypatch.setattr(_staff_looks, "LOOKUPS_AN_HOUR", 1)
    boss = crew.hire(["compliance"])
    here = f"/ops/q/rights/{crew.ask(crew.person_with(phone=cast.phone()))}/"
    boss.post(f"{here}take/")
    form = {**WHY, "item": "phone", "value": cast.phone()}
    assert [boss.post(f"{here}look-up/", form).status_code for _ in range(2)] == [200, 429]
    assert record(boss)[0] == "over_budget:ops_look_up"


@pytest.mark.parametrize("answer", ["release", "refuse"])
def test_nobody_approves_their_own_request(answer: str) -> None:
    """Neither to let it pass nor to make it go away; the try is on record."""
    member = crew.hire(["compliance"])
    base = f"/ops/q/rights/{crew.ask(cast.make_person())}/"
    member.post(f"{base}take/")
    member.post(f"{base}decide/", {"choice": "done", "reason": "identity_checked"})
    with transaction.atomic():
        step = staff.of_ref("case.rights", UUID(base.split("/")[4]))
    assert step is not None
    assert member.post(f"/ops/releases/case/{step.id}/", {"answer": answer}).status_code == 403
    assert record(member)[0] == "same_hand:ops_release"


def test_there_is_no_way_to_take_persons_out() -> None:
    """Asking for a list in another shape gives the page, or nothing; addresses of exports miss."""
    member = crew.hire(["compliance", "admin", "auditor"])
    for path in ("/ops/export/", "/ops/q/rights/export/", "/ops/q/rights.csv", "/ops/persons/"):
        assert member.get(path).status_code == 404
    for query in ({"format": "csv"}, {"export": "1"}, {"limit": "100000"}, {"tab": "all"}):
        answer = member.get("/ops/q/rights/", **query)
        assert answer["Content-Type"].startswith("text/html")
        assert len(re.findall(rb'<li><a href="/ops/q/rights/[0-9a-f-]+/', answer.content)) <= 25
    accepted = member.client.get("/ops/q/rights/", headers={"accept": "text/csv"})
    assert accepted["Content-Type"].startswith("text/html")


def many(count: int, by: str) -> None:
    """Let a member have more cases than one page of their queue shows."""
    now = clock.now()
    with transaction.atomic():
        RiskRow.objects.bulk_create(
            RiskRow(
                subject_id=ids.uuid7(), kind="risk_review", state="taken", taken_by=by,
                taken_at=now, opened_at=now, due_at=now + timedelta(days=40, minutes=at),
            )
            for at in range(count)
        )  # fmt: skip
        IdentityRow.objects.bulk_create(
            IdentityRow(
                subject_id=ids.uuid7(), kind="reused_number", state="taken", taken_by=by,
                opened_at=now, due_at=now + timedelta(days=40, minutes=at),
            )
            for at in range(count)
        )  # fmt: skip


def test_what_is_mine_is_counted_whole() -> None:
    """Beyond a page, and whatever stands before it in the queue; free cases are not counted."""
    for _ in range(3):
        risk_case()
        identity_case()
    member = crew.hire(["risk", "reviewer"])
    many(137, member.member.code)
    for queue in ("risk", "identity"):
        page = member.get(f"/ops/q/{queue}/", tab="mine").content.decode()
        assert "我的 137" in page
        assert len(re.findall(rf'<li><a href="/ops/q/{queue}/[0-9a-f-]+/', page)) == 25
    assert _pages.count_word(137) == "137" and _pages.count_word(1000) == "999+"


def test_the_console_adds_little_style() -> None:
    """Its own style sheet is at most 0.9 KB, packed."""
    import gzip
    from pathlib import Path

    from xingnuo.doors import console

    sheet = Path(console.__file__).parent / "static" / "console" / "console.css"
    assert len(gzip.compress(sheet.read_bytes(), 9)) <= 0.9 * 1024
