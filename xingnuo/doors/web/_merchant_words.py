"""What pages of 随星收 say: states, grounds, categories; and what is asked before each step."""

from __future__ import annotations

from xingnuo.doors.web._identity_forms import Pair
from xingnuo.services.merchant_collection.contracts import (
    CodeState,
    MerchantState,
    SettlementState,
)

REGION: tuple[Pair, ...] = (("merchant_collection.region", ""),)
OPENING: tuple[Pair, ...] = (
    ("merchant_collection.onboard", ""),
    ("merchant_collection.collect", ""),
    ("merchant_collection.settle", ""),
    ("merchant_collection.settle", "acquirer"),
)
PLACE: tuple[Pair, ...] = (("payments.place_check", ""),)
STATES = {
    MerchantState.LOCATED: ("资料没填完", "warn"),
    MerchantState.REVIEWING: ("审核中", "info"),
    MerchantState.OPEN: ("收款中", "good"),
    MerchantState.SUSPENDED: ("已暂停", "warn"),
    MerchantState.REFUSED: ("没有通过", "bad"),
    MerchantState.CLOSED: ("已关闭", ""),
}
CODES = {
    CodeState.ACTIVE: ("等待付款", "info"),
    CodeState.CLAIMED: ("有人正在付款", "info"),
    CodeState.USED: ("已收款", "good"),
    CodeState.EXPIRED: ("已过期", ""),
    CodeState.REVOKED: ("已作废", ""),
}
SETTLEMENTS = {
    SettlementState.PREPARED: ("准备打款", "info"),
    SettlementState.SENT: ("已发给银行", "info"),
    SettlementState.UNKNOWN: ("等银行答复", "warn"),
    SettlementState.DONE: ("已到卡", "good"),
    SettlementState.DECLINED: ("没付成，会再付", "bad"),
}
GROUNDS = {
    "screened": "没有通过风险核查。有疑问可以找客服复核。",
    "consent": "你收回了同意，收款已停。要继续，请重新同意。",
    "not_real": "没有核实到这家店。",
    "not_allowed": "经营的内容不能用收款码。",
    "mismatch": "店名、地址和身份对不上。",
}
FORMS = (("person", "个人经营"), ("enterprise", "企业"))
LACKING = {
    "presence": "刷脸或人工核对",
    "photos": "上传证件照片",
    "validity": "更新过期的证件",
    "supplement": "补充身份资料",
}
STEPS = ("看地区", "核身份", "填店铺", "开通")
LAW = "中国人民银行〔2017〕296 号通知"
