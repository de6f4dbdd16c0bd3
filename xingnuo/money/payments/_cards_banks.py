"""Banks by the name that the clearing house tells, and the channels that can charge their cards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_EVERY = ("unionpay", "alipay", "wechat")


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank as cards name it."""

    name: str
    channels: tuple[str, ...]


OTHER = "other"
BANKS: Mapping[str, Bank] = MappingProxyType(
    {
        "xinghai": Bank("星海银行", _EVERY),
        "linchuan": Bank("临川银行", _EVERY),
        "dongling": Bank("东岭银行", ("unionpay", "alipay")),
        OTHER: Bank("其他银行", ("unionpay",)),
    }
)


def code_of(name: str) -> str:
    """Give the code of a bank by its name; one that is not listed is `other`."""
    return next((code for code, bank in BANKS.items() if bank.name == name), OTHER)
