"""Merchants at the console: looked at masked by whoever took the case, released by another."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests import cast
from tests.doors.console import crew
from tests.doors.console.test_day import lines
from tests.outside import Outside
from tests.people.conftest import outside, sandbox_process
from tests.services.merchant_collection.shops import Keeper, keeper
from xingnuo.kit import ids
from xingnuo.services.merchant_collection import _cases as cases
from xingnuo.services.merchant_collection import queries
from xingnuo.services.merchant_collection.contracts import CaseKind, CaseState, MerchantState
from xingnuo.services.merchant_collection.models import CaseRow

__all__ = ["outside", "sandbox_process"]
pytestmark = pytest.mark.promise("1.2.10")
BYTES_MAX = 20 * 1024
HERE = "/ops/q/merchant/"


def waiting(outside: Outside) -> tuple[Keeper, UUID]:
    """Give a shop that staff look at before it opens, with its case."""
    made = keeper(outside)
    assert made.open(category="jewelry").state is MerchantState.REVIEWING
    return made, UUID(str(CaseRow.objects.get(ref=made.id).id))


def state(made: Keeper) -> tuple[MerchantState, str]:
    """Say how far the merchant is, and on what ground."""
    with cast.transaction():
        found = queries.merchant(made.actor)
    assert found is not None
    return found.state, found.ground


def step_of(member: crew.Crew) -> str:
    """Give the address of what the newest proposal at the queue waits for."""
    page = member.get(HERE, tab="two").content.decode()
    at = page.rindex("/ops/releases/case/")
    return page[at : page.index('"', at)]


@pytest.mark.parametrize(
    ("choice", "reason", "after"),
    [
        ("approve", "checked", (MerchantState.OPEN, "")),
        ("refuse", "not_real", (MerchantState.REFUSED, "not_real")),
    ],
)
def test_a_shop_opens_or_not_by_two_people(
    outside: Outside, choice: str, reason: str, after: tuple[MerchantState, str]
) -> None:
    """Masked to whoever took it; nothing happens on their word; another's word counts."""
    made, case = waiting(outside)
    chen, li = crew.hire(["reviewer"]), crew.hire(["reviewer"], name="李复核")
    base = f"{HERE}{case}/"
    queue = chen.get(HERE)
    assert base in queue.content.decode() and len(queue.content) <= BYTES_MAX
    assert "领取后才能看客户信息" in chen.get(base).content.decode()
    assert chen.post(f"{base}take/").status_code == 303
    page = chen.get(base)
    told = page.content.decode()
    assert "珠宝和贵重物品" in told and len(page.content) <= BYTES_MAX
    shop = made.shop(category="jewelry")
    assert shop.address not in told and shop.name not in told
    assert chen.post(f"{base}decide/", {"choice": choice}).status_code == 422
    asked = {"choice": choice, "reason": reason}
    assert chen.post(f"{base}decide/", asked).status_code == 303
    assert state(made)[0] is MerchantState.REVIEWING
    step = step_of(li)
    assert chen.post(step, {"answer": "release"}).status_code in (403, 409)
    assert state(made)[0] is MerchantState.REVIEWING
    assert li.post(step, {"answer": "release"}).status_code == 303
    assert state(made) == after
    left = {(line.reason, line.actor_ref) for line in lines(made.person) if line.ref == case}
    assert (f"case.decided:{choice}", li.member.code) in left


def test_a_settlement_that_did_not_go_is_looked_into(outside: Outside) -> None:
    """One person is enough where nothing is decided; two where an amount differs."""
    made = keeper(outside)
    chen = crew.hire(["reviewer"])
    for kind, is_over in ((CaseKind.DECLINED, True), (CaseKind.WRONG_AMOUNT, False)):
        ref = ids.uuid7()
        with cast.transaction():
            cases.open_case(kind, subject_id=made.subject_id, ref=ref, ground="E17")
        case = CaseRow.objects.get(ref=ref)
        base = f"{HERE}{case.id}/"
        assert chen.post(f"{base}take/").status_code == 303
        assert "E17" in chen.get(base).content.decode()
        asked = {"choice": "looked", "reason": "bank_answered"}
        assert chen.post(f"{base}decide/", asked).status_code == 303
        case.refresh_from_db()
        assert (case.state == CaseState.APPROVED) is is_over
    assert case.state == CaseState.TAKEN


def test_only_reviewers_come_near_a_shop(outside: Outside) -> None:
    """Another role finds no queue; a reviewer who did not take the case decides nothing."""
    _, case = waiting(outside)
    base = f"{HERE}{case}/"
    for role in ("agent", "risk", "funds", "compliance"):
        other = crew.hire([role])
        assert other.get(HERE).status_code == 404 and other.get(base).status_code == 404
        assert other.post(f"{base}take/").status_code == 404
    chen, li = crew.hire(["reviewer"]), crew.hire(["reviewer"])
    assert chen.post(f"{base}take/").status_code == 303
    told = {"choice": "approve", "reason": "checked"}
    assert li.post(f"{base}decide/", told).status_code == 404
    assert li.post(f"{base}take/").status_code == 409
    assert crew.hire(["reviewer"], cleared=False).get(base).status_code == 403
