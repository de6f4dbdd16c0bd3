"""Reasons in words: for the person and for staff. No word here can come from an AML finding.

A decision that an AML level makes stricter carries `watched`, as one that a watch list makes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Words(NamedTuple):
    """One reason, said twice."""

    person: str
    staff: str


REASONS: Mapping[str, Words] = {
    "new_device": Words("这台设备你以前没用过", "新设备"),
    "no_signals": Words("没有设备信息可以核对，所以多验一次身份", "本人未授权设备信号"),
    "burst": Words("短时间内操作次数较多", "短时频次超限"),
    "amount": Words("金额比平时大", "金额超限"),
    "sum": Words("一段时间里的累计金额较大", "累计金额超限"),
    "many_payees": Words("短时间内付给了多个不同的对方", "收款方分散"),
    "shared_device": Words("这台设备上有多个帐号在使用", "设备关联多帐号"),
    "shared_card": Words("这张银行卡在多个帐号里使用", "银行卡关联多帐号"),
    "night": Words("时间和平时不一样", "异常时段"),
    "place": Words("终端和地点对不上", "终端与地点不一致"),
    "new_payee": Words("第一次付给这个对方", "新收款方"),
    "listed": Words("设备、网络、卡号或对方在风险名单上", "命中拒绝名单"),
    "watched": Words("设备、网络、卡号或对方需要多看一眼", "命中关注名单"),
    "by_hand": Words("这一笔抽到人工核对", "人工核对"),
    "own_choice": Words("你选择了不由程序单独决定", "本人拒绝纯自动化决策"),
}

# outcome → what the person reads and what they can do; the same whatever stands behind it.
OUTCOME_WORDS: Mapping[str, tuple[str, str]] = {
    "accept": ("可以继续。", ""),
    "step_up": ("先确认是你本人，再继续。", "请重新验证身份，验证后马上继续。"),
    "review": (
        "这一步需要人工看一下，钱没有动。",
        "一般一天内有结果，结果会告诉你；也可以联系客服。",
    ),
    "refuse": (
        "为了你的资金安全，这一步没有办理，钱没有动。",
        "可以在“我的 › 设置 › 隐私设置 › 自动化决策”里看原因、要求人工复核，或联系客服。",
    ),
}

TYPOLOGIES: Mapping[str, str] = {
    "structuring": "拆分交易避开报告标准",
    "rapid_in_out": "资金快进快出",
    "many_to_one": "多人汇入一人转出",
    "account_lending": "出租、出借账户",
    "gambling": "疑似涉赌资金",
    "fraud_proceeds": "疑似诈骗所得",
    "sanctioned_party": "涉及名单上的人或机构",
    "dormant_busy": "长期不动后突然频繁交易",
    "other_pattern": "其他异常模式",
}


def person(codes: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Give reasons in words for the person."""
    return tuple((code, REASONS[code].person) for code in codes if code in REASONS)


def staff(codes: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Give reasons in words for staff."""
    return tuple((code, REASONS[code].staff) for code in codes if code in REASONS)
