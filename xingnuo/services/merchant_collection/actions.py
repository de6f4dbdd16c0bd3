"""What the room does: locate, apply, decide, make and end codes, order, give back, settle."""

from __future__ import annotations

from xingnuo.services.merchant_collection._cases import put_back, take
from xingnuo.services.merchant_collection._codes import charge, expire, revoke, rotate, unclaim
from xingnuo.services.merchant_collection._holdings import ends, erase, sweep
from xingnuo.services.merchant_collection._onboard import (
    apply,
    change_card,
    close,
    decide,
    locate,
    release,
    resume,
)
from xingnuo.services.merchant_collection._sales import given_back, refund, sold
from xingnuo.services.merchant_collection._scan import failed, order, refunded, settled
from xingnuo.services.merchant_collection._settle import ask, ask_due, prepare, send, settle_due
from xingnuo.services.merchant_collection._settle import take as take_answer
from xingnuo.services.merchant_collection._tell import tell_day

__all__ = [
    "apply",
    "ask",
    "ask_due",
    "change_card",
    "charge",
    "close",
    "decide",
    "ends",
    "erase",
    "expire",
    "failed",
    "given_back",
    "locate",
    "order",
    "prepare",
    "put_back",
    "refund",
    "refunded",
    "release",
    "resume",
    "revoke",
    "rotate",
    "send",
    "settle_due",
    "settled",
    "sold",
    "sweep",
    "take",
    "take_answer",
    "tell_day",
    "unclaim",
]
