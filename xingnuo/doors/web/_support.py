"""What the pages of help and complaints say: clocks in plain words, messages, hand-overs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from xingnuo.doors.web import _asking
from xingnuo.doors.web._pages import subject, with_query
from xingnuo.doors.web._when import day, moment
from xingnuo.people.support import queries
from xingnuo.people.support.contracts import (
    Author,
    Form,
    HandOver,
    HandState,
    Kind,
    Level,
    Message,
    Proof,
    State,
    Ticket,
    Topic,
)
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.gate.contracts import Standing

WORDS = "support.messages"
STATES = {
    State.OPEN: ("已收到，等客服处理", "info"),
    State.WAITING_PERSON: ("等你补充", "warn"),
    State.WAITING_AGENT: ("你已补充，等客服处理", "info"),
    State.ANSWERED: ("已答复", "good"),
    State.CLOSED: ("已办结", ""),
    State.REOPENED: ("重新办理中", "info"),
}
KINDS = {
    Kind.QUESTION: "咨询",
    Kind.COMPLAINT: "投诉",
    Kind.RIGHTS_REQUEST: "书面请求",
    Kind.REPORT: "举报",
}
LEVELS = {
    Level.NONE: "不用任何身份信息",
    Level.ACCOUNT: "最多看是哪个帐号",
    Level.VERIFIED: "先验证是你本人",
}
GROUNDS = {
    "by_person": "你自己办结的",
    "idle": "答复后 30 天没有新消息，自动办结",
    "withdrawn": "你撤回了同意，已停止办理",
    "no_reply": "问过你，没有等到回话",
    "solved": "你说已经解决",
}
PROOFS = {
    Proof.WAITING: "授权书正在审核",
    Proof.ACCEPTED: "授权书已通过",
    Proof.REFUSED: "授权书没有通过，请补充",
}
HANDS = {
    HandState.RELEASED: ("准备送出", "info"),
    HandState.UNKNOWN: ("已送出，等对方确认", "info"),
    HandState.ACCEPTED: ("对方已收到", "good"),
    HandState.CORRECTION: ("对方要求补正", "warn"),
    HandState.CORRECTED: ("已补正，另行转交", "info"),
    HandState.REJECTED: ("对方没有受理", "warn"),
}


def clock_of(one: Ticket) -> str:
    """Say a case's clock: when the answer comes at the latest, in working days and by date."""
    if not one.is_running:
        return f"{moment(one.answered_at)}答复" if one.state is State.ANSWERED else ""
    last = day(one.due_at)
    if one.days_left < 0:
        return f"已超过 {last}，我们没有按时答复，正在加急"
    if one.days_left == 0:
        return f"今天答复（{last}）"
    return f"还有 {one.days_left} 个工作日，最晚 {last} 答复"


def row_of(one: Ticket) -> dict[str, str]:
    """Give a case for a list."""
    word, tone = STATES[one.state]
    return {
        "title": f"{KINDS[one.kind]}：{one.topic.title}",
        "sub": clock_of(one) or f"{moment(one.opened_at)}提出",
        "word": word,
        "tone": tone,
        "href": reverse("support_case", args=[one.id]),
    }


def message_of(one: Message, case: Ticket) -> dict[str, Any]:
    """Give a message for the thread page."""
    return {
        "who": "我" if one.author is Author.PERSON else "客服",
        "is_mine": one.author is Author.PERSON,
        "text": one.text,
        "at": moment(one.sent_at),
        "href": reverse("support_file", args=[case.id, one.id]) if one.is_file else "",
        "link": "看照片" if one.form is Form.PHOTO else "听录音",
        "is_canned": one.form is Form.CANNED,
    }


def hand_of(one: HandOver) -> dict[str, str]:
    """Give a hand-over for the thread page; what nobody released is not the person's yet."""
    word, tone = HANDS[one.state]
    return {
        "body": one.body_name,
        "why": one.why,
        "law": one.law,
        "word": word,
        "tone": tone,
        "reference": one.reference,
        "until": day(one.answer_by) if one.answer_by else "",
    }


def topic_row(one: Topic) -> dict[str, str]:
    """Give a topic for the choice of topics."""
    return {
        "title": one.title,
        "sub": LEVELS[one.level],
        "href": reverse("support_ask", args=[one.id]),
    }


def standing_of(request: HttpRequest) -> Standing:
    """Give how the person stands."""
    return gate.standing(subject(request))


def is_on(standing: Standing, purpose: str, item: str = "") -> bool:
    """Say whether a purpose stands agreed to, with one of its optional items."""
    found = _asking.decided_on(standing, purpose)
    return _asking.is_on(standing, purpose) and (
        not item or (found is not None and item in found.items)
    )


def voice_way(standing: Standing, here: str) -> str:
    """Give where voice is opened first: its sheet, then the microphone's page; empty when open."""
    if not is_on(standing, "support.voice"):
        return with_query(reverse("consent", args=["support.voice"]), next=here)
    if "microphone" not in standing.permissions_on:
        return with_query(reverse("permission", args=["microphone"]), next=here)
    return ""


def more_ways(standing: Standing, one: Ticket, here: str) -> list[dict[str, str]]:
    """Offer what would help with this topic and is not agreed to; nothing of it is needed."""
    wanted = []
    if one.topic.level is not Level.NONE:
        wanted.append(("support.case", "让客服看到是哪个帐号", "名字和号码仍会遮挡"))
    if one.topic.transactions:
        wanted.append(("support.transactions", "让客服查这件事的交易", "只查与问题有关的"))
    return [
        {
            "title": title,
            "sub": f"不同意也照常受理。{sub}",
            "href": with_query(reverse("consent", args=[purpose]), next=here),
        }
        for purpose, title, sub in wanted
        if not is_on(standing, purpose)
    ]


def help_rows(query: str) -> list[dict[str, str]]:
    """Give the articles found, or all of them in their order."""
    found = queries.search(query) if query else tuple(queries.ARTICLES.values())
    return [
        {
            "title": one.title,
            "sub": queries.topic(one.topic).title,
            "href": reverse("support_article", args=[one.id]),
        }
        for one in found
    ]
