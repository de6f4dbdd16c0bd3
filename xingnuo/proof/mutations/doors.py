"""Faults in what pages show and where they lead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xingnuo.proof._register import mutation
from xingnuo.proof.mutations._faulty import nothing, right
from xingnuo.trust.policy import queries as policy


@mutation("0.4")
def sheets_are_in_plain_type() -> Mapping[str, object]:
    """同意书里的敏感信息不再加粗。"""
    return {"xingnuo.doors.web._asking._named": lambda item: item.name}


@mutation("7.1")
def a_list_links_outside_at_once() -> Mapping[str, object]:
    """清单直接链到对方网站，不先提醒。"""
    path = "xingnuo.doors.web.leaving.way_out"
    return {path: lambda recipient: policy.in_force().recipients[recipient].policy_url}


@mutation("7.1")
def the_way_out_goes_anywhere() -> Mapping[str, object]:
    """离开页可以带人去任何网址。"""
    path = "xingnuo.doors.web.leaving._address"
    known = right(path)
    return {path: lambda recipient: known(recipient) or f"https://{recipient}.example/"}


@mutation("0.5")
def the_policy_has_no_contents() -> Mapping[str, object]:
    """政策页没有目录。"""
    return {"xingnuo.doors.web._reading.contents": nothing}


@mutation("2.1")
def a_page_sets_another_cookie() -> Mapping[str, object]:
    """页面悄悄放了一个没登记的 Cookie。"""
    path = "xingnuo.doors.porch.headers.HeadersMiddleware.__call__"
    known = right(path)

    def faulty(self: Any, request: Any) -> Any:
        answer = known(self, request)
        answer.set_cookie("xn_track", "1")
        return answer

    return {path: faulty}


@mutation("2.4")
def the_register_hides_the_cache() -> Mapping[str, object]:
    """本地存储的清单少列了一项。"""
    path = "xingnuo.doors.porch.cookies.KEPT"
    kept: Any = right(path)
    return {path: tuple(one for one in kept if one.where != "cache")}


@mutation("5.1.1")
def permissions_lead_nowhere() -> Mapping[str, object]:
    """系统权限列出来了，点进去却没有。"""
    path = "xingnuo.doors.web.permissions._row"
    known = right(path)
    return {path: lambda one: known(one) | {"href": "/"}}


@mutation("5.1.3")
def settings_forget_unlock_ways() -> Mapping[str, object]:
    """设置里找不到解锁方式。"""
    path = "xingnuo.doors.web.settings.link"
    known = right(path)

    def faulty(name: str, *given: object, default: str = "") -> Any:
        return default if name == "unlock_settings" else known(name, *given, default=default)

    return {path: faulty}


@mutation("1.3.11", "5.1.5")
def the_switch_always_shows_off() -> Mapping[str, object]:
    """个性化开着，页面却显示关着。"""
    return {"xingnuo.doors.web._asking.is_on": lambda *_, **__: False}


@mutation("5.1.6")
def signing_out_keeps_the_session() -> Mapping[str, object]:
    """点了退出，其实还登录着。"""
    return {"xingnuo.people.accounts.actions.sign_out": nothing}
