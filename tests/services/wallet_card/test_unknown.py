"""Every fault of the bank, and a death between each two steps: unknown ends by proof alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests import cast
from tests.outside import Outside
from tests.services.wallet_card.owners import Owner, is_open, owner
from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.services.wallet_card import _rows, _send, actions
from xingnuo.services.wallet_card import _states as states
from xingnuo.services.wallet_card._bank import Proof
from xingnuo.services.wallet_card.contracts import (
    LIVE,
    AccountState,
    MoveKind,
    MoveState,
    NotReady,
)
from xingnuo.services.wallet_card.models import CaseRow, NumberRow

pytestmark = pytest.mark.promise("1.2.8")
K = MoveKind
# What the wire or the bank does, and whether the movement is done in the end.
FAULTS = {
    "reset": True, "5xx": True, "timeout_before(2000)": True, "timeout_after(2000)": True,
    "bad_signature": True, "late(150)": True, "silence": None, "contradiction": True,
    "duplicate": True, "reordered": True, "decline": False,
}  # fmt: skip


class Died(BaseException):
    """The process ends here."""


def die(monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    """End the process at a named point."""

    def pause(point: str) -> None:
        if point == at:
            raise Died

    monkeypatch.setattr(_rows, "pause", pause)


def key_of(number: UUID) -> str:
    """Give the number as it stands on the wire."""
    return str(number).replace("-", "")


@pytest.mark.parametrize("fault", FAULTS)
def test_card_6_a_fault_never_loses_or_doubles(outside: Outside, hasty: None, fault: str) -> None:
    """Whatever the bank does with a top-up: once or not at all, and both books are equal."""
    alice = owner(outside)
    alice.brought(10_000)
    number = ids.uuid7()
    outside.script("bank", "move", fault, match=key_of(number))
    alice.move(K.TOP_UP, 700, number)
    done = FAULTS[fault]
    if done is None:
        # A bank that never decides leaves it unknown, however often and however long it is asked.
        with clock.shifted(timedelta(hours=2)):
            actions.ask_bank(subject_id=alice.subject_id, number=number)
        assert alice.seen(number).state == "unknown" and is_open(number)
        assert CaseRow.objects.filter(number=number.hex, kind="unknown_old").count() == 1
        return
    found = alice.settled(number)
    if fault == "contradiction" and found.state == "declined":
        # First a no, then the file of the day says yes: it was done after all.
        actions.apply(proof_from_record(alice, number))
        found = alice.seen(number)
        assert CaseRow.objects.filter(number=number.hex, kind="late").exists()
    assert (found.state in ("done", "late")) is done, found
    assert alice.agree()


def proof_from_record(alice: Owner, number: UUID) -> Proof:
    """Give what the bank's record says now."""
    from xingnuo.partners.bank import client
    from xingnuo.services.wallet_card import _bank

    return _bank.proof_of(alice.subject_id, number, client.money_status(key_of(number)))


@pytest.mark.parametrize("fault", ["timeout_after(2000)", "5xx", "late(150)", "reset"])
def test_card_6_an_opening_goes_on(outside: Outside, hasty: None, fault: str) -> None:
    """An opening whose answer is lost stays open, is asked about, and ends as the bank says."""
    alice = owner(outside)
    number = ids.uuid7()
    outside.script("bank", "open_account", fault, match=key_of(number))
    first = alice.open(number)
    assert first.state == "opening"
    assert alice.open().id == number  # a second try opens nothing beside it
    alice.settled(number)
    account = alice.account()
    assert account is not None and account.state == "open"
    mine = [
        one
        for one in outside.books("bank")["accounts"]
        if one["document_number"] == alice.holder.resident.number
    ]
    assert len(mine) == 1


def test_an_opening_is_declined_with_its_reason(outside: Outside) -> None:
    """Elements that do not fit, a lost card, a second account: told by name; another try goes."""
    alice = owner(outside)
    cast.fill(alice.holder.person, "wallet_card.open", {"phone": cast.phone()})
    declined = alice.open()
    assert (declined.state, declined.code) == ("declined", "mismatch")
    cast.fill(alice.holder.person, "wallet_card.open", {"phone": alice.holder.resident.phone})
    assert alice.open().state == "open"


@pytest.mark.parametrize("at", ["after_prepared", "after_sent", "after_send"])
@pytest.mark.parametrize("kind", [K.TOP_UP, K.SPEND])
def test_card_2_a_death_between_two_steps(
    outside: Outside, monkeypatch: pytest.MonkeyPatch, at: str, kind: MoveKind
) -> None:
    """What was not sent is certainly not done; what was sent ends as the bank has it."""
    alice = owner(outside)
    alice.brought(10_000)
    number = ids.uuid7()
    die(monkeypatch, at)
    with pytest.raises(Died):
        alice.move(kind, 900, number)
    monkeypatch.undo()
    for name, value in outside.variables.items():
        monkeypatch.setenv(name, value)
    found = alice.settled(number)
    assert found.state == ("declined" if at == "after_prepared" else "done")
    assert alice.agree()


@pytest.mark.parametrize("at", ["after_prepared", "after_sent", "after_send"])
def test_a_death_while_opening(outside: Outside, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    """An opening goes on by itself, or is free to be tried again."""
    alice = owner(outside)
    number = ids.uuid7()
    die(monkeypatch, at)
    with pytest.raises(Died):
        alice.open(number)
    monkeypatch.undo()
    for name, value in outside.variables.items():
        monkeypatch.setenv(name, value)
    alice.settled(number)
    account = alice.account()
    assert account is not None
    assert account.state == ("declined" if at == "after_prepared" else "open")
    assert alice.open().state == "open"


def test_a_lost_job_is_found_by_its_time(outside: Outside, hasty: None) -> None:
    """What nobody asks about any more is asked about by the schedule."""
    alice = owner(outside)
    alice.brought(1_000)
    number = ids.uuid7()
    outside.script("bank", "move", "timeout_after(2000)", match=key_of(number))
    assert alice.move(K.TOP_UP, 50, number).state == "unknown"
    past = clock.now() - timedelta(minutes=2)
    NumberRow.objects.filter(number=number).update(ask_at=past)
    assert actions.ask_due() >= 1
    assert alice.seen(number).state == "done" and alice.agree()


@pytest.mark.parametrize("table", ["account", "move"])
def test_a_step_that_is_not_in_the_table_is_refused(table: str) -> None:
    """Every pair of states: in the table it is taken, else refused; nothing leads out of an end."""
    steps, step, kind = {
        "account": (states.ACCOUNT_STEPS, states.account_step, AccountState),
        "move": (states.MOVE_STEPS, states.move_step, MoveState),
    }[table]
    assert set(steps) == set(kind)
    for before in kind:
        for after in kind:
            _tried(steps, step, before, after)
    assert not states.MOVE_STEPS[MoveState.DONE]
    assert states.MOVE_STEPS[MoveState.UNKNOWN] == {MoveState.DONE, MoveState.DECLINED}


def _tried(steps: Any, step: Callable[..., object], before: object, after: object) -> None:
    if after in steps[before]:
        assert step(before, after) is after
    else:
        with pytest.raises(NotReady):
            step(before, after)


def test_withdrawn_consent_stops_an_opening_and_nothing_else(outside: Outside, hasty: None) -> None:
    """Nothing more is sent without the leave; the question stays open, and a person sees it."""
    alice = owner(outside)
    number = ids.uuid7()
    outside.script("bank", "open_account", "reset", match=key_of(number))
    assert alice.open(number).state == "opening"
    cast_withdraw(alice, "wallet_card.open")
    with clock.shifted(timedelta(hours=2)):
        actions.ask_bank(subject_id=alice.subject_id, number=number)
    assert alice.seen(number).state in LIVE
    assert CaseRow.objects.filter(number=number.hex, kind="unknown_old").exists()


def cast_withdraw(alice: Owner, purpose: str) -> None:
    """Take a consent back."""
    from xingnuo.trust.consent.contracts import Decision, Scope
    from xingnuo.trust.gate import actions as gate
    from xingnuo.trust.gate import queries as gate_queries

    with cast.transaction():
        session.set_subject(alice.subject_id)
        gate.decide(
            alice.holder.actor,
            subject_id=alice.subject_id,
            scope=Scope(purpose=purpose),
            decision=Decision.WITHDRAW,
            text_hash=gate_queries.sheet(purpose).text_hash,
        )


def test_a_refused_resend_is_no_proof(outside: Outside, hasty: None) -> None:
    """Refused at first, nothing was done; refused when sent again, the first may still stand."""
    from xingnuo.partners.bank.contracts import MoneyAnswer, MoneyOutcome
    from xingnuo.services.wallet_card._bank import Finding, proof_of

    refused = MoneyAnswer(outcome=MoneyOutcome.REFUSED)
    who, number = ids.uuid7(), ids.uuid7()
    assert proof_of(who, number, refused, is_first=True).finding is Finding.DECLINED
    assert proof_of(who, number, refused).finding is Finding.UNKNOWN
    assert _send.ASKED
