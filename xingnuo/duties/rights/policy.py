"""What a person may ask of us; these purposes hold in every state a person can be in."""

from __future__ import annotations

from xingnuo.trust.policy.contracts import (
    ActorKind,
    Basis,
    Column,
    Declaration,
    Function,
    Purpose,
    Shows,
    SubjectState,
    Table,
)

EVERY_STATE = (
    SubjectState.NEW,
    SubjectState.ACTIVE,
    SubjectState.FROZEN,
    SubjectState.MINOR,
    SubjectState.WITHDRAWN,
    SubjectState.CLOSING,
    SubjectState.SEALED,
    SubjectState.ERASING,
    SubjectState.DECEASED,
)

ON_BEHALF = (
    ActorKind.SELF,
    ActorKind.GUARDIAN,
    ActorKind.SYSTEM,
    ActorKind.AGENT,
    ActorKind.REVIEWER,
)
ALL_ITEMS = ("*",)  # the compiler lists every item that can be read out
EDITABLE_ITEMS = ("*editable",)

FUNCTIONS = (
    Function(
        id="rights",
        name="您的权利",
        section="5.2",
        controller="operator",
        core=True,
        text="查询、下载、更正、删除、撤回、注销，可以在应用里办，也可以找客服。办不了的会说清理由、法条和还能找谁。",
    ),
)

PURPOSES = (
    Purpose(
        id="rights.copy",
        function="rights",
        title="下载您的个人信息",
        sentence="给您一份我们保存的副本",
        basis=Basis.LEGAL_DUTY,
        law="PIPL 45",
        exception="legal_duty",
        optional=ALL_ITEMS,
        actors=ON_BEHALF,
        shows=Shows.MASKED,
        in_states=EVERY_STATE,
        permissions=("storage",),
        scene="我的 › 个人信息",
    ),
    Purpose(
        id="rights.plain_view",
        function="rights",
        title="查看明文",
        sentence="让本人看到没有遮住的内容",
        basis=Basis.LEGAL_DUTY,
        law="PIPL 45",
        exception="legal_duty",
        optional=ALL_ITEMS,
        actors=(ActorKind.SELF, ActorKind.GUARDIAN),
        shows=Shows.REVERIFIED,
        in_states=EVERY_STATE,
        scene="我的 › 个人信息",
    ),
    Purpose(
        id="rights.correct",
        function="rights",
        title="更正您的个人信息",
        sentence="改正不对或不全的内容",
        basis=Basis.LEGAL_DUTY,
        law="PIPL 46",
        exception="legal_duty",
        optional=EDITABLE_ITEMS,
        actors=ON_BEHALF,
        shows=Shows.MASKED,
        in_states=EVERY_STATE,
        scene="我的 › 个人信息",
    ),
    Purpose(
        id="rights.erase",
        function="rights",
        title="删除您的个人信息",
        sentence="按您的要求删除",
        basis=Basis.LEGAL_DUTY,
        law="PIPL 47",
        exception="legal_duty",
        optional=ALL_ITEMS,
        actors=ON_BEHALF,
        shows=Shows.NOTHING,
        in_states=EVERY_STATE,
        scene="设置 › 隐私设置 › 注销服务",
    ),
    Purpose(
        id="rights.guardian",
        function="rights",
        title="监护人代办",
        sentence="让监护人为孩子行使权利",
        basis=Basis.LEGAL_DUTY,
        law="PIPL 31",
        exception="legal_duty",
        optional=ALL_ITEMS,
        actors=(ActorKind.GUARDIAN, ActorKind.REVIEWER),
        shows=Shows.MASKED,
        in_states=EVERY_STATE,
        scene="我的 › 帮助",
    ),
    Purpose(
        id="rights.erase_by_duty",
        function="rights",
        title="主动删除",
        sentence="到期或目的达成就删除",
        basis=Basis.LEGAL_DUTY,
        law="PIPL 47",
        exception="legal_duty",
        optional=ALL_ITEMS,
        actors=(ActorKind.SYSTEM, ActorKind.COMPLIANCE),
        shows=Shows.NOTHING,
        in_states=EVERY_STATE,
        scene="后台定期执行",
    ),
)

CLOSE_DAYS = 15  # calendar days: earlier than 15 working days (App rules 2019-191 6.3), both hold
REPLY_DAYS = 15  # calendar days, within the promised 15 working days

TABLES = (
    Table(
        name="rights_case",
        about="您提出的请求和办理时限",
        retention="handling_record",
        subject=True,
        columns={
            "id": Column.KEY,
            "subject_id": Column.KEY,
            "kind": Column.STATE,
            "state": Column.STATE,
            "made_at": Column.TIME,
            "due_at": Column.TIME,
            "done_at": Column.TIME,
            "ground": Column.CODE,
            "receipt_digest": Column.DIGEST,
        },
    ),
    Table(
        name="rights_certificate",
        about="注销完成的证明（不含个人信息）",
        retention="handling_record",
        subject=False,
        columns={
            "case_id": Column.KEY,
            "body": Column.TEXT,
            "signature": Column.DIGEST,
            "key_id": Column.KEY,
            "made_at": Column.TIME,
        },
    ),
)

DECLARATION = Declaration(room="rights", functions=FUNCTIONS, purposes=PURPOSES, tables=TABLES)
