"""What the change card does: opens, moves money, fetches, asks on, reconciles, closes."""

from __future__ import annotations

from xingnuo.services.wallet_card._apply import apply
from xingnuo.services.wallet_card._assets import refresh
from xingnuo.services.wallet_card._desk import close as close_case
from xingnuo.services.wallet_card._desk import put_back as put_back_case
from xingnuo.services.wallet_card._desk import take as take_case
from xingnuo.services.wallet_card._holdings import ends, erase, sweep
from xingnuo.services.wallet_card._jobs import ask as ask_bank
from xingnuo.services.wallet_card._jobs import ask_due, bank_notice
from xingnuo.services.wallet_card._moves import ask, move
from xingnuo.services.wallet_card._opening import close_card, open_card
from xingnuo.services.wallet_card._recon import reconcile, reconcile_due

__all__ = [
    "apply",
    "ask",
    "ask_bank",
    "ask_due",
    "bank_notice",
    "close_card",
    "close_case",
    "ends",
    "erase",
    "move",
    "open_card",
    "put_back_case",
    "reconcile",
    "reconcile_due",
    "refresh",
    "sweep",
    "take_case",
]
