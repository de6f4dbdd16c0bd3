"""What the payments room lets out: a person's cards, password, confirmations, auto-debits."""

from __future__ import annotations

from xingnuo.money.payments._agreements import agreement, agreements, debits, payee_name
from xingnuo.money.payments._cards import (
    agreements_on,
    busy_with,
    cards,
    check,
    my_cards,
    my_checks,
)
from xingnuo.money.payments._cards_rows import slot as card_slot
from xingnuo.money.payments._confirm_acts import challenge
from xingnuo.money.payments._confirm_password import password
from xingnuo.money.payments._confirm_reset import reset
from xingnuo.money.payments._holdings import blocks, export

__all__ = [
    "agreement",
    "agreements",
    "agreements_on",
    "blocks",
    "busy_with",
    "card_slot",
    "cards",
    "challenge",
    "check",
    "debits",
    "export",
    "my_cards",
    "my_checks",
    "password",
    "payee_name",
    "reset",
]
