"""Faults in the staff register."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from xingnuo.kit import clock
from xingnuo.proof._register import mutation
from xingnuo.proof.mutations._faulty import nothing


@mutation("4.1.4")
def a_breach_costs_nothing() -> Mapping[str, object]:
    """违反保密承诺只记一笔，照样能看客户信息。"""
    return {"xingnuo.people.permissions._staff_register.suspend": nothing}


@mutation("4.1.5")
def nobody_needs_training() -> Mapping[str, object]:
    """没有培训过的人员也能查看客户信息。"""
    return {
        "xingnuo.people.permissions._staff_read._least": lambda _: clock.now() + timedelta(days=365)
    }
