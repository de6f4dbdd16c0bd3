"""Texts about the account and its safety: part of the register, and never a promotion."""

from __future__ import annotations

from xingnuo.people.notices.contracts import Channel, MessageKind, Template

DEVICES, ACCOUNT, REAL_NAME = "/me/settings/devices/", "/me/settings/account/", "/me/real-name/"
_IN_APP = (Channel.APP,)


def _text(
    code: str,
    title: str,
    text: str,
    *,
    href: str,
    channels: tuple[Channel, ...] = _IN_APP,
    sms: str = "",
    kind: MessageKind = MessageKind.SERVICE,
) -> Template:
    return Template(
        code=code,
        version=1,
        kind=kind,
        title=title,
        text=text,
        channels=channels,
        sms=sms,
        href=href,
    )


SECURITY = (
    _text(
        "new_device",
        "新设备登录",
        "你的帐号在新设备（{label}）上登录了。不是你本人？请马上报告冒用，帐号会立即冻结。",
        href=DEVICES,
        channels=(Channel.APP, Channel.SMS, Channel.PUSH),
        sms="【星诺】你的帐号在新设备上登录。不是你本人？请打开星诺，在“我的-设置-登录设备”报告冒用。"
        "我们不会向你要密码或验证码，请不要告诉任何人。",
    ),
    _text(
        "frozen",
        "帐号已冻结",
        "已按你的报告冻结帐号，其他设备都已退出。验证是你本人后可以解冻。",
        href=ACCOUNT,
    ),
    _text(
        "unfrozen",
        "帐号已解冻",
        "已验证是你本人，帐号恢复正常。",
        href=ACCOUNT,
    ),
    _text(
        "signed_out_everywhere",
        "所有设备已退出",
        "星号帐号那边已退出登录，这里的设备也都退出了。",
        href=DEVICES,
    ),
    _text(
        "way_added",
        "添加了解锁方式",
        "你的帐号刚刚添加了解锁方式：{label}。不是你本人？请马上报告冒用，帐号会立即冻结。",
        href=ACCOUNT,
    ),
    _text(
        "way_changed",
        "更改了解锁方式",
        "你的帐号刚刚更改了解锁方式：{label}。不是你本人？请马上报告冒用，帐号会立即冻结。",
        href=ACCOUNT,
    ),
    _text(
        "way_removed",
        "删除了解锁方式",
        "你的帐号刚刚删除了解锁方式：{label}。不是你本人？请马上报告冒用，帐号会立即冻结。",
        href=ACCOUNT,
    ),
    _text(
        "document_ends",
        "证件快到期了",
        "你实名用的证件快到有效期。换了新证件后，请更新照片和有效期，业务就不会中断。",
        href=REAL_NAME,
    ),
    _text(
        "document_over",
        "证件已过有效期",
        "你实名用的证件过了有效期，需要实名的业务先停下。用新证件再核对一次就能恢复，其他照常用。",
        href=REAL_NAME,
    ),
    _text(
        "phone_gone",
        "手机号不再用于你的帐号",
        "运营商确认，你留的手机号现在登记在别人名下。短信不再发往它，帐号照常用。请留下新的手机号。",
        href=f"{REAL_NAME}phone/",
    ),
    _text(
        "phone_held",
        "手机号还没有记到你的帐号",
        "这个手机号还登记在星诺的另一个帐号下，可能是以前的机主。实名后核对手机号，它就归你。",
        href=f"{REAL_NAME}phone/",
    ),
    _text(
        "policy_version",
        "隐私政策将有变化",
        "第 {label} 版已公布，还没有生效。点开看改了什么、从哪天起生效；放宽的部分到时会先问你。",
        href="/policy/{label}/",
        kind=MessageKind.DUTY,
    ),
)
