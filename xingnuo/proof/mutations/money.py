"""Faults in payments: what leaves, what is taken for an answer, and what is booked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from unittest.mock import patch

from xingnuo.money.ledger.contracts import HouseKind, house
from xingnuo.partners.channel.contracts import Outcome
from xingnuo.proof._register import mutation
from xingnuo.proof.mutations._faulty import nothing, right

_PAY = "xingnuo.money.payments._core_pay"
_BOOKS = "xingnuo.money.payments._core_books"
_RAILS = "xingnuo.money.payments._core_rails"


@mutation("1.2.7a")
def a_payment_leaves_without_a_record() -> Mapping[str, object]:
    """卡号交给了支付机构，却没有登记。"""
    path = f"{_PAY}._parcel"
    parcel = right(path)

    def unrecorded(*told: Any) -> Any:
        with patch("xingnuo.trust.sharing.actions._record", nothing):
            made = parcel(*told)
        made.seal.let_go()
        return made

    return {path: unrecorded}


@mutation("1.2.7a")
def silence_is_taken_for_a_no() -> Mapping[str, object]:
    """支付机构没有回音就当作没付，换一家再付一次。"""
    path = f"{_RAILS}._CHANNEL"
    known: Any = right(path)
    return {path: {**known, Outcome.UNKNOWN: known[Outcome.DECLINED]}}


@mutation("1.2.7c")
def a_discount_never_reaches_the_payee() -> Mapping[str, object]:
    """用了优惠，商家少收了优惠的钱。"""
    path = f"{_BOOKS}.capture"
    capture = right(path)

    def short(permit: Any, row: Any, rail: Any) -> None:
        whole, off = row.amount_fen, row.off_fen
        row.amount_fen, row.off_fen = whole - off, 0
        try:
            capture(permit, row, rail)
        finally:
            row.amount_fen, row.off_fen = whole, off

    return {path: short}


@mutation("1.2.7c")
def a_balance_is_spent_and_stays() -> Mapping[str, object]:
    """用余额付了款，余额没有少。"""
    path = f"{_BOOKS}._source"
    return {path: lambda *_: house(HouseKind.RECEIVABLE, "alipay")}
