"""An app's one page: sign in, what was synchronised, or why it was not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sandbox.ground import clock, pages
from sandbox.ground.html import Child, Html, el
from sandbox.ground.http import Request, Response
from sandbox.ground.partner import World
from sandbox.siblings.apps import App, Session, session_of

# How xingnuo's names of items and fields are shown; another is shown by its own name.
WORDS = {
    "sub": "帐号（本应用专用）", "pairwise": "帐号（本应用专用）", "account_id": "帐号",
    "nickname": "昵称", "phone": "手机号", "name": "姓名", "document_number": "身份证号",
    "transaction": "交易记录", "transactions": "交易记录", "avatar": "头像", "items": "同步的资料",
    "account": "帐号资料", "real_name": "实名资料", "policy_version": "依据的隐私政策版本",
    "purpose": "用途", "gender": "性别", "birth_date": "出生日期", "nationality": "国籍",
    "document_expiry": "证件有效期", "amount_fen": "金额（分）", "at": "时间", "kind": "类型",
}  # fmt: skip
ROWS_MAX = 50
DEPTH_MAX = 4


def home(world: World, app: App, request: Request) -> Response:
    """Show the app's page."""
    session = session_of(world, app, request)
    copy = world.store.row(
        "SELECT profile, synced_at FROM sibling_copy WHERE app = ? AND account_id = ?",
        app.id, session.account_id,
    )  # fmt: skip
    refusal = session.told_refusal()
    body: tuple[Child, ...]
    if refusal:
        body = (_refused(refusal, had=copy), _again(session, app))
    elif session.access_token and copy:
        body = (_copy(copy), _again(session, app))
    else:
        body = (_welcome(app),)
    return session.carried_by(
        world, pages.page(app.name, body, theme=app.id, brand=app.name, back=("/", "沙盒"))
    )


def _welcome(app: App) -> Html:
    return pages.stacked(
        pages.card(
            el("p", app.pitch),
            el("p", "用星诺帐号登录，不用重填资料。给哪些，由你在星诺里选。", class_="quiet"),
        ),
        _sign_in(app),
    )


def _sign_in(app: App) -> Html:
    return pages.link_button("用星诺帐号登录", f"{app.home}login")


def _again(session: Session, app: App) -> Html:
    if not session.access_token:
        return _sign_in(app)
    return pages.stacked(
        pages.form(f"{app.home}sync", pages.button("再次同步"), csrf=session.csrf),
        pages.form(f"{app.home}leave", pages.button("退出", kind="even"), csrf=session.csrf),
    )


def _refused(refusal: Mapping[str, Any], *, had: Mapping[str, Any] | None) -> Html:
    return pages.stacked(
        pages.note(
            el("h2", "星诺没有提供资料"),
            el("p", refusal["text"]),
            el("p", refusal["remedy"]) if refusal["remedy"] else None,
            kind="warn", role="status",
        ),
        pages.card(
            pages.facts([("状态码", refusal["status"]), ("原因代码", el("code", refusal["code"]))])
        ),
        el("p", "上次同步的资料已停止显示，等待星诺的删除通知。", class_="quiet") if had else None,
    )  # fmt: skip


def _copy(copy: Mapping[str, Any]) -> Html:
    profile = json.loads(copy["profile"])
    simple = [(name, value) for name, value in profile.items() if not _nested(value)]
    nested = [(name, value) for name, value in profile.items() if _nested(value)]
    return pages.stacked(
        pages.note(
            el("p", f"已同步。{clock.shown(copy['synced_at'])} 从星诺取得。"), role="status"
        ),
        *(_section(name, value) for name, value in nested),
        pages.card(pages.facts((_word(name), _text(value)) for name, value in simple),
                   title="这次同步") if simple else None,
    )  # fmt: skip


def _section(name: str, value: Any) -> Html:
    return pages.card(_shown(value, name, depth=0), title=_word(name))


def _shown(value: Any, name: str, *, depth: int) -> Html:
    if depth >= DEPTH_MAX:
        return el("code", _text(value))
    if isinstance(value, dict):
        return pages.facts(
            (_word(key), _shown(one, key, depth=depth + 1) if _nested(one) else _text(one))
            for key, one in value.items()
        )
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        heads = list(dict.fromkeys(key for one in value for key in one))
        lines = ([_text(one.get(head, "")) for head in heads] for one in value[:ROWS_MAX])
        return pages.table([_word(head) for head in heads], lines, caption=_word(name))
    if isinstance(value, list):
        return pages.rows([_text(one) for one in value[:ROWS_MAX]], empty="没有记录。")
    return el("span", _text(value))


def _nested(value: Any) -> bool:
    return isinstance(value, dict | list)


def _word(name: str) -> str:
    return WORDS.get(name, name)


def _text(value: Any) -> str:
    if value is None or value == "":
        return "没有"
    if isinstance(value, bool):
        return "是" if value else "否"
    return json.dumps(value, ensure_ascii=False) if _nested(value) else str(value)
