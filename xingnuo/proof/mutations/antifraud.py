"""Faults in how movements of money are looked at."""

from __future__ import annotations

from collections.abc import Mapping

from xingnuo.proof._register import mutation
from xingnuo.proof.mutations._faulty import right


@mutation("1.2.14")
def the_rules_see_nothing() -> Mapping[str, object]:
    """规则不看次数，一连串付款照样放行。"""
    path = "xingnuo.people.antifraud._velocity.counted"
    whole = right(path)
    return {path: lambda event, asked: dict.fromkeys(whole(event, asked), 0)}


@mutation("1.2.14")
def identifiers_pass_by_the_gate() -> Mapping[str, object]:
    """设备标识不经关口，不分系统版本都收下。"""
    return {"xingnuo.people.antifraud.actions.note_identifiers": lambda *_, **__: ""}


@mutation("1.2.14")
def the_device_counts_without_consent() -> Mapping[str, object]:
    """没有同意也把设备算进去。"""
    return {"xingnuo.people.antifraud._signals._consented": lambda *_: (True, True)}
