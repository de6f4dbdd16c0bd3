"""What the acceptance list says of each item, written down apart from the rooms that declare it.

Columns: item | class | sensitive | mask | form | a value | how the copy shows it (`-`: not at all).
`{…}` stands for a value made afresh, since it must be nobody else's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from xingnuo.kit import ids
from xingnuo.trust.policy.contracts import Category

_TABLES: dict[str, tuple[Category, str]] = {
    "1.1.1": (
        Category.BASIC,
        """
        name|C2||name|value|欧阳明月|欧阳**
        home_address|C2||address|value|浙江省杭州市西湖区文一路 1 号|浙江省杭州市西湖区****
        usual_address|C2|yes|address|value|上海市浦东新区世纪大道 2 号|上海市浦东新区****
        work_address|C2|yes|address|value|北京市海淀区中关村 3 号|北京市海淀区****
        delivery_address|C2||address|value|广东省广州市天河区体育西路 4 号|广东省广州市天河区****
        housing_type|C2||none|value|租住|租住
        phone|C2||phone|value|{phone}|{phone}
        sex|C2||none|value|女|女
        age|C2||none|value|33|33
        nationality|C2||none|value|中国|中国
        account_id|C1||head2|value|{account}|{account}
        nickname|C1||head2|value|小爱同学|小爱***
        avatar|C1||none|file||-
        email|C2||email|value|alice@example.com|a***@example.com
        marital_status|C2|yes|all|value|已婚|****
        """,
    ),
    "1.1.2": (
        Category.IDENTITY_DOCUMENT,
        """
        document_kind|C2||none|value|居民身份证|居民身份证
        document_number|C2|yes|number|value|{document}|{document}
        document_validity|C2||none|value|2020-01-01/2040-01-01|2020-01-01/2040-01-01
        document_photo|C2|yes|all|file||-
        """,
    ),
    "1.1.3": (
        Category.CONTACT_PERSON,
        """
        contact_name|C2|yes|name|value|李雷|李*
        contact_phone|C2|yes|phone|value|13812345678|138****5678
        contact_relation|C2|yes|none|value|朋友|朋友
        """,
    ),
    "1.1.4": (
        Category.DEVICE,
        """
        imei|C2||edge4|value|490154203237518|4901****7518
        serial_number|C2||edge4|value|SN0123456789AB|SN01****89AB
        oaid|C2||edge4|value|oaid0123456789ab|oaid****89ab
        idfa|C2||edge4|value|6d92078a-8246-4ba4-ae5b-76104861e7dc|6d92****e7dc
        device_uuid|C2||edge4|value|0f8fad5b-d9cb-469f-a165-70867728950e|0f8f****950e
        device_model|C1||none|value|PIXEL 9|PIXEL 9
        app_list|C2|yes|never|value|com.example.one|-
        device_accounts|C2||never|transient||-
        push_subscription|C2||all|value|push-address-of-a-browser|****
        """,
    ),
    "1.1.5": (
        Category.BIOMETRIC,
        """
        face_image|C3|yes|never|file||-
        face_result|C3|yes|none|result||-
        fingerprint_result|C3|yes|none|result||-
        """,
    ),
    "1.1.6": (
        Category.CONTENT,
        """
        uploaded_photo|C2|yes|all|file||-
        complaint_content|C2|yes|all|value|货不对板，请核实。|****
        voice_recording|C2|yes|all|file||-
        """,
    ),
    "1.1.7": (
        Category.USAGE,
        """
        usage_frequency|C1||all|value|12|****
        app_events|C1||all|value|打开首页|****
        usage_total|C1||all|value|345|****
        performance|C1||all|value|首页 120 毫秒|****
        browsing|C1|yes|all|value|看过理财页|****
        crash_record|C1||all|value|闪退一次|****
        internet_use|C1|yes|all|value|每天两小时|****
        internet_behaviour|C1|yes|all|value|夜间使用|****
        ip_address|C1||network|value|203.0.113.7|203.0.*.*
        """,
    ),
    "1.1.8": (
        Category.LOCATION,
        """
        location|C2|yes|address|value|浙江省杭州市西湖区|浙江省杭州市西湖区****
        """,
    ),
    "1.1.9": (
        Category.FINANCE,
        """
        card_number|C2|yes|card|value|{card}|{card}
        card_reserved_phone|C2|yes|phone|value|13912345678|139****5678
        card_validity|C3|yes|never|transient||-
        opening_bank|C1||none|value|临川银行|临川银行
        transaction|C2|yes|all|value|购物 12.00|****
        transfer|C2|yes|all|value|转出 30.00|****
        asset_income|C2|yes|all|value|基金 100.00|****
        payment_password|C3|yes|never|digest||-
        unlock_password|C3|yes|never|digest||-
        unlock_pattern|C3|yes|never|digest||-
        sms_code|C3|yes|never|transient||-
        order|C2|yes|all|value|订单一|****
        credit_record|C2|yes|all|value|无逾期|****
        policy_record|C2|yes|all|value|保单一|****
        policyholder|C2|yes|name|value|韩梅梅|韩**
        insured|C2|yes|name|value|韩小梅|韩**
        renewal|C2|yes|all|value|续保一次|****
        enterprise_name|C2||head2|value|小爱食品店|小爱***
        enterprise_code|C2||edge4|value|91110000600037341L|9111****341L
        enterprise_income|C2||all|value|120000.00|****
        topup_phone|C2||phone|value|13712345678|137****5678
        topup_time|C1||none|value|2026-11-23T08:00:00+00:00|2026-11-23T08:00:00+00:00
        topup_amount|C2|yes|all|value|50.00|****
        bill_account|C2|yes|tail4|value|HZ00012345|****2345
        bill_name|C2|yes|name|value|张三|张*
        bill_address|C2|yes|address|value|浙江省杭州市西湖区文一路 1 号|浙江省杭州市西湖区****
        bill_amount|C2|yes|all|value|88.10|****
        bill_balance|C2|yes|all|value|11.90|****
        bill_record|C2|yes|all|value|十一月电费|****
        card_balance|C2|yes|all|value|66.00|****
        """,
    ),
    "1.1.10": (
        Category.EDUCATION_WORK,
        """
        education|C2||none|value|本科|本科
        employer|C2||head2|value|小爱食品店|小爱***
        employer_kind|C2||none|value|民营企业|民营企业
        employer_phone|C2||phone|value|057188888888|057****8888
        industry|C2||none|value|零售|零售
        occupation|C2||none|value|店员|店员
        position|C2||none|value|主管|主管
        income|C2|yes|all|value|90000.00|****
        work_years|C2||none|value|8|8
        """,
    ),
}
PROMISES = tuple(_TABLES)


@dataclass(frozen=True, slots=True)
class Expected:
    """What the acceptance list says of one item, with a value to try it with."""

    id: str
    data_class: str
    sensitive: bool
    mask: str
    form: str
    value: str
    shown: str


def category_of(promise: str) -> Category:
    """Give the category that a promise of section 1.1 is about."""
    return _TABLES[promise][0]


@cache
def rows(promise: str) -> tuple[Expected, ...]:
    """Give what a promise of section 1.1 says, item by item."""
    found = []
    for line in _TABLES[promise][1].strip().splitlines():
        item, data_class, sensitive, mask, form, value, shown = line.strip().split("|")
        found.append(Expected(item, data_class, bool(sensitive), mask, form, value, shown))
    return tuple(found)


def afresh(row: Expected) -> tuple[str, str]:
    """Give a value to try an item with, and how the copy must show it."""
    match row.value:
        case "{phone}":
            number = f"138{_digits(8)}"
            return number, f"138****{number[-4:]}"
        case "{account}":
            return (name := f"proof-{ids.token()[:12]}"), f"{name[:2]}***"
        case "{document}":
            number = document_number()
            return number, f"{number[0]}{'*' * 16}{number[-1]}"
        case "{card}":
            number = card_number()
            return number, f"**** **** **** {number[-4:]}"
        case _:
            return row.value, row.shown


def document_number() -> str:
    """Make an identity number with the right check digit, of a grown-up person."""
    day = date(1950, 1, 1) + timedelta(days=int(_digits(4)))
    body = f"330106{day:%Y%m%d}{_digits(3)}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


def card_number() -> str:
    """Make a card number with the right check digit."""
    body = f"622848{_digits(12)}"
    total = 0
    for place, digit in enumerate(reversed(body)):
        double = int(digit) * (2 if place % 2 == 0 else 1)
        total += double - 9 if double > 9 else double
    return body + str(-total % 10)


def _digits(count: int) -> str:
    return str(int.from_bytes(ids.random_bytes(8)) % 10**count).zfill(count)
