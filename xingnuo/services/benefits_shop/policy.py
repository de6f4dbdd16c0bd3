"""What an order of the benefits shop needs, and who delivers it."""

from __future__ import annotations

from datetime import date

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
    Recipient,
    Standing,
    SubjectState,
)

ITEMS = (
    Item(
        id="delivery_address",
        name="收货地址",
        category=Category.BASIC,
        sensitive=False,
        data_class=DataClass.C2,
        key_class=KeyClass.CONTACT,
        mask=Mask.ADDRESS,
        retention="account_life",
        kind="address",
        editable=True,
    ),
    Item(
        id="order",
        name="订单信息",
        category=Category.FINANCE,
        sensitive=True,
        data_class=DataClass.C2,
        key_class=KeyClass.MONEY,
        mask=Mask.ALL,
        retention="order_record",
        kind="record",
        max_chars=8000,
        necessity="没有订单就无法发货、退款和售后；泄露会暴露你的消费。",
    ),
)

FUNCTIONS = (
    Function(
        id="benefits_shop",
        name="福利专区",
        section="1.2.11",
        controller="operator",
        text="参加活动或下单时，用这些内容组成订单：核对身份、结算、送货、报税、售后，也看交易是否反常。",
    ),
)

PURPOSES = (
    Purpose(
        id="benefits_shop.order",
        function="benefits_shop",
        title="在福利专区下单",
        sentence="完成你的订单和售后",
        basis=Basis.SEPARATE_CONSENT,
        items=("account_id", "phone", "order"),
        optional=("name", "delivery_address", "document_number"),
        refusal_cost="不同意就不能下单，其他不变。",
        accept_verb="同意下单",
        in_states=(SubjectState.ACTIVE, SubjectState.FROZEN),
        scene="福利专区",
    ),
    Purpose(
        id="benefits_shop.deliver",
        function="benefits_shop",
        title="送货",
        sentence="把东西送到你手里",
        basis=Basis.SEPARATE_CONSENT,
        items=("name", "phone", "delivery_address"),
        refusal_cost="不同意就不能送货，可改为自提。",
        accept_verb="同意送达",
        scene="福利专区",
    ),
    Purpose(
        id="benefits_shop.tax",
        function="benefits_shop",
        title="代报个人所得税",
        sentence="中奖等所得依法要报税",
        basis=Basis.LEGAL_DUTY,
        law="IIT 9",
        exception="legal_duty",
        items=("name", "document_number", "order"),
        actors=(ActorKind.SYSTEM, ActorKind.COMPLIANCE),
        in_states=(
            SubjectState.ACTIVE,
            SubjectState.FROZEN,
            SubjectState.WITHDRAWN,
            SubjectState.CLOSING,
        ),
        scene="福利专区",
    ),
    Purpose(
        id="benefits_shop.abnormal",
        function="benefits_shop",
        title="核对订单是否异常",
        sentence="防止有人冒用你的帐号下单",
        basis=Basis.SEPARATE_CONSENT,
        items=("order",),
        optional=("account_id",),
        refusal_cost="不同意就在下单时多验一次身份。",
        accept_verb="同意核对",
        automated=True,
        actors=(ActorKind.SELF, ActorKind.SYSTEM, ActorKind.RISK),
        scene="福利专区",
    ),
)

RECIPIENTS = (
    Recipient(
        id="logistics",
        name="捷途物流有限公司",
        contact="privacy@jietu.example · 400-555-2601",
        standing=Standing.PROCESSOR,
        items=("name", "phone", "delivery_address"),
        purposes=("benefits_shop.deliver",),
        method="API",
        agreement="配送委托处理协议 LG-2026-81",
        agreement_until=date(2027, 12, 31),
        review_until=date(2027, 6, 30),
        qualification="快递业务经营企业",
        qualification_until=date(2028, 6, 30),
        licence_no="快递业务经营许可证 20260081",
        policy_url="https://jietu.example/privacy",
        scene="送货",
    ),
    Recipient(
        id="tax_authority",
        name="税务机关",
        contact="服务热线 12366",
        standing=Standing.AUTHORITY,
        items=("name", "document_number", "order"),
        purposes=("benefits_shop.tax",),
        method="专用报送通道",
        agreement="依法报送，不另签协议",
        agreement_until=date(2030, 12, 31),
        review_until=date(2027, 6, 30),
        qualification="国家机关",
        qualification_until=date(2030, 12, 31),
        licence_no="依法履职",
        scene="代报税",
    ),
)

DECLARATION = Declaration(
    room="benefits_shop", items=ITEMS, functions=FUNCTIONS, purposes=PURPOSES, recipients=RECIPIENTS
)
