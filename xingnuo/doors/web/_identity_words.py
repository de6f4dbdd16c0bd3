"""What pages of 实名认证 say: ways, states, grounds, and what each tier opens."""

from __future__ import annotations

from collections.abc import Mapping

from xingnuo.doors.web._when import day, moment
from xingnuo.people.identity import queries
from xingnuo.people.identity.contracts import Check, Ground, Kind, Relation, Rule, State
from xingnuo.trust.policy.contracts import Compiled, Tier

NAMES: Mapping[Kind, str] = {
    Kind.NAME_NUMBER: "姓名和证件号码",
    Kind.PHONE: "手机号核对",
    Kind.CARD: "银行卡核对",
    Kind.DOCUMENT_PHOTO: "证件照片",
    Kind.FACE: "刷脸",
    Kind.VIDEO: "视频见证",
    Kind.COUNTER: "到柜台核对",
    Kind.AGE: "成年核对",
}
STATES: Mapping[State, tuple[str, str]] = {
    State.STARTED: ("还没完成", "warn"),
    State.SENT: ("正在核对", "info"),
    State.UNKNOWN: ("正在核对", "info"),
    State.REVIEWING: ("等人核对", "info"),
    State.MATCHED: ("已通过", "good"),
    State.MISMATCHED: ("不一致", "bad"),
    State.REFUSED: ("没有通过", "bad"),
    State.EXPIRED: ("证件过期", "warn"),
    State.LAPSED: ("已作废", ""),
}
GROUNDS: Mapping[Ground, str] = {
    Ground.CONFIRMED: "核对一致。",
    Ground.NOT_THE_SAME: "填写的内容和机构登记的不一致。请对照证件再填一次，或请人核对。",
    Ground.NOT_FOUND: "机构没有查到这个号码。请核对有没有填错，或请人核对。",
    Ground.DOCUMENT_EXPIRED: "证件已过有效期。请换新证件后再来。",
    Ground.DOCUMENT_CANCELLED: "这张证件已挂失或作废。请用现在有效的证件。",
    Ground.DECEASED: "登记信息有异常，不能这样核对。请联系客服。",
    Ground.MINOR: "证件显示未满 18 岁，填写的内容已删除。",
    Ground.NUMBER_TAKEN: "这个号码不能直接用于这个帐号。证件是你本人的，请申请人工核对。",
    Ground.CARD_LOST: "银行说这张卡已挂失。请换一张卡，或换一种方式。",
    Ground.CARD_CLOSED: "银行说这张卡已注销。请换一张卡，或换一种方式。",
    Ground.CARD_UNSUPPORTED: "这张卡暂时不能用来核对。请换一张卡，或换一种方式。",
    Ground.CODE_EXPIRED: "验证码过期了。请重新提交银行卡，会发新的验证码。",
    Ground.CODE_SPENT: "验证码错的次数太多。请重新提交银行卡，会发新的验证码。",
    Ground.NOT_LIVE: "没能确认是真人。请在光线好的地方再拍，或换一种方式。",
    Ground.UNCLEAR: "照片不够清楚。请在光线好的地方再拍，或换一种方式。",
    Ground.NO_REFERENCE: "机构那里没有可以比对的照片。请换视频或柜台，效果一样。",
    Ground.NOT_TAKEN: "机构没有受理这次核对。请核对后再试，或换一种方式。",
    Ground.NOT_RECEIVED: "机构确认没有收到这次核对，可以重新提交。",
    Ground.WITHDRAWN: "你已撤回同意，核对作废，填写的内容已删除。",
    Ground.GIVEN_UP: "没有继续，填写的内容已删除。",
    Ground.REPLACED: "已有更新的核对结果。",
    Ground.UNREADABLE: "照片看不清。请在光线好的地方重新拍两面。",
    Ground.FORGED: "材料不真实，没有通过。不同意可以投诉。",
    Ground.REUSED_PHOTO: "这张照片不能用。请拍你手里的证件。",
    Ground.NOT_PROVEN: "材料不够，没有通过。请补充后再来。",
    Ground.NO_SHOW: "约定的时间没有等到你。可以重新申请。",
    Ground.MOVED: "运营商确认这个号码现在登记在别人名下，不再用于你的帐号。请留下新的手机号。",
    Ground.SPENT: "已用来重新开启帐号，不再用于别处。",
}
# A phone that is not registered to the person is no mistake in what they typed of themselves.
OF_PHONE: Mapping[Ground, str] = {
    Ground.CONFIRMED: "核对一致，这个手机号已记到你的帐号。",
    Ground.NOT_THE_SAME: "运营商说这个号码没有登记在你名下。请到营业厅过户，或换一个你名下的号码。",
    Ground.NOT_FOUND: "运营商没有查到这个号码。请看有没有填错，或换一个你名下的号码。",
}
RULES: tuple[tuple[str, str], ...] = (
    (Rule.RESIDENT.value, "居民身份证"),
    (Rule.PASSPORT.value, "护照"),
    (Rule.HK_MACAO_PERMIT.value, "港澳通行证"),
    (Rule.TAIWAN_PERMIT.value, "台湾通行证"),
    (Rule.RESIDENCE_PERMIT.value, "港澳台居住证"),
    (Rule.PERMANENT_RESIDENT.value, "外国人永居证"),
)
RELATIONS: tuple[tuple[str, str], ...] = (
    (Relation.FATHER.value, "父亲"),
    (Relation.MOTHER.value, "母亲"),
    (Relation.GRANDPARENT.value, "祖父母或外祖父母"),
    (Relation.OTHER.value, "其他监护人"),
)
TIERS: Mapping[Tier, str] = {
    Tier.NONE: "还没有实名",
    Tier.NAMED: "已核对姓名和证件",
    Tier.CHECKED: "已多核对一项",
    Tier.PRESENT: "已确认是你本人",
}
NEXT: Mapping[Tier, str] = {
    Tier.NAMED: "核对姓名和证件号码",
    Tier.CHECKED: "再核对银行卡或证件照片，任选一种",
    Tier.PRESENT: "刷脸、视频或柜台，任选一种，效果一样",
}


def row_of(check: Check) -> dict[str, str]:
    """Say one check in a row: what, when, where it was asked, how it ended."""
    word, tone = STATES[check.state]
    source = next(one.name for one in queries.sources() if one.source == check.source)
    sub = f"{moment(check.began_at)} · 向{source}核对"
    return {"title": NAMES[check.kind], "sub": sub, "word": word, "tone": tone}


def ground_of(check: Check) -> str:
    """Say why a check stands as it does, and what to do."""
    if check.state in (State.SENT, State.UNKNOWN):
        return "机构还没有答复。结果出来前不用重复提交，可以先离开这一页。"
    if check.state is State.REVIEWING:
        return "同事会在 3 天内核对，结果会写在这里。"
    if check.state is State.STARTED:
        return "还差一步，没有完成前不会生效；一天内没有继续会自动作废。"
    if check.state is State.MATCHED and check.valid_until:
        return f"核对一致，证件有效期到 {day(check.valid_until)}。"
    of_kind = OF_PHONE if check.kind is Kind.PHONE else {}
    return of_kind.get(check.ground) or GROUNDS.get(check.ground, "")


def opens(compiled: Compiled) -> list[dict[str, object]]:
    """Say what each tier opens, by the services of the policy in force."""
    return [
        {
            "tier": tier,
            "how": NEXT[tier],
            "services": "、".join(
                one.name for one in compiled.functions.values() if one.tier is tier
            ),
        }
        for tier in (Tier.NAMED, Tier.CHECKED, Tier.PRESENT)
    ]
