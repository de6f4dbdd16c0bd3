"""Faults in the gate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from unittest.mock import patch

from xingnuo.kit import clock
from xingnuo.proof._register import mutation
from xingnuo.proof.checks._catalogue import PROMISES
from xingnuo.proof.mutations._faulty import right
from xingnuo.trust.policy.contracts import SubjectState


@mutation("1.0.1", *PROMISES)
def a_purpose_gets_whatever_it_asks_for() -> Mapping[str, object]:
    """用途没有声明的项目被悄悄略过，而不是拒绝。"""
    path = "xingnuo.trust.gate._rules.Rule.mask"
    known = right(path)

    def faulty(self: Any, items: tuple[str, ...]) -> int:
        mask: int = known(self, items)
        return 0 if mask < 0 else mask & self.everything

    return {path: faulty}


@mutation("1.0.1")
def a_table_is_not_accounted_for() -> Mapping[str, object]:
    """有一张表没有写进台账。"""
    path = "xingnuo.trust.policy.queries.tables"
    tables = right(path)()
    return {path: lambda: tuple(one for one in tables if one.name != "notices_message")}


@mutation("1.0.2")
def the_code_may_declare_more() -> Mapping[str, object]:
    """代码里加宽的用途不必先公布。"""
    return {"xingnuo.trust.policy.queries.unpublished": frozenset}


@mutation("1.6.3")
def old_consent_covers_new_purposes() -> Mapping[str, object]:
    """以前的同意也算作对新用途的同意。"""
    path = "xingnuo.trust.gate._decide._granted"
    known = right(path)

    def faulty(rule: Any, facts: Any, scope: str, meaning: str) -> int:
        decided = facts.decisions.get(scope)
        return int(known(rule, facts, scope, decided.meaning if decided else meaning))

    return {path: faulty}


@mutation("3.1.2")
def lapsed_parties_still_receive() -> Mapping[str, object]:
    """协议、审查或资质过期的单位照样收到信息。"""
    path = "xingnuo.trust.gate._permits._sharing"
    known = right(path)

    def faulty(*given: Any, **named: Any) -> Any:
        with patch.object(clock, "today", lambda: date(2023, 1, 1)):
            return known(*given, **named)

    return {path: faulty}


@mutation("3.1.6")
def a_stop_is_not_written_down() -> Mapping[str, object]:
    """停止共享只是点了一下，没有记下来。"""
    path = "xingnuo.trust.gate.actions.set_sharing"
    known = right(path)

    def faulty(actor: Any, *, stopped: bool, **rest: Any) -> Any:
        return known(actor, stopped=False, **rest)

    return {path: faulty}


@mutation("4.3.2")
def a_deceased_person_is_still_served() -> Mapping[str, object]:
    """人已去世，收集和使用照旧。"""
    path = "xingnuo.trust.gate.actions.change_state"
    known = right(path)

    def faulty(actor: Any, *, to: SubjectState, **named: Any) -> Any:
        return to if to is SubjectState.DECEASED else known(actor, to=to, **named)

    return {path: faulty}
