"""Faults in how minors are turned away, and how guardians are heard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xingnuo.proof._register import mutation
from xingnuo.proof.mutations._faulty import drifted, nothing, right
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import SubjectState


@mutation("6.1")
def an_age_is_not_looked_at() -> Mapping[str, object]:
    """证件号码显示未成年，也照样核对。"""
    return {"xingnuo.people.identity._age.refuse_minor": nothing}


@mutation("6.1")
def seventeen_counts_as_grown_up() -> Mapping[str, object]:
    """差一年满十八岁也算成年。"""
    path = "xingnuo.people.identity._numbers.is_minor"
    whole = right(path)
    return {path: lambda found, *, years=17: whole(found, years=min(years, 17))}


@mutation("6.1")
def a_guardian_is_thanked_and_nothing_goes() -> Mapping[str, object]:
    """监护人的申请通过了，帐号和资料还在。"""
    return {"xingnuo.people.identity._guardian.approved": nothing}


@mutation("6.1")
def promotions_are_declared_for_minors() -> Mapping[str, object]:
    """推广声明成对未成年人也开放。"""
    known = policy.declared().purposes["notices.promotion"]
    states: Any = (*known.in_states, SubjectState.MINOR)
    return drifted(purposes={"notices.promotion": {"in_states": states}})
