"""What being paid by QR code needs of a merchant."""

from __future__ import annotations

from datetime import date

from xingnuo.services.merchant_collection._tables import TABLES
from xingnuo.trust.policy.contracts import (
    ActorKind,
    Basis,
    Declaration,
    Function,
    Purpose,
    Recipient,
    Standing,
    Tier,
)

FUNCTIONS = (
    # Asked first and without a real name: who cannot be served gives nothing more.
    Function(
        id="merchant_region",
        name="星诺收款 · 地区确认",
        section="1.2.10",
        controller="payer",
        text="先看所在地区能不能办收款码。只用这一刻的位置判断，不留下位置，只记能不能办。",
    ),
    Function(
        id="merchant_collection",
        name="星诺收款",
        section="1.2.10",
        controller="payer",
        tier=Tier.PRESENT,
        text="开通收款码前，先看所在地区能不能办，再核对身份和收款银行卡。",
    ),
)

PURPOSES = (
    Purpose(
        id="merchant_collection.region",
        function="merchant_region",
        title="确认所在地能否开通",
        sentence="收款码只在部分地区开通",
        basis=Basis.SEPARATE_CONSENT,
        items=("location",),
        refusal_cost="不同意就不能开通收款码，其他不变。",
        accept_verb="同意确认",
        permissions=("location",),
        needs_permission=True,
        scene="星诺收款",
    ),
    Purpose(
        id="merchant_collection.onboard",
        function="merchant_collection",
        title="核对商户身份",
        sentence="法律要求认清收款的是谁",
        basis=Basis.SEPARATE_CONSENT,
        items=(
            "name",
            "document_number",
            "document_photo",
            "document_validity",
            "enterprise_name",
            "work_address",
        ),
        optional=("face_image", "phone", "enterprise_code"),
        refusal_cost="不同意就不能开通收款码，其他不变。",
        accept_verb="同意核验",
        actors=(ActorKind.SELF, ActorKind.SYSTEM, ActorKind.REVIEWER),
        scene="星诺收款",
    ),
    Purpose(
        id="merchant_collection.settle",
        function="merchant_collection",
        title="绑定收款银行卡",
        sentence="把收到的钱结给你",
        basis=Basis.SEPARATE_CONSENT,
        items=("name", "card_number", "card_reserved_phone", "document_number"),
        optional=("transaction", "opening_bank"),
        refusal_cost="不同意就不能开通收款码，其他不变。",
        accept_verb="同意绑卡",
        scene="星诺收款",
    ),
    Purpose(
        id="merchant_collection.collect",
        function="merchant_collection",
        title="向付款人出示店名",
        sentence="让付款人看清付给谁、在哪里",
        basis=Basis.SEPARATE_CONSENT,
        items=("enterprise_name", "work_address"),
        refusal_cost="不同意就不能开通收款码，其他不变。",
        accept_verb="同意出示",
        scene="星诺收款",
    ),
)

RECIPIENTS = (
    Recipient(
        id="acquirer",
        name="诚联支付有限公司（收单）",
        contact="privacy@chenglian-pay.example · 400-555-2501",
        standing=Standing.HANDLER,
        items=(
            "name",
            "document_number",
            "document_validity",
            "card_number",
            "card_reserved_phone",
            "location",
        ),
        purposes=(
            "merchant_collection.onboard",
            "merchant_collection.settle",
            "merchant_collection.region",
        ),
        method="API",
        agreement="收单合作协议 AQ-2026-71",
        agreement_until=date(2028, 12, 31),
        review_until=date(2027, 6, 30),
        qualification="非银行支付机构 · 网络安全等级保护三级",
        qualification_until=date(2028, 6, 30),
        licence_no="支付业务许可证 Z2026071",
        policy_url="https://chenglian-pay.example/privacy",
        scene="星诺收款",
    ),
)

DECLARATION = Declaration(
    room="merchant_collection",
    functions=FUNCTIONS,
    purposes=PURPOSES,
    recipients=RECIPIENTS,
    tables=TABLES,
)
