"""Credit bureau and regulator: a consent or a release first, a receipt after."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from tests.cast import document_number
from tests.partners import outer
from tests.partners.outer import Hooks
from tests.partners.test_conformance import consent
from tests.sandbox.outside import PLAIN, Process, post, script
from xingnuo.kit import ids
from xingnuo.partners.credit_bureau import client as bureau
from xingnuo.partners.credit_bureau import wire as bureau_wire
from xingnuo.partners.credit_bureau.contracts import NoWrittenConsent
from xingnuo.partners.credit_bureau.contracts import Outcome as Credit
from xingnuo.partners.regulator import client as regulator
from xingnuo.partners.regulator import wire as regulator_wire
from xingnuo.partners.regulator.contracts import (
    NotAuthentic,
    Notice,
    NotReleased,
    Outcome,
    Receipt,
    Release,
    ReportKind,
)
from xingnuo.trust.sharing.contracts import WrongRecipient

DAY = timedelta(days=1)


@pytest.mark.promise("1.4.2")
def test_no_query_without_a_written_consent(sandbox: Process) -> None:
    """Empty, not begun or over: nothing leaves."""
    who, right = outer.somebody(sandbox), consent()
    for wrong in (
        replace(right, reference=" "), replace(right, reference="x" * 65),
        replace(right, agreed_on=right.agreed_on + DAY),
        replace(right, agreed_on=right.agreed_on - 9 * DAY, until=right.agreed_on - DAY),
    ):  # fmt: skip
        key = outer.key()
        with pytest.raises(NoWrittenConsent):
            bureau.query(outer.parcel("credit_bureau", who.values), consent=wrong, key=key)
        assert outer.cases(sandbox, "credit_bureau", key) == []


@pytest.mark.promise("1.4.2")
def test_the_bureau_itself_refuses_without_consent(
    sandbox: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It looks again, and writes every query into its own log."""
    who, key, right = outer.somebody(sandbox), outer.key(), consent()
    monkeypatch.setattr(bureau_wire, "in_force", lambda *_, **__: True)
    over = replace(right, agreed_on=right.agreed_on - 9 * DAY, until=right.agreed_on - 5 * DAY)
    found = bureau.query(outer.parcel("credit_bureau", who.values), consent=over, key=key)
    assert found.outcome is Credit.NO_CONSENT and found.score is None
    (case,) = outer.cases(sandbox, "credit_bureau", key)
    assert case["asked"]["consent"] == "SQ-1" and case["asked"]["use"] == "loan_approval"
    page = httpx.get(f"{sandbox.url}/credit_bureau/log", **PLAIN)
    assert "SQ-1" in page.text and "贷款审批" in page.text


def test_a_report_is_whole_or_none(sandbox: Process) -> None:
    """A score in its range; a missing or odd figure is not understood."""
    who = outer.somebody(sandbox)
    found = bureau.query(
        outer.parcel("credit_bureau", who.values), consent=consent(), key=outer.key()
    )
    assert found.outcome in (Credit.REPORT, Credit.NO_RECORD) and found.reference
    told: dict[str, object] = {
        "key": "k" * 8, "state": "done", "reference": "r", "outcome": "report", "score": 700,
        "open_loans": 1, "overdue_fen": 0, "overdue_days_max": 0, "queries_6m": 2,
    }  # fmt: skip
    right = bureau_wire.answer(200, told, signed=True, key="k" * 8)
    assert (right.outcome, right.score, right.queries_6m) == (Credit.REPORT, 700, 2)
    for spoiled in ({"score": 70_000}, {"score": "700"}, {"open_loans": -1}, {"overdue_fen": 0.5},
                    {"outcome": "great"}, {"key": "other"}, {"reference": ""}):  # fmt: skip
        found = bureau_wire.answer(200, told | spoiled, signed=True, key="k" * 8)
        assert found.outcome is Credit.PENDING and found.score is None
    nobody = outer.somebody(sandbox).values | {"document_number": document_number()}
    found = bureau.query(outer.parcel("credit_bureau", nobody), consent=consent(), key=outer.key())
    assert found.outcome is Credit.NO_RECORD


def hand_over(recipient: str, key: str, **changed: str) -> Receipt:
    """Hand a complaint over."""
    content = "没有收到退款。"
    values = {"name": "张三", "phone": "19900000001", "complaint_content": content}
    given = outer.parcel(recipient, values | changed)
    return regulator.hand_over(given, case="C-1", law="消保 21", key=key)


@pytest.mark.promise("1.2.15b")
def test_a_complaint_is_handed_over_with_its_basis(sandbox: Process) -> None:
    """To the body that the parcel is for; the receipt has a number and a hash."""
    for recipient in ("regulator", "consumer_body"):
        key = outer.key()
        receipt = hand_over(recipient, key)
        assert receipt.outcome is Outcome.ACCEPTED and len(receipt.sent_hash) == 64
        assert hand_over(recipient, key) == receipt
        (case,) = outer.cases(sandbox, "regulator", key)
        assert (case["asked"]["body"], case["asked"]["law"]) == (recipient, "消保 21")
        assert case["asked"]["document_number"] == ""
    with pytest.raises(WrongRecipient):
        hand_over("sms_gateway", outer.key())


def test_an_incomplete_complaint_is_rejected_with_reasons(sandbox: Process) -> None:
    """Each in a word for machines."""
    receipt = hand_over("regulator", outer.key(), complaint_content=" ", name="")
    assert receipt.outcome is Outcome.REJECTED
    assert receipt.reasons == ("content_missing", "person_missing")
    wire = regulator_wire.complaint({"age": "9"}, key="k", body="regulator", case="c", law="l")
    assert "age" not in wire


def report(content: bytes, key: str, *, release: Release | None = None) -> Receipt:
    """Hand a report in."""
    two = release or Release(by=(ids.uuid7(), ids.uuid7()), law="AML 35")
    return regulator.report(content, kind=ReportKind.SUSPICIOUS, release=two, key=key)


def test_a_report_leaves_only_after_two_people_released_it(sandbox: Process) -> None:
    """Two different ones, under a named article."""
    one = ids.uuid7()
    for wrong in (Release(by=(one, one), law="AML 35"), Release(by=(one, ids.uuid7()), law=" ")):
        key = outer.key()
        with pytest.raises(NotReleased):
            report(b"x" * 40, key, release=wrong)
        assert outer.cases(sandbox, "regulator", key) == []


def test_a_receipt_has_the_hash_of_what_was_sent(sandbox: Process) -> None:
    """The books hold the same; nothing of the content is in them."""
    key, content = outer.key(), f"narrative {outer.key()} ".encode() * 20
    receipt = report(content, key)
    assert (receipt.outcome, receipt.sent_hash) == (Outcome.ACCEPTED, ids.digest(content))
    (case,) = outer.cases(sandbox, "regulator", key)
    assert case["asked"]["sha256"] == receipt.sent_hash
    assert case["asked"]["content"].startswith("sha256:")


def test_a_report_can_be_rejected(sandbox: Process) -> None:
    """Empty, sent before under another key, or too large to leave."""
    content = f"narrative {outer.key()}".encode()
    assert report(b"", outer.key()).reasons == ("file_empty",)
    report(content, outer.key())
    again = report(content, outer.key())
    assert (again.outcome, again.reasons) == (Outcome.REJECTED, ("file_known",))
    assert report(b"x" * (1024 * 1024 + 1), outer.key()).outcome is Outcome.REFUSED
    largest = outer.key().encode() + b"x" * (1024 * 1024 - 36)
    assert report(largest, outer.key()).outcome is Outcome.ACCEPTED


def correction(sandbox: Process, hooks: Hooks, key: str) -> outer.Call:
    """Let the intake ask for a correction."""
    told = {"key": key, "reasons": ["amount_unclear"]}
    post(sandbox, "/regulator/test/corrections", told, status=201)
    return hooks.wait(key)[-1]


def test_a_correction_is_asked_for_later(sandbox: Process, hooks: Hooks) -> None:
    """By a signed call, with reasons and a date; the record says the same."""
    key = outer.key()
    report(f"narrative {key}".encode(), key)
    call = correction(sandbox, hooks, key)
    notice: Notice = regulator.receive(call.headers, call.body)
    assert (notice.key, notice.receipt.outcome) == (key, Outcome.CORRECTION)
    assert notice.receipt.reasons == ("amount_unclear",) and notice.receipt.due_on
    assert regulator.status(key) == notice.receipt
    with pytest.raises(NotAuthentic):
        regulator.receive(call.headers, call.body + b" ")


@pytest.mark.parametrize("fault", ["bad_signature", "stale"])
def test_a_forged_correction_is_not_believed(sandbox: Process, hooks: Hooks, fault: str) -> None:
    """A report stays accepted until the intake itself says otherwise."""
    key = outer.key()
    report(f"narrative {key}".encode(), key)
    script(sandbox, "regulator", "result", fault, match=key)
    call = correction(sandbox, hooks, key)
    with pytest.raises(NotAuthentic):
        regulator.receive(call.headers, call.body)


def test_a_receipt_that_contradicts_itself_is_pending() -> None:
    """Rejected without a reason, accepted with one, an odd word, another key."""
    told: dict[str, object] = {
        "key": "k" * 8, "state": "done", "reference": "r", "outcome": "accepted", "reasons": [],
    }  # fmt: skip

    def read(**changed: object) -> Outcome:
        return regulator_wire.receipt(200, told | changed, signed=True, key="k" * 8).outcome

    assert read() is Outcome.ACCEPTED
    for wrong in ({"outcome": "rejected"}, {"reasons": ["x"]}, {"outcome": "?"}, {"key": "j" * 8},
                  {"reasons": [7]}, {"reasons": ["a\nb"]}, {"reference": ""}):  # fmt: skip
        assert read(**wrong) is Outcome.PENDING
    unsigned = regulator_wire.receipt(200, told, signed=False, key="k" * 8)
    assert unsigned.outcome is Outcome.PENDING
