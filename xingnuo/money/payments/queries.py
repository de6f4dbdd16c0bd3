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
from xingnuo.money.payments._core_queries import (
    BillLine,
    LimitsShown,
    Month,
    balance,
    bill_line,
    bills,
    busy_card,
    coupons,
    limits_of,
    month,
    order_line,
    payment,
    refunds,
)
from xingnuo.money.payments._core_services import service_of
from xingnuo.money.payments._holdings import blocks, export
from xingnuo.money.payments._recon_cases import (
    MoneyCase,
    OrderFound,
    findings_of,
    money_case,
    money_cases,
)
from xingnuo.money.payments._recon_check import check as check_books

__all__ = [
    "BillLine",
    "LimitsShown",
    "MoneyCase",
    "Month",
    "OrderFound",
    "agreement",
    "agreements",
    "agreements_on",
    "balance",
    "bill_line",
    "bills",
    "blocks",
    "busy_card",
    "busy_with",
    "card_slot",
    "cards",
    "challenge",
    "check",
    "check_books",
    "coupons",
    "debits",
    "export",
    "findings_of",
    "limits_of",
    "money_case",
    "money_cases",
    "month",
    "my_cards",
    "my_checks",
    "order_line",
    "password",
    "payee_name",
    "payment",
    "refunds",
    "reset",
    "service_of",
]
