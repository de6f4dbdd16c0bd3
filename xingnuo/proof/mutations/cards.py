"""Faults in cards, the payment password and confirmations."""

from __future__ import annotations

from collections.abc import Mapping

from xingnuo.proof._register import mutation
from xingnuo.proof.mutations._faulty import nothing


@mutation("5.1.2")
def unbinding_keeps_the_number() -> Mapping[str, object]:
    """解绑以后卡号还留着。"""
    return {"xingnuo.money.payments._cards_rows.drop": nothing}


@mutation("5.1.4")
def anybody_resets_the_payment_password() -> Mapping[str, object]:
    """没验证是本人也能重置支付密码。"""
    return {"xingnuo.money.payments._confirm_reset._is_proven": lambda *_: True}


@mutation("1.2.7b")
def a_yes_is_never_used_up() -> Mapping[str, object]:
    """确认不核对金额和收款方，也能反复用。"""
    return {"xingnuo.money.payments.actions.use_confirmation": nothing}


@mutation("1.2.7b")
def wrong_passwords_cost_nothing() -> Mapping[str, object]:
    """支付密码可以一直试。"""
    return {"xingnuo.money.payments._confirm_password.rest_hours": lambda *_: 0}
