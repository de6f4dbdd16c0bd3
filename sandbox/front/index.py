"""The first page: which partners there are, where they answer, who the demo accounts are."""

from __future__ import annotations

from sandbox.account.people import DEMO_PASSWORD, demo_accounts
from sandbox.ground import pages
from sandbox.ground.html import Html, el
from sandbox.ground.http import Request, Response
from sandbox.ground.partner import Partner, World
from sandbox.ground.router import operations


def index(world: World, request: Request) -> Response:
    """Give the first page."""
    waiting = len(world.faults.told()["waiting"])
    return pages.page(
        "星诺之外的世界",
        el("p", "这里是开发和测试用的合作机构。它有自己的账本，与星诺不共用一行代码。"),
        pages.note(f"故障脚本里还有 {waiting} 行没有用掉。", kind="warn") if waiting else None,
        pages.link_button("打开星诺", world.settings.base_url),
        pages.stacked(*(_partner(partner) for partner in world.partners)),
        _accounts(world),
        _tools(),
        brand="沙盒",
    )


def _partner(partner: Partner) -> Html:
    links = [
        el("div", el("span", text), el("a", address, href=address), class_="line")
        for address, text in (*partner.links, (f"/books/{partner.id}.json", "账本"))
    ]
    return pages.card(
        el("p", partner.summary),
        pages.rows(links, empty=""),
        el("p", "可写故障：", el("code", "、".join(operations(partner))), class_="quiet"),
        title=partner.title,
    )


def _accounts(world: World) -> Html:
    lines = [(person["nickname"], el("code", person["phone"])) for person in demo_accounts(world)]
    return pages.card(
        el("p", "密码都是 ", el("code", DEMO_PASSWORD), "。号码在 199 号段，不属于任何人。"),
        pages.facts(lines),
        title="演示帐号",
    )


def _tools() -> Html:
    lines = [
        el("div", el("span", text), el("a", address, href=address), class_="line")
        for address, text in (("/faults", "故障脚本"), ("/health", "是否正常"))
    ]
    return pages.card(pages.rows(lines, empty=""), title="沙盒自己")
