"""Rules of the staff register as data: roles, texts to sign, courses, terms and limits."""

from __future__ import annotations

from datetime import date

from xingnuo.people.permissions.contracts import Course, Question, Role, Undertaking
from xingnuo.trust.policy.contracts import ActorKind

ROLES: dict[str, Role] = {
    role.id: role
    for role in (
        Role(
            id="agent",
            title="客服",
            kind=ActorKind.AGENT,
            queues=("tickets", "complaints"),
            purposes=("support.",),
        ),
        Role(
            id="reviewer",
            title="身份复核",
            kind=ActorKind.REVIEWER,
            queues=("identity", "merchant"),
            purposes=("identity.", "merchant_collection."),
        ),
        Role(
            id="risk",
            title="风险",
            kind=ActorKind.RISK,
            queues=("risk",),
            purposes=("antifraud.",),
        ),
        Role(
            id="aml",
            title="反洗钱",
            kind=ActorKind.COMPLIANCE,
            queues=("aml",),
            purposes=("aml.",),
        ),
        Role(
            id="compliance",
            title="合规与权利请求",
            kind=ActorKind.COMPLIANCE,
            queues=("rights", "complaints", "requests"),
            purposes=("rights.", "support."),
        ),
        Role(
            id="funds",
            title="资金核对",
            kind=ActorKind.COMPLIANCE,
            queues=("bills", "wallet"),
            purposes=("payments.",),
        ),
        Role(id="auditor", title="审计", kind=ActorKind.AUDITOR),
        Role(id="admin", title="管理", kind=None),
    )
}

# The newest text in force is the one to sign; an older signature holds until its own end.
UNDERTAKINGS: tuple[Undertaking, ...] = (
    Undertaking(
        version="1",
        effective_on=date(2026, 1, 1),
        months=12,
        paragraphs=(
            "我只为正在办理的工单查看客户信息，只看办这件事需要的那几项。",
            "看到的内容不记、不拍、不转发、不带走，离岗和离职以后也一样。",
            "查看明文会写明理由并留痕，客户本人看得到是哪个岗位、为什么看。",
            "不办理本人、亲属和有利害关系的人的工单；遇到时交给同事。",
            "发现泄露、误发或有人违规，当天报告合规岗。",
            "违反承诺的，立即停用权限，并按公司制度和法律处理。",
        ),
    ),
)

COURSES: tuple[Course, ...] = (
    Course(
        id="privacy",
        title="个人信息保护与信息安全",
        months=12,
        paragraphs=(
            "能不看就不看：列表和工单默认只显示遮挡后的内容，多数问题不用看明文就能办完。",
            "先有工单再有查看：没有正在办理的工单，任何人都不能打开客户信息。",
            "查看明文要写理由，五分钟后自动遮住；每天有次数上限，接近上限会提醒管理岗。",
            "不问密码、验证码、支付密码；任何人以任何理由索要，都要拒绝并报告。",
            "客户有权知道谁看过。每次查看都会出现在客户的“我的信息被谁看过”里。",
        ),
        questions=(
            Question(
                text="客户来电说忘了手机号，没有工单，你怎么做？",
                answers=("先登记工单，再按流程核对", "直接搜姓名找一找", "让同事帮忙查"),
                right=0,
            ),
            Question(
                text="同事请你把客户身份证号发到聊天群里，你怎么做？",
                answers=("发给他，他也有权限", "拒绝，并报告合规岗", "只发后四位"),
                right=1,
            ),
            Question(
                text="查看明文的记录，客户本人能看到吗？",
                answers=("不能，是内部记录", "投诉后才能", "能，看得到岗位和理由"),
                right=2,
            ),
            Question(
                text="工单里出现了你亲属的名字，你怎么做？",
                answers=("快点办完", "不办理，交给同事", "先看看情况"),
                right=1,
            ),
        ),
    ),
)

BREACHES: dict[str, str] = {
    "looked_without_need": "没有办理需要却查看",
    "shared_out": "把客户信息带出或转发",
    "asked_for_secret": "向客户索要密码或验证码",
    "lent_key": "把登录方式借给别人",
    "approved_own": "办理本人或亲属的工单",
    "other_breach": "其他违反保密承诺的行为",
}

# Why a member of staff looks at a value in plain, or looks somebody up; the customer reads it.
REASONS: dict[str, str] = {
    "call_back": "需要按号码回电",
    "match_document": "核对证件与填写是否一致",
    "match_caller": "核对来电人是不是本人",
    "legal_request": "依法答复有权机关",
    "answer_request": "答复本人提出的请求",
    "check_alert": "核实异常交易或登录",
}

IDLE_SECONDS = 15 * 60
SESSION_SECONDS = 8 * 3600
ENROL_SECONDS = 10 * 60
TAP_SECONDS = 5 * 60  # how long a touch of the passkey counts as fresh
TOUCH_SECONDS = 30  # a session's last use is written at most this often
CODE_SECONDS = 24 * 3600
CODE_BITS = 120
CHALLENGE_SECONDS = 120
CHALLENGES_MAX = 500  # open ones of everybody, so that knocking at the door fills no table
REVEAL_SECONDS = 5 * 60
REVEALS_A_DAY = 30
REVEALS_NEAR = 24  # from here on the page warns and the record holds an alert
LOOKUPS_AN_HOUR = 20
NOTE_CHARS_MIN = 10
NOTE_CHARS_MAX = 200
RELEASE_DAYS = 7
RENEWAL_DAYS = 30  # from here on a page asks to sign or train again
