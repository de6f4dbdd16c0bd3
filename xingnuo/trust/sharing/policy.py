"""The sharing room keeps nothing of its own: every parcel is a line of evidence."""

from __future__ import annotations

from datetime import date

from xingnuo.trust.policy.contracts import (
    ActorKind,
    Basis,
    Declaration,
    Function,
    Purpose,
    Recipient,
    Standing,
    SubjectState,
)

PARCEL_ITEMS_MAX = 60
PARCEL_FILE_BYTES_MAX = 2 * 1024 * 1024
SHARED_ITEMS = (
    "name",
    "document_kind",
    "document_number",
    "phone",
    "account_id",
    "ip_address",
    "card_number",
    "opening_bank",
    "transaction",
    "transfer",
    "credit_record",
    "order",
)
PROTECT_ITEMS = ("name", "document_number", "phone", "account_id", "transaction", "ip_address")
SEALED_STATES = (
    SubjectState.ACTIVE,
    SubjectState.FROZEN,
    SubjectState.WITHDRAWN,
    SubjectState.CLOSING,
    SubjectState.SEALED,
    SubjectState.DECEASED,
)

FUNCTIONS = (
    Function(
        id="directed_share",
        name="你指定的共享",
        section="3.1",
        controller="operator",
        text="你可以让我们把选定的几项交给你指定的一方，只在你给的范围和期限里有效，随时可停。",
    ),
    Function(
        id="disclosure",
        name="依法提供",
        section="3.1",
        controller="operator",
        text="法律、法院或主管机关依法要求时，或为了制止诈骗等危害时，我们只给最少的项目，两个人批准，并记下依据。",
    ),
    Function(
        id="transfer",
        name="合并与转移",
        section="3.2",
        controller="operator",
        text="公司合并、分立或转让涉及个人信息时，我们用弹窗、邮件和网站告诉你接收方是谁、怎么联系。对方不受本政策约束，就要重新征得你的同意。",
    ),
)

PURPOSES = (
    Purpose(
        id="sharing.directed",
        function="directed_share",
        title="交给你指定的一方",
        sentence="按你的意思交给你选的人",
        basis=Basis.SEPARATE_CONSENT,
        own_consent=True,
        optional=SHARED_ITEMS,
        refusal_cost="不同意就不交给任何人。",
        accept_verb="同意交给",
        actors=(ActorKind.SELF,),
        scene="设置 › 隐私设置",
    ),
    Purpose(
        id="sharing.by_law",
        function="disclosure",
        title="依法向有权机关提供",
        sentence="法律或主管机关要求提供",
        basis=Basis.LEGAL_DUTY,
        law="PIPL 13.1(3)",
        exception="legal_duty",
        optional=SHARED_ITEMS,
        actors=(ActorKind.COMPLIANCE,),
        in_states=SEALED_STATES,
        scene="后台",
    ),
    Purpose(
        id="sharing.protect",
        function="disclosure",
        title="制止诈骗等危害",
        sentence="紧急时保护人的生命和财产",
        basis=Basis.EMERGENCY,
        law="PIPL 13.1(4)",
        exception="life_and_property",
        optional=PROTECT_ITEMS,
        actors=(ActorKind.COMPLIANCE, ActorKind.RISK),
        in_states=(
            SubjectState.ACTIVE,
            SubjectState.FROZEN,
            SubjectState.WITHDRAWN,
            SubjectState.CLOSING,
        ),
        scene="后台",
    ),
    Purpose(
        id="sharing.merger",
        function="transfer",
        title="转给接手的公司",
        sentence="公司合并时由新公司接着服务",
        basis=Basis.SEPARATE_CONSENT,
        own_consent=True,
        optional=SHARED_ITEMS,
        refusal_cost="不同意就不转移，你可以先下载再注销。",
        accept_verb="同意转移",
        actors=(ActorKind.SELF, ActorKind.SYSTEM),
        scene="合并公告页",
    ),
)

RECIPIENTS = (
    Recipient(
        id="authority",
        name="依法调查取证的国家机关",
        contact="以来函机关公布的方式为准",
        standing=Standing.AUTHORITY,
        items=(
            "name",
            "document_kind",
            "document_number",
            "phone",
            "account_id",
            "ip_address",
            "card_number",
            "opening_bank",
            "transaction",
            "transfer",
            "credit_record",
            "order",
        ),
        purposes=("sharing.by_law", "sharing.protect", "aml.authority_request", "court.request"),
        method="专人当面或专用通道",
        agreement="依法提供，不另签协议",
        agreement_until=date(2030, 12, 31),
        review_until=date(2027, 6, 30),
        qualification="国家机关",
        qualification_until=date(2030, 12, 31),
        licence_no="依法履职",
        scene="依法调查",
    ),
)

DECLARATION = Declaration(
    room="sharing", functions=FUNCTIONS, purposes=PURPOSES, recipients=RECIPIENTS
)
