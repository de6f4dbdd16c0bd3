"""Faults in keeping no longer than the purpose or the law needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from xingnuo.proof._register import mutation
from xingnuo.proof.mutations._faulty import right


@mutation("4.3.1")
def a_sweep_skips_a_room() -> Mapping[str, object]:
    """有一个模块到期也不删。"""
    path = "xingnuo.trust.policy.queries.holdings"
    rooms = tuple(
        replace(one, sweep=lambda: 0) if one.room == "unlock" else one for one in right(path)()
    )
    return {path: lambda: rooms}


@mutation("4.3.1")
def a_term_never_starts() -> Mapping[str, object]:
    """有一张表没有说从什么时候起算。"""
    path = "xingnuo.trust.policy.queries.tables"
    tables = tuple(
        replace(one, starts=()) if one.name == "antifraud_event" else one for one in right(path)()
    )
    return {path: lambda: tables}


@mutation("4.3.1")
def what_is_old_is_overlooked() -> Mapping[str, object]:
    """过了期也数不出来。"""
    return {"xingnuo.duties.retention.queries._old_rows": lambda *_: 0}
