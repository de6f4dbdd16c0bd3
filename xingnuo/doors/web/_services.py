"""Services that come later: what each will need, by the policy; nothing is taken now."""

from __future__ import annotations

from dataclasses import dataclass

from xingnuo.kit.errors import NotFound
from xingnuo.trust.policy.contracts import ActorKind, Basis, Compiled, Purpose

ASKED = (Basis.CONSENT, Basis.SEPARATE_CONSENT, Basis.CONTRACT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service as home and its own page name it."""

    id: str
    name: str
    icon: str
    line: str
    functions: tuple[str, ...]
    page: str = ""  # where it is open already: the name of its own page


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What one purpose of a service will need."""

    title: str
    why: str
    needed: tuple[tuple[str, bool], ...]  # name, sensitive
    optional: tuple[tuple[str, bool], ...]
    who: tuple[str, ...]
    cost: str


SERVICES = {
    one.id: one
    for one in (
        Service(
            id="payments",
            name="扫一扫",
            icon="scan-line",
            line="付款前核对金额和收款人",
            functions=("payments", "payment_service"),
            page="scan",
        ),
        Service(
            id="merchant_collection",
            name="收款码",
            icon="qr-code",
            line="给店铺收钱，到帐看得见",
            functions=("merchant_region", "merchant_collection"),
            page="merchant",
        ),
        Service(
            id="wallet_card",
            name="零钱卡",
            icon="wallet",
            line="开在银行的电子账户",
            functions=("wallet_card",),
            page="wallet",
        ),
        Service(
            id="bill_pay",
            name="生活缴费",
            icon="zap",
            line="话费、水电燃气",
            functions=("bill_pay",),
            page="bill_home",
        ),
        Service(
            id="loans",
            name="借款",
            icon="hand-coins",
            line="年化利率先看清，可随时提前还清",
            functions=("loans", "small_business"),
        ),
        Service(
            id="wealth",
            name="理财",
            icon="piggy-bank",
            line="先做风险测评，再看适合你的产品",
            functions=("wealth",),
        ),
        Service(
            id="insurance",
            name="保险",
            icon="umbrella",
            line="保什么、不保什么，一页看清",
            functions=("insurance",),
        ),
        Service(
            id="credit_cards",
            name="信用卡",
            icon="credit-card",
            line="发卡银行要什么，就只交什么",
            functions=("credit_cards", "explorer_card"),
        ),
        Service(
            id="benefits_shop",
            name="福利",
            icon="gift",
            line="下单、送货、退换都在这里",
            functions=("benefits_shop",),
        ),
        Service(
            id="real_name",
            name="实名认证",
            icon="id-card",
            line="金融服务依法要先实名",
            functions=("real_name",),
        ),
    )
}
TILES = ("payments", "merchant_collection", "wallet_card", "bill_pay")
ROWS = ("loans", "wealth", "insurance", "credit_cards")


def service(name: str) -> Service:
    """Give a service by its name in the address; another is a missing page."""
    if name not in SERVICES:
        raise NotFound
    return SERVICES[name]


def needs(compiled: Compiled, known: Service) -> list[Need]:
    """Say what a service will ask of the person, purpose by purpose."""
    return [
        _need(compiled, purpose)
        for purpose in compiled.purposes.values()
        if purpose.function in known.functions
        and ActorKind.SELF in purpose.actors
        and purpose.basis in ASKED
        and (purpose.items or purpose.optional)
    ]


def _need(compiled: Compiled, purpose: Purpose) -> Need:
    return Need(
        title=purpose.title,
        why=purpose.sentence,
        needed=_named(compiled, purpose.items),
        optional=_named(compiled, purpose.optional),
        who=tuple(party.name for party in compiled.recipients_of(purpose.id)),
        cost=purpose.refusal_cost,
    )


def _named(compiled: Compiled, items: tuple[str, ...]) -> tuple[tuple[str, bool], ...]:
    return tuple((compiled.items[item].name, compiled.items[item].sensitive) for item in items)
