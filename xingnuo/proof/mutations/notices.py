"""Faults in what people are told."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from xingnuo.proof._register import mutation
from xingnuo.proof.mutations._faulty import nothing, right
from xingnuo.trust.gate import queries as gate


@mutation("1.6.1", "6.1")
def promotions_ask_nobody() -> Mapping[str, object]:
    """推广当成服务通知来发，不看同不同意。"""
    path = "xingnuo.people.notices._channels.prepare"
    whole = right(path)

    def prepare(row: object) -> object:
        row.kind = "duty"  # type: ignore[attr-defined]
        return whole(row)

    return {
        path: prepare,
        "xingnuo.people.notices._sending._channels.prepare": prepare,
        "xingnuo.people.notices._channels.agreed": nothing,  # asked at night as well
    }


@mutation("1.6.1")
def what_waits_is_forgotten() -> Mapping[str, object]:
    """退订以后，排着队的推广照样留着。"""
    path = "xingnuo.people.notices.actions._sending.drop_promotions"
    return {path: lambda *_, **__: 0}


@mutation("1.6.2")
def the_feed_keeps_its_order() -> Mapping[str, object]:
    """关掉个性化以后，首页仍按喜好来排。"""

    def stuck(subject_id: UUID) -> bool:
        with transaction.atomic():
            decided = gate.standing(subject_id).decisions
        return any(one.purpose == "feed.personal" for one in decided)

    return {
        "xingnuo.people.notices._feed.is_personal": stuck,
        "xingnuo.people.notices._feed._weights": lambda *_: {"insurance": 9},
        "xingnuo.people.notices._feed.opened": lambda *_, **__: None,
    }


@mutation("1.3.4")
def the_calendar_is_empty() -> Mapping[str, object]:
    """日历里什么日子都没有。"""
    return {"xingnuo.people.notices._calendar.reminders": lambda subject_id: ()}
