"""Faults in the policy: versions, precedence, controllers, emphasis, bases, recipients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from xingnuo.proof._register import mutation
from xingnuo.proof.mutations._faulty import drifted, nothing, right
from xingnuo.trust.policy import queries as policy


@mutation("0.1")
def a_version_needs_no_notice() -> Mapping[str, object]:
    """新版可以当天公布、当天生效。"""
    return {"xingnuo.trust.policy.actions._check_notice": nothing}


@mutation("0.2")
def the_group_overrules_the_product() -> Mapping[str, object]:
    """集团的文本压过产品自己的文本。"""
    path = "xingnuo.trust.policy._resolution.govern"
    known = right(path)
    kinds = {"product": "group", "group": "product"}

    def faulty(clause: str, layers: Any) -> Any:
        turned = [replace(one, kind=kinds.get(one.kind, one.kind)) for one in layers]
        return known(clause, turned)

    return {path: faulty}


@mutation("0.3")
def a_service_may_have_no_controller() -> Mapping[str, object]:
    """没有责任公司的服务也能启动。"""
    return {"xingnuo.trust.policy._lint._controllers": nothing}


@mutation("1.7")
def a_basis_needs_no_exception() -> Mapping[str, object]:
    """不征得同意也不必有法条。"""
    return {"xingnuo.trust.policy._lint._basis": nothing}


@mutation("1.6.1", "3.1.1")
def a_party_receives_for_marketing() -> Mapping[str, object]:
    """短信通道收到号码用于营销。"""
    party = policy.declared().recipients["sms_gateway"]
    return drifted(recipients={"sms_gateway": {"purposes": (*party.purposes, "notices.promotion")}})


@mutation("4.3.3")
def a_party_may_be_abroad() -> Mapping[str, object]:
    """可以声明境外接收方。"""
    return {"xingnuo.trust.policy._lint._recipient": nothing}


@mutation("0.1", "8.1")
def nobody_is_told_of_what_is_coming() -> Mapping[str, object]:
    """新版公布了，没有告诉任何人。"""
    return {"xingnuo.people.notices._versions._tell": lambda *_: 0}


@mutation("0.1", "8.1")
def no_change_is_material() -> Mapping[str, object]:
    """再大的改动也当作小改。"""
    path = "xingnuo.trust.policy._diff._change"
    known = right(path)
    return {path: lambda *a, **k: replace(known(*a, **k), material=False)}
