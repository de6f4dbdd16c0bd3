"""What the room does: top-ups, bills, the proof of both, day files, links."""

from __future__ import annotations

from xingnuo.services.bill_pay._accounts import (
    ask_anew,
    find_bill,
    forget_account,
    remove_account,
    save_account,
)
from xingnuo.services.bill_pay._days import compare, compare_days
from xingnuo.services.bill_pay._desk import close as close_case
from xingnuo.services.bill_pay._desk import put_back as put_back_case
from xingnuo.services.bill_pay._desk import take as take_case
from xingnuo.services.bill_pay._holdings import ends, erase, prune
from xingnuo.services.bill_pay._links import propose_link, release_link, withdraw_link
from xingnuo.services.bill_pay._ordering import begin_top_up, choose_amount, pay_bill
from xingnuo.services.bill_pay._sending import (
    apply,
    ask,
    ask_due,
    failed,
    forget,
    keep_record,
    notice,
    receipt,
    refunded,
    send,
    settled,
)

__all__ = [
    "apply",
    "ask",
    "ask_anew",
    "ask_due",
    "begin_top_up",
    "choose_amount",
    "close_case",
    "compare",
    "compare_days",
    "ends",
    "erase",
    "failed",
    "find_bill",
    "forget",
    "forget_account",
    "keep_record",
    "notice",
    "pay_bill",
    "propose_link",
    "prune",
    "put_back_case",
    "receipt",
    "refunded",
    "release_link",
    "remove_account",
    "save_account",
    "send",
    "settled",
    "take_case",
    "withdraw_link",
]
