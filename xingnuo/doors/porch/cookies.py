"""The register of cookies and of browser storage (2.1, 2.4): what is not here is never set."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One thing that the browser keeps for us."""

    name: str
    where: str  # cookie | cache
    purpose: str
    lives: str
    needed: bool = True
    for_staff: bool = False  # on the console's own host, never in a customer's browser


KEPT = (
    Kept(
        name=settings.SESSION_COOKIE, where="cookie", purpose="保持登录", lives="退出登录或 30 天"
    ),
    Kept(name=settings.CSRF_COOKIE_NAME, where="cookie", purpose="防止冒名提交", lives="一年"),
    Kept(name="xn_seen", where="cookie", purpose="判断是否久未操作，自动退出", lives="退出登录"),
    Kept(name="xn_flow", where="cookie", purpose="登录途中核对是同一浏览器", lives="10 分钟"),
    Kept(name="xn_device", where="cookie", purpose="认出常用设备，提醒新设备登录", lives="一年"),
    Kept(name="xn_notice", where="cookie", purpose="记住你看过并同意的政策版本", lives="一年"),
    Kept(name="xn_ui", where="cookie", purpose="记住深浅色、长辈版和是否隐藏金额", lives="一年"),
    Kept(
        name=settings.MESSAGES_COOKIE_NAME,
        where="cookie",
        purpose="显示一次性的操作结果",
        lives="看过即删",
    ),
    Kept(
        name=settings.STAFF_COOKIE,
        where="cookie",
        purpose="工作人员在工作台保持登录",
        lives="15 分钟不用或 8 小时",
        for_staff=True,
    ),
    Kept(
        name="xn-shell-1",
        where="cache",
        purpose="离线时能打开外壳，不存个人页面",
        lives="退出登录或清除",
    ),
)
REGISTER = frozenset(kept.name for kept in KEPT if kept.where == "cookie")
