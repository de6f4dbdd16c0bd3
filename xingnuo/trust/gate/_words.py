"""What a refusal says to people: why, and what can be done."""

from __future__ import annotations

from xingnuo.trust.gate.contracts import Reason

WORDS: dict[Reason, tuple[str, str]] = {
    Reason.UNKNOWN_PURPOSE: (
        "这个用途没有写进隐私政策。",
        "不能使用你的信息；可联系客服说明情况。",
    ),
    Reason.UNDECLARED_ITEM: ("这个功能没有声明要用这项信息。", "请只提交页面上列出的内容。"),
    Reason.NOT_PUBLISHED: ("这项用途还没有公布。", "等新版隐私政策生效并征得你同意后才能使用。"),
    Reason.NO_POLICY: ("现在读不到生效的隐私政策，所有信息处理都已停下。", "请稍后再试。"),
    Reason.UNKNOWN_ACTOR: ("无法确认是谁在操作。", "请重新登录。"),
    Reason.ACTOR_NOT_ALLOWED: ("当前身份不能做这件事。", "请由本人或有权限的人员操作。"),
    Reason.FOREIGN_SUBJECT: ("没有找到这项内容。", "请从首页重新进入。"),
    Reason.UNKNOWN_SUBJECT: ("没有找到这项内容。", "请从首页重新进入。"),
    Reason.NOT_ACCEPTED: ("你还没有同意当前的隐私政策。", "阅读并同意后即可继续。"),
    Reason.NO_CONSENT: ("这项信息需要你单独同意。", "同意后才会使用；不同意不影响其他功能。"),
    Reason.DUE_AGAIN: ("用途有变化，需要重新征得你的同意。", "请查看变化后决定。"),
    Reason.WITHDRAWN: (
        "你已撤回对隐私政策的同意，我们已停止使用你的信息。",
        "如需继续使用，可重新同意。",
    ),
    Reason.CLOSING: (
        "服务正在注销，已停止使用你的信息。",
        "如需保留帐号，可在隐私设置里取消注销。",
    ),
    Reason.SEALED: ("这些信息依法封存，不再用于业务。", "保存期满后会删除。"),
    Reason.ERASED: ("这些信息已经删除。", "如需使用服务，请重新登录。"),
    Reason.MINOR: ("我们不向未成年人提供服务，也不收集其信息。", "监护人可联系客服删除已有信息。"),
    Reason.FROZEN: ("帐号已冻结。", "本人验证后可在设置里解冻，或联系客服。"),
    Reason.DECEASED: ("帐号已停止使用。", "近亲属可联系客服办理。"),
    Reason.PERMISSION_OFF: ("没有开启所需的系统权限。", "可在授权管理里开启，或改用手动填写。"),
    Reason.PLATFORM: ("当前设备不允许使用这项设备信息。", "无需操作，我们不会收集。"),
    Reason.PARTNER_LAPSED: ("接收方的协议或资质已过期，不能提供信息。", "请稍后再试或换一种方式。"),
    Reason.SHARING_STOPPED: ("你已停止向这一方提供信息。", "可在第三方共享清单里重新开启。"),
    Reason.NO_UNDERTAKING: ("保密承诺不在有效期内。", "签署后才能查看客户信息。"),
    Reason.NO_CASE: ("没有正在办理的工单，不能查看客户信息。", "请从工单里进入。"),
    Reason.NO_REAL_NAME: (
        "这项服务需要先完成实名认证。",
        "可在“我的 › 实名认证”里完成；其他功能照常使用。",
    ),
    Reason.TOO_WEAK: ("需要先验证是你本人。", "请验证后再试。"),
    Reason.EXPIRED: ("这次授权已过期。", "请重新进入页面。"),
    Reason.FORGED: ("这次授权无效。", "请重新进入页面。"),
    Reason.BAD_VALUE: ("提交的内容不能接收。", "请按提示修改。"),
}
