"""Money at the console: found, proposed with a document, settled by another; never alone."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests import cast
from tests.doors.console import crew
from tests.money.payments.payers import Payer, payer
from tests.outside import Outside
from tests.people.conftest import outside, sandbox_process
from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.money.ledger import queries as ledger
from xingnuo.money.ledger.contracts import HouseKind, house
from xingnuo.money.payments import _core_cases as cases
from xingnuo.money.payments import _recon_books as books
from xingnuo.money.payments import actions, queries
from xingnuo.money.payments._recon_file import Difference
from xingnuo.money.payments.contracts import PaymentState
from xingnuo.money.payments.models import AttemptRow, CaseRow

__all__ = ["outside", "sandbox_process"]
pytestmark = pytest.mark.promise("1.2.7a")
BYTES_MAX = 20 * 1024
HERE = "/ops/money/"


def difference() -> UUID:
    """Put a difference in suspense, with its case."""
    number = ids.uuid7().hex
    told = Difference(
        kind="pay", number=number, code="pay_unknown", subject_id=None, ours_fen=0, theirs_fen=777
    )
    with cast.transaction():
        books.book("unionpay", clock.today(), [told])
    return UUID(str(CaseRow.objects.get(number=number).id))


def unknown(alice: Payer, outside: Outside) -> tuple[UUID, UUID]:
    """Leave a top-up of unknown fate, with its case; gives payment and case."""
    outside.script("alipay", "pay", "silence")
    lost = alice.top_up(5_500)
    assert lost.state is PaymentState.PAYING
    with cast.transaction():
        session.set_subject(alice.subject_id)
        attempt = AttemptRow.objects.of(alice.subject_id).get(payment_id=lost.id)
        case = cases.open_case(cases.Kind.UNKNOWN_OLD, attempt, ours=5_500, theirs=None)
    return lost.id, case


def test_a_difference_is_settled_by_two_people() -> None:
    """One says what was found, with a document; another agrees; then suspense is empty of it."""
    case, before = difference(), ledger.house_balance(house(HouseKind.SUSPENSE, "unionpay"))
    chen, li = crew.hire(["funds"]), crew.hire(["funds"], name="李出纳")
    base = f"{HERE}{case}/"
    page = chen.get(base)
    assert page.status_code == 200 and len(page.content) <= BYTES_MAX
    assert "7.77" in page.content.decode()
    bad = chen.post(f"{base}propose/", {"finding": "paid", "document": "x"})
    assert bad.status_code == 422
    told = {"finding": "file_wrong", "document": "YL-20261123-0007"}
    assert chen.post(f"{base}propose/", told).status_code == 303
    assert chen.post(f"{base}settle/", {"answer": "agree"}).status_code == 409
    assert queries.money_case(case).state == "proposed"
    assert li.post(f"{base}settle/", {"answer": "back"}).status_code == 303
    assert queries.money_case(case).state == "open"
    assert chen.post(f"{base}propose/", told).status_code == 303
    assert li.post(f"{base}settle/", {"answer": "agree"}).status_code == 303
    assert queries.money_case(case).closed_by == li.member.code
    assert ledger.house_balance(house(HouseKind.SUSPENSE, "unionpay")) == before - 777
    assert queries.check_books() == ()


@pytest.mark.parametrize(
    ("finding", "state", "fen"),
    [("paid", PaymentState.SUCCESS, 5_500), ("not_paid", PaymentState.CREATED, 0)],
)
def test_a_finding_is_proof_like_any_other(
    outside: Outside, finding: str, state: PaymentState, fen: int
) -> None:
    """What two people found by the partner's document ends an unknown, either way."""
    alice = payer(outside)
    payment, case = unknown(alice, outside)
    chen, li = crew.hire(["funds"]), crew.hire(["funds"], name="李出纳")
    base = f"{HERE}{case}/"
    told = {"finding": finding, "document": "ZFB.A-1"}
    assert chen.post(f"{base}propose/", told).status_code == 303
    actions.apply_finding(case_id=case)
    assert alice.balance() == 0
    assert li.post(f"{base}settle/", {"answer": "agree"}).status_code == 303
    for _ in range(2):
        actions.apply_finding(case_id=case)
    with cast.transaction():
        assert queries.payment(alice.holder.actor, payment_id=payment).state is state
    assert alice.balance() == fen


def test_an_exact_number_finds_and_is_kept(outside: Outside) -> None:
    """A whole number with a reason finds amounts and states; nobody's name; the payer sees it."""
    alice = payer(outside)
    paid = alice.top_up(4_200)
    with cast.transaction():
        session.set_subject(alice.subject_id)
        number = AttemptRow.objects.of(alice.subject_id).get(payment_id=paid.id).id.hex
    chen = crew.hire(["funds"])
    at = f"{HERE}look-up/"
    assert chen.post(at, {"number": number}).status_code == 422
    page = chen.post(at, {"number": number, "reason": "difference"}).content.decode()
    assert "42.00" in page and "欧阳" not in page and str(alice.subject_id) not in page
    missed = chen.post(at, {"number": number[:-1], "reason": "difference"}).content.decode()
    assert "没有这个单号" in missed


def test_only_those_who_hold_money_see_it() -> None:
    """Lists stay small; another role, and whoever is not cleared, gets nothing."""
    case = difference()
    chen = crew.hire(["funds"])
    for tab in ("differences", "unknown", "refunds"):
        page = chen.get(HERE, tab=tab)
        assert page.status_code == 200 and len(page.content) <= BYTES_MAX
    for other in (crew.hire(["risk"]), crew.hire(["funds"], cleared=False)):
        for at in (HERE, f"{HERE}{case}/", f"{HERE}look-up/"):
            assert other.get(at).status_code in (403, 404)
