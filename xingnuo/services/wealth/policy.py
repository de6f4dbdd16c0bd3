"""What looking at products and holdings needs; each product adds only its own items."""

from __future__ import annotations

from datetime import date

from xingnuo.trust.policy.contracts import (
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
)

ITEMS = (
    Item(
        id="asset_income",
        name="资产与收益",
        category=Category.FINANCE,
        sensitive=True,
        data_class=DataClass.C2,
        key_class=KeyClass.MONEY,
        mask=Mask.ALL,
        retention="account_life",
        kept_by_law="aml_transaction",
        kind="record",
        max_chars=4000,
        necessity="不取回这些数字就没法给您看持有和收益；泄露会暴露您的家底。",
    ),
)

FUNCTIONS = (
    Function(
        id="wealth",
        name="金融产品信息技术服务",
        section="1.2.4",
        controller="operator",
        text="产品由持牌机构提供，我们负责展示和连接。每个产品只多问它自己需要的那几项；进入机构页面前会先提醒您，那边适用对方的隐私政策。",
    ),
)

PURPOSES = (
    Purpose(
        id="wealth.product",
        function="wealth",
        title="查看并购买理财产品",
        sentence="让机构认出您，为您办理",
        basis=Basis.SEPARATE_CONSENT,
        items=("name", "document_number", "phone", "card_number"),
        refusal_cost="不同意就不能买理财产品，其他不变。",
        scene="理财",
    ),
    Purpose(
        id="wealth.product_extra",
        function="wealth",
        title="补充这个产品要的资料",
        sentence="这个产品的机构另外要求",
        basis=Basis.SEPARATE_CONSENT,
        optional=("home_address", "usual_address", "email", "face_image", "occupation"),
        refusal_cost="不补充就不能买这一个产品，别的产品照常买。",
        scene="理财产品页",
    ),
    Purpose(
        id="wealth.region",
        function="wealth",
        title="看本地区能买的产品",
        sentence="有些产品只在部分地区卖",
        basis=Basis.SEPARATE_CONSENT,
        optional=("location", "usual_address"),
        refusal_cost="不同意就手动选择地区，其他不变。",
        permissions=("location",),
        scene="理财",
    ),
    Purpose(
        id="wealth.holdings",
        function="wealth",
        title="同步持有和收益",
        sentence="让您在这里看到资产和收益",
        basis=Basis.SEPARATE_CONSENT,
        items=("asset_income", "transaction"),
        optional=("card_number", "card_balance", "opening_bank"),
        refusal_cost="不同意就到机构那边查看，其他不变。",
        scene="我的资产",
    ),
    Purpose(
        id="wealth.withdraw",
        function="wealth",
        title="赎回和提现",
        sentence="把钱转回您自己的银行账户",
        basis=Basis.SEPARATE_CONSENT,
        items=("name", "card_number"),
        optional=("transaction", "document_number"),
        refusal_cost="不同意就到机构那边赎回，其他不变。",
        scene="我的资产",
    ),
)

RECIPIENTS = (
    Recipient(
        id="fund_house",
        name="稳泽基金管理有限公司",
        contact="privacy@wenze-fund.example · 400-555-2101",
        standing=Standing.HANDLER,
        items=(
            "name",
            "document_number",
            "phone",
            "card_number",
            "home_address",
            "usual_address",
            "email",
            "occupation",
        ),
        purposes=("wealth.product", "wealth.product_extra", "wealth.withdraw"),
        method="API、H5",
        agreement="基金销售合作协议 FH-2026-21",
        agreement_until=date(2028, 12, 31),
        review_until=date(2027, 6, 30),
        qualification="公募基金管理人",
        qualification_until=date(2028, 6, 30),
        licence_no="经营证券期货业务许可证 000000012101",
        policy_url="https://wenze-fund.example/privacy",
        scene="基金",
    ),
    Recipient(
        id="fund_seller",
        name="明谷基金销售有限公司",
        contact="privacy@minggu-fund.example · 400-555-2102",
        standing=Standing.HANDLER,
        items=(
            "name",
            "document_number",
            "phone",
            "card_number",
            "home_address",
            "email",
            "occupation",
        ),
        purposes=("wealth.product", "wealth.product_extra", "wealth.withdraw"),
        method="API、H5",
        agreement="基金销售合作协议 FS-2026-22",
        agreement_until=date(2028, 12, 31),
        review_until=date(2027, 6, 30),
        qualification="独立基金销售机构",
        qualification_until=date(2028, 6, 30),
        licence_no="基金销售业务资格证书 000000372",
        policy_url="https://minggu-fund.example/privacy",
        scene="基金",
    ),
    Recipient(
        id="deposit_bank",
        name="临川银行股份有限公司",
        contact="服务热线 400-555-2103",
        standing=Standing.HANDLER,
        items=(
            "name",
            "document_number",
            "phone",
            "card_number",
            "usual_address",
            "occupation",
        ),
        purposes=("wealth.product", "wealth.product_extra", "wealth.withdraw"),
        method="API、H5",
        agreement="存款产品合作协议 DB-2026-23",
        agreement_until=date(2028, 12, 31),
        review_until=date(2027, 6, 30),
        qualification="银行业金融机构 · 网络安全等级保护三级",
        qualification_until=date(2028, 6, 30),
        licence_no="金融许可证 B0223H1330001",
        policy_url="https://linchuan-bank.example/privacy",
        scene="存款与理财",
    ),
)

DECLARATION = Declaration(
    room="wealth", items=ITEMS, functions=FUNCTIONS, purposes=PURPOSES, recipients=RECIPIENTS
)
