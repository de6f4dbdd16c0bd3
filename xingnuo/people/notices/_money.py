"""Texts about a person's cards, payment password and auto-debits: never a promotion."""

from __future__ import annotations

from xingnuo.people.notices.contracts import Channel, MessageKind, Template

CARDS, DEBITS, PASSWORD = "/me/cards/", "/me/settings/auto-debit/", "/me/settings/payment-password/"
_LOUD = (Channel.APP, Channel.SMS, Channel.PUSH)
_NEVER = "我们不会向你要密码或验证码，请不要告诉任何人。"


def _text(
    code: str,
    title: str,
    text: str,
    *,
    href: str,
    sms: str = "",
    channels: tuple[Channel, ...] = _LOUD,
) -> Template:
    return Template(
        code=code,
        version=1,
        kind=MessageKind.SERVICE,
        title=title,
        text=text,
        channels=channels,
        sms=sms,
        href=href,
    )


MONEY = (
    _text(
        "card_bound",
        "绑定了一张银行卡",
        "你的帐号刚刚绑定了一张银行卡。不是你本人？请马上解绑，并在“帐号与安全”报告冒用。",
        href=CARDS,
        sms=f"【星诺】你的帐号绑定了一张银行卡。不是你本人？请打开星诺报告冒用。{_NEVER}",
    ),
    _text(
        "card_unbound",
        "解绑了一张银行卡",
        "你的帐号刚刚解绑了一张银行卡，卡号已删除。不是你本人？请在“帐号与安全”报告冒用。",
        href=CARDS,
        sms=f"【星诺】你的帐号解绑了一张银行卡。不是你本人？请打开星诺报告冒用。{_NEVER}",
    ),
    _text(
        "payment_password_set",
        "设好了支付密码",
        "你的帐号刚刚设好支付密码。不是你本人？请在“帐号与安全”报告冒用，帐号会立即冻结。",
        href=PASSWORD,
        sms=f"【星诺】你的帐号刚设好支付密码。不是你本人？请打开星诺报告冒用。{_NEVER}",
    ),
    _text(
        "payment_password_reset",
        "重置了支付密码",
        "你的支付密码刚刚重置过。不是你本人？请在“帐号与安全”报告冒用，帐号会立即冻结。",
        href=PASSWORD,
        sms=f"【星诺】你的支付密码刚重置过。不是你本人？请打开星诺报告冒用。{_NEVER}",
    ),
    _text(
        "payment_password_locked",
        "支付密码已锁住",
        "支付密码连错多次，先锁住了，钱没有动。不是你在试？请在“帐号与安全”报告冒用。",
        href=PASSWORD,
        sms=f"【星诺】支付密码连错多次，已锁住。不是你在试？请打开星诺报告冒用。{_NEVER}",
    ),
    _text(
        "debit_signed",
        "签了一项自动扣款",
        "你刚刚签了一项自动扣款。每次扣款前都会先告诉你，随时可以停。",
        href=DEBITS,
        channels=(Channel.APP,),
    ),
    _text(
        "debit_cancelled",
        "停了一项自动扣款",
        "一项自动扣款已停，以后不会再按它扣钱。没付的请记得自己付。",
        href=DEBITS,
        channels=(Channel.APP,),
    ),
    _text(
        "debit_coming",
        "自动扣款提醒",
        "{label} 将按你签的协议自动扣款。点开看金额和收款方；不想扣，在那天前停掉就行。",
        href=DEBITS,
        sms="【星诺】你签的自动扣款几天后会扣款，请打开星诺，在“我的-设置-自动扣款”查看。",
    ),
    _text(
        "debit_declined",
        "自动扣款没有成功",
        "这次自动扣款没有成功，钱没有动。点开看还会不会再试；也可以自己付。",
        href=DEBITS,
        sms="【星诺】自动扣款没有成功，请打开星诺，在“我的-设置-自动扣款”查看。",
    ),
)
