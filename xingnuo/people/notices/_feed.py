"""The feed: the same cards for everybody, and their order by what a person looked at, if they like.

A tag is a topic under item `browsing`, sealed, one slot for each; it counts up to nine. Off means
everybody's order: the gate refuses to collect, and with the consent the tags go.
"""

from __future__ import annotations

from uuid import UUID

from xingnuo.people.notices._limits import CARDS_SHOWN
from xingnuo.people.notices.contracts import FeedCard
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as standing
from xingnuo.trust.gate.contracts import Actor
from xingnuo.trust.policy.contracts import SubjectState

PURPOSE = "feed.personal"
ITEM = "browsing"
WEIGHT_MAX = 9
CARDS = (
    FeedCard(code="fraud_code", topic="safety", title="验证码只给自己看",
             text="客服、公安、平台都不会向你要验证码。要的就是骗子。"),
    FeedCard(code="apr", topic="loan", title="年化利率怎么看",
             text="把所有费用算进去，才是借一年真正的价钱。"),
    FeedCard(code="rights_copy", topic="privacy", title="把你的信息带走一份",
             text="在“个人信息”里点下载，几秒就好，不用理由。"),
    FeedCard(code="rate_risk", topic="wealth", title="收益越高，风险越高",
             text="净值型产品会涨也会跌，先看风险等级再看收益。"),
    FeedCard(code="early_repay", topic="loan", title="提前还款能省多少",
             text="按天计息的借款，早还一天少付一天利息。"),
    FeedCard(code="insurance_exempt", topic="insurance", title="先看“不保什么”",
             text="责任免除写清了哪些情况不赔，比保什么更要看。"),
    FeedCard(code="card_lost", topic="safety", title="手机丢了先做三件事",
             text="挂失手机卡、冻结帐号、改密码，越早越好。"),
    FeedCard(code="money_fund", topic="wealth", title="货币基金不是存款",
             text="它风险低但不保本，也有可能当天取不出全部。"),
)  # fmt: skip
TOPICS = {
    "safety": "防骗",
    "loan": "借款",
    "privacy": "隐私",
    "wealth": "理财",
    "insurance": "保险",
}
_BY_CODE = {card.code: card for card in CARDS}


def everybody() -> tuple[FeedCard, ...]:
    """Give the feed that is the same for everyone."""
    return CARDS[:CARDS_SHOWN]


def is_personal(subject_id: UUID) -> bool:
    """Say whether the person asked for an order by what they looked at, and may have it now."""
    stands = standing.standing(subject_id)
    on = any(
        one.purpose == PURPOSE
        and one.decision == "grant"
        and not one.due_again
        and ITEM in one.items
        for one in stands.decisions
    )
    return on and stands.state is SubjectState.ACTIVE


def of_person(actor: Actor, *, subject_id: UUID) -> tuple[FeedCard, ...]:
    """Give the feed in a person's own order, each card with the reason; everybody's without."""
    if not is_personal(subject_id):
        return everybody()
    weights = _weights(actor, subject_id)
    ordered = sorted(CARDS, key=lambda card: -weights.get(card.topic, 0))
    return tuple(
        card
        if card.topic not in weights
        else FeedCard(
            code=card.code,
            topic=card.topic,
            title=card.title,
            text=card.text,
            because=f"你看过{TOPICS[card.topic]}的内容",
        )
        for card in ordered[:CARDS_SHOWN]
    )


def _weights(actor: Actor, subject_id: UUID) -> dict[str, int]:
    permit = gate.permit(actor, subject_id=subject_id, purpose=PURPOSE, items=(ITEM,))
    found = standing.read(permit, (ITEM,))
    return {one.slot: int(one.text.rpartition(":")[2]) for one in found if one.slot in TOPICS}


def opened(actor: Actor, *, subject_id: UUID, code: str) -> FeedCard | None:
    """Give a card that was opened; its topic is noted only for who asked for their own order."""
    card = _BY_CODE.get(code)
    if card is None or not is_personal(subject_id):
        return card
    weight = min(_weights(actor, subject_id).get(card.topic, 0) + 1, WEIGHT_MAX)
    permit = gate.permit(actor, subject_id=subject_id, purpose=PURPOSE, items=(ITEM,))
    gate.collect(permit, {ITEM: f"{card.topic}:{weight}"}, slot=card.topic)
    return card


def card(code: str) -> FeedCard | None:
    """Give a card by its code."""
    return _BY_CODE.get(code)
