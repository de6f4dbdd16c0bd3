"""What people are told: what they must know, and what they agreed to hear."""

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

FUNCTIONS = (
    Function(
        id="service_notices",
        name="服务通知",
        section="8",
        controller="operator",
        core=True,
        text="登录提醒、办理结果、政策变更这些您必须知道的事，用站内消息、短信或邮件告诉您。",
    ),
    Function(
        id="promotions",
        name="福利通知",
        section="1.6.1",
        controller="operator",
        text="活动和优惠只在您同意后才发。回复短信退订，或到“首页 › 我的 › 设置 › 福利通知”关闭，都立即生效。我们不把您的信息交给别人做推广。",
    ),
    Function(
        id="personal_feed",
        name="个性化服务",
        section="1.6.2",
        controller="operator",
        text="首页推荐可以按您的所在地和看过的内容来排。关掉后只看到人人相同的内容，我们也立即停止收集并删掉由此得出的标签。",
    ),
)

PURPOSES = (
    Purpose(
        id="notices.service",
        function="service_notices",
        title="发送服务通知",
        sentence="把办理结果及时告诉您",
        basis=Basis.CONTRACT,
        law="PIPL 13.1(2)",
        items=("phone",),
        optional=("email",),
        refusal_cost="不留联系方式就只能在应用里看通知。",
        actors=(ActorKind.SELF, ActorKind.SYSTEM, ActorKind.AGENT),
        in_states=(
            SubjectState.NEW,
            SubjectState.ACTIVE,
            SubjectState.FROZEN,
            SubjectState.WITHDRAWN,
            SubjectState.CLOSING,
        ),
        scene="消息",
    ),
    Purpose(
        id="notices.duty",
        function="service_notices",
        title="通知您必须知道的事",
        sentence="政策变更或出事时要告诉您",
        basis=Basis.LEGAL_DUTY,
        law="PIPL 17",
        exception="legal_duty",
        items=("phone",),
        optional=("email",),
        actors=(ActorKind.SYSTEM, ActorKind.COMPLIANCE),
        in_states=(
            SubjectState.NEW,
            SubjectState.ACTIVE,
            SubjectState.FROZEN,
            SubjectState.WITHDRAWN,
            SubjectState.CLOSING,
            SubjectState.MINOR,
            SubjectState.DECEASED,
        ),
        scene="消息",
    ),
    Purpose(
        id="notices.deliver",
        function="service_notices",
        title="经短信通道送达",
        sentence="把短信送到您的手机",
        basis=Basis.CONTRACT,
        law="PIPL 13.1(2)",
        items=("phone",),
        refusal_cost="不同意就只能在应用里看消息。",
        actors=(ActorKind.SYSTEM,),
        in_states=(
            SubjectState.NEW,
            SubjectState.ACTIVE,
            SubjectState.FROZEN,
            SubjectState.WITHDRAWN,
            SubjectState.CLOSING,
        ),
        scene="短信",
    ),
    Purpose(
        id="notices.reminder",
        function="service_notices",
        title="把提醒写进日历",
        sentence="到日子时手机会提醒您",
        basis=Basis.CONSENT,
        own_consent=True,
        refusal_cost="不同意就只在应用里提醒。",
        permissions=("calendar",),
        needs_permission=True,
        scene="提醒设置",
    ),
    Purpose(
        id="notices.promotion",
        function="promotions",
        title="发送活动和优惠",
        sentence="把可能用得上的优惠告诉您",
        basis=Basis.CONSENT,
        own_consent=True,
        items=("phone",),
        optional=("account_id",),
        refusal_cost="不同意就不会收到推广，其他不变。",
        actors=(ActorKind.SELF, ActorKind.SYSTEM),
        marketing=True,
        scene="首页 › 我的 › 设置 › 福利通知",
    ),
    Purpose(
        id="feed.personal",
        function="personal_feed",
        title="按您的喜好推荐",
        sentence="让首页更合您的需要",
        basis=Basis.SEPARATE_CONSENT,
        own_consent=True,
        optional=("location", "device_model", "oaid", "device_uuid", "browsing"),
        refusal_cost="不同意就看人人相同的内容，其他不变。",
        automated=True,
        actors=(ActorKind.SELF, ActorKind.SYSTEM),
        permissions=("location",),
        marketing=True,
        scene="首页 › 我的 › 设置 › 隐私设置 › 个性化服务",
    ),
)

RECIPIENTS = (
    Recipient(
        id="sms_gateway",
        name="鸿信短信通道有限公司",
        contact="privacy@hongxin-sms.example · 010-5550-1161",
        standing=Standing.PROCESSOR,
        items=("phone",),
        purposes=("notices.service", "notices.duty", "notices.deliver", "loans.notice"),
        method="API",
        agreement="短信发送委托处理协议 SM-2026-06",
        agreement_until=date(2027, 12, 31),
        review_until=date(2027, 6, 30),
        qualification="网络安全等级保护三级",
        qualification_until=date(2027, 11, 30),
        licence_no="增值电信业务许可 B2-20260161",
        policy_url="https://hongxin-sms.example/privacy",
        scene="短信",
    ),
)

DECLARATION = Declaration(
    room="notices", functions=FUNCTIONS, purposes=PURPOSES, recipients=RECIPIENTS
)
