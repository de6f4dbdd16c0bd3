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
from xingnuo.people.support._handover import decline as decline_handover
from xingnuo.people.support._handover import propose as propose_handover
from xingnuo.people.support._handover import release as release_handover
from xingnuo.people.support._outcome import carry_out as carry_out_handover
from xingnuo.people.support._outcome import follow as follow_handovers
from xingnuo.people.support._outcome import receive as receive_notice
from xingnuo.people.support._proof import ask_again as ask_handover_again
from xingnuo.people.support._proof import decline_proof as decline_handover_proof
from xingnuo.people.support._proof import propose_proof as propose_handover_proof
from xingnuo.people.support._proof import settle_by_proof as settle_handover_by_proof
from xingnuo.people.support._queue import give_back, take
from xingnuo.people.support._watch import close_idle, ends, erase, recount, rise, sweep

__all__ = [
    "answer",
    "ask",
    "ask_handover_again",
    "begin_call",
    "carry_out_handover",
    "check_authority",
    "close",
    "close_idle",
    "close_own",
    "decline_handover",
    "decline_handover_proof",
    "ends",
    "enter_days",
    "erase",
    "follow_handovers",
    "give_back",
    "open_case",
    "propose_handover",
    "propose_handover_proof",
    "prove_call",
    "raise_to_complaint",
    "receive_notice",
    "recount",
    "release_handover",
    "reopen_own",
    "rise",
    "say",
    "send_photo",
    "send_voice",
    "settle_handover_by_proof",
    "sweep",
    "take",
]
