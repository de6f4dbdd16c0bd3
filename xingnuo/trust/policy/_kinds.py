"""Kinds of values: each tells a good value from a bad one, and writes it in one form.

A refusal says in Chinese what to do, and never repeats what was typed.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from urllib.parse import urlsplit
from uuid import UUID

import phonenumbers
from stdnum import imei as imei_number
from stdnum import luhn
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from xingnuo.kit import clock
from xingnuo.kit.errors import BadInput
from xingnuo.trust.policy._choices import CHOICES, SAME

NAME_CHARS_MAX = 50
AGE_YEARS_MAX = 150
_DOTS = str.maketrans({"•": "·", "・": "·", "．": "·", "‧": "·", "●": "·"})
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_TRAVEL_DOCUMENT = re.compile(
    r"E[A-HJ-NP-Z]\d{7}|[EGDSPK]\d{8}|[HM]\d{8}(\d{2})?|\d{8}|[A-Z]{3}\d{12}|[A-Z][A-Z0-9]{5,8}"
)
_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46"
    " 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
)
_RESIDENT = "身份证号不对，请核对 18 位号码"
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")


def normalise(kind: str, text: str) -> str:
    """Give the value in its one form; `BadInput` says what to do instead."""
    if kind in CHOICES:
        return _choice(kind, text)
    return _KINDS[kind](text)


def known(kind: str) -> bool:
    """Tell whether a kind exists."""
    return kind in _KINDS or kind in CHOICES or kind in FILE_KINDS


def choices(kind: str) -> tuple[str, ...]:
    """Give the words of a kind that is a closed list, or nothing."""
    return CHOICES.get(kind, ())


def birth_date(document_number: str) -> date | None:
    """Read the birth date in a mainland identity number; None for other documents."""
    try:
        return ric.get_birth_date(document_number) if len(document_number) == 18 else None
    except (ValidationError, ValueError):
        return None


def _bad(remedy: str) -> BadInput:
    return BadInput({"value": remedy})


def _plain(text: str) -> str:
    """Fold full-width letters and digits, and take outer blanks away."""
    return unicodedata.normalize("NFKC", text).strip()


def _clean(text: str, *, lines: bool = False) -> str:
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()
    if not text:
        raise _bad("请填写内容")
    allowed = "\n\t" if lines else ""
    if any(unicodedata.category(one) in _INVISIBLE and one not in allowed for one in text):
        raise _bad("请去掉看不见的特殊字符")
    return text


def _choice(kind: str, text: str) -> str:
    word = _plain(text)
    word = SAME.get(word.lower(), word)
    if word not in CHOICES[kind]:
        raise _bad("请从给出的选项里选一个")
    return word


def _long(text: str) -> str:
    return _clean(text, lines=True)


def _name(text: str) -> str:
    name = re.sub(r"\s+", " ", _clean(text).translate(_DOTS))
    letters = [one for one in name if one not in "· -'."]
    if any(unicodedata.category(one)[0] not in "LM" for one in letters):
        raise _bad("请只用文字和间隔号“·”填写姓名")
    if not len(letters) >= 1 or len(name) > NAME_CHARS_MAX or name[0] in "· -'.":
        raise _bad(f"请填写证件上的姓名，最多 {NAME_CHARS_MAX} 个字")
    return name


def _phone(text: str, *, mobile: bool = True) -> str:
    try:
        number = phonenumbers.parse(_plain(text), "CN")
    except phonenumbers.NumberParseException as fault:
        raise _bad("请填写 11 位手机号" if mobile else "请填写区号和电话号码") from fault
    is_mobile = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
    right = number.country_code == 86 and phonenumbers.is_valid_number(number)
    if not right or (mobile and not is_mobile):
        raise _bad("请填写 11 位中国内地手机号" if mobile else "请填写区号和电话号码")
    national = str(number.national_number)
    return national if is_mobile else "0" + national


def _email(text: str) -> str:
    address = _plain(text)
    if not _EMAIL.fullmatch(address) or ".." in address or len(address) > 254:
        raise _bad("请填写邮箱，例如 name@example.com")
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.lower()}"


def _document_number(text: str) -> str:
    number = re.sub(r"[\s()-]", "", _plain(text)).upper()
    if len(number) == 18 and number[:17].isdigit():
        return _resident_number(number)
    if not _TRAVEL_DOCUMENT.fullmatch(number):
        raise _bad("请按证件填写号码，身份证为 18 位")
    return number


def _resident_number(number: str) -> str:
    # Counties come and go, so only the province is checked; 9 is a foreigner's permanent residence.
    try:
        born = ric.get_birth_date(number)
        right = ric.calc_check_digit(number) == number[-1]
    except ValidationError as fault:
        raise _bad(_RESIDENT) from fault
    placed = number[0] == "9" or number[:2] in _PROVINCES
    if not right or not placed or not date(1850, 1, 1) <= born <= clock.today():
        raise _bad(_RESIDENT)
    return number


def _by(check: Callable[[str], str], remedy: str) -> Callable[[str], str]:
    """Make a kind of a checker that raises stdnum's or value errors."""

    def kind(text: str) -> str:
        try:
            return check(_plain(text))
        except (ValidationError, ValueError, ArithmeticError) as fault:
            raise _bad(remedy) from fault

    return kind


def _card(text: str) -> str:
    number = re.sub(r"[\s-]", "", text)
    if not 12 <= len(number) <= 19:
        raise ValueError
    return str(luhn.validate(number))


def _match(pattern: str, *, upper: bool = False) -> Callable[[str], str]:
    whole = re.compile(pattern)

    def check(text: str) -> str:
        value = text.upper() if upper else text
        if not whole.fullmatch(value):
            raise ValueError
        return value

    return check


def _whole(least: int, most: int) -> Callable[[str], str]:
    def check(text: str) -> str:
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise ValueError
        return str(int(text))

    return check


def _money(text: str) -> str:
    amount = text.replace(",", "").removesuffix("元").strip()
    if not re.fullmatch(r"\d{1,12}(\.\d{1,2})?", amount):
        raise ValueError
    return str(Decimal(amount).quantize(Decimal("0.01")))


def _date(text: str) -> str:
    parts = re.fullmatch(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?", text)
    if not parts:
        raise ValueError
    return date(*(int(part) for part in parts.groups())).isoformat()


def _validity(text: str) -> str:
    if text == "长期":
        return text
    days = re.findall(r"\d{4}[-./年]\d{1,2}[-./月]\d{1,2}日?|长期", text)
    written = [one if one == "长期" else _date(one) for one in days]
    if not 1 <= len(written) <= 2 or (len(written) == 2 and not written[0] < written[1]):
        raise ValueError
    return "/".join(written)


def _instant(text: str) -> str:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError
    return moment.astimezone(UTC).isoformat()


def _url(text: str) -> str:
    parts = urlsplit(text)
    local = parts.scheme == "http" and parts.hostname == "localhost"
    if (parts.scheme != "https" and not local) or not parts.hostname or "@" in parts.netloc:
        raise ValueError
    if re.search(r"[\s<>\"'\\]", text):
        raise ValueError
    return text


def _pin(text: str) -> str:
    steps = {(int(b) - int(a)) % 10 for a, b in zip(text, text[1:], strict=False)}
    if not re.fullmatch(r"\d{6}", text) or steps in ({0}, {1}, {9}):
        raise ValueError
    return text


def _pattern(text: str) -> str:
    dots = text.replace(",", "-").split("-")
    if len(dots) < 4 or len(set(dots)) != len(dots) or not set(dots) <= set("123456789"):
        raise ValueError
    return "-".join(dots)


def _password(text: str) -> str:
    # Counted as it is kept; half a character (a lone surrogate) cannot be written down at all.
    word = unicodedata.normalize("NFC", text)
    if not 8 <= len(word) <= 128 or any(unicodedata.category(one) in ("Cc", "Cs") for one in word):
        raise _bad("请用 8 到 128 个字符作密码")
    return word


FILE_KINDS = frozenset({"image", "audio"})
_DEVICE = "设备标识的格式不对，请更新应用后再试"
_KINDS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "text": _clean,
        "long_text": _long,
        "record": _long,
        "app_list": _long,
        "nickname": _clean,
        "occupation": _clean,
        "industry": _clean,
        "nationality": _clean,
        "model": _clean,
        "address": _clean,
        "place": _clean,
        "name": _name,
        "phone": _phone,
        "any_phone": lambda text: _phone(text, mobile=False),
        "email": _email,
        "document_number": _document_number,
        "uscc": _by(lambda text: str(uscc.validate(text)), "请核对 18 位统一社会信用代码"),
        "card": _by(_card, "银行卡号不对，请核对卡面号码"),
        "card_validity": _by(_match(r"(0[1-9]|1[0-2])/?\d{2}"), "请填写卡面有效期，例如 08/29"),
        "date": _by(_date, "请填写日期，例如 2026-10-01"),
        "validity": _by(_validity, "请填写证件有效期，例如 2020-01-01/2040-01-01，或填“长期”"),
        "instant": _by(_instant, "时间格式不对，请重试"),
        "age": _by(_whole(0, AGE_YEARS_MAX), "请填写周岁，例如 30"),
        "years": _by(_whole(0, 80), "请填写年数，例如 5"),
        "count": _by(_whole(0, 10**12 - 1), "请填写整数"),
        "money": _by(_money, "请填写金额，例如 1200.50"),
        "account_id": _by(_match(r"[A-Za-z0-9._@:-]{2,64}"), "帐号格式不对，请重新登录"),
        "bill_account": _by(_match(r"[A-Za-z0-9-]{4,40}"), "请填写账单上的户号"),
        "url": _by(_url, "请填写以 https:// 开头的网址"),
        "ip": _by(lambda text: str(ipaddress.ip_address(text)), "网络地址格式不对，请重试"),
        "imei": _by(lambda text: str(imei_number.validate(text)), "请核对 15 位 IMEI"),
        "uuid": _by(lambda text: str(UUID(text)), _DEVICE),
        "device_id": _by(_match(r"[A-Za-z0-9._-]{4,64}"), _DEVICE),
        "pin": _by(_pin, "请用 6 位数字，不要用连号或相同数字"),
        "code": _by(_match(r"\d{4,8}"), "请填写短信里的验证码"),
        "pattern": _by(_pattern, "请连接至少 4 个不同的点"),
        "password": _password,
    }
)
