"""The people of the outside world: the same everywhere, with documents that are nobody's.

Numbers have right check digits (GB 11643). Districts, dates and order numbers are made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sandbox.ground.http import Problem
from sandbox.ground.partner import World

LONG = "9999-12-31"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
NAME_CHARS_MAX = 50

SCHEMA = """
CREATE TABLE IF NOT EXISTS resident (
    number TEXT PRIMARY KEY, name TEXT NOT NULL, phone TEXT NOT NULL,
    valid_until TEXT NOT NULL, cancelled INTEGER NOT NULL, deceased INTEGER NOT NULL,
    note TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS resident_phone ON resident (phone);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """One person: name, document number, phone, and the state of the document."""

    number: str
    name: str
    phone: str
    nickname: str = ""
    valid_until: str = "2039-05-31"
    cancelled: bool = False
    deceased: bool = False
    note: str = ""


def numbered(body: str) -> str:
    """Give the whole number of seventeen digits: with its check digit."""
    rest = sum(int(d) * weight for d, weight in zip(body, WEIGHTS, strict=True)) % 11
    return body + "10X98765432"[rest]


LONG_NAME = "阿卜杜热合曼·买买提吐尔逊·艾则孜·" + "努尔古丽巴哈尔古丽" * 3 + "·热孜万古"
SEEDS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("11010519920514402", "艾晓雯", "小艾", {}),
    ("32010619880923501", "博文涛", "阿博", {}),
    ("44030519950308611", "查理", "查理", {}),
    ("51010419510211302", "李秀兰", "银发李奶奶", {"valid_until": LONG}),
    ("33010620090618705", "王小明", "高中生小明", {"note": "未成年，17 岁"}),
    ("37010219750830801", "周建国", "开店的老周", {}),
    ("65010319960701902", "阿依古丽·买买提", "阿依古丽", {"note": "姓名带间隔点"}),
    ("35020319900412103", "李𠮷䶮", "阿𠮷", {"note": "生僻字（扩展平面）"}),
    ("42010620150909204", "陈多多", "多多", {"note": "未满 14 岁"}),
    ("21010219400101305", "赵永安", "赵爷爷", {"deceased": True, "note": "已故"}),
    ("12010119800606406", "孙立", "阿立", {"valid_until": "2024-12-31", "note": "证件已过期"}),
    ("50010319860217502", "吴晓", "小吴", {"cancelled": True, "note": "证件已挂失作废"}),
    ("65010219930520603", LONG_NAME, "长名", {"note": "姓名很长"}),
    ("81000019890704704", "欧阳嘉怡", "嘉怡", {"note": "港澳居民居住证"}),
    ("91184019840815805", "SMITH·JOHN", "约翰", {"note": "外国人永久居留身份证"}),
)
RESIDENTS = tuple(
    Resident(number=numbered(body), name=name, phone=f"199{index:08d}", nickname=nickname, **more)
    for index, (body, name, nickname, more) in enumerate(SEEDS, start=1)
)


def start(world: World) -> None:
    """Register the people where they are not there yet."""
    for one in RESIDENTS:
        register(world, one, replace=False)


def register(world: World, one: Resident, *, replace: bool = True) -> None:
    """Register a person, in place of who has the number now where that is wanted."""
    how = "REPLACE" if replace else "IGNORE"
    world.store.run(
        f"INSERT OR {how} INTO resident"  # noqa: S608 (one of two words)
        " (number, name, phone, valid_until, cancelled, deceased, note)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        one.number, one.name, one.phone, one.valid_until, int(one.cancelled), int(one.deceased),
        one.note,
    )  # fmt: skip


def find(world: World, number: str) -> dict[str, Any] | None:
    """Give a person by the document's number."""
    return world.store.row("SELECT * FROM resident WHERE number = ?", number.strip().upper())


def by_phone(world: World, phone: str) -> dict[str, Any] | None:
    """Give the person who has a phone."""
    return world.store.row("SELECT * FROM resident WHERE phone = ? LIMIT 1", phone)


def everyone(world: World) -> list[dict[str, Any]]:
    """List the people, the documented ones first."""
    return world.store.rows("SELECT * FROM resident ORDER BY phone, number")


def is_adult(number: str, *, on: date) -> bool | None:
    """Say whether a resident's number is of an adult; None where it tells no date of birth."""
    if len(number) != 18:
        return None
    try:
        born = date.fromisoformat(f"{number[6:10]}-{number[10:12]}-{number[12:14]}")
    except ValueError:
        return None
    return (on.year - born.year - ((on.month, on.day) < (born.month, born.day))) >= 18


def asked(told: Mapping[str, Any]) -> Resident:
    """Read a person that a test registers; raises a 422."""
    known = {"number", "name", "phone", "valid_until", "cancelled", "deceased"}
    good = told.keys() <= known and all(
        isinstance(told.get(name, ""), str) for name in ("number", "name", "phone", "valid_until")
    )
    if not good or not told.get("number") or not 0 < len(told.get("name", "")) <= NAME_CHARS_MAX:
        raise Problem(422, "fields_wrong", f"可用的项：{'、'.join(sorted(known))}。")
    return Resident(
        number=told["number"].upper(), name=told["name"], phone=told.get("phone", ""),
        valid_until=told.get("valid_until", "2039-05-31"),
        cancelled=told.get("cancelled") is True, deceased=told.get("deceased") is True,
    )  # fmt: skip
