"""The queues of bills and of the change card: both sides' figures, closed by two people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Protocol
from uuid import UUID

from xingnuo.doors.console import _shared
from xingnuo.doors.console._queues import PAGE, Choice, Queue
from xingnuo.kit.amount import Amount
from xingnuo.kit.cases import Case, CasePage
from xingnuo.services.bill_pay import actions as bill_actions
from xingnuo.services.bill_pay import queries as bills
from xingnuo.services.wallet_card import actions as wallet_actions
from xingnuo.services.wallet_card import queries as wallet
from xingnuo.trust.gate.contracts import Actor

LOOKED = "looked"
_REASONS = (
    ("document_seen", "对方凭证与账目一致"),
    ("partner_corrects", "对方有误，已书面同意更正"),
    ("ours_wrong", "我方有误，已在账目里更正"),
    ("ended", "已有最终结果"),
)
_PARTIES = {
    "telecom_operator": "通信运营商",
    "telecom": "通信运营商",
    "utility": "缴费单位",
    "utility_power": "供电公司",
    "utility_water": "自来水公司",
    "utility_gas": "燃气公司",
    "card_bank": "合作银行",
}


class _Told(Protocol):
    @property
    def number(self) -> str: ...
    @property
    def party(self) -> str: ...
    @property
    def day(self) -> date | None: ...
    @property
    def ours_fen(self) -> int | None: ...
    @property
    def theirs_fen(self) -> int | None: ...
    @property
    def is_undecided(self) -> bool: ...


class _Lists(Protocol):
    def __call__(
        self, actor: Actor, *, taken_by: str | None = None, after: str = "", limit: int = PAGE
    ) -> CasePage: ...


class _Tells(Protocol):
    def __call__(self, actor: Actor, *, case_id: UUID) -> _Told: ...


class _Gives(Protocol):
    def __call__(self, actor: Actor, *, case_id: UUID) -> Case: ...


class _Ends(Protocol):
    def __call__(self, actor: Actor, *, case_id: UUID) -> None: ...


def _fen(fen: int | None) -> str:
    return f"{Amount(fen).yuan()} 元" if fen is not None else "没有记录"


def _lines(told: _Told) -> tuple[tuple[str, str], ...]:
    found = [
        ("对方", _PARTIES.get(told.party, told.party)),
        ("单号", told.number),
        ("我方金额", _fen(told.ours_fen)),
        ("对方金额", _fen(told.theirs_fen)),
    ]
    if told.day is not None:
        found.append(("账单日", f"{told.day}"))
    if told.is_undecided:
        found.append(("结果", "对方还没有给出结果，有结果前不能办结"))
    return tuple(found)


def _choices(case: Case) -> tuple[Choice, ...]:
    if case.state != "open":
        return ()
    return (Choice(code=LOOKED, title="已查清", reasons=_REASONS),)


def _counting(lists: _Lists) -> Callable[..., int]:
    def counted(
        *, actor: Actor, mine: str = "", closed: bool = False, overdue: bool = False
    ) -> int:
        found = lists(actor, taken_by=mine, limit=1)
        return found.overdue_count if overdue else found.open_count

    return counted


def _made(
    *,
    queue_id: str,
    title: str,
    icon: str,
    mark: str,
    kinds: Mapping[str, str],
    lists: _Lists,
    one: _Gives,
    tells: _Tells,
    take: _Gives,
    put_back: _Gives,
    close: _Ends,
) -> Queue:
    def page(
        *, actor: Actor, mine: str = "", closed: bool = False, after: str = "", limit: int = PAGE
    ) -> CasePage:
        return lists(actor, taken_by=mine, after=after, limit=limit)

    def taken(actor: Actor, case_id: UUID) -> Case:
        return take(actor, case_id=case_id)

    def give_back(*, actor: Actor, case_id: UUID) -> None:
        put_back(actor, case_id=case_id)

    return Queue(
        id=queue_id,
        title=title,
        icon=icon,
        mark=mark,
        deadline="承诺时限：24 小时内查清；办结只结工单，不动钱，由两个人分别提出和复核",
        purpose="payments.keep",
        kinds=kinds,
        states={"open": "待核对", "closed": "已办结"},
        page=page,
        counted=_counting(lists),
        one=lambda actor, case_id: one(actor, case_id=case_id),
        take=lambda *, actor, case_id=None: _shared.take_of(lists, taken, actor, case_id),
        give_back=give_back,
        choices=_choices,
        decide=lambda actor, case, choice, reason, note: close(actor, case_id=case.id),
        facts=lambda actor, case: (
            _lines(tells(actor, case_id=case.id)) if case.state == "open" else ()
        ),
        person=lambda actor, case: [],
        lists_closed=False,
    )


BILLS = _made(
    queue_id="bills",
    title="缴费核对",
    icon="zap",
    mark="J",
    kinds={
        "unknown_old": "长时间没有结果",
        "contradiction": "对方前后答复不一",
        "wrong_amount": "金额不一致",
        "not_ours": "账单里有，不是我们的单号",
        "not_theirs": "我们有，账单里没有",
        "listed_twice": "同一单号列了多次",
        "file_broken": "账单文件不完整",
    },
    lists=bills.case_pages,
    one=bills.one_case,
    tells=bills.case_facts,
    take=bill_actions.take_case,
    put_back=bill_actions.put_back_case,
    close=bill_actions.close_case,
)
WALLET = _made(
    queue_id="wallet",
    title="零钱卡核对",
    icon="credit-card",
    mark="L",
    kinds={
        "wrong_amount": "金额或帐户不一致",
        "late": "拒绝后又成功",
        "contradiction": "成功后又说拒绝",
        "unknown_old": "长时间没有结果（含开户）",
        "stranger": "账单里有，不是我们的单号",
        "missing": "我们有，账单里没有",
    },
    lists=wallet.case_pages,
    one=wallet.one_case,
    tells=wallet.case_facts,
    take=wallet_actions.take_case,
    put_back=wallet_actions.put_back_case,
    close=wallet_actions.close_case,
)
