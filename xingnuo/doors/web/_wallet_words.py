"""How the change card's states, movements and refusals are told."""

from __future__ import annotations

from xingnuo.services.wallet_card.contracts import MoveKind, MoveShown, MoveState

KINDS = {
    MoveKind.OPEN: "开户",
    MoveKind.CLOSE: "销户",
    MoveKind.TOP_UP: "充值",
    MoveKind.WITHDRAW: "提现",
    MoveKind.SPEND: "转到支付余额",
    MoveKind.BUY_DEPOSIT: "存入活期",
    MoveKind.SELL_DEPOSIT: "取出活期",
    MoveKind.BUY_FUND: "买入基金",
    MoveKind.SELL_FUND: "卖出基金",
    MoveKind.INCOME_DEPOSIT: "活期收益",
    MoveKind.INCOME_FUND: "基金收益",
}
PLACES = {
    MoveKind.TOP_UP: "我的零钱卡，从绑定的银行卡转入",
    MoveKind.WITHDRAW: "我绑定的银行卡",
    MoveKind.SPEND: "我的星诺支付余额",
    MoveKind.BUY_DEPOSIT: "我的活期存款，信和银行",
    MoveKind.SELL_DEPOSIT: "我的零钱卡，从活期取出",
    MoveKind.BUY_FUND: "我的货币基金，信和银行代销",
    MoveKind.SELL_FUND: "我的零钱卡，从基金卖出",
}
ICONS = {
    MoveKind.INCOME_DEPOSIT: "piggy-bank",
    MoveKind.INCOME_FUND: "piggy-bank",
    MoveKind.BUY_DEPOSIT: "piggy-bank",
    MoveKind.BUY_FUND: "piggy-bank",
}
STATES = {
    MoveState.PREPARED: ("还没送出", "info"),
    MoveState.SENT: ("等银行答复", "info"),
    MoveState.UNKNOWN: ("还没有结果", "warn"),
    MoveState.DONE: ("已完成", "good"),
    MoveState.LATE: ("已完成", "good"),
    MoveState.DECLINED: ("没有办成", "bad"),
}
CODES = {
    "has_account": "你在这家银行已经有一个电子账户，每人只能开一个。",
    "mismatch": "姓名、证件、手机号和绑定卡对不上。请核对手机号和银行预留的是否一样。",
    "minor": "银行不给未成年人开这种账户。",
    "card_lost": "绑定的银行卡已挂失。",
    "card_closed": "绑定的银行卡已销户。",
    "short": "余额不足。",
    "over_limit": "超过了银行的限额。",
    "not_empty": "账户里还有钱，银行不让销户。",
    "account_closed": "账户已经销户。",
    "not_sent": "这一笔没有送出。",
}
OTHER_CODE = "银行没有办这一笔，也没有说更多原因。"


def why(code: str) -> str:
    """Say why the bank declined."""
    return CODES.get(code, OTHER_CODE)


def said(move: MoveShown) -> str:
    """Say how a movement stands, in one sentence."""
    if move.state is MoveState.DECLINED:
        return f"{why(move.code)}钱没有动。"
    if move.state is MoveState.LATE:
        return "银行先说没办成，后来查明办成了。以现在的结果为准。"
    if move.state is MoveState.DONE:
        return "银行已确认。"
    return "银行还没有给结果。我们会一直去问，问到为止；不用重做，重做会变成两笔。"
