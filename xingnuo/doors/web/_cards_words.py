"""What pages of 银行卡 say: states and grounds of a check."""

from __future__ import annotations

from collections.abc import Mapping

from xingnuo.money.payments.contracts import CheckGround, CheckShown, CheckState

STATES: Mapping[CheckState, tuple[str, str]] = {
    CheckState.REVIEWING: ("等人核对", "info"),
    CheckState.ASKING: ("正在核对", "info"),
    CheckState.CODE: ("等你填验证码", "warn"),
    CheckState.CONFIRMING: ("正在核对", "info"),
    CheckState.UNKNOWN: ("还没有结果", "info"),
    CheckState.CONFIRMED: ("已通过", "good"),
    CheckState.REFUSED: ("没有通过", "bad"),
    CheckState.LAPSED: ("已作废", ""),
}
GROUNDS: Mapping[CheckGround, str] = {
    CheckGround.NOT_THE_SAME: "卡号、预留手机号和你的实名信息对不上。请核对后再填一次。",
    CheckGround.CARD_LOST: "银行说这张卡已挂失，请换一张卡。",
    CheckGround.CARD_CLOSED: "银行说这张卡已注销，请换一张卡。",
    CheckGround.UNSUPPORTED: "暂时不支持这家银行的卡，请换一张。",
    CheckGround.CODE_EXPIRED: "验证码过期了，请重新提交，会发新的验证码。",
    CheckGround.CODE_SPENT: "验证码错的次数太多，请重新提交。",
    CheckGround.NOT_TAKEN: "银行没有受理，请核对后再试。",
    CheckGround.SCREENED: "人工核对后没有通过。可在“隐私设置 › 自动化决策”看原因。",
    CheckGround.WITHDRAWN: "你已撤回同意，填写的内容已删除。",
    CheckGround.GIVEN_UP: "没有继续，填写的内容已删除。",
}
_WAITS: Mapping[CheckState, str] = {
    CheckState.REVIEWING: "这次绑卡要由人看一下，通常一天内有结果，看完会继续。",
    CheckState.ASKING: "正在请银行核对，马上有结果。",
    CheckState.CONFIRMING: "正在请银行核对验证码，马上有结果。",
    CheckState.UNKNOWN: "银行那边暂时没有回音。有结果前不会重复提交，也不会扣款；我们会接着问。",
    CheckState.CONFIRMED: "银行已确认卡是你的。",
}


def said(check: CheckShown) -> str:
    """Say in a sentence how a check stands and what can be done."""
    return GROUNDS.get(check.ground) or _WAITS.get(check.state, "")
