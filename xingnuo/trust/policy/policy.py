"""What the whole house stands on: controllers, terms of keeping, laws and exceptions."""

from __future__ import annotations

from xingnuo.trust.policy._lawbook import EXCEPTIONS, LAWS
from xingnuo.trust.policy._prose import PROSE
from xingnuo.trust.policy._retention_rules import RULES
from xingnuo.trust.policy.contracts import Column, Controller, Declaration, Role, Table

DECLARATION = Declaration(
    room="policy",
    controllers=(
        Controller(
            id="operator",
            name="星诺数科科技有限公司",
            services="平台运营与信息技术服务",
            address="北京市海淀区诺言路 6 号院 2 号楼",
            contact="privacy@xingnuo.example · 400-800-6060",
            role=Role.PLATFORM,
            officer_contact="个人信息保护负责人 officer@xingnuo.example",
        ),
        Controller(
            id="lender",
            name="星诺消费金融有限公司",
            services="贷款服务（与合作放款机构一起）",
            address="重庆市渝北区信守大道 18 号",
            contact="privacy@xingnuo-loan.example · 400-800-6061",
            role=Role.OBLIGOR,
            officer_contact="个人信息保护负责人 officer@xingnuo-loan.example",
        ),
        Controller(
            id="broker",
            name="星诺保险经纪有限公司",
            services="保险经纪服务",
            address="北京市朝阳区安诺街 9 号",
            contact="privacy@xingnuo-broker.example · 400-800-6062",
            role=Role.OBLIGOR,
            officer_contact="个人信息保护负责人 officer@xingnuo-broker.example",
        ),
        Controller(
            id="payer",
            name="星诺支付有限公司",
            services="支付、收款与转账服务",
            address="北京市西城区通诺路 3 号",
            contact="privacy@xingnuo-pay.example · 400-800-6063",
            role=Role.OBLIGOR,
            officer_contact="个人信息保护负责人 officer@xingnuo-pay.example",
        ),
    ),
    retention=RULES,
    laws=LAWS,
    exceptions=EXCEPTIONS,
    prose=PROSE,
    tables=(
        Table(
            name="policy_version",
            about="已发布的隐私政策各版本，与任何个人无关",
            retention="catalogue",
            subject=False,
            columns={
                "version": Column.KEY,
                "hash": Column.DIGEST,
                "published_on": Column.TIME,
                "effective_on": Column.TIME,
                "document": Column.TEXT,
                "recorded_at": Column.TIME,
            },
        ),
    ),
)
