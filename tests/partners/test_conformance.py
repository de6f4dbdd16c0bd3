"""Every client against every fault: what is not known is pending, and nothing happens twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from tests.partners import outer
from tests.partners.outer import Hooks, Somebody
from tests.sandbox.outside import Process, script
from xingnuo.kit import clock, ids
from xingnuo.partners import _line
from xingnuo.partners.authority import client as authority
from xingnuo.partners.bank import client as bank
from xingnuo.partners.credit_bureau import client as bureau
from xingnuo.partners.credit_bureau.contracts import Use, WrittenConsent
from xingnuo.partners.email import client as email
from xingnuo.partners.face import client as face
from xingnuo.partners.regulator import client as regulator
from xingnuo.partners.regulator.contracts import Release, ReportKind
from xingnuo.partners.telecom import client as telecom

type Ask = Callable[[Process, Somebody, str], str]
type Know = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Case:
    """One operation of one client: how to ask, how to ask the record, what is right."""

    service: str
    operation: str
    ask: Ask
    know: Know
    right: str
    contrary: str  # what a contradicting first answer is read as
    hook: bool = False


def _verify(_: Process, who: Somebody, key: str) -> str:
    return authority.verify(outer.parcel("population_service", who.values), key=key).finding


def _telecom(_: Process, who: Somebody, key: str) -> str:
    return telecom.verify(outer.parcel("telecom_check", who.values), key=key).finding


def _bank(_: Process, who: Somebody, key: str) -> str:
    return bank.begin(outer.parcel("card_check", who.values), key=key).outcome


def _face(sandbox: Process, who: Somebody, key: str) -> str:
    image = outer.picture(sandbox, "match")
    given = outer.parcel("face_service", who.values, {"face_image": image})
    return face.compare(given, key=key).outcome


def consent() -> WrittenConsent:
    """Give a written consent that is in force."""
    today = clock.today()
    return WrittenConsent(
        reference="SQ-1", use=Use.LOAN_APPROVAL, agreed_on=today, until=today + timedelta(days=30)
    )


def _bureau(_: Process, who: Somebody, key: str) -> str:
    # Some people have no record at all; both answers are decided ones.
    given = outer.parcel("credit_bureau", who.values)
    found = bureau.query(given, consent=consent(), key=key).outcome.value
    return "report" if found == "no_record" else found


def _letter(_: Process, who: Somebody, key: str) -> str:
    given = outer.parcel("email_gateway", {"email": f"{who.number.lower()}@inbox.example"})
    return email.send(given, subject="办理结果", text="已经办好。", key=key)


def _complaint(_: Process, who: Somebody, key: str) -> str:
    values = {**who.values, "complaint_content": "没有收到退款。"}
    given = outer.parcel("consumer_body", values)
    return regulator.hand_over(given, case="C-1", law="消保 1", key=key).outcome


def _report(_: Process, who: Somebody, key: str) -> str:
    release = Release(by=(ids.uuid7(), ids.uuid7()), law="AML 35")
    content = f"report {key} of nobody".encode()
    return regulator.report(content, kind=ReportKind.SUSPICIOUS, release=release, key=key).outcome


def _known(key: str) -> str:
    found = bureau.status(key).outcome.value
    return "report" if found == "no_record" else found


CASES = [
    Case("authority", "verify", _verify, lambda k: authority.status(k).finding,
         "match", "mismatch", hook=True),
    Case("telecom", "verify", _telecom, lambda k: telecom.status(k).finding,
         "match", "mismatch"),
    Case("bank", "check", _bank, lambda k: bank.status(k).outcome, "code_sent", "mismatch"),
    Case("face", "compare", _face, lambda k: face.status(k).outcome,
         "match", "no_match", hook=True),
    Case("credit_bureau", "query", _bureau, _known, "report", "?"),
    Case("email", "send", _letter, email.status, "accepted", "pending"),
    Case("regulator", "complaint", _complaint, lambda k: regulator.status(k).outcome,
         "accepted", "pending", hook=True),
    Case("regulator", "report", _report, lambda k: regulator.status(k).outcome,
         "accepted", "pending", hook=True),
]  # fmt: skip
# Of a key that nobody asked about: some clients tell that, signed, apart from not knowing.
UNHEARD = ("not_known", "pending")
every = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.service}-{case.operation}")


@pytest.fixture(scope="module")
def who(running: Process) -> Somebody:
    """Give a person whose every answer is right."""
    return outer.somebody(running)


@every
def test_all_is_well(sandbox: Process, who: Somebody, case: Case) -> None:
    """The answer, the record and a repeat agree; the books hold it once."""
    key = outer.key()
    assert case.know(key) in UNHEARD
    assert case.ask(sandbox, who, key) == case.right
    assert case.know(key) == case.right
    assert case.ask(sandbox, who, key) == case.right
    assert len(outer.cases(sandbox, case.service, key)) == 1


@every
@pytest.mark.parametrize("fault", ["reset", "5xx", "timeout_before(2000)"])
def test_what_was_not_done_is_pending(
    sandbox: Process, hasty: None, who: Somebody, case: Case, fault: str
) -> None:
    """Nothing is on record, and asking again with the same key does it."""
    key = outer.key()
    script(sandbox, case.service, case.operation, fault, match=key)
    assert case.ask(sandbox, who, key) == "pending"
    assert case.know(key) in UNHEARD and not outer.cases(sandbox, case.service, key)
    assert case.ask(sandbox, who, key) == case.right


@every
@pytest.mark.parametrize("fault", ["timeout_after(2000)", "drip(3000)", "bad_signature"])
def test_what_was_done_but_not_told_is_pending_until_asked(
    sandbox: Process, hasty: None, who: Somebody, case: Case, fault: str
) -> None:
    """The record decides; nothing is done a second time."""
    key = outer.key()
    script(sandbox, case.service, case.operation, fault, match=key)
    assert case.ask(sandbox, who, key) == "pending"
    assert case.know(key) == case.right
    assert len(outer.cases(sandbox, case.service, key)) == 1


@every
def test_a_forged_record_is_not_believed(sandbox: Process, who: Somebody, case: Case) -> None:
    """The record is signed as the answer is."""
    key = outer.key()
    assert case.ask(sandbox, who, key) == case.right
    script(sandbox, case.service, "status", "bad_signature", match=key)
    assert case.know(key) == "pending"
    assert case.know(key) == case.right


@every
def test_a_slow_answer_still_counts(sandbox: Process, who: Somebody, case: Case) -> None:
    """Slow is not wrong."""
    key = outer.key()
    script(sandbox, case.service, case.operation, "slow(200)", match=key)
    assert case.ask(sandbox, who, key) == case.right


@every
def test_a_refusal_is_final(sandbox: Process, who: Somebody, case: Case) -> None:
    """A partner's own no says nothing of the person."""
    key = outer.key()
    script(sandbox, case.service, case.operation, "decline", match=key)
    assert case.ask(sandbox, who, key) == "refused"


@every
def test_it_may_never_be_decided(sandbox: Process, who: Somebody, case: Case) -> None:
    """Silence stays pending, also on record."""
    key = outer.key()
    script(sandbox, case.service, case.operation, "silence", match=key)
    assert case.ask(sandbox, who, key) == "pending"
    assert case.know(key) == "pending"


@every
def test_it_may_be_decided_late(sandbox: Process, hooks: Hooks, who: Somebody, case: Case) -> None:
    """Pending first; then the record knows, and the hook is told where there is one."""
    key = outer.key()
    script(sandbox, case.service, case.operation, "late(300)", match=key)
    assert case.ask(sandbox, who, key) == "pending"
    time.sleep(0.4)
    assert case.know(key) == case.right
    assert len(hooks.wait(key) if case.hook else hooks.about(key)) == int(case.hook)


@every
def test_it_may_contradict_itself(sandbox: Process, who: Somebody, case: Case) -> None:
    """The first answer and the record differ, and both are seen."""
    key = outer.key()
    script(sandbox, case.service, case.operation, "contradiction", match=key)
    first = case.ask(sandbox, who, key)
    assert first == case.contrary or (case.contrary == "?" and first in ("report", "pending"))
    assert case.know(key) == case.right


@every
def test_a_key_is_good_for_one_content(sandbox: Process, who: Somebody, case: Case) -> None:
    """The same key for another person is refused, and the record stays."""
    key, other = outer.key(), outer.somebody(sandbox)
    assert case.ask(sandbox, who, key) == case.right
    changed = case.ask(sandbox, other, key)
    assert changed == ("accepted" if case.operation == "report" else "refused")
    assert case.know(key) == case.right


@every
def test_a_malformed_key_asks_nobody(
    sandbox: Process, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No key becomes another address."""
    asked: list[str] = []
    monkeypatch.setattr(_line, "call", lambda method, address, **_: asked.append(address))
    for bad in ("", "short", "../../books", "k" * 65, "键" * 10, "a?b=c&d=eee"):
        assert case.know(bad) == "pending"
    assert asked == []
    assert case.know(outer.key()) == "pending" and len(asked) == 1
