"""What notices of this room say: title, sentence and where they lead; and their text messages."""

from __future__ import annotations

NEW_DEVICE = "new_device"
FROZEN = "frozen"
UNFROZEN = "unfrozen"
SIGNED_OUT_EVERYWHERE = "signed_out_everywhere"
POLICY_VERSION = "policy_version"
WAY_ADDED = "way_added"
WAY_CHANGED = "way_changed"
WAY_REMOVED = "way_removed"
DOCUMENT_ENDS = "document_ends"
DOCUMENT_OVER = "document_over"

DEVICES_PATH = "/me/settings/devices/"
ACCOUNT_PATH = "/me/settings/account/"
REAL_NAME_PATH = "/me/real-name/"

WORDS: dict[str, tuple[str, str, str]] = {
    NEW_DEVICE: (
        "新设备登录",
        "你的帐号在新设备（{label}）上登录了。不是你本人？请马上报告冒用，帐号会立即冻结。",
        DEVICES_PATH,
    ),
    FROZEN: (
        "帐号已冻结",
        "已按你的报告冻结帐号，其他设备都已退出。验证是你本人后可以解冻。",
        ACCOUNT_PATH,
    ),
    UNFROZEN: ("帐号已解冻", "已验证是你本人，帐号恢复正常。", ACCOUNT_PATH),
    SIGNED_OUT_EVERYWHERE: (
        "所有设备已退出",
        "星号帐号那边已退出登录，这里的设备也都退出了。",
        DEVICES_PATH,
    ),
    WAY_ADDED: (
        "添加了解锁方式",
        "你的帐号刚刚添加了解锁方式：{label}。不是你本人？请马上报告冒用，帐号会立即冻结。",
        ACCOUNT_PATH,
    ),
    WAY_CHANGED: (
        "更改了解锁方式",
        "你的帐号刚刚更改了解锁方式：{label}。不是你本人？请马上报告冒用，帐号会立即冻结。",
        ACCOUNT_PATH,
    ),
    WAY_REMOVED: (
        "删除了解锁方式",
        "你的帐号刚刚删除了解锁方式：{label}。不是你本人？请马上报告冒用，帐号会立即冻结。",
        ACCOUNT_PATH,
    ),
    DOCUMENT_ENDS: (
        "证件快到期了",
        "你实名用的证件快到有效期。换了新证件后，请更新照片和有效期，业务就不会中断。",
        REAL_NAME_PATH,
    ),
    DOCUMENT_OVER: (
        "证件已过有效期",
        "你实名用的证件过了有效期，需要实名的业务先停下。用新证件再核对一次就能恢复，其他照常用。",
        REAL_NAME_PATH,
    ),
    POLICY_VERSION: (
        "隐私政策将有变化",
        "第 {label} 版已公布，还没有生效。点开看改了什么、从哪天起生效；放宽的部分到时会先问你。",
        "/policy/{label}/",
    ),
}
# No name, no account, no place: whoever else reads the phone's screen learns nothing of the person.
SMS: dict[str, str] = {
    NEW_DEVICE: (
        "【星诺】你的帐号在新设备上登录。不是你本人？请打开星诺，在“我的-设置-登录设备”报告冒用。"
        "我们不会向你要密码或验证码，请不要告诉任何人。"
    ),
}
