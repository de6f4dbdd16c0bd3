"""The provider's pages: sign in, register, agree, and what a person sees of their account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sandbox.account.clients import SCOPES, Client
from sandbox.account.flows import Flow
from sandbox.account.sessions import Session
from sandbox.ground import clock, pages
from sandbox.ground.html import Child, Html, el
from sandbox.ground.http import Response

THEME, BRAND = "account", "星号帐号"
PASSWORD_HINT = "8 位以上，可以用一句话。"
type Errors = Sequence[tuple[str, str]]


def show(
    title: str,
    *body: Child,
    client: Client | None = None,
    back: tuple[str, str] | None = None,
    status: int = 200,
) -> Response:
    """Give a page of the provider; its forms may end at the client's origin."""
    return pages.page(
        title, *body, theme=THEME, brand=BRAND, back=back, status=status,
        form_to=(client.origin,) if client else (),
    )  # fmt: skip


def sign_in(
    session: Session, flow: Flow | None, client: Client | None, *, phone: str, found: Errors = (),
    status: int = 200,
) -> Response:  # fmt: skip
    """Ask for phone and password."""
    wrong = dict(found)
    query = f"?flow={flow.id}" if flow else ""
    asked = pages.form(
        "/account/sign-in",
        pages.field("phone", "手机号", kind="tel", value=phone, inputmode="numeric",
                    autocomplete="username", error=wrong.get("phone", "")),
        pages.field("password", "密码", kind="password", autocomplete="current-password",
                    error=wrong.get("password", "")),
        pages.button("登录"),
        csrf=session.csrf, hidden=flow.hidden if flow else (),
    )  # fmt: skip
    return show(
        "登录",
        el("p", f"登录后回到「{client.name}」。" if client else "管理你的星号帐号。"),
        pages.errors(found),
        pages.card(asked),
        pages.link_button("注册新帐号", f"/account/register{query}", kind="even"),
        _leave(flow, client),
        client=client, status=status,
    )  # fmt: skip


def register(
    session: Session, flow: Flow | None, client: Client | None, *, typed: dict[str, str],
    found: Errors = (),
) -> Response:  # fmt: skip
    """Ask for what a new account needs."""
    wrong = dict(found)
    query = f"?flow={flow.id}" if flow else ""
    asked = pages.form(
        "/account/register",
        pages.field("phone", "手机号", kind="tel", value=typed.get("phone", ""),
                    inputmode="numeric", autocomplete="tel", error=wrong.get("phone", ""),
                    hint="沙盒不发验证码，请用 199 开头的号码试。"),
        pages.field("nickname", "昵称", value=typed.get("nickname", ""), autocomplete="nickname",
                    error=wrong.get("nickname", ""), hint="1 到 20 个字。"),
        pages.field("password", "密码", kind="password", autocomplete="new-password",
                    error=wrong.get("password", ""), hint=PASSWORD_HINT),
        pages.field("again", "再输一次密码", kind="password", autocomplete="new-password",
                    error=wrong.get("again", "")),
        pages.button("注册并登录"),
        csrf=session.csrf, hidden=flow.hidden if flow else (),
    )  # fmt: skip
    return show(
        "注册星号帐号",
        pages.errors(found),
        pages.card(asked),
        _leave(flow, client),
        client=client, back=(f"/account/sign-in{query}", "登录"), status=422 if found else 200,
    )  # fmt: skip


def consent(session: Session, flow: Flow, client: Client) -> Response:
    """Ask whether the client may have what it asks for; both answers weigh the same."""
    person, scope = session.known(), flow.asked.scope.split()
    values = {
        "openid": person["sub"],
        "profile": person["nickname"],
        "phone": pages.masked_phone(person["phone"]),
        "offline_access": "不用重新登录，最长 30 天",
    }
    asked = [(SCOPES[name], values.get(name, "")) for name in SCOPES if name in scope]
    answers = el(
        "div",
        pages.button("不同意", kind="even", name="decision", value="refuse"),
        pages.button("同意登录", kind="even", name="decision", value="agree"),
        class_="pair",
    )
    return show(
        f"用星号帐号登录{client.name}，可以吗？",
        pages.card(_person(person)),
        pages.card(
            el("p", f"「{client.name}」会得到："),
            pages.facts((name, value) for name, value in asked),
            title="给出什么",
        ),
        pages.note(el("p", "不同意就不登录，什么也不给。之后可在「我的星号帐号」里停止。")),
        pages.form("/account/consent", answers, csrf=session.csrf, hidden=flow.hidden),
        client=client,
    )


def home(session: Session, links: Sequence[dict[str, Any]], names: dict[str, str]) -> Response:
    """Show the account, its linked apps, and the ways out."""
    lines = [_link(session, link, names) for link in links]
    return show(
        "我的星号帐号",
        pages.card(_person(session.known())),
        pages.card(pages.rows(lines, empty="还没有登录过别的应用。"), title="登录过的应用"),
        pages.card(
            pages.rows([el("a", "修改密码", href="/account/password", class_="line")], empty=""),
            title="安全",
        ),
        pages.form("/account/sign-out", pages.button("退出登录", kind="even"), csrf=session.csrf),
        pages.form(
            "/account/sign-out-everywhere",
            pages.button("在所有设备上退出", kind="even"),
            csrf=session.csrf,
        ),
        el("p", "在所有设备上退出时，也会通知登录过的应用。", class_="quiet"),
    )


def password(session: Session, *, found: Errors = ()) -> Response:
    """Ask for the old password and a new one."""
    wrong = dict(found)
    phone = session.known()["phone"]
    asked = pages.form(
        "/account/password",
        # Tells a password manager whose password it is.
        el("input", type="text", name="username", value=phone, autocomplete="username",
           hidden=True),
        pages.field("password", "现在的密码", kind="password", autocomplete="current-password",
                    error=wrong.get("password", "")),
        pages.field("fresh", "新密码", kind="password", autocomplete="new-password",
                    error=wrong.get("fresh", ""), hint=PASSWORD_HINT),
        pages.field("again", "再输一次新密码", kind="password", autocomplete="new-password",
                    error=wrong.get("again", "")),
        pages.button("修改密码"),
        csrf=session.csrf,
    )  # fmt: skip
    return show(
        "修改密码",
        el("p", "改好后，其他设备和应用都要重新登录。"),
        pages.errors(found),
        pages.card(asked),
        back=("/account/", "我的星号帐号"), status=422 if found else 200,
    )  # fmt: skip


def leaving(session: Session, client: Client | None, hidden: Sequence[tuple[str, str]]) -> Response:
    """Ask whether to sign out, where a client sent the browser without proof."""
    return show(
        "要退出星号帐号吗？",
        el("p", "只在这台设备上退出。"),
        pages.form(
            "/account/end_session", pages.button("退出登录"), csrf=session.csrf, hidden=hidden
        ),
        client=client,
        back=("/account/", "不退出"),
    )


def gone() -> Response:
    """Say that this browser is signed out."""
    return show(
        "已退出登录",
        pages.note(el("p", "这台设备上已退出星号帐号。"), role="status"),
        pages.link_button("重新登录", "/account/sign-in", kind="even"),
    )


def _person(person: dict[str, Any]) -> Html:
    return el(
        "div",
        el("img", src=f"/account/pictures/{person['sub']}.png", alt="", width=56, height=56),
        el(
            "div",
            el("p", el("strong", person["nickname"])),
            el("p", f"{pages.masked_phone(person['phone'])} · {person['sub']}", class_="quiet"),
        ),
        class_="person",
    )


def _link(session: Session, link: dict[str, Any], names: dict[str, str]) -> Html:
    given = "、".join(SCOPES[name] for name in SCOPES if name in link["scope"].split())
    name = names.get(link["client_id"], link["client_id"])
    return pages.stacked(
        el("p", el("strong", name)),
        el("p", f"得到：{given}。{clock.shown(link['granted_at'])} 同意。", class_="quiet"),
        pages.form(
            "/account/links", pages.button(f"停止{name}登录", kind="even"),
            csrf=session.csrf, hidden=[("client_id", link["client_id"])],
        ),
    )  # fmt: skip


def _leave(flow: Flow | None, client: Client | None) -> Html | None:
    if flow is None or client is None:
        return None
    return pages.link_button(
        f"不登录，回到{client.name}", f"/account/cancel?flow={flow.id}", kind="plain"
    )
