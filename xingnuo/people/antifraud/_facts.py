"""The declared facts: what a rule may ask about, and of which type; anything else is no fact.

A counter is spelled `measure.what.by.window`, for example `count.transfer.device.1h`,
`sum.money.subject.1d`, `distinct_subject.any.device.30d`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product

from xingnuo.people.antifraud._states import MONEY, EventKind, ListField, ListKind

type Value = bool | int | str | None
type Facts = Mapping[str, Value]

WINDOWS: Mapping[str, int] = {
    "5m": 300,
    "15m": 900,
    "1h": 3_600,
    "6h": 21_600,
    "1d": 86_400,
    "7d": 604_800,
    "30d": 2_592_000,
}
MEASURES = ("count", "sum", "distinct_counterparty", "distinct_subject", "distinct_device")
KEYS = ("subject", "device", "card", "counterparty", "network")
WHAT: Mapping[str, tuple[str, ...]] = {
    "any": (),
    "money": tuple(kind.value for kind in MONEY),
    **{kind.value: (kind.value,) for kind in EventKind},
}
_COUNTER = re.compile(
    rf"({'|'.join(MEASURES)})\.({'|'.join(WHAT)})\.({'|'.join(KEYS)})\.({'|'.join(WINDOWS)})"
)
CHANNELS = ("h5", "api", "console", "worker", "hooks", "cli")


@dataclass(frozen=True, slots=True)
class Counter:
    """One sliding window: what is measured, over which events, by which key."""

    measure: str
    what: str
    by: str
    window: str

    @property
    def seconds(self) -> int:
        """Give the length of the window."""
        return WINDOWS[self.window]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Name the kinds of events that count; none means all."""
        return WHAT[self.what]


PLAIN: Mapping[str, type] = {
    "kind": str,
    "channel": str,
    "amount_fen": int,
    "is_money": bool,
    "hour": int,  # of the Beijing clock
    "device_signals": bool,  # the person lets device signals count
    "device_known": bool,
    "place_match": bool,
    "counterparty_known": bool,  # dealt with in the last 30 days
    **{
        f"{kind.value}.{field.value}": bool
        for kind, field in product(ListKind, ListField)
        if kind is not ListKind.SANCTIONS and field is not ListField.NAME
    },
}
WORDS: Mapping[str, tuple[str, ...]] = {
    "kind": tuple(kind.value for kind in EventKind),
    "channel": CHANNELS,
}


@cache
def counter(name: str) -> Counter | None:
    """Read the name of a counter, or None where it is none."""
    found = _COUNTER.fullmatch(name)
    if found is None:
        return None
    measure, what, by, window = found.groups()
    return Counter(measure, what, by, window)


def type_of(name: str) -> type | None:
    """Give the type of a declared fact, or None where it is not declared."""
    if name in PLAIN:
        return PLAIN[name]
    return int if counter(name) is not None else None


# What a person is told was looked at, by the fact's beginning.
LOOKED_AT: tuple[tuple[str, str], ...] = (
    ("amount_fen", "这一笔的金额"),
    ("sum.", "一段时间里的累计金额"),
    ("count.", "一段时间里的次数"),
    ("distinct_counterparty", "一段时间里不同收款方的个数"),
    ("distinct_", "设备、银行卡被几个帐号使用（只看个数）"),
    ("device_known", "是不是你常用的设备"),
    ("device_signals", "你是否允许看设备信息"),
    ("place_match", "终端和地点是否对得上"),
    ("counterparty_known", "是不是往来过的对方"),
    ("hour", "时间"),
    ("kind", "办理的事项"),
    ("deny.", "设备、网络、卡号或对方是否在风险名单上"),
    ("watch.", "设备、网络、卡号或对方是否在风险名单上"),
    ("allow.", "设备、网络、卡号或对方是否在可信名单上"),
)


def told(names: list[str]) -> tuple[str, ...]:
    """Say in plain words what facts stand for, each once."""
    words = []
    for name in sorted(names):
        words += [word for start, word in LOOKED_AT if name.startswith(start)][:1]
    return tuple(dict.fromkeys(words))
