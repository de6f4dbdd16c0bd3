"""Topics: what people ask about and the least that answering needs; canned answers beside them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from xingnuo.kit.errors import NotFound
from xingnuo.people.support.contracts import Desk, Kind, Level, Topic

_ALL = (
    Topic(
        id="product",
        title="产品和使用",
        kind=Kind.QUESTION,
        level=Level.NONE,
        clocks=("promise",),
    ),
    Topic(
        id="policy",
        title="隐私政策",
        kind=Kind.QUESTION,
        level=Level.NONE,
        clocks=("promise",),
    ),
    Topic(
        id="account",
        title="帐号和登录",
        kind=Kind.QUESTION,
        level=Level.ACCOUNT,
        clocks=("promise",),
    ),
    Topic(
        id="personal_data",
        title="我的个人信息",
        kind=Kind.QUESTION,
        level=Level.VERIFIED,
        clocks=("promise",),
    ),
    Topic(
        id="payments",
        title="交易和账单",
        kind=Kind.QUESTION,
        level=Level.VERIFIED,
        clocks=("promise",),
        transactions=True,
    ),
    Topic(
        id="service_complaint",
        title="对服务不满意",
        kind=Kind.COMPLAINT,
        level=Level.ACCOUNT,
        clocks=("promise", "app_service"),
    ),
    Topic(
        id="finance_complaint",
        title="借款、支付、保险或理财纠纷",
        kind=Kind.COMPLAINT,
        level=Level.VERIFIED,
        clocks=("promise", "finance"),
        transactions=True,
    ),
    Topic(
        id="credit_objection",
        title="征信记录有错",
        kind=Kind.COMPLAINT,
        level=Level.VERIFIED,
        clocks=("promise", "credit"),
        transactions=True,
    ),
    Topic(
        id="privacy_report",
        title="个人信息被滥用",
        kind=Kind.REPORT,
        level=Level.NONE,
        clocks=("promise", "pi_report"),
    ),
    Topic(
        id="rights",
        title="查询、更正、删除等书面请求",
        kind=Kind.RIGHTS_REQUEST,
        level=Level.VERIFIED,
        clocks=("promise", "rights"),
        for_another=True,
    ),
)
TOPICS: Mapping[str, Topic] = MappingProxyType({one.id: one for one in _ALL})

DESKS: Mapping[Kind, Desk] = MappingProxyType(
    {
        Kind.QUESTION: Desk.TICKETS,
        Kind.COMPLAINT: Desk.COMPLAINTS,
        Kind.REPORT: Desk.COMPLAINTS,
        Kind.RIGHTS_REQUEST: Desk.REQUESTS,
    }
)

# Items of the person that the desk may see for a level; the words of the case come on top.
_SEEN: Mapping[Level, tuple[str, ...]] = MappingProxyType(
    {
        Level.NONE: (),
        Level.ACCOUNT: ("account_id",),
        Level.VERIFIED: ("account_id", "name", "phone", "document_number"),
    }
)

CANNED: Mapping[str, str] = MappingProxyType(
    {
        "received": "你好，我们已经收到，正在核对，会在页面上写的日期前答复你。",
        "where_settings": "可以自己办：打开“首页 › 我的 › 设置 › 隐私设置”，马上生效。",
        "ask_when": "为了查清楚，请告诉我们大概是哪一天、在哪个页面遇到的。不用写密码和验证码。",
        "ask_picture": "如果方便，请上传一张页面截图；把别人的信息遮住再传。",
        "no_code": "我们不会向你要密码或验证码。有人要的话，请不要告诉他，并告诉我们。",
        "corrected": "已经更正，你可以在“我的 › 个人信息”里看到。还有问题请直接回复。",
        "cannot": "我们核对后不能按你的要求办。原因写在下一条里；不同意可以要求复核，也可以投诉或起诉。",
    }
)

# Told with every answer (9.1).
WAYS_ON = (
    "对答复不满意：可以直接回复，我们换一位同事复核；"
    "也可以拨打 12363（中国人民银行金融消费者权益保护）"
    "或 12378（国家金融监督管理总局），"
    "向网信、工信、公安、市场监管部门投诉举报，或向法院起诉。"
)


def topic(topic_id: str) -> Topic:
    """Give a topic; raises `NotFound`."""
    try:
        return TOPICS[topic_id]
    except KeyError:
        raise NotFound("topic") from None


def seen(known: Topic) -> tuple[str, ...]:
    """Name the person's items that the desk may see for a topic."""
    return _SEEN[known.level]
