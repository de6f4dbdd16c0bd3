"""Words for codes: what the record keeps as ids, said so that a person understands."""

from __future__ import annotations

from collections.abc import Iterable

from xingnuo.trust.evidence.contracts import Entry, Kind, Look
from xingnuo.trust.policy.contracts import Category, Compiled, SubjectState

ACTORS = {
    "self": "你自己",
    "guardian": "你的监护人",
    "system": "系统",
    "agent": "客服人员",
    "reviewer": "审核人员",
    "risk": "风控人员",
    "compliance": "合规人员",
    "auditor": "审计人员",
    "sibling": "姊妹应用",
    "partner": "合作方",
}
CHANNELS = {
    "h5": "手机网页",
    "api": "应用接口",
    "worker": "后台任务",
    "cli": "运维命令",
    "console": "工作台",
    "hooks": "合作方回调",
}
KINDS = {
    Kind.PERMIT: "使用",
    Kind.REFUSAL: "被拒绝",
    Kind.ACCESS_DENIED: "登录或访问被拒绝",
    Kind.BAD_INPUT: "填写有误，没有收下",
    Kind.COLLECT: "收集",
    Kind.CORRECT: "更正",
    Kind.DROP: "删除",
    Kind.VIEW: "查看（已遮挡）",
    Kind.REVEAL: "查看明文",
    Kind.LOOKUP: "按号码查找",
    Kind.SHARE: "提供给第三方",
    Kind.CONSENT: "授权决定",
    Kind.PERMISSION: "系统权限",
    Kind.STATE: "帐号状态变化",
    Kind.SIGN_IN: "登录",
    Kind.SIGN_OUT: "退出登录",
    Kind.UNLOCK: "解锁",
    Kind.EXPORT: "导出副本",
    Kind.ERASE_REQUESTED: "申请删除",
    Kind.KEYS_DESTROYED: "销毁密钥",
    Kind.PURGED: "清除数据",
    Kind.CERTIFICATE: "出具删除证明",
    Kind.SEALED: "依法封存",
    Kind.RESTORED: "恢复备份",
    Kind.RETENTION: "到期处理",
    Kind.OPERATOR: "人工操作",
    Kind.NOTICE: "发送通知",
}
DECISIONS = {"grant": "同意", "refuse": "不同意", "withdraw": "撤回"}
STATES = {
    SubjectState.NEW: "还没有同意隐私政策",
    SubjectState.ACTIVE: "正常",
    SubjectState.FROZEN: "已冻结",
    SubjectState.MINOR: "未成年人，已停止服务",
    SubjectState.WITHDRAWN: "已撤回对隐私政策的同意",
    SubjectState.CLOSING: "正在注销",
    SubjectState.SEALED: "已注销，依法封存",
    SubjectState.ERASING: "正在删除",
    SubjectState.ERASED: "已删除",
    SubjectState.DECEASED: "已停止使用",
}
CATEGORIES = {
    Category.BASIC: "基本信息",
    Category.IDENTITY_DOCUMENT: "证件信息",
    Category.CONTACT_PERSON: "联系人信息",
    Category.DEVICE: "设备信息",
    Category.BIOMETRIC: "生物识别信息",
    Category.CONTENT: "内容信息",
    Category.USAGE: "使用信息",
    Category.LOCATION: "位置信息",
    Category.FINANCE: "消费与金融信息",
    Category.EDUCATION_WORK: "教育与工作信息",
}


def item_names(compiled: Compiled, items: Iterable[str], *, most: int = 0) -> str:
    """Name items; beyond `most` only their number is said."""
    known = [compiled.items[item].name if item in compiled.items else item for item in items]
    if most and len(known) > most:
        return f"{'、'.join(known[:most])}等 {len(known)} 项"
    return "、".join(known)


def law_of(compiled: Compiled, purpose: str) -> str:
    """Name the law on which a purpose rests; empty where it rests on the person's yes."""
    known = compiled.purposes.get(purpose)
    if known is None or not known.law:
        return ""
    key, _, article = known.law.partition(" ")
    law = compiled.laws.get(key)
    name = f"《{law.name}》" if law else key
    return f"{name}第 {article} 条" if article.isdecimal() else name


def purpose_title(compiled: Compiled, purpose: str) -> str:
    """Name a purpose; scopes that are no purpose of the policy have names of their own."""
    if purpose in compiled.purposes:
        return compiled.purposes[purpose].title
    if purpose == "policy":
        return "隐私政策"
    kind, _, rest = purpose.partition(":")
    if kind == "permission" and rest in compiled.permissions:
        return f"系统权限：{compiled.permissions[rest].name}"
    if kind == "sharing" and rest in compiled.recipients:
        return f"向{compiled.recipients[rest].name}提供信息"
    return "以前的用途" if purpose else ""


def recipient_name(compiled: Compiled, recipient: str) -> str:
    """Name a recipient, also one that the policy in force no longer has."""
    known = compiled.recipients.get(recipient)
    return known.name if known is not None else "以前的接收方"


def who_looked(compiled: Compiled, look: Look) -> str:
    """Say who looked: the person, a role of ours, or the outside party by name."""
    if look.recipient:
        return recipient_name(compiled, look.recipient)
    return ACTORS.get(look.actor_kind, "系统")


def of_entry(compiled: Compiled, entry: Entry) -> str:
    """Say in one line what an entry of the record tells."""
    who = ACTORS.get(entry.actor_kind, "系统")
    what = KINDS[entry.kind]
    title = purpose_title(compiled, entry.purpose)
    if entry.kind is Kind.CONSENT:
        return f"{who}{DECISIONS.get(entry.reason, '决定')}：{title}"
    if entry.kind is Kind.SHARE:
        return f"提供给{recipient_name(compiled, entry.recipient)}：{title}"
    if entry.kind is Kind.STATE:
        _, _, after = entry.reason.partition(":")
        known = STATES.get(SubjectState(after)) if after in set(SubjectState) else None
        return f"帐号状态变为：{known or after}"
    return f"{who}{what}" + (f"：{title}" if title else "")
