"""Bank, telecom and utilities against every fault: what moved, moved once; unknown waits."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from tests.partners import outer
from tests.partners.outer import Hooks, Somebody
from tests.sandbox.outside import Process, get, post, script
from xingnuo.kit import clock
from xingnuo.partners.bank import client as bank
from xingnuo.partners.bank.contracts import (
    DayFileBroken,
    DayFileNotReady,
    MoneyAnswer,
    Move,
    NotAuthentic,
)
from xingnuo.partners.telecom import client as telecom
from xingnuo.partners.utility import client as utility

FEN = 5_000
PHONE = {"topup_phone": "13800000000"}


@dataclass(frozen=True, slots=True)
class World:
    """What the operations are tried on: a person, an account with money, an agreement, a bill."""

    sandbox: Process
    who: Somebody
    account: str
    agreement: str


type Act = Callable[[World, str], MoneyAnswer]


@dataclass(frozen=True, slots=True)
class Case:
    """One operation that moves money, and where its truth stands."""

    service: str
    operation: str
    act: Act
    know: Callable[[str], MoneyAnswer]
    table: str
    hook: str


def _pay_bill(world: World, key: str) -> MoneyAnswer:
    # The same key asks for the same bill, whose number is taken from the first time.
    account, bill_no = BILLS.setdefault(key, new_bill(world.sandbox))
    parcel = outer.parcel("utility_power", {"bill_account": account})
    return utility.pay(parcel, bill_no=bill_no, amount_fen=FEN, key=key)


def new_bill(sandbox: Process) -> tuple[str, str]:
    """Make a bill that is due."""
    asked = {"issuer": "utility_power", "due_fen": FEN}
    account = post(sandbox, "/utility/test/accounts", asked, status=201)["account"]
    found = utility.query(outer.parcel("utility_power", {"bill_account": account}))
    return account, found.bill_no


BILLS: dict[str, tuple[str, str]] = {}
CASES = [
    Case("bank", "move",
         lambda w, k: bank.move(Move.TOP_UP, account=w.account, amount_fen=FEN, key=k),
         bank.money_status, "entries", "/hooks/bank/money"),
    Case("bank", "pay_out",
         lambda w, k: bank.pay_out(outer.parcel("settlement_bank", w.who.values),
                                   amount_fen=FEN, text="提现", key=k),
         bank.money_status, "entries", "/hooks/bank/money"),
    Case("bank", "debit",
         lambda w, k: bank.debit(agreement=w.agreement, amount_fen=FEN, text="还款", key=k),
         bank.money_status, "entries", "/hooks/bank/money"),
    Case("telecom", "top_up",
         lambda w, k: telecom.top_up(outer.parcel("telecom_operator", PHONE),
                                     amount_fen=FEN, key=k),
         telecom.top_up_status, "topups", "/hooks/telecom/topup"),
    Case("utility", "pay", _pay_bill, utility.status, "payments", "/hooks/utility/payment"),
]  # fmt: skip
every = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.service}-{case.operation}")
RECEIVE = {"bank": bank.receive, "telecom": telecom.receive, "utility": utility.receive}


@pytest.fixture
def world(sandbox: Process) -> World:
    """Give a person with an account and an agreement."""
    who = outer.somebody(sandbox)
    agreement = outer.key()
    signed = bank.sign_agreement(
        outer.parcel("settlement_bank", who.values), agreement=agreement, per_fen=10_000,
        day_fen=1_000_000, key=outer.key(),
    )  # fmt: skip
    assert signed.outcome == "done"
    return World(sandbox, who, opened(who).account, agreement)


def opened(who: Somebody) -> MoneyAnswer:
    """Open an account."""
    return bank.open_account(outer.parcel("card_bank", who.values), key=outer.key())


def moved(world: World, case: Case, key: str) -> list[dict[str, Any]]:
    """Give what the partner's own books moved under a key."""
    return [one for one in get(world.sandbox, f"/books/{case.service}.json")[case.table]
            if one["key"] == key]  # fmt: skip


def settled(case: Case, key: str) -> MoneyAnswer:
    """Ask until it is decided."""
    end = time.monotonic() + 5
    while (found := case.know(key)).outcome == "pending" and time.monotonic() < end:
        time.sleep(0.05)
    return found


@every
def test_all_is_well(world: World, case: Case) -> None:
    """Once by its key, told with the partner's own number; nothing else under the key."""
    key = outer.key()
    assert case.know(key).outcome == "not_known"
    assert case.act(world, key).outcome in ("done", "pending")
    found = settled(case, key)
    assert (found.outcome, found.amount_fen) == ("done", FEN) and found.reference
    assert case.act(world, key).outcome == "done"
    assert [one["amount_fen"] for one in moved(world, case, key)] == [FEN]


@every
@pytest.mark.parametrize("fault", ["reset", "5xx", "timeout_before(2000)"])
def test_what_was_not_done_is_pending(world: World, hasty: None, case: Case, fault: str) -> None:
    """And then known not to be there; the same key does it."""
    key = outer.key()
    if case.operation == "pay":
        BILLS[key] = new_bill(world.sandbox)
    script(world.sandbox, case.service, case.operation, fault, match=key)
    assert case.act(world, key).outcome == "pending"
    assert case.know(key).outcome == "not_known" and not moved(world, case, key)
    case.act(world, key)
    assert settled(case, key).outcome == "done"


@every
@pytest.mark.parametrize("fault", ["timeout_after(2000)", "drip(3000)", "bad_signature"])
def test_what_was_done_but_not_told_is_pending_until_asked(
    world: World, hasty: None, case: Case, fault: str
) -> None:
    """The record decides, and nothing moves twice."""
    key = outer.key()
    if case.operation == "pay":
        BILLS[key] = new_bill(world.sandbox)
    script(world.sandbox, case.service, case.operation, fault, match=key)
    assert case.act(world, key).outcome == "pending"
    assert settled(case, key).outcome == "done"
    case.act(world, key)
    assert len(moved(world, case, key)) == 1


@every
def test_a_decline_is_signed_or_it_is_none(world: World, case: Case) -> None:
    """Nothing moved; a forged no is as unknown as a forged yes."""
    key = outer.key()
    script(world.sandbox, case.service, case.operation, "decline", match=key)
    answer = case.act(world, key)
    assert answer.outcome == "declined" and answer.code and not answer.permanent
    assert not moved(world, case, key)
    script(world.sandbox, case.service, "status", "bad_signature", match=key)
    assert case.know(key).outcome == "pending"
    assert case.know(key).outcome == "declined"


@every
def test_a_key_is_good_for_one_content(world: World, case: Case) -> None:
    """Another amount under it is refused, and what moved stands."""
    key = outer.key()
    case.act(world, key)
    settled(case, key)
    changed = {
        "move": lambda: bank.move(Move.TOP_UP, account=world.account, amount_fen=1, key=key),
        "pay_out": lambda: bank.pay_out(
            outer.parcel("settlement_bank", world.who.values), amount_fen=1, text="提现", key=key),
        "debit": lambda: bank.debit(
            agreement=world.agreement, amount_fen=1, text="还款", key=key),
        "top_up": lambda: telecom.top_up(
            outer.parcel("telecom_operator", PHONE), amount_fen=1_000, key=key),
        "pay": lambda: utility.pay(
            outer.parcel("utility_power", {"bill_account": "1"}), bill_no="b", amount_fen=1,
            key=key),
    }[case.operation]()  # fmt: skip
    assert changed.outcome == "refused"
    assert [one["amount_fen"] for one in moved(world, case, key)] == [FEN]


@every
def test_late_is_told_at_our_hook(world: World, hooks: Hooks, case: Case) -> None:
    """Signed, about our key, with what the record says; a changed or stale call is refused."""
    key = outer.key()
    script(world.sandbox, case.service, case.operation, "late(200)", match=key)
    assert case.act(world, key).outcome == "pending"
    [call] = hooks.wait(key)
    assert call.path == case.hook
    notice = RECEIVE[case.service](call.headers, call.body)
    assert (notice.key, notice.answer) == (key, case.know(key)) and notice.id
    for place in range(0, len(call.body), 9):
        spoiled = call.body[:place] + bytes([call.body[place] ^ 1]) + call.body[place + 1 :]
        with pytest.raises(NotAuthentic):
            RECEIVE[case.service](call.headers, spoiled)


@every
@pytest.mark.parametrize("fault", ["bad_signature", "stale"])
def test_a_false_call_changes_nothing(world: World, hooks: Hooks, case: Case, fault: str) -> None:
    """Forged or of another time."""
    key = outer.key()
    script(world.sandbox, case.service, case.operation, "late(100)", match=key)
    script(world.sandbox, case.service, "result", fault, match=key)
    case.act(world, key)
    [call] = hooks.wait(key)
    with pytest.raises(NotAuthentic):
        RECEIVE[case.service](call.headers, call.body)


@every
def test_silence_stays_pending(world: World, case: Case) -> None:
    """Also on record: no counter ends it."""
    key = outer.key()
    script(world.sandbox, case.service, case.operation, "silence", match=key)
    assert case.act(world, key).outcome == "pending"
    assert case.know(key).outcome == "pending"


@every
@pytest.mark.parametrize("fen", [-1, 0, 10**19])
def test_no_such_amount_leaves_the_house(case: Case, fen: int) -> None:
    """Refused here."""
    acts = {
        "move": lambda: bank.move(Move.SPEND, account="a" * 9, amount_fen=fen, key=outer.key()),
        "pay_out": lambda: bank.pay_out(
            outer.parcel("acquirer", {}), amount_fen=fen, text="", key=outer.key()),
        "debit": lambda: bank.debit(agreement="a" * 9, amount_fen=fen, text="", key=outer.key()),
        "top_up": lambda: telecom.top_up(
            outer.parcel("telecom_operator", PHONE), amount_fen=fen, key=outer.key()),
        "pay": lambda: utility.pay(
            outer.parcel("utility_gas", {}), bill_no="b", amount_fen=fen, key=outer.key()),
    }  # fmt: skip
    assert acts[case.operation]().outcome == "refused"


FILES = {
    "bank": (bank.statement, "statement"), "telecom": (telecom.day_file, "day"),
    "utility": (utility.day_file, "day"),
}  # fmt: skip


@every
def test_a_days_file_lists_what_moved(world: World, case: Case) -> None:
    """Under our keys, with the partner's numbers; totals and hash hold."""
    key = outer.key()
    case.act(world, key)
    answer = settled(case, key)
    fetch, _ = FILES[case.service]
    with fetch(clock.today()) as file:
        lines = list(file.lines())
        assert file.count == len(lines) and not file.repeated
        assert file.total_fen == sum(line.amount_fen for line in lines)
    [line] = [one for one in lines if one.key == key]
    assert (line.amount_fen, line.reference) == (FEN, answer.reference)


@every
def test_a_spoiled_days_file_is_broken(world: World, case: Case) -> None:
    """Short, altered; not there; forged; or with a line twice, which is named."""
    keys = [outer.key(), outer.key()]
    for key in keys:
        case.act(world, key)
        settled(case, key)
    fetch, operation = FILES[case.service]
    for fault, wrong in (
        ("short", DayFileBroken), ("altered", DayFileBroken), ("decline", DayFileNotReady),
        ("bad_signature", DayFileNotReady), ("5xx", DayFileNotReady),
    ):  # fmt: skip
        script(world.sandbox, case.service, operation, fault)
        with pytest.raises(wrong):
            fetch(clock.today())
    script(world.sandbox, case.service, operation, "repeated")
    with fetch(clock.today()) as file:
        assert file.repeated == {keys[-1]}
    script(world.sandbox, case.service, operation, "differ")
    with fetch(clock.today()) as file:
        assert [line.kind for line in file.lines()].count("stranger") == 1
    with fetch(date(2020, 1, 1)) as file:
        assert (file.count, list(file.lines())) == (0, [])
