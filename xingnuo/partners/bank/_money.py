"""What the bank is asked for where money moves; no network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from xingnuo.partners._money import FEN_MAX, instant
from xingnuo.partners._signing import text, whole

ACCOUNT_RECIPIENT = "card_bank"  # as the policy names them
MONEY_RECIPIENTS = ("settlement_bank", "card_bank", "acquirer", "payer")
OPEN_PATH, CLOSE_PATH, MOVE_PATH = "/bank/accounts", "/bank/accounts/close", "/bank/moves"
PAY_OUT_PATH, SIGN_PATH, END_PATH = "/bank/payouts", "/bank/agreements", "/bank/agreements/end"
DEBIT_PATH, BALANCE_PATH, STATEMENT_PATH = "/bank/debits", "/bank/balance/", "/bank/statement"
HOOK_PATH = "/hooks/bank/money"
TEXT_CHARS_MAX = 60


class Move(StrEnum):
    """A movement of an e-account, by its owner's word."""

    TOP_UP = "top_up"  # from the bound card
    WITHDRAW = "withdraw"  # to the bound card
    SPEND = "spend"  # to our collection account
    RETURN = "return"  # back from there
    BUY_DEPOSIT = "buy_deposit"
    SELL_DEPOSIT = "sell_deposit"
    BUY_FUND = "buy_fund"
    SELL_FUND = "sell_fund"


@dataclass(frozen=True, slots=True, kw_only=True)
class Balances:
    """What an e-account holds; `income_fen` is all that deposit and fund have brought so far."""

    cash_fen: int
    deposit_fen: int
    fund_fen: int
    income_fen: int
    at: datetime


def balances(told: Mapping[str, object], *, account: str) -> Balances | None:
    """Read what the bank says of an account; None for what is not about it or not whole."""
    names = ("cash_fen", "deposit_fen", "fund_fen", "income_fen")
    found = [whole(told, name, most=FEN_MAX) for name in names]
    at = instant(told.get("at"))
    if text(told, "account") != account or at is None or None in found:
        return None
    cash, deposit, fund, income = (fen or 0 for fen in found)
    return Balances(cash_fen=cash, deposit_fen=deposit, fund_fen=fund, income_fen=income, at=at)
