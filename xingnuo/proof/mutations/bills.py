"""Faults in top-ups, public bills and links to third parties."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q

from xingnuo.partners.telecom.contracts import TopUp, TopUpOutcome
from xingnuo.proof._register import mutation
from xingnuo.proof.mutations._faulty import drifted, nothing


@mutation("1.2.13a")
def a_bill_that_is_paid_is_not_passed_on() -> Mapping[str, object]:
    """钱收了，缴费没有交给单位。"""
    lost = TopUp(outcome=TopUpOutcome.PENDING)
    return {"xingnuo.services.bill_pay._sending._order": lambda *_: lost}


@mutation("1.2.13a")
def the_operator_is_not_declared_the_time() -> Mapping[str, object]:
    """给运营商的清单里少了充值时间。"""
    return drifted(recipients={"telecom_operator": {"items": ("topup_phone", "topup_amount")}})


@mutation("1.2.13b")
def an_unreviewed_link_is_shown() -> Mapping[str, object]:
    """没有审查过的链接也显示。"""
    return {"xingnuo.services.bill_pay._links._in_date": lambda: Q()}


@mutation("1.2.13b")
def a_withdrawn_link_stays() -> Mapping[str, object]:
    """撤下的链接还在。"""
    return {"xingnuo.services.bill_pay.actions.withdraw_link": nothing}
