"""Faults in support."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from xingnuo.people.support.contracts import Urgency
from xingnuo.proof._register import mutation
from xingnuo.proof.mutations._faulty import nothing, right


@mutation("1.2.15a")
def every_question_shows_who_asks() -> Mapping[str, object]:
    """不管问什么，客服都能看到姓名和号码。"""
    everything = ("account_id", "name", "phone", "document_number", "email")
    return {"xingnuo.people.support._scope.items_of": lambda _: everything}


@mutation("1.2.15b")
def a_complaint_goes_against_the_law() -> Mapping[str, object]:
    """法律不允许转交的投诉也转交了。"""
    path = "xingnuo.people.support.actions.propose_handover"
    propose = right(path)
    return {path: lambda *who, bar="", **what: propose(*who, **what)}


@mutation("1.2.15b")
def one_person_proves_the_end() -> Mapping[str, object]:
    """转交的结果由一个人说了算。"""
    path = "xingnuo.people.support.actions.settle_handover_by_proof"
    settle = right(path)
    return {path: lambda who, **what: settle(replace(who, staff_id=f"{who.staff_id}.b"), **what)}


@mutation("9.1")
def clocks_never_rise() -> Mapping[str, object]:
    """快到期了也不提醒、不升级。"""
    return {"xingnuo.people.support._clocks.urgency": lambda *_: Urgency.CALM}


@mutation("1.3.5")
def voice_is_not_asked_about() -> Mapping[str, object]:
    """没同意录音也收下录音。"""
    return {"xingnuo.people.support.actions.send_voice": nothing}


@mutation("5.2.1c")
def authority_is_not_looked_at() -> Mapping[str, object]:
    """授权书还没审核，就替别人办了。"""
    return {"xingnuo.people.support._cases._awaits_proof": nothing}
