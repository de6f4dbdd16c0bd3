"""Which further items the law asks for, in which case, from when: dated, with the rule's name.

A missing item blocks only the case that needs it (promise 1.2.3a).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from xingnuo.kit import clock
from xingnuo.people.identity._house import HOUSE
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries


@dataclass(frozen=True, slots=True, kw_only=True)
class LawCase:
    """A case in which the law asks for more than name and number."""

    id: str
    name: str
    functions: tuple[str, ...]
    items: tuple[str, ...]
    law: str
    from_day: date
    until_day: date | None = None

    def holds_on(self, day: date) -> bool:
        """Say whether the rule is in force on a day."""
        return self.from_day <= day and (self.until_day is None or day < self.until_day)


_BASIC = ("sex", "nationality", "occupation", "phone", "document_kind", "document_validity")
_OLD_RULE_UNTIL = date(2026, 1, 1)
CASES: tuple[LawCase, ...] = (
    LawCase(
        id="business_relation_2007",
        name="建立业务关系（旧办法）",
        functions=("loans", "wallet_card", "merchant_collection", "payment_service"),
        items=(*_BASIC, "usual_address", "document_photo"),
        law="银令〔2007〕2号 33",
        from_day=date(2007, 8, 1),
        until_day=_OLD_RULE_UNTIL,
    ),
    LawCase(
        id="business_relation",
        name="建立业务关系",
        functions=("loans", "small_business", "wallet_card", "payment_service"),
        items=_BASIC,
        law="令〔2025〕11号；反洗钱法 29",
        from_day=_OLD_RULE_UNTIL,
    ),
    LawCase(
        id="merchant",
        name="特约商户入网",
        functions=("merchant_collection",),
        items=(*_BASIC, "usual_address", "document_photo"),
        law="令〔2025〕11号；非银行支付机构监督管理条例 24",
        from_day=_OLD_RULE_UNTIL,
    ),
    LawCase(
        id="fund_account",
        name="基金销售开户",
        functions=("wealth",),
        items=(*_BASIC, "email", "document_photo"),
        law="令〔2025〕11号；金规〔2025〕7号",
        from_day=date(2026, 2, 1),
    ),
)


def cases_of(function: str) -> tuple[LawCase, ...]:
    """Give the cases of a service that are in force today."""
    today = clock.today()
    return tuple(one for one in CASES if function in one.functions and one.holds_on(today))


def lacking(subject_id: UUID, function: str) -> tuple[str, ...]:
    """Name the items that the law asks for before a service, and that are not there yet.

    Runs in a transaction; opens no value.
    """
    wanted = dict.fromkeys(item for one in cases_of(function) for item in one.items)
    if not wanted:
        return ()
    held: dict[str, int] = {}
    legal = tuple(item for item in wanted if item != "email")
    permit = gate.permit(HOUSE, subject_id=subject_id, purpose="identity.keep", items=legal)
    held |= gate_queries.holds(permit)
    if "email" in wanted and _has_email(subject_id):
        held["email"] = 1
    return tuple(item for item in wanted if not held.get(item))


def _has_email(subject_id: UUID) -> bool:
    granted = any(
        one.purpose == "identity.supplement" and one.decision == "grant" and "email" in one.items
        for one in gate_queries.standing(subject_id).decisions
    )
    if not granted:
        return False
    permit = gate.permit(
        HOUSE, subject_id=subject_id, purpose="identity.supplement", items=("email",)
    )
    return bool(gate_queries.holds(permit).get("email"))
