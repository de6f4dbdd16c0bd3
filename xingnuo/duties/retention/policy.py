"""What the law alone keeps, and who may open it."""

from __future__ import annotations

from xingnuo.trust.policy.contracts import (
    ActorKind,
    Basis,
    Declaration,
    Function,
    Purpose,
    Shows,
    SubjectState,
)

SEALED_STATES = (
    SubjectState.ACTIVE,
    SubjectState.FROZEN,
    SubjectState.MINOR,
    SubjectState.WITHDRAWN,
    SubjectState.CLOSING,
    SubjectState.SEALED,
    SubjectState.DECEASED,
)
ALL_ITEMS = ("*",)
SEALED_ITEMS = (
    "name",
    "document_kind",
    "document_number",
    "document_validity",
    "document_photo",
    "sex",
    "nationality",
    "occupation",
    "usual_address",
    "work_address",
    "phone",
    "card_number",
    "opening_bank",
    "transaction",
    "transfer",
    "credit_record",
    "order",
    "policy_record",
    "policyholder",
    "insured",
)

FUNCTIONS = (
    Function(
        id="legal_keeping",
        name="依法保存",
        section="4.3",
        controller="lender",
        text="注销后，法律要求保留的身份资料、交易和贷款记录会被封存，只有下面几件法定的事能打开，其他一概不能用。",
    ),
)

PURPOSES = (
    Purpose(
        id="aml.authority_request",
        function="legal_keeping",
        title="配合反洗钱调查",
        sentence="反洗钱主管部门依法调查",
        basis=Basis.LEGAL_DUTY,
        law="AML 43",
        exception="legal_duty",
        optional=SEALED_ITEMS,
        actors=(ActorKind.COMPLIANCE,),
        in_states=SEALED_STATES,
        scene="后台",
    ),
    Purpose(
        id="court.request",
        function="legal_keeping",
        title="配合司法机关",
        sentence="司法机关依法调取",
        basis=Basis.LEGAL_DUTY,
        law="CPL 54",
        exception="criminal_justice",
        optional=SEALED_ITEMS,
        actors=(ActorKind.COMPLIANCE,),
        in_states=SEALED_STATES,
        scene="后台",
    ),
    Purpose(
        id="accounting.archive",
        function="legal_keeping",
        title="查阅会计档案",
        sentence="会计法规要求能查到凭证",
        basis=Basis.LEGAL_DUTY,
        law="MOF79 13",
        exception="legal_duty",
        optional=("transaction", "transfer", "order", "bill_record", "card_number"),
        actors=(ActorKind.COMPLIANCE, ActorKind.AUDITOR),
        shows=Shows.MASKED,
        in_states=SEALED_STATES,
        scene="后台",
    ),
    Purpose(
        id="retention.expire",
        function="legal_keeping",
        title="到期删除",
        sentence="期满就删除或去掉标识",
        basis=Basis.LEGAL_DUTY,
        law="PIPL 47",
        exception="legal_duty",
        optional=ALL_ITEMS,
        actors=(ActorKind.SYSTEM,),
        shows=Shows.NOTHING,
        in_states=SEALED_STATES,
        scene="后台定期执行",
    ),
)

DECLARATION = Declaration(room="retention", functions=FUNCTIONS, purposes=PURPOSES)
