"""Faults in accounts, unlocking and device permissions."""

from __future__ import annotations

from collections.abc import Mapping

from xingnuo.proof._register import mutation
from xingnuo.proof.checks.permissions import PERMISSIONS
from xingnuo.proof.mutations._faulty import drifted, nothing


def _drift(promise: str, permission: str) -> None:
    def faults() -> Mapping[str, object]:
        return drifted(permissions={permission: {"refusal_cost": ""}})

    faults.__name__ = f"{permission}_hides_the_cost_of_refusing"
    faults.__doc__ = "权限不再说明不开的后果。"
    mutation(promise)(faults)


for _promise, (_permission, *_) in PERMISSIONS.items():
    _drift(_promise, _permission)


@mutation("1.3.1", "1.3.2", "1.3.3", "1.3.4", "1.3.7", "1.3.8", "1.3.10", "1.3.11")
def every_permission_exists_everywhere() -> Mapping[str, object]:
    """在没有这项权限的设备上也去申请。"""
    return {"xingnuo.trust.gate.queries.permission_applies": lambda *_: True}


@mutation("1.3.0", "1.3.4", "1.3.5", "1.3.9", "1.3.11")
def a_closed_permission_goes_on() -> Mapping[str, object]:
    """关掉权限以后照样收集。"""
    return {"xingnuo.trust.gate._decide.permission_on": lambda *_: True}


@mutation("1.2.1a")
def sign_in_goes_without_the_items() -> Mapping[str, object]:
    """缺手机号、昵称或头像也让登录。"""
    return {"xingnuo.people.accounts._linking._complete": nothing}


@mutation("1.2.1b")
def switching_a_sibling_off_does_nothing() -> Mapping[str, object]:
    """关掉姊妹应用的开关，它照样能读。"""
    return {"xingnuo.people.accounts._sync.decline": nothing}


@mutation("1.2.2")
def an_unverified_answer_opens() -> Mapping[str, object]:
    """手机没验过人也算通过。"""
    path = "xingnuo.people.unlock._webauthn.proved"
    return {path: lambda *_, sign_count, **__: sign_count + 1}


@mutation("4.2")
def any_password_will_do() -> Mapping[str, object]:
    """泄露过的、太常见的密码也收下。"""
    return {"xingnuo.people.unlock._weak.check": lambda typed, context=(): typed}


@mutation("4.2")
def reporting_misuse_freezes_nothing() -> Mapping[str, object]:
    """报告冒用后，帐号没有冻结。"""
    return {"xingnuo.people.accounts.actions.report_misuse": nothing}
