"""What the pages of rights say: items by category, controls by kind, requests in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from xingnuo.duties.rights.contracts import Case, CaseKind, CaseState
from xingnuo.kit import clock
from xingnuo.trust.gate.contracts import Shown
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Category, Compiled, Form, Item

CATEGORIES = {
    Category.BASIC: "基本信息",
    Category.IDENTITY_DOCUMENT: "身份证件",
    Category.CONTACT_PERSON: "联系人",
    Category.DEVICE: "设备信息",
    Category.BIOMETRIC: "生物识别结果",
    Category.CONTENT: "上传内容",
    Category.USAGE: "使用记录",
    Category.LOCATION: "位置",
    Category.FINANCE: "财务信息",
    Category.EDUCATION_WORK: "教育和工作",
}
KINDS = {
    CaseKind.COPY: "下载副本",
    CaseKind.CORRECT: "更正",
    CaseKind.DELETE: "删除",
    CaseKind.WITHDRAW: "撤回同意",
    CaseKind.CLOSE: "注销服务",
}
STATES = {
    CaseState.RECEIVED: ("已收到", "info"),
    CaseState.REFUSED: ("未受理", "warn"),
    CaseState.WORKING: ("办理中", "info"),
    CaseState.DONE: ("已办结", "good"),
}
PICTURES = {"own": "你自己选的图片", "provider": "来自星号帐号", "": "未保存"}
WITHDRAWAL_LINES = (
    ("停什么", "不再收集和使用你的信息，姊妹应用同时停止同步"),
    ("影响", "除查看、下载、注销和重新同意外，其他功能都用不了"),
    ("以前的", "撤回前已经完成的处理不受影响"),
    ("授权", "给过的各项授权一并撤回，只靠授权保存的信息马上删除"),
    ("留着的", "帐号和法律要求保留的只保存不使用；想全部删除请再办理“注销服务”"),
    ("反悔", "随时可以重新同意恢复使用，各项授权到时再问你"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One item as the page shows it."""

    item: Item
    values: tuple[str, ...]
    href: bool


def groups(compiled: Compiled, shown: list[Shown], may_fill: bool) -> list[tuple[str, list[Line]]]:
    """Group values by category; empty items appear where the person may fill them in."""
    by_item: dict[str, list[str]] = {}
    for one in shown:
        by_item.setdefault(one.item, []).append(one.text)
    found = []
    for category, name in CATEGORIES.items():
        lines = [
            Line(item, tuple(by_item.get(item.id, ())), item.editable)
            for item in compiled.items.values()
            if item.category is category
            and item.form is Form.VALUE
            and (item.id in by_item or (may_fill and item.editable))
        ]
        if lines:
            found.append((name, lines))
    return found


def control(item: Item) -> dict[str, object]:
    """Give how one item is typed in: choices, or an input mode."""
    options = policy.choices(item.kind)
    return {
        "options": [(option, option) for option in options],
        "inputmode": {"phone": "tel", "email": "email"}.get(item.kind, "text"),
        "autocomplete": {"name": "name", "email": "email", "phone": "tel"}.get(item.kind, "off"),
    }


def told(cases: tuple[Case, ...]) -> list[dict[str, object]]:
    """Say requests in words, with what is left of their clocks."""
    return [
        {
            "id": case.id,
            "kind": KINDS[case.kind],
            "word": STATES[case.state][0],
            "tone": STATES[case.state][1],
            "made_at": clock.beijing(case.made_at),
            "due_at": clock.beijing(case.due_at),
            "done_at": clock.beijing(case.done_at) if case.done_at else None,
            "left": _left(case.due_at, done=case.done_at is not None),
            "done": case.state is CaseState.DONE,
        }
        for case in cases
    ]


def _left(due_at: datetime, *, done: bool) -> str:
    if done:
        return ""
    days = (due_at - clock.now()).days
    return f"还剩 {days} 天" if days >= 0 else f"已超 {-days} 天"
