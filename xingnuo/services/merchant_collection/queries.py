"""What the room lets out: a merchant's own state, codes, sales, days, and the queue of staff."""

from __future__ import annotations

from uuid import UUID

from xingnuo.services.merchant_collection import _codes, _onboard, _rows
from xingnuo.services.merchant_collection._cases import facts as case_facts
from xingnuo.services.merchant_collection._cases import one as one_case
from xingnuo.services.merchant_collection._cases import page as open_cases
from xingnuo.services.merchant_collection._cases import values as case_values
from xingnuo.services.merchant_collection._dated import (
    AGREEMENT,
    CATEGORIES,
    REGIONS,
    Region,
    value,
)
from xingnuo.services.merchant_collection._holdings import blocks, busy_card, export
from xingnuo.services.merchant_collection._onboard import lacking
from xingnuo.services.merchant_collection._picture import svg
from xingnuo.services.merchant_collection._places import point, region_of
from xingnuo.services.merchant_collection._sales import refunds, report, sale, sales
from xingnuo.services.merchant_collection._scan import offer, static_today
from xingnuo.services.merchant_collection._settle import settlements
from xingnuo.services.merchant_collection.contracts import CodeShown, MerchantShown
from xingnuo.services.merchant_collection.models import MerchantRow
from xingnuo.trust.gate.contracts import Actor

__all__ = [
    "AGREEMENT",
    "CATEGORIES",
    "REGIONS",
    "Region",
    "balance",
    "blocks",
    "busy_card",
    "case_facts",
    "case_values",
    "code",
    "export",
    "lacking",
    "merchant",
    "offer",
    "one_case",
    "open_cases",
    "point",
    "refunds",
    "region_of",
    "report",
    "sale",
    "sales",
    "settlements",
    "static_code",
    "static_today",
    "svg",
    "value",
]


def merchant(actor: Actor) -> MerchantShown | None:
    """Give the person's merchant: the living one, or else the newest that ended."""
    subject_id = _rows.who(actor)
    row = _rows.living(subject_id)
    row = row or MerchantRow.objects.of(subject_id).order_by("-id").first()
    return _rows.shown(row) if row is not None else None


def static_code(actor: Actor) -> CodeShown | None:
    """Give the static code of the person's merchant, while it is open."""
    row = _rows.living(_rows.who(actor, _rows.COLLECT))
    found = _codes.static_of(row) if row is not None else None
    return _codes.shown(found) if found is not None else None


def code(actor: Actor, *, code_id: UUID) -> CodeShown:
    """Give one code of the person's merchant; another's and a missing one look the same."""
    return _codes.shown(_codes.found(_rows.who(actor, _rows.COLLECT), code_id))


def balance(actor: Actor) -> int:
    """Give what stands on the merchant's account, in fen."""
    row = _rows.living(_rows.who(actor, _rows.SETTLE))
    return _onboard.balance_of(row) if row is not None else 0
