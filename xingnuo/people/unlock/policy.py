"""What the unlock room holds: results and digests, never a sample, a template or a password."""

from __future__ import annotations

from xingnuo.people.unlock._tables import TABLES
from xingnuo.trust.policy.contracts import (
    Basis,
    Category,
    DataClass,
    Declaration,
    Form,
    Function,
    Item,
    KeyClass,
    Mask,
    Purpose,
    Shows,
)

ITEMS = (
    Item(
        id="fingerprint_result",
        name="指纹验证结果",
        category=Category.BIOMETRIC,
        sensitive=True,
        data_class=DataClass.C3,
        key_class=KeyClass.DEVICE,
        mask=Mask.NONE,
        form=Form.RESULT,
        retention="session_end",
        kind="result",
        max_chars=10,
        necessity="手机验过后只告诉我们“通过”或“未通过”，指纹本身不离开手机。",
    ),
    Item(
        id="unlock_password",
        name="解锁密码",
        category=Category.FINANCE,
        sensitive=True,
        data_class=DataClass.C3,
        key_class=KeyClass.MONEY,
        mask=Mask.NEVER,
        form=Form.DIGEST,
        retention="consent_end",
        kind="password",
        max_chars=128,
        necessity="不留原文，只留一段算不回去的摘要来比对；泄露会让别人能试着打开应用。",
    ),
    Item(
        id="unlock_pattern",
        name="解锁手势",
        category=Category.FINANCE,
        sensitive=True,
        data_class=DataClass.C3,
        key_class=KeyClass.MONEY,
        mask=Mask.NEVER,
        form=Form.DIGEST,
        retention="consent_end",
        kind="pattern",
        max_chars=18,
        necessity="不留原样，只留一段算不回去的摘要来比对；泄露会让别人能试着打开应用。",
    ),
)

FUNCTIONS = (
    Function(
        id="unlock",
        name="应用解锁",
        section="1.2.2",
        controller="operator",
        text="指纹、面容、手势、密码四种方式地位相同，任选其一，也可以都不用。指纹和面容在手机里比对，我们只拿到结果。",
    ),
)

PURPOSES = (
    Purpose(
        id="unlock.biometric",
        function="unlock",
        title="用指纹或面容解锁",
        sentence="确认正在使用的是你本人",
        basis=Basis.SEPARATE_CONSENT,
        items=("fingerprint_result",),
        optional=("face_result",),
        refusal_cost="不同意就用密码或手势解锁，其他不变。",
        accept_verb="同意开启",
        shows=Shows.PLAIN,
        permissions=("face_id",),
        scene="我的 › 设置 › 解锁方式",
    ),
    Purpose(
        id="unlock.password",
        function="unlock",
        title="用密码解锁",
        sentence="用密码确认是你本人",
        basis=Basis.SEPARATE_CONSENT,
        items=("unlock_password",),
        refusal_cost="不设就用指纹、面容或手势解锁，其他不变。",
        accept_verb="同意设置",
        shows=Shows.NOTHING,
        scene="我的 › 设置 › 解锁方式",
    ),
    Purpose(
        id="unlock.pattern",
        function="unlock",
        title="用手势解锁",
        sentence="用手势确认是你本人",
        basis=Basis.SEPARATE_CONSENT,
        items=("unlock_pattern",),
        refusal_cost="不设就用指纹、面容或密码解锁，其他不变。",
        accept_verb="同意设置",
        shows=Shows.NOTHING,
        scene="我的 › 设置 › 解锁方式",
    ),
)

DECLARATION = Declaration(
    room="unlock", items=ITEMS, functions=FUNCTIONS, purposes=PURPOSES, tables=TABLES
)
