"""What bank, telecom and utilities do: an account's life, debits, carriers, bills and receipts."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.partners import outer
from tests.partners.outer import Somebody
from tests.partners.test_money_partners import FEN, World, new_bill, opened, world
from tests.sandbox.outside import Process, get, post, script
from xingnuo.partners.bank import client as bank
from xingnuo.partners.bank.contracts import MoneyAnswer, Move
from xingnuo.partners.telecom import client as telecom
from xingnuo.partners.utility import client as utility
from xingnuo.partners.utility.contracts import Found
from xingnuo.trust.sharing.contracts import WrongRecipient

__all__ = ["world"]


def test_an_accounts_life(world: World) -> None:
    """In, saved, income, spent, back, out, closed; the bank's balance to the fen at each step."""

    def move(kind: Move, fen: int) -> MoneyAnswer:
        return bank.move(kind, account=world.account, amount_fen=fen, key=outer.key())

    def held() -> tuple[int, ...]:
        found = bank.balance(world.account)
        assert found is not None
        return found.cash_fen, found.deposit_fen, found.fund_fen, found.income_fen

    assert held() == (0, 0, 0, 0)
    assert move(Move.TOP_UP, 10_000_000).outcome == "done"
    assert move(Move.BUY_DEPOSIT, 1_000_000).outcome == "done"
    assert move(Move.BUY_FUND, 2_000_000).outcome == "done"
    assert held() == (7_000_000, 1_000_000, 2_000_000, 0)
    post(world.sandbox, "/bank/test/income", {}, status=201)
    assert held() == (7_000_000, 1_000_041, 2_000_098, 139)
    assert move(Move.SELL_FUND, 2_000_099).code == "short"
    assert move(Move.SELL_FUND, 2_000_098).outcome == "done"
    assert move(Move.SELL_DEPOSIT, 1_000_041).outcome == "done"
    assert move(Move.SPEND, 1_000_001).code == "over_limit"
    assert move(Move.SPEND, 1_000_000).outcome == "done"
    assert move(Move.SPEND, 1).code == "over_limit"
    assert move(Move.RETURN, 1_000_000).outcome == "done"
    early = bank.close_account(account=world.account, key=outer.key())
    assert (early.outcome, early.code) == ("declined", "not_empty")
    assert move(Move.WITHDRAW, 10_000_139).outcome == "done"
    assert bank.close_account(account=world.account, key=outer.key()).outcome == "done"
    assert (move(Move.TOP_UP, 1).code, move(Move.TOP_UP, 1).permanent) == ("account_closed", True)
    assert bank.balance(world.account) is not None
    assert bank.balance("acct_of_nobody") is None


def test_who_may_open_an_account(world: World) -> None:
    """One each, on a card of one's own in good order; no minors."""
    again = opened(world.who)
    assert (again.outcome, again.code) == ("declined", "has_account")
    lost = outer.somebody(world.sandbox, card_state="lost")
    assert opened(lost).code == "card_lost"
    other = outer.somebody(world.sandbox)
    mixed = Somebody(other.name, other.number, other.phone, world.who.card)
    assert opened(mixed).code == "mismatch"
    people = get(world.sandbox, "/authority/people.json")["people"]
    one = next(one for one in people if one["phone"] == "19900000005")
    child = Somebody(one["name"], one["number"], one["phone"], one["cards"][0]["card_number"])
    assert opened(child).code == "minor"
    with pytest.raises(WrongRecipient):
        bank.open_account(outer.parcel("settlement_bank", {}), key=outer.key())
    with pytest.raises(WrongRecipient):
        bank.pay_out(outer.parcel("alipay", {}), amount_fen=1, text="", key=outer.key())


def test_an_agreement_bounds_each_debit(world: World) -> None:
    """Each and the day's; ended, it debits nothing."""

    def debit(fen: int) -> MoneyAnswer:
        return bank.debit(agreement=name, amount_fen=fen, text="还款", key=outer.key())

    name = outer.key()
    given = outer.parcel("settlement_bank", world.who.values)
    signed = bank.sign_agreement(given, agreement=name, per_fen=100, day_fen=150, key=outer.key())
    assert signed.outcome == "done"
    assert debit(101).code == "over_limit" and debit(100).outcome == "done"
    assert debit(51).code == "over_limit" and debit(50).outcome == "done"
    assert bank.end_agreement(agreement=name, key=outer.key()).outcome == "done"
    after = debit(1)
    assert (after.code, after.permanent) == ("no_agreement", True)
    assert bank.end_agreement(agreement=name, key=outer.key()).outcome == "declined"


def test_a_carrier_is_known_by_its_number(sandbox: Process) -> None:
    """With what it can be topped up by; no such number has no name; a forged answer is none."""

    def ask(phone: str) -> Any:
        return telecom.carrier(outer.parcel("telecom_operator", {"topup_phone": phone}))

    found = ask("13800000000")
    assert found.name == "华信移动" and found.region and FEN in found.amounts_fen
    assert ask("10000000000").name == "" and ask("10000000000").amounts_fen == ()
    script(sandbox, "telecom", "carrier", "bad_signature", match="13900000001")
    assert ask("13900000001") is None and ask("13900000001") is not None
    assert ask("1" * 30) is None
    with pytest.raises(WrongRecipient):
        telecom.carrier(outer.parcel("telecom_check", {}))
    gone = telecom.top_up(
        outer.parcel("telecom_operator", {"topup_phone": "10000000000"}), amount_fen=FEN,
        key=outer.key(),
    )  # fmt: skip
    for _ in range(20):
        if gone.outcome == "declined":
            break
        time.sleep(0.05)
    assert (gone.outcome, gone.code, gone.permanent) == ("declined", "number_unknown", True)


def test_a_bill_is_found_paid_once_and_receipted(sandbox: Process) -> None:
    """By its account number; name and address come hidden; then nothing is due."""
    account, bill_no = new_bill(sandbox)
    parcel = outer.parcel("utility_power", {"bill_account": account})
    found = utility.query(parcel)
    assert (found.found, found.due_fen, found.bill_no) == (Found.DUE, FEN, bill_no)
    assert found.name_masked == "*试户" and found.address_masked.endswith("****") and found.month
    key = outer.key()
    assert utility.receipt(key) is None
    short = utility.pay(parcel, bill_no=bill_no, amount_fen=FEN - 1, key=outer.key())
    assert (short.outcome, short.code) == ("declined", "amount_wrong")
    assert utility.pay(parcel, bill_no=bill_no, amount_fen=FEN, key=key).outcome == "pending"
    assert utility.receipt(key) is None, "no receipt for what is under way"
    time.sleep(0.5)
    assert utility.status(key).outcome == "done"
    receipt = utility.receipt(key)
    assert receipt is not None and (receipt.amount_fen, receipt.bill_no) == (FEN, bill_no)
    assert receipt.issuer == "电力公司" and receipt.seal
    again = utility.pay(parcel, bill_no=bill_no, amount_fen=FEN, key=outer.key())
    assert (again.outcome, again.code, again.permanent) == ("declined", "already_paid", True)
    assert utility.query(parcel).found is Found.NOTHING_DUE
    gas = outer.parcel("utility_gas", {"bill_account": account})
    assert utility.query(gas).found is Found.NOT_FOUND
    assert utility.query(outer.parcel("utility_gas", {})).found is Found.REFUSED
    for fault in ("bad_signature", "5xx", "reset"):
        script(sandbox, "utility", "query", fault, match=account)
        assert utility.query(parcel).found is Found.UNKNOWN
    with pytest.raises(WrongRecipient):
        utility.query(outer.parcel("telecom_operator", {}))
