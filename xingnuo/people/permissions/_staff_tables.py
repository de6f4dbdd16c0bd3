"""The tables of the staff register, each column accounted for.

A member's name is about staff at work, never about a customer, so it is no item of the policy: it
stands here as text and leaves the console only as a watermark.
"""

from __future__ import annotations

from xingnuo.trust.policy.contracts import Column, Table

_KEY, _TIME, _CODE, _TEXT = Column.KEY, Column.TIME, Column.CODE, Column.TEXT


def _table(name: str, about: str, /, **columns: Column) -> Table:
    return Table(
        name=f"permissions_{name}",
        about=about,
        retention="handling_record",
        subject=False,
        columns={"id": _KEY, **columns},
    )


TABLES = (
    _table(
        "staff",
        "工作人员登记：工号、工作姓名、状态",
        code=_CODE,
        name=_TEXT,
        state=Column.STATE,
        moved_at=_TIME,
        moved_why=_CODE,
    ),
    _table(
        "staff_role",
        "工作人员的岗位",
        staff_id=_KEY,
        role=_CODE,
        given_by=_CODE,
        given_at=_TIME,
        ended_at=_TIME,
    ),
    _table(
        "staff_key",
        "工作人员通行密钥的公开部分",
        staff_id=_KEY,
        credential=Column.DIGEST,
        public_key=Column.DIGEST,
        sign_count=Column.COUNT,
        made_at=_TIME,
        ended_at=_TIME,
    ),
    _table(
        "staff_code",
        "登记通行密钥用的一次性代码",
        staff_id=_KEY,
        digest=Column.DIGEST,
        made_at=_TIME,
        expires_at=_TIME,
        used_at=_TIME,
    ),
    _table(
        "staff_challenge",
        "等待通行密钥回答的随机数",
        session_id=_KEY,
        act=Column.STATE,
        digest=Column.DIGEST,
        expires_at=_TIME,
    ),
    _table(
        "staff_session",
        "工作人员在工作台的登录",
        staff_id=_KEY,
        digest=Column.DIGEST,
        host=_CODE,
        stage=Column.STATE,
        begun_at=_TIME,
        seen_at=_TIME,
        expires_at=_TIME,
        verified_at=_TIME,
        ended_at=_TIME,
        ended_why=_CODE,
    ),
    _table(
        "staff_undertaking",
        "工作人员签署的保密承诺",
        staff_id=_KEY,
        version=_CODE,
        text_hash=Column.DIGEST,
        signed_at=_TIME,
        until_at=_TIME,
    ),
    _table(
        "staff_training",
        "工作人员通过的培训",
        staff_id=_KEY,
        course=_CODE,
        recorded_by=_CODE,
        passed_at=_TIME,
        until_at=_TIME,
    ),
    _table(
        "staff_breach",
        "工作人员违反承诺的记录",
        staff_id=_KEY,
        kind=_CODE,
        recorded_by=_CODE,
        at=_TIME,
    ),
    _table(
        "staff_look",
        "工作人员查找和查看明文的登记，不含客户信息",
        staff_id=_KEY,
        session_id=_KEY,
        kind=Column.STATE,
        queue=_CODE,
        case_id=_KEY,
        purpose=_CODE,
        item=_CODE,
        reason=_CODE,
        note=_TEXT,
        at=_TIME,
        until_at=_TIME,
    ),
    _table(
        "staff_release",
        "等待第二人复核的步骤",
        kind=_CODE,
        ref=_KEY,
        choice=_CODE,
        reason=_CODE,
        note=_TEXT,
        state=Column.STATE,
        proposed_by=_CODE,
        proposed_at=_TIME,
        due_at=_TIME,
        released_by=_CODE,
        closed_at=_TIME,
    ),
)
