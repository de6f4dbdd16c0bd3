"""What a change card on a bank e-account needs."""

from __future__ import annotations

from datetime import date

from xingnuo.services.wallet_card._tables import TABLES
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
    Tier,
)

ITEMS = (
    Item(
        id="card_balance",
        name="电子账户余额",
        category=Category.FINANCE,
        sensitive=True,
        data_class=DataClass.C2,
        key_class=KeyClass.MONEY,
        mask=Mask.ALL,
        retention="account_life",
        kept_by_law="aml_transaction",
        kind="money",
        max_chars=20,
        necessity="让你看到卡里还有多少钱；泄露会暴露你的存款。",
    ),
)

FUNCTIONS = (
    Function(
        id="wallet_card",
        name="零钱卡",
        section="1.2.8",
        controller="payer",
        tier=Tier.PRESENT,
        text="零钱卡是银行电子账户上的卡，可以充值、提现、消费、买活期理财和货币基金。卡由银行开立，我们把卡号和你的帐号对应起来，再从银行取回余额和明细给你看。",
    ),
)

PURPOSES = (
    Purpose(
        id="wallet_card.open",
        function="wallet_card",
        title="开通零钱卡",
        sentence="请银行为你开电子账户",
        basis=Basis.SEPARATE_CONSENT,
        items=(
            "name",
            "document_number",
            "document_validity",
            "sex",
            "phone",
            "card_number",
            "usual_address",
        ),
        optional=("document_photo", "nationality", "occupation"),
        refusal_cost="不同意就不能开零钱卡，其他不变。",
        accept_verb="同意开通",
        scene="零钱卡",
    ),
    Purpose(
        id="wallet_card.witness",
        function="wallet_card",
        title="录音见证开户",
        sentence="监管要求开户时留下见证",
        basis=Basis.SEPARATE_CONSENT,
        items=("voice_recording",),
        refusal_cost="不同意就去银行网点开户，其他不变。",
        accept_verb="同意录音",
        actors=(ActorKind.SELF, ActorKind.REVIEWER),
        permissions=("microphone",),
        needs_permission=True,
        scene="零钱卡",
    ),
    Purpose(
        id="wallet_card.use",
        function="wallet_card",
        title="充值、提现和消费",
        sentence="按你的指令动用卡里的钱",
        basis=Basis.SEPARATE_CONSENT,
        items=("card_number", "card_balance"),
        optional=("transaction", "name", "sms_code"),
        refusal_cost="不同意就不能用零钱卡，其他不变。",
        accept_verb="同意使用",
        scene="零钱卡",
    ),
    Purpose(
        id="wallet_card.show",
        function="wallet_card",
        title="查看卡里的资产和明细",
        sentence="让你看到余额、收益和明细",
        basis=Basis.SEPARATE_CONSENT,
        items=("card_balance", "asset_income", "transaction"),
        optional=("card_number", "account_id"),
        refusal_cost="不同意就到银行那边查看，其他不变。",
        accept_verb="同意查看",
        scene="零钱卡",
    ),
)

RECIPIENTS = (
    Recipient(
        id="card_bank",
        name="信和银行股份有限公司（电子账户）",
        contact="服务热线 400-555-2001",
        standing=Standing.HANDLER,
        items=(
            "name",
            "document_number",
            "document_validity",
            "document_photo",
            "sex",
            "nationality",
            "occupation",
            "phone",
            "card_number",
            "usual_address",
            "voice_recording",
            "card_balance",
            "transaction",
        ),
        purposes=("wallet_card.open", "wallet_card.witness", "wallet_card.use"),
        method="API、H5",
        agreement="电子账户合作协议 WC-2026-51",
        agreement_until=date(2028, 12, 31),
        review_until=date(2027, 6, 30),
        qualification="银行业金融机构 · 网络安全等级保护三级",
        qualification_until=date(2028, 6, 30),
        licence_no="金融许可证 B0201H1110001",
        policy_url="https://xinhe-bank.example/privacy",
        scene="零钱卡",
    ),
)

DECLARATION = Declaration(
    room="wallet_card",
    items=ITEMS,
    functions=FUNCTIONS,
    purposes=PURPOSES,
    recipients=RECIPIENTS,
    tables=TABLES,
)
