"""Words for the codes that the record and the register hold."""

from __future__ import annotations

from xingnuo.people.permissions import queries as permissions
from xingnuo.people.permissions.contracts import StaffState
from xingnuo.trust.evidence.contracts import Entry, Kind
from xingnuo.trust.policy.contracts import Compiled

STATES = {
    StaffState.INVITED: ("未登记密钥", "warn"),
    StaffState.ACTIVE: ("在岗", "good"),
    StaffState.SUSPENDED: ("已停用", "bad"),
    StaffState.LEFT: ("已离岗", ""),
}
WHY = {
    "registered": "新登记",
    "enrolled": "已登记通行密钥",
    "breach": "违反保密承诺",
    "by_admin": "管理岗停用",
    "by_cli": "命令行停用",
    "reinstated": "两人复核后恢复",
    "left": "离岗",
}
_ACTS = {
    "staff.registered": "登记人员",
    "staff.code_issued": "发一次性代码",
    "staff.enrolled": "登记通行密钥",
    "staff.signed_in": "登录",
    "staff.signed_out": "退出",
    "staff.verified": "再次验证通行密钥",
    "staff.key_copied": "通行密钥疑似被复制，已停用",
    "staff.roles_set": "调整岗位",
    "staff.undertaking_signed": "签署保密承诺",
    "staff.training_failed": "培训没有通过",
    "staff.trained": "通过培训",
    "staff.breach": "记录违规",
    "staff.suspended": "停用",
    "staff.active": "恢复",
    "staff.invited": "恢复",
    "staff.left": "离岗",
    "staff.reveal_asked": "申请查看明文",
    "alert.reveals_near": "提醒：查看明文接近上限",
    "release.proposed": "提交复核",
    "release.released": "复核通过",
    "release.refused": "复核不通过",
    "case.taken": "领取工单",
    "case.given_back": "放回工单",
    "case.decided": "决定工单",
    "case.read": "看工单内容",
    "case.answer": "答复",
    "case.ask": "请客户补充",
    "case.close": "办结",
    "case.raised": "转为投诉",
    "case.due_soon": "提醒：快到期",
    "case.escalated": "升级：即将到期",
    "case.late": "超时",
    "case.authority_accepted": "授权书通过",
    "case.authority_refused": "授权书不通过",
    "case.call_begun": "开始通话，显示暗号",
    "case.call_proven": "通话中核实是本人",
    "case.call_not_proven": "通话中暗号不一致",
    "link.proposed": "登记第三方入口",
    "link.released": "第三方入口复核通过",
    "link.refused": "第三方入口复核不通过",
    "link.withdrawn": "第三方入口下线",
    "complaint.released": "复核通过转交",
    "rules.drafted": "起草风险规则",
    "rules.tested": "试算风险规则",
    "rules.propose": "提交风险规则",
    "rules.withdraw": "撤回风险规则",
    "rules.roll_back": "提交恢复风险规则",
    "calendar.entered": "录入工作日历",
    "audit.chain_checked": "核验证据链",
}
STEPS = {
    "staff.enrol": "新人员登记",
    "staff.code": "补发一次性代码",
    "staff.roles": "调整岗位",
    "staff.reinstate": "恢复停用人员",
    "case.rights": "权利请求",
    "case.identity": "身份复核",
    "case.merchant": "商户复核",
    "case.risk": "风险复核",
    "case.aml": "反洗钱",
    "case.bills": "缴费核对",
    "case.wallet": "零钱卡核对",
    "case.tickets": "客服工单",
    "case.complaints": "投诉",
    "case.requests": "书面请求",
    "support.handover": "转交投诉",
    "aml.report": "反洗钱报告",
    "legal.open": "开启封存资料",
    "raise": "转为投诉",
    "close": "直接办结",
    "done": "同意",
    "approve": "通过",
    "looked": "已查清",
    "refuse": "退回",
    "privacy": "个人信息保护与信息安全",
}
_KINDS = {
    Kind.VIEW: "查看（已遮挡）",
    Kind.REVEAL: "查看明文",
    Kind.LOOKUP: "按号码核对",
    Kind.PERMIT: "使用",
    Kind.REFUSAL: "被拒绝",
    Kind.ACCESS_DENIED: "被拒绝",
    Kind.BAD_INPUT: "填写有误，没有收下",
    Kind.OPERATOR: "人工操作",
    Kind.STATE: "帐号状态变化",
    Kind.COLLECT: "收集",
    Kind.CORRECT: "更正",
    Kind.SHARE: "提供给第三方",
    Kind.EXPORT: "导出副本",
    Kind.CERTIFICATE: "出具删除证明",
    Kind.ERASE_REQUESTED: "申请删除",
    Kind.KEYS_DESTROYED: "销毁密钥",
    Kind.PURGED: "清除数据",
}


def act_of(compiled: Compiled, line: Entry) -> str:
    """Say what a line of the record tells, with items and reason in plain words."""
    act, _, rest = line.reason.partition(":")
    if line.kind is Kind.OPERATOR and act in _ACTS:
        return _ACTS[act] + (f"（{_rest(rest)}）" if rest else "")
    said = _KINDS.get(line.kind, line.kind.value)
    known = compiled.purposes.get(line.purpose)
    names = [compiled.items[item].name for item in line.items if item in compiled.items]
    parts = [
        known.title if known else "",
        "、".join(names[:4]) + (f"等 {len(names)} 项" if len(names) > 4 else ""),
        permissions.REASONS.get(line.reason, ""),
    ]
    told = "，".join(part for part in parts if part)
    return f"{said}：{told}" if told else said


def _rest(code: str) -> str:
    return permissions.BREACHES.get(code) or WHY.get(code) or STEPS.get(code, code)


def roles_text(codes: frozenset[str] | set[str]) -> str:
    """Name roles in the order of the table."""
    return "、".join(role.title for role in permissions.ROLES.values() if role.id in codes)
