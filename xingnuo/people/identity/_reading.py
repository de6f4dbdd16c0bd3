"""Reading a document's photos on our own machine, where the optional reader is installed.

What is read helps with typing and is never trusted. Without the extra (`ocr`) nothing is read and
the person types by hand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from types import MappingProxyType
from typing import Any

from xingnuo.kit.errors import BadInput
from xingnuo.people.identity import _numbers
from xingnuo.people.identity.contracts import Rule

_NEEDED = ("rapidocr", "onnxruntime")
_NUMBER = re.compile(r"(?<![0-9A-Z])(\d{17}[\dXx]|[A-Z]{3}\d{12}|[HM]\d{8,10}|[A-Z]\d{8})(?![0-9])")
_DAYS = re.compile(r"(\d{4})\s*[.年-]\s*(\d{1,2})\s*[.月-]\s*(\d{1,2})")
_NAME = re.compile(r"姓\s*名[\s:：]*([\u3400-\u9fff\U00020000-\U0003ffff·]{1,50})")
_LONG = "长期"
# One core: the web has the other. Lines are found on a smaller picture and read on the whole one.
_READER: Mapping[str, object] = MappingProxyType(
    {
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        "Global.use_cls": False,
        "Global.log_level": "error",
        "Det.limit_type": "max",
        "Det.limit_side_len": 960,
    }
)


def is_there() -> bool:
    """Say whether the reader is installed."""
    try:
        return all(version(name) for name in _NEEDED)
    except PackageNotFoundError:
        return False


def read(photos: Sequence[bytes], rule: Rule) -> dict[str, str]:
    """Read name, number and validity on photos; what is not found is left out."""
    return found_in([line for photo in photos for line in _lines(photo)], rule)


def found_in(lines: Sequence[str], rule: Rule) -> dict[str, str]:
    """Find name, number and validity in lines of text."""
    text = "\n".join(lines)
    found = {"name": _name(text), "number": _number(text, rule), "validity": _validity(text)}
    return {key: value for key, value in found.items() if value}


def _name(text: str) -> str:
    seen = _NAME.search(text)
    return seen.group(1) if seen else ""


def _number(text: str, rule: Rule) -> str:
    for seen in _NUMBER.finditer(re.sub(r"[ \t]", "", text).upper()):
        try:
            return _numbers.read(rule, seen.group(1)).text
        except BadInput:
            continue
    return ""


def _validity(text: str) -> str:
    days = []
    for seen in _DAYS.finditer(text):
        try:
            days.append(date(*(int(part) for part in seen.groups())))
        except ValueError:
            continue
    # The birth date stands alone; a term is a pair, or a day and "long".
    for first, last in zip(days, days[1:], strict=False):
        if first < last and last.year - first.year in (5, 10, 20):
            return f"{first.isoformat()}/{last.isoformat()}"
    return f"{days[-1].isoformat()}/{_LONG}" if days and _LONG in text else ""


def _lines(photo: bytes) -> list[str]:
    answer = _reader()(photo)
    return [str(line) for line in (getattr(answer, "txts", None) or ())]


@cache
def _reader() -> Any:
    # Loaded in the process of documents alone: its models take some hundred megabytes.
    from rapidocr import RapidOCR

    return RapidOCR(params=dict(_READER))
