"""The queue of merchants: shops looked at before they open, and settlements that did not go."""

from __future__ import annotations

from uuid import UUID

from xingnuo.doors.console import _shared
from xingnuo.doors.console._queues import PAGE, Choice, Queue
from xingnuo.kit.amount import Amount
from xingnuo.kit.cases import Case, CasePage
from xingnuo.services.merchant_collection import actions, queries
from xingnuo.services.merchant_collection.contracts import OPEN_CASES, CaseKind, Form
from xingnuo.trust.gate.contracts import Actor

YES, NO, LOOKED = "approve", "refuse", "looked"
_YES = (("checked", "身份、店铺、位置逐项核对一致"),)
_NO = (
    ("not_real", "店铺或经营不属实"),
    ("not_allowed", "经营的内容不能用收款码"),
    ("mismatch", "店名、地址和身份对不上"),
)
_SETTLED = (
    ("card_told", "结算卡有问题，已请商户换卡"),
    ("bank_answered", "已与银行查清"),
    ("partner_renewed", "合作方资质已补齐"),
)
_FORMS = {Form.PERSON: "个人", Form.ENTERPRISE: "企业"}
_OPEN = {state.value for state in OPEN_CASES}
# A bank that proved another amount than was asked: two people say what came of it.
_TWO = CaseKind.WRONG_AMOUNT.value


def _lists(actor: Actor, *, taken_by: str, after: str = "", limit: int = PAGE) -> CasePage:
    return queries.open_cases(actor, taken_by=taken_by, after=after, limit=limit)


def _counted(*, actor: Actor, mine: str = "", closed: bool = False, overdue: bool = False) -> int:
    found = queries.open_cases(actor, taken_by=mine, limit=1)
    return found.overdue_count if overdue else found.open_count


def _take(actor: Actor, case_id: UUID) -> Case:
    return actions.take(actor, case_id=case_id)


def _give_back(*, actor: Actor, case_id: UUID) -> None:
    actions.put_back(actor, case_id=case_id)


def _choices(case: Case) -> tuple[Choice, ...]:
    if case.state not in _OPEN:
        return ()
    if case.kind == CaseKind.REVIEW.value:
        return (
            Choice(code=NO, title="不通过并说明", reasons=_NO),
            Choice(code=YES, title="通过，开通收款", reasons=_YES),
        )
    two = case.kind == _TWO
    return (Choice(code=LOOKED, title="已查清", reasons=_SETTLED, two_person=two),)


def _decide(actor: Actor, case: Case, choice: str, reason: str, note: str) -> None:
    two = next(one.two_person for one in _choices(case) if one.code == choice)
    does = actions.release if two else actions.decide
    does(actor, case_id=case.id, approve=choice != NO, ground=reason)


def _facts(actor: Actor, case: Case) -> tuple[tuple[str, str], ...]:
    if case.state not in _OPEN:
        return ()
    told = queries.case_facts(actor, case_id=case.id)
    found = [("银行或系统的代码", told.ground)] if told.ground else []
    if told.net_fen is not None:
        found.append(("结算金额", f"{Amount(told.net_fen).yuan()} 元"))
    if told.shop is not None:
        shop = told.shop
        regions = {one.code: one.name for one in queries.REGIONS}
        found += [
            ("商户", _FORMS[shop.form] if shop.form is not None else "—"),
            ("经营类别", queries.CATEGORIES[shop.category][0]),
            ("登记的地区", regions.get(shop.region, shop.region)),
        ]
    return tuple(found)


QUEUE = Queue(
    id="merchant",
    title="商户复核",
    icon="store",
    mark="M",
    deadline="承诺时限：收到后 3 天内；不通过要说明理由",
    purpose="merchant_collection.onboard",
    kinds={
        "review": "开通前复核",
        "declined": "银行没有付出结算",
        "wrong_amount": "结算金额不一致",
        "stopped": "结算资料不能送出",
    },
    states={
        "waiting": "待处理",
        "taken": "办理中",
        "approved": "已通过或已查清",
        "refused": "未通过",
    },
    page=lambda *, actor, mine="", closed=False, after="", limit=PAGE: _lists(
        actor, taken_by=mine, after=after, limit=limit
    ),
    counted=_counted,
    one=lambda actor, case_id: queries.one_case(actor, case_id=case_id),
    take=lambda *, actor, case_id=None: _shared.take_of(_lists, _take, actor, case_id),
    give_back=_give_back,
    choices=_choices,
    decide=_decide,
    facts=_facts,
    person=lambda actor, case: (
        queries.case_values(actor, case_id=case.id) if case.state in _OPEN else []
    ),
    lists_closed=False,
)
