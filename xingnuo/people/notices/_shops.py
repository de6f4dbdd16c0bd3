"""Texts to who collects money by codes: what came in, what reached the card, what was given back.

They name no customer and no sum: whoever else reads the screen learns nothing.
"""

from __future__ import annotations

from xingnuo.people.notices.contracts import Channel, MessageKind, Template

HOME, REPORT = "/merchant/", "/merchant/report/"
SALES, SETTLEMENTS = "/merchant/sales/", "/merchant/settlements/"
_LOUD = (Channel.APP, Channel.SMS, Channel.PUSH)


def _text(code: str, title: str, text: str, *, href: str, sms: str = "") -> Template:
    return Template(
        code=code,
        version=1,
        kind=MessageKind.SERVICE,
        title=title,
        text=text,
        channels=_LOUD if sms else (Channel.APP,),
        sms=sms,
        href=href,
    )


SHOPS = (
    _text(
        "shop_opened",
        "收款已开通",
        "店铺审核通过，现在可以收款了。点开就能看到店里贴的码。",
        href=HOME,
        sms="【星诺】你申请的收款已开通，请打开星诺，在“首页-收款码”查看。",
    ),
    _text(
        "shop_refused",
        "收款没有开通",
        "店铺审核没有通过，理由写在收款页里。改好可以再申请，别的功能照常用。",
        href=HOME,
        sms="【星诺】你申请的收款没有通过审核，请打开星诺，在“首页-收款码”看理由。",
    ),
    _text(
        "shop_day",
        "收款日报",
        "{label}。点开看合计、手续费和每一笔。",
        href=REPORT,
    ),
    _text(
        "shop_settled",
        "收的款到卡了",
        "一笔结算已打到你的收款银行卡，点开看收款、手续费和退款。",
        href=SETTLEMENTS,
    ),
    _text(
        "shop_not_settled",
        "结算没有成功",
        "这次结算银行没有办成，钱还在你的收款帐户里，下一个工作日再打。请看看收款卡能不能用。",
        href=SETTLEMENTS,
        sms="【星诺】一笔收款结算没有成功，钱没有少。请打开星诺，在“收款码-结算”查看。",
    ),
    _text(
        "shop_refunded",
        "退款已到付款人",
        "你的店退出一笔钱，已经回到付款人那里。不是你退的？请马上联系客服。",
        href=SALES,
    ),
)
