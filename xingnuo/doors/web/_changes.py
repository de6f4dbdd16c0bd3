"""What changed between two versions, said so that a person understands; widenings first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Basis, Change, Compiled, Direction

DIRECTIONS = {
    Direction.WIDER: ("放宽", "warn"),
    Direction.NARROWER: ("收紧", "good"),
    Direction.OTHER: ("改变", "info"),
}
KINDS = {
    "purpose": "用途",
    "item": "信息项",
    "recipient": "接收方",
    "permission": "系统权限",
    "retention": "保存期限",
    "controller": "公司",
    "prose": "文字",
    "function": "功能",
    "exception": "例外",
    "law": "法律依据",
}
LEVELS = {"needed": "必需", "optional": "可选", "": "不用"}
BASES = {
    Basis.CONSENT: "同意",
    Basis.SEPARATE_CONSENT: "单独同意",
    Basis.CONTRACT: "履行合同",
    Basis.LEGAL_DUTY: "法律义务",
    Basis.EMERGENCY: "紧急情况",
    Basis.PUBLIC_SUPERVISION: "舆论监督",
    Basis.LAWFULLY_PUBLIC: "已合法公开",
    Basis.OTHER_LAW: "其他法律",
}
SYSTEMS = {"android": "Android", "ios": "iOS", "web": "网页"}
TEXT_CHARS_MAX = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All changes of one thing in one direction."""

    kind: str
    title: str
    word: str
    tone: str
    lines: tuple[str, ...]
    again: bool  # consent is due again


def told(old: Compiled, new: Compiled) -> list[Told]:
    """Say every change of meaning between two versions."""
    grouped: dict[tuple[Direction, str, str], list[Change]] = {}
    for change in policy.diff(old, new).changes:
        if change.direction in DIRECTIONS:
            key = (change.direction, change.kind, change.subject)
            grouped.setdefault(key, []).append(change)
    order = list(DIRECTIONS)
    keys = sorted(grouped, key=lambda key: order.index(key[0]))
    return [_told(old, new, key, grouped[key]) for key in keys]


def _told(
    old: Compiled, new: Compiled, key: tuple[Direction, str, str], changes: list[Change]
) -> Told:
    direction, kind, subject = key
    word, tone = DIRECTIONS[direction]
    return Told(
        kind=KINDS.get(kind, "内容"),
        title=_title(new, kind, subject) or _title(old, kind, subject) or subject,
        word=word,
        tone=tone,
        lines=tuple(dict.fromkeys(_line(old, new, change) for change in changes)),
        again=any(change.pairs for change in changes),
    )


def _title(compiled: Compiled, kind: str, subject: str) -> str:
    known = getattr(compiled, PARTS[kind], {}) if kind in PARTS else {}
    entry = known.get(subject)
    return str(getattr(entry, "title", "") or getattr(entry, "name", "")) if entry else ""


PARTS = {
    "purpose": "purposes",
    "recipient": "recipients",
    "item": "items",
    "permission": "permissions",
    "retention": "retention",
    "controller": "controllers",
    "function": "functions",
    "exception": "exceptions",
    "law": "laws",
}


def _line(old: Compiled, new: Compiled, change: Change) -> str:
    field, _, rest = change.what.partition(" ")
    return SAYERS.get(field, _plainly)(old, new, change, rest)


def _plainly(old: Compiled, new: Compiled, change: Change, rest: str) -> str:
    return _from_to(change.before, change.after)


def _from_to(before: str, after: str) -> str:
    if not before or not after:
        return f"现在：{_short(after)}" if after else f"去掉了：{_short(before)}"
    return f"原来：{_short(before)}；现在：{_short(after)}"


def _short(text: str) -> str:
    return text if len(text) <= TEXT_CHARS_MAX else f"{text[:TEXT_CHARS_MAX]}…"


def _itself(old: Compiled, new: Compiled, change: Change, rest: str) -> str:
    if change.kind == "recipient" and change.after:
        items = new.recipients[change.subject].items
        return "新增，可能得到：" + "、".join(new.items[item].name for item in items)
    if change.kind == "purpose" and change.after:
        return f"新增：{new.purposes[change.subject].sentence}"
    return "新增" if change.after else "已去掉"


def _item(old: Compiled, new: Compiled, change: Change, rest: str) -> str:
    before, after = LEVELS.get(change.before, "用到"), LEVELS.get(change.after, "用到")
    return f"{_item_name(old, new, rest)}：原来{before}，现在{after}"


def _pair(old: Compiled, new: Compiled, change: Change, rest: str) -> str:
    purpose, _, item = rest.partition(" ")
    known = new.purposes.get(purpose) or old.purposes.get(purpose)
    title = known.title if known else "以前的用途"
    verb = "会得到" if change.after else "不再得到"
    return f"为「{title}」{verb}{_item_name(old, new, item)}"


def _item_name(old: Compiled, new: Compiled, item: str) -> str:
    known = new.items.get(item) or old.items.get(item)
    return known.name if known else "以前的项目"


def _basis(old: Compiled, new: Compiled, change: Change, rest: str) -> str:
    return _from_to(BASES[Basis(change.before)], BASES[Basis(change.after)])


def _own_consent(old: Compiled, new: Compiled, change: Change, rest: str) -> str:
    return "用之前单独问你" if change.after == "True" else "不再单独问"


def _automated(old: Compiled, new: Compiled, change: Change, rest: str) -> str:
    return "改由程序自动判断" if change.after == "True" else "不再由程序自动判断"


def _retention(old: Compiled, new: Compiled, change: Change, rest: str) -> str:
    return _from_to(_term(old, change.before), _term(new, change.after))


def _days(old: Compiled, new: Compiled, change: Change, rest: str) -> str:
    return _from_to(_term(old, change.subject), _term(new, change.subject))


def _term(compiled: Compiled, rule: str) -> str:
    return compiled.retention[rule].name if rule in compiled.retention else rule


def _bounds(old: Compiled, new: Compiled, change: Change, rest: str) -> str:
    return _from_to(_systems(change.before), _systems(change.after))


def _systems(text: str) -> str:
    for code, name in SYSTEMS.items():
        text = text.replace(code, name)
    return text.replace(", ", "、")


def _names(old: Compiled, new: Compiled, change: Change, rest: str) -> str:
    return _from_to(_named(old, change.before), _named(new, change.after))


def _named(compiled: Compiled, text: str) -> str:
    found = []
    for one in filter(None, text.split(", ")):
        known = compiled.purposes.get(one) or compiled.permissions.get(one)
        found.append(str(getattr(known, "title", "") or getattr(known, "name", "其他")))
    return "、".join(found)


type Sayer = Callable[[Compiled, Compiled, Change, str], str]
SAYERS: MappingProxyType[str, Sayer] = MappingProxyType(
    {
        "itself": _itself,
        "item": _item,
        "pair": _pair,
        "basis": _basis,
        "own_consent": _own_consent,
        "automated": _automated,
        "retention": _retention,
        "kept_by_law": _retention,
        "days": _days,
        "bounds": _bounds,
        "permissions": _names,
        "purposes": _names,
    }
)
