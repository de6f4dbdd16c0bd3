"""The queue of identity reviews."""

from __future__ import annotations

from uuid import UUID

from xingnuo.doors.console import _shared
from xingnuo.doors.console._queues import PAGE, Choice, Queue
from xingnuo.kit.cases import Case, CasePage
from xingnuo.people.identity import actions, queries
from xingnuo.people.identity.contracts import OPEN_CASES, Ground, Side
from xingnuo.trust.gate.contracts import Actor

YES, NO = "approve", "refuse"
_GROUNDS = (
    (Ground.NOT_THE_SAME.value, "与证件不是同一人"),
    (Ground.UNREADABLE.value, "照片看不清"),
    (Ground.FORGED.value, "证件有伪造痕迹"),
    (Ground.REUSED_PHOTO.value, "照片在别处用过"),
    (Ground.NOT_PROVEN.value, "材料不足以证明"),
    (Ground.NO_SHOW.value, "本人没有到场"),
    (Ground.DOCUMENT_EXPIRED.value, "证件已过期"),
    (Ground.NOT_RECEIVED.value, "机构书面确认没有收到"),
)

_SIDES = {
    "document_photo": (("front", "证件人像面"), ("back", "证件国徽面")),
    "guardian": (("front", "监护证明"),),
}


def _lists(actor: Actor, *, taken_by: str, after: str = "", limit: int = PAGE) -> CasePage:
    return queries.open_cases(actor, taken_by=taken_by, after=after, limit=limit)


def _take(actor: Actor, case_id: UUID) -> Case:
    return actions.take(actor, case_id=case_id)


def _give_back(*, actor: Actor, case_id: UUID) -> None:
    actions.put_back(actor, case_id=case_id)


def _choices(case: Case) -> tuple[Choice, ...]:
    if case.state not in OPEN_CASES:
        return ()
    return (
        Choice(code=NO, title="不通过并说明", reasons=_GROUNDS, two_person=False),
        Choice(
            code=YES,
            title="通过",
            reasons=((Ground.CONFIRMED.value, "已逐项核对一致"),),
            two_person=False,
        ),
    )


def _decide(actor: Actor, case: Case, choice: str, reason: str, note: str) -> None:
    actions.decide(actor, case_id=case.id, approve=choice == YES, ground=Ground(reason))


def _photo(actor: Actor, case: Case, side: str) -> bytes | None:
    if side not in dict(_SIDES.get(case.kind, ())):
        return None
    return queries.case_photo(actor, case_id=case.id, side=Side(side))


QUEUE = Queue(
    id="identity",
    title="身份复核",
    icon="id-card",
    mark="S",
    deadline="承诺时限：收到后 3 个工作日内；不通过要说明理由和别的办法",
    purpose="identity.review",
    kinds={
        "name_mismatch": "姓名与号码不一致",
        "document_photo": "证件照片",
        "video": "视频见证",
        "counter": "柜面核验",
        "grown_up": "成年后重新开启",
        "guardian": "监护人",
        "reused_number": "号码被重复使用",
        "contradiction": "机构前后答复不一",
        "unanswered": "机构一直没有答复",
        "source_audit": "机构合法性审查",
    },
    states={
        "waiting": "待处理",
        "taken": "办理中",
        "approved": "已通过",
        "refused": "未通过",
        "ended": "已结束",
    },
    page=lambda *, actor, mine="", closed=False, after="", limit=PAGE: _lists(
        actor, taken_by=mine, after=after, limit=limit
    ),
    counted=lambda *, actor, mine="", closed=False, overdue=False: queries.counted(
        actor, taken_by=mine, overdue=overdue
    ),
    one=lambda actor, case_id: queries.one_case(actor, case_id=case_id),
    take=lambda *, actor, case_id=None: _shared.take_of(_lists, _take, actor, case_id),
    give_back=_give_back,
    choices=_choices,
    decide=_decide,
    person=lambda actor, case: queries.case_values(actor, case_id=case.id),
    photo=_photo,
    sides=lambda case: _SIDES.get(case.kind, ()),
    lists_closed=False,
)
