"""Cases of bills and of the change card at the console: both figures, two people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests import cast
from tests.doors.console import crew
from tests.doors.console.test_day import lines
from xingnuo.kit import clock, ids
from xingnuo.services.bill_pay import _cases as bill_cases
from xingnuo.services.bill_pay.contracts import CaseKind
from xingnuo.services.bill_pay.models import CaseRow as BillRow
from xingnuo.services.bill_pay.models import NumberRow as BillNumber
from xingnuo.services.wallet_card import _cases as wallet_cases
from xingnuo.services.wallet_card.models import CaseRow as WalletRow
from xingnuo.services.wallet_card.models import NumberRow as WalletNumber

pytestmark = pytest.mark.promise("1.2.7a")
BYTES_MAX = 20 * 1024
ASKED = {"choice": "looked", "reason": "document_seen"}
ROOMS = ("bills", "wallet")


def case_of(room: str, subject_id: UUID | None, *, kind: str = "wrong_amount") -> Any:
    """Open a case the most urgent of all, about an act of the person or of nobody."""
    number = ids.uuid7().hex
    with cast.transaction():
        if room == "bills":
            bill_cases.write(
                CaseKind(kind), party="utility_power", number=number, subject_id=subject_id,
                ours=8_800, theirs=7_700,
            )  # fmt: skip
        else:
            wallet_cases.put(
                wallet_cases.Kind(kind), number, subject_id=subject_id, ours=8_800, theirs=7_700
            )
    row = (BillRow if room == "bills" else WalletRow).objects.get(number=number)
    row.due_at = clock.now() - timedelta(days=400)
    row.save(update_fields=["due_at"])
    return row


def undecided(room: str, row: Any, subject_id: UUID) -> Any:
    """Leave the act without a word of the other side; gives its number's row."""
    told: dict[str, Any] = {"number": UUID(hex=row.number), "subject_id": subject_id}
    now = clock.now()
    if room == "bills":
        return BillNumber.objects.create(**told, party="power", amount_fen=1, made_at=now)
    return WalletNumber.objects.create(**told, kind="top_up", amount_fen=1, made_at=now)


def step_of(member: crew.Crew, room: str, row: Any) -> str:
    """Give the address where the proposal about a case waits for a second person."""
    from xingnuo.people.permissions import queries

    found = queries.of_ref(f"case.{room}", row.id)
    assert found is not None
    step = f"/ops/releases/case/{found.id}/"
    assert step in member.get(f"/ops/q/{room}/", tab="two").content.decode()
    return step


@pytest.mark.parametrize("room", ROOMS)
def test_a_difference_is_closed_by_two_people(room: str) -> None:
    """Taken, seen by who took it alone, proposed; the proposer's release fails, another's ends."""
    person = cast.make_person()
    row = case_of(room, person.subject_id)
    chen, li = crew.hire(["funds"]), crew.hire(["funds"], name="李出纳")
    here, base = f"/ops/q/{room}/", f"/ops/q/{room}/{row.id}/"
    assert base in chen.get(here).content.decode()
    assert "88.00" not in chen.get(base).content.decode()
    assert chen.post(f"{base}take/").status_code == 303
    page = chen.get(base)
    told = page.content.decode()
    assert "88.00" in told and "77.00" in told and row.number in told
    assert str(person.subject_id) not in told
    assert max(len(page.content), len(chen.get(here).content)) <= BYTES_MAX
    assert "88.00" not in li.get(base).content.decode()
    assert li.post(f"{base}take/").status_code == 409
    assert li.post(f"{base}decide/", ASKED).status_code == 404
    assert chen.post(f"{base}decide/", {"choice": "looked"}).status_code == 422
    assert chen.post(f"{base}decide/", ASKED).status_code == 303
    step = step_of(li, room, row)
    assert chen.post(step, {"answer": "release"}).status_code in (403, 409)
    row.refresh_from_db()
    assert row.state == "open"
    assert li.post(step, {"answer": "release"}).status_code == 303
    row.refresh_from_db()
    assert row.state == "closed" and row.closed_at is not None
    assert li.get(base).status_code == 200
    left = {(line.reason, line.actor_ref) for line in lines(person) if line.ref == row.id}
    assert ("case.read", chen.member.code) in left
    assert ("case.decided:looked", li.member.code) in left


@pytest.mark.parametrize("room", ROOMS)
def test_what_has_no_end_yet_is_not_closed(room: str) -> None:
    """Two people do not end what the other side has not answered; once it has, they do."""
    person = cast.make_person()
    row = case_of(room, person.subject_id, kind="unknown_old")
    number = undecided(room, row, person.subject_id)
    chen, li = crew.hire(["funds"]), crew.hire(["funds"])
    base = f"/ops/q/{room}/{row.id}/"
    assert chen.post(f"{base}take/").status_code == 303
    assert "对方还没有给出结果" in chen.get(base).content.decode()
    assert chen.post(f"{base}decide/", ASKED).status_code == 303
    step = step_of(li, room, row)
    assert li.post(step, {"answer": "release"}).status_code == 409
    row.refresh_from_db()
    assert row.state == "open"
    number.is_open = False
    number.save(update_fields=["is_open"])
    assert li.post(step, {"answer": "release"}).status_code == 303
    row.refresh_from_db()
    assert row.state == "closed"


@pytest.mark.parametrize("room", ROOMS)
def test_a_case_of_nobody_is_taken_and_put_back(room: str) -> None:
    """A stranger's line has no person: it is served, and nothing is told of anybody."""
    row = case_of(room, None, kind="not_ours" if room == "bills" else "stranger")
    chen = crew.hire(["funds"])
    base = f"/ops/q/{room}/{row.id}/"
    assert chen.post(f"/ops/q/{room}/next/").status_code == 303
    chen.post(f"{base}take/")
    row.refresh_from_db()
    assert row.taken_by == chen.member.code
    page = chen.get(base).content.decode()
    assert "不是我们的单号" in page and "没有这项用途能看的内容" in page
    assert chen.post(f"{base}back/").status_code == 303
    row.refresh_from_db()
    assert row.taken_by == ""


@pytest.mark.parametrize("room", ROOMS)
def test_only_those_who_hold_money_come_near(room: str) -> None:
    """Another role finds no queue; whoever is not cleared is refused."""
    row = case_of(room, cast.make_person().subject_id)
    base = f"/ops/q/{room}/{row.id}/"
    for role in ("agent", "reviewer", "compliance", "auditor"):
        other = crew.hire([role])
        assert other.get(base).status_code == 404
        assert other.post(f"{base}take/").status_code == 404
    late = crew.hire(["funds"], cleared=False)
    assert late.get(base).status_code == 403
    assert late.post(f"{base}take/").status_code == 403
