"""The one register of texts: code, version, kind and words. A changed text takes a new version.

A text message names no person, no account and no place: whoever else reads the screen learns
nothing. A promotion names its sender and the way out (通信短信息服务管理规定 18).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from xingnuo.people.notices._money import MONEY
from xingnuo.people.notices._security import SECURITY
from xingnuo.people.notices._shops import SHOPS
from xingnuo.people.notices.contracts import Channel, MessageKind, Template, UnknownTemplate

EVERY_WAY = (Channel.APP, Channel.SMS, Channel.EMAIL, Channel.PUSH)
_LABEL = re.compile(r"[\w\-:. ·年月日]{0,40}")

_LIST = (
    *SECURITY,
    *MONEY,
    *SHOPS,
    Template(
        code="promotion_stopped",
        version=1,
        kind=MessageKind.SERVICE,
        title="福利通知已关闭",
        text="以后不再给你发活动和优惠，还没发出的也已取消。想再收到，可在福利通知里打开。",
        channels=(Channel.APP,),
        href="/me/settings/benefit-notices/",
    ),
    Template(
        code="document_expiring",
        version=1,
        kind=MessageKind.SERVICE,
        title="证件快到期了",
        text="你登记的证件将在 {label} 到期。到期后要用实名的服务会先停，更新证件就恢复。",
        channels=EVERY_WAY,
        sms="【星诺】你登记的证件快到期了，请打开星诺，在“我的-实名认证”更新。"
        "我们不会向你要密码或验证码。",
        href="/me/real-name/",
    ),
    Template(
        code="case_answered",
        version=1,
        kind=MessageKind.SERVICE,
        title="你的问题有回复了",
        text="客服已回复你的问题，点开查看。",
        channels=EVERY_WAY,
        sms="【星诺】你的问题有回复了，请打开星诺，在“我的-投诉与咨询”查看。",
        href="/support/",
    ),
    Template(
        code="complaint_handed",
        version=1,
        kind=MessageKind.SERVICE,
        title="投诉转交有结果了",
        text="主管机构对你投诉的转交有了回音，点开看结果和接下来怎么办。",
        channels=(Channel.APP, Channel.SMS, Channel.PUSH),
        sms="【星诺】你的投诉转交有结果了，请打开星诺，在“我的-投诉与咨询”查看。",
        href="/support/cases/",
    ),
    Template(
        code="review_done",
        version=1,
        kind=MessageKind.SERVICE,
        title="复核有结果了",
        text="你要求由人复核的判断已有结果，点开看结论和理由。不认可还可以找客服或监管部门。",
        channels=(Channel.APP, Channel.SMS, Channel.PUSH),
        sms="【星诺】你要求的人工复核有结果了，请打开星诺，在“隐私设置-自动化决策”查看。",
        href="/me/settings/privacy/automated/",
    ),
    Template(
        code="complaint_due",
        version=1,
        kind=MessageKind.SERVICE,
        title="投诉还在办理",
        text="你的投诉将在 {label} 前答复。想知道进度，可随时点开查看。",
        channels=(Channel.APP,),
        href="/support/",
    ),
    Template(
        code="incident",
        version=1,
        kind=MessageKind.DUTY,
        title="一起安全事件与你有关",
        text="我们发现一起安全事件，可能涉及你的信息。点开查看经过、影响和你可以做什么。",
        channels=EVERY_WAY,
        sms="【星诺】有一起安全事件可能涉及你的信息，请打开星诺查看经过和补救办法。",
        href="/notices/",
    ),
    Template(
        code="benefits_week",
        version=1,
        kind=MessageKind.PROMOTION,
        title="本周福利",
        text="本周福利专区上新，去看看有没有用得上的。",
        channels=EVERY_WAY,
        sms="【星诺】本周福利专区上新，打开星诺看看。回复T退订。",
        href="/benefits/",
    ),
)
TEMPLATES: Mapping[tuple[str, int], Template] = MappingProxyType(
    {(one.code, one.version): one for one in _LIST}
)
_NEWEST: Mapping[str, int] = MappingProxyType(
    {one.code: max(other.version for other in _LIST if other.code == one.code) for one in _LIST}
)


def newest(code: str) -> Template:
    """Give the text in use of a code; raises `UnknownTemplate`."""
    if code not in _NEWEST:
        raise UnknownTemplate
    return TEMPLATES[code, _NEWEST[code]]


def one(code: str, version: int) -> Template:
    """Give a text as it was sent; raises `UnknownTemplate`."""
    if (code, version) not in TEMPLATES:
        raise UnknownTemplate
    return TEMPLATES[code, version]


def checked_label(label: str) -> str:
    """Give a label that may fill a text; raises `UnknownTemplate` for anything longer or odd."""
    if not _LABEL.fullmatch(label):
        raise UnknownTemplate
    return label
