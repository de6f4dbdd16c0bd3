"""Masking: one pattern per item everywhere, made on the server, with a fixed number of stars.

A value too short for its pattern becomes all stars, so that length tells nothing.
"""

from __future__ import annotations

import ipaddress
import unicodedata

from xingnuo.trust.policy.contracts import Mask

STARS = "****"
# Two-character surnames that are common enough to be kept whole.
_DOUBLE_SURNAMES = frozenset(
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 司徒 夏侯 端木 轩辕".split()
)


def masked(mask: Mask, text: str) -> str:
    """Mask a value by its pattern."""
    text = unicodedata.normalize("NFKC", text).strip() if mask is not Mask.NAME else text.strip()
    match mask:
        case Mask.NONE:
            return text
        case Mask.NAME:
            return _name(text)
        case Mask.PHONE:
            return _ends(text, 3, 4, 11)
        case Mask.NUMBER:
            return f"{text[0]}{'*' * 16}{text[-1]}" if len(text) >= 4 else STARS
        case Mask.CARD:
            return f"**** **** **** {text[-4:]}" if len(text) >= 12 else STARS
        case Mask.TAIL4:
            return STARS + text[-4:] if len(text) >= 8 else STARS
        case Mask.EDGE4:
            return _ends(text, 4, 4, 12)
        case Mask.HEAD2:
            return text[:2] + "***" if len(text) >= 4 else STARS
        case Mask.NETWORK:
            return _network(text)
        case Mask.EMAIL:
            local, _, domain = text.rpartition("@")
            return f"{local[0]}***@{domain}" if local and domain else STARS
        case Mask.ADDRESS:
            return _address(text)
        case Mask.DATE:
            return "19**-**-**" if text.startswith("19") else "20**-**-**"
        case _:
            return STARS


def _name(text: str) -> str:
    if "·" in text:
        head = text.split("·", 1)[0]
        return f"{head[0]}**" if head else STARS
    if len(text) < 2:
        return STARS
    surname = text[:2] if text[:2] in _DOUBLE_SURNAMES and len(text) > 2 else text[0]
    return surname + ("*" if len(text) - len(surname) == 1 else "**")


def _network(text: str) -> str:
    # Enough to tell a known network from a strange one, too little to find a line by.
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return STARS
    if address.version == 4:
        return ".".join(text.split(".")[:2]) + ".*.*"
    return ":".join(address.exploded.split(":")[:2]) + ":*"


def _ends(text: str, head: int, tail: int, least: int) -> str:
    return f"{text[:head]}{STARS}{text[-tail:]}" if len(text) >= least else STARS


def _address(text: str) -> str:
    # Province, city and district only: cut behind the last of these marks near the start.
    cut = max((text.find(mark, 2, 15) for mark in "区县旗"), default=-1)
    if cut < 0:
        cut = text.find("市", 1, 12)
    return text[: cut + 1] + STARS if cut > 0 else STARS
