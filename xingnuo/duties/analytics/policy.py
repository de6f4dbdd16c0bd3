"""What counts how the product is used, apart from who uses it."""

from __future__ import annotations

from xingnuo.trust.policy.contracts import (
    ActorKind,
    Basis,
    Category,
    DataClass,
    Declaration,
    Function,
    Item,
    KeyClass,
    Mask,
    Purpose,
    Shows,
)

ITEMS = (
    Item(
        id="usage_frequency",
        name="使用频率",
        category=Category.USAGE,
        sensitive=False,
        data_class=DataClass.C1,
        key_class=KeyClass.DEVICE,
        mask=Mask.ALL,
        retention="usage_record",
        kind="count",
        max_chars=12,
    ),
    Item(
        id="app_events",
        name="应用内事件",
        category=Category.USAGE,
        sensitive=False,
        data_class=DataClass.C1,
        key_class=KeyClass.DEVICE,
        mask=Mask.ALL,
        retention="usage_record",
        kind="long_text",
        max_chars=2000,
    ),
    Item(
        id="usage_total",
        name="累计使用情况",
        category=Category.USAGE,
        sensitive=False,
        data_class=DataClass.C1,
        key_class=KeyClass.DEVICE,
        mask=Mask.ALL,
        retention="usage_record",
        kind="count",
        max_chars=12,
    ),
    Item(
        id="performance",
        name="性能数据",
        category=Category.USAGE,
        sensitive=False,
        data_class=DataClass.C1,
        key_class=KeyClass.DEVICE,
        mask=Mask.ALL,
        retention="usage_record",
        kind="long_text",
        max_chars=2000,
    ),
    Item(
        id="browsing",
        name="浏览记录",
        category=Category.USAGE,
        sensitive=True,
        data_class=DataClass.C1,
        key_class=KeyClass.DEVICE,
        mask=Mask.ALL,
        retention="consent_end",
        kind="long_text",
        max_chars=2000,
        necessity="按你看过的内容推荐；泄露会暴露兴趣，因此关闭后立即删除。",
    ),
    Item(
        id="crash_record",
        name="崩溃记录与位置",
        category=Category.USAGE,
        sensitive=False,
        data_class=DataClass.C1,
        key_class=KeyClass.DEVICE,
        mask=Mask.ALL,
        retention="usage_record",
        kind="long_text",
        max_chars=2000,
    ),
)

FUNCTIONS = (
    Function(
        id="statistics",
        name="使用统计",
        section="1.5",
        controller="operator",
        text="我们数的是多少人用、哪里慢、哪里出错，不看是谁。统计另存一处，编号与帐号无关，连上个人信息时按个人信息保护。",
    ),
)

PURPOSES = (
    Purpose(
        id="analytics.usage",
        function="statistics",
        title="统计使用情况",
        sentence="看哪里慢、哪里出错，好改进",
        basis=Basis.CONSENT,
        own_consent=True,
        optional=("usage_frequency", "app_events", "usage_total", "performance", "crash_record"),
        refusal_cost="不同意就不统计你的使用，其他不变。",
        accept_verb="同意统计",
        actors=(ActorKind.SELF, ActorKind.SYSTEM),
        shows=Shows.NOTHING,
        scene="设置 › 隐私设置",
    ),
)

DECLARATION = Declaration(room="analytics", items=ITEMS, functions=FUNCTIONS, purposes=PURPOSES)
