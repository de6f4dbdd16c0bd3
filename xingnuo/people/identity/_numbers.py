"""Numbers of documents: each kind by its own rules; nothing here asks anybody.

GB 11643-1999 (resident numbers, also on residence permits and the 2023 card of permanent
residents), 公通字〔2012〕 for travel permits, ICAO 9303 for passports.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from xingnuo.kit import clock
from xingnuo.kit.errors import BadInput
from xingnuo.people.identity._limits import GROWN_UP_YEARS
from xingnuo.people.identity.contracts import Rule
from xingnuo.trust.policy import queries as policy

NUMBER = "number"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
# Old cards of permanent residents: country, province and serial, birth date (YYMMDD), check digit.
_OLD_PERMANENT = re.compile(r"[A-Z]{3}\d{12}")
_PASSPORT = re.compile(r"[A-Z0-9]{6,9}")
_HK_MACAO = re.compile(r"[HM]\d{8}(\d{2})?")
_TAIWAN = re.compile(r"\d{8}")
# What HK, Macao and Taiwan residents' permits begin with (国办发〔2018〕81号).
_PLACES_OF_PERMITS = ("81", "82", "83")


@dataclass(frozen=True, slots=True)
class Numbered:
    """What a number itself says: its rule, its one form, and the birth date where it has one."""

    rule: Rule
    text: str
    born_on: date | None = None
    sex: str = ""


def read(rule: Rule, typed: str) -> Numbered:
    """Check a number by the rules of its document; raises `BadInput` that says what to do."""
    text = re.sub(r"[\s()-]", "", unicodedata.normalize("NFKC", typed)).upper()
    return _RULES[rule](text)


def words() -> Mapping[Rule, str]:
    """Give each rule's word as `document_kind` knows it."""
    return _WORDS


def age_on(born_on: date, day: date) -> int:
    """Give full years; who is born on 29 February is a year older on 1 March."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def is_minor(found: Numbered, *, years: int = GROWN_UP_YEARS) -> bool:
    """Say whether a number shows somebody under an age; without a birth date it shows nothing."""
    return found.born_on is not None and age_on(found.born_on, clock.today()) < years


def check_digit(body: str) -> str:
    """Give the check digit of seventeen digits (GB 11643)."""
    total = sum(int(one) * weight for one, weight in zip(body, _WEIGHTS, strict=True))
    return _CHECKS[total % 11]


def _bad(remedy: str) -> BadInput:
    return BadInput({NUMBER: remedy})


def _eighteen(text: str, rule: Rule, *, begins: Callable[[str], bool], remedy: str) -> Numbered:
    if not re.fullmatch(r"\d{17}[\dX]", text, re.ASCII) or not begins(text):
        raise _bad(remedy)
    try:
        policy.normalise("document_number", text)
    except BadInput:
        raise _bad(remedy) from None
    born = policy.birth_date(text)
    if born is None or check_digit(text[:17]) != text[17]:
        raise _bad(remedy)
    return Numbered(rule, text, born, "男" if int(text[16]) % 2 else "女")


def _resident(text: str) -> Numbered:
    return _eighteen(
        text,
        Rule.RESIDENT,
        begins=lambda one: one[0] != "9" and one[:2] not in _PLACES_OF_PERMITS,
        remedy="请核对身份证上的 18 位号码",
    )


def _residence_permit(text: str) -> Numbered:
    return _eighteen(
        text,
        Rule.RESIDENCE_PERMIT,
        begins=lambda one: one[:2] in _PLACES_OF_PERMITS,
        remedy="请核对居住证上的 18 位号码，开头是 81、82 或 83",
    )


def _permanent_resident(text: str) -> Numbered:
    if not text[:1].isalpha():
        return _eighteen(
            text,
            Rule.PERMANENT_RESIDENT,
            begins=lambda one: one[0] == "9",
            remedy="请核对证件号码：新版 18 位、9 开头，旧版 15 位、字母开头",
        )
    if not _OLD_PERMANENT.fullmatch(text):
        raise _bad("请核对证件号码：旧版是 3 个字母加 12 位数字")
    return Numbered(Rule.PERMANENT_RESIDENT, text, _short_birth(text[8:14]))


def _short_birth(digits: str) -> date:
    # Two digits of the year: nobody on such a card is born tomorrow, so the later century that
    # is not in the future.
    year, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    for century in (2000, 1900):
        try:
            born = date(century + year, month, day)
        except ValueError:
            continue
        if born <= clock.today():
            return born
    raise _bad("请核对证件号码里的出生日期")


def _by(rule: Rule, pattern: re.Pattern[str], remedy: str) -> Callable[[str], Numbered]:
    def check(text: str) -> Numbered:
        if not text.isascii() or not pattern.fullmatch(text):
            raise _bad(remedy)
        return Numbered(rule, text)

    return check


_passport = _by(Rule.PASSPORT, _PASSPORT, "请按护照填写号码，6 到 9 位字母和数字")

_RULES: Mapping[Rule, Callable[[str], Numbered]] = MappingProxyType(
    {
        Rule.RESIDENT: _resident,
        Rule.PASSPORT: _passport,
        Rule.HK_MACAO_PERMIT: _by(
            Rule.HK_MACAO_PERMIT, _HK_MACAO, "请核对通行证号码：H 或 M 开头，后面 8 位或 10 位数字"
        ),
        Rule.TAIWAN_PERMIT: _by(Rule.TAIWAN_PERMIT, _TAIWAN, "请核对通行证号码：8 位数字"),
        Rule.RESIDENCE_PERMIT: _residence_permit,
        Rule.PERMANENT_RESIDENT: _permanent_resident,
    }
)
_WORDS: Mapping[Rule, str] = MappingProxyType(
    {
        Rule.RESIDENT: "居民身份证",
        Rule.PASSPORT: "护照",
        Rule.HK_MACAO_PERMIT: "港澳居民来往内地通行证",
        Rule.TAIWAN_PERMIT: "台湾居民来往大陆通行证",
        Rule.RESIDENCE_PERMIT: "港澳台居民居住证",
        Rule.PERMANENT_RESIDENT: "外国人永久居留身份证",
    }
)
