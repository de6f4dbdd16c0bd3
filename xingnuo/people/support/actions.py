"""What the support room does: cases, their messages, their clocks, hand-overs, the calendar."""

from __future__ import annotations

from xingnuo.people.support._calendar import enter as enter_days
from xingnuo.people.support._calls import begin as begin_call
from xingnuo.people.support._calls import prove as prove_call
from xingnuo.people.support._cases import (
    answer,
    ask,
    check_authority,
    close,
    close_own,
    open_case,
    raise_to_complaint,
    reopen_own,
    say,
    send_photo,
    send_voice,
)
from xingnuo.people.support._handover import carry_out as carry_out_handover
from xingnuo.people.support._handover import decline as decline_handover
from xingnuo.people.support._handover import propose as propose_handover
from xingnuo.people.support._handover import release as release_handover
from xingnuo.people.support._queue import give_back, take
from xingnuo.people.support._watch import close_idle, ends, erase, recount, rise, sweep

__all__ = [
    "answer",
    "ask",
    "begin_call",
    "carry_out_handover",
    "check_authority",
    "close",
    "close_idle",
    "close_own",
    "decline_handover",
    "ends",
    "enter_days",
    "erase",
    "give_back",
    "open_case",
    "propose_handover",
    "prove_call",
    "raise_to_complaint",
    "recount",
    "release_handover",
    "reopen_own",
    "rise",
    "say",
    "send_photo",
    "send_voice",
    "sweep",
    "take",
]
