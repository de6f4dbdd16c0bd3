"""Faults in real name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pkgutil import resolve_name
from typing import Any

from xingnuo.people.identity.contracts import Ground, State
from xingnuo.proof._register import mutation
from xingnuo.proof.mutations._faulty import nothing, right
from xingnuo.trust.policy.contracts import Tier


@mutation("1.2.3a", "1.2.3c")
def any_name_fits() -> Mapping[str, object]:
    """权威机构说不一致，也算核对通过。"""
    path = "xingnuo.people.identity._asking._FINDINGS"
    found: Mapping[str, object] = resolve_name(path)
    return {path: {**found, "mismatch": (State.MATCHED, Ground.CONFIRMED)}}


@mutation("1.2.3a")
def a_lost_number_stays() -> Mapping[str, object]:
    """运营商说号码已归别人，旧帐号还在用它。"""
    return {"xingnuo.people.identity._phone._leave": nothing}


@mutation("1.2.3b")
def the_bank_is_not_waited_for() -> Mapping[str, object]:
    """银行还没确认验证码，就当作已经核对。"""
    path = "xingnuo.people.identity._asking.card_begun"
    ask = right(path)

    def begun(*parcel: object, **key: object) -> object:
        verdict, left = ask(*parcel, **key)
        return type(verdict)(
            state=State.MATCHED, ground=Ground.CONFIRMED, source=verdict.source
        ), left

    return {path: begun}


@mutation("1.2.3c")
def a_lapsed_audit_stops_nobody() -> Mapping[str, object]:
    """机构的合法性审查到期了，照样向它核对。"""
    return {"xingnuo.people.identity._routes.ensure_lawful": nothing}


@mutation("1.2.3c")
def a_second_answer_is_not_looked_at() -> Mapping[str, object]:
    """机构前后两次答复不一样，没有人去看。"""
    return {"xingnuo.people.identity._settle._contradicted": nothing}


@mutation("1.2.3d")
def services_open_without_a_real_name() -> Mapping[str, object]:
    """没有实名也能用贷款、支付、保险和理财。"""
    path = "xingnuo.trust.gate._permits.decide"
    decide = right(path)

    def decided(rule: object, facts: Any, *told: object, **more: object) -> object:
        return decide(rule, replace(facts, tier=Tier.PRESENT), *told, **more)

    return {path: decided}


@mutation("1.4.1")
def others_items_come_in_unseen() -> Mapping[str, object]:
    """第三方多给的信息被拒收，却没有留下记录。"""
    return {"xingnuo.people.identity._sources._put_down": nothing}
