"""What the room lets out: orders, accounts, records, links, cases."""

from __future__ import annotations

import json
from uuid import UUID

from xingnuo.services.bill_pay import _rows as rows
from xingnuo.services.bill_pay._accounts import BILL_NAMES, account, saved_accounts
from xingnuo.services.bill_pay._cases import open_cases
from xingnuo.services.bill_pay._desk import facts as case_facts
from xingnuo.services.bill_pay._desk import one as one_case
from xingnuo.services.bill_pay._desk import pages as case_pages
from xingnuo.services.bill_pay._holdings import blocks, export
from xingnuo.services.bill_pay._links import link, links, register
from xingnuo.services.bill_pay.contracts import OrderShown, OrderState, RecordShown
from xingnuo.services.bill_pay.models import OrderRow
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor

__all__ = [
    "BILL_NAMES",
    "account",
    "blocks",
    "case_facts",
    "case_pages",
    "export",
    "link",
    "links",
    "one_case",
    "open_cases",
    "order",
    "records",
    "register",
    "saved_accounts",
]
RECORDS_PER_PAGE = 20
_NOT_PAID = [OrderState.DRAFT.value, OrderState.UNPAID.value, OrderState.CLOSED.value]


def order(actor: Actor, *, order_id: UUID) -> OrderShown:
    """Give an order of the person as it stands."""
    return rows.shown(rows.found(rows.who(actor, rows.RECORDS), order_id))


def records(
    actor: Actor, *, after: UUID | None = None, limit: int = RECORDS_PER_PAGE
) -> tuple[RecordShown, ...]:
    """Give what was paid, newest first, under the person's consent to see records."""
    subject_id = rows.who(actor, rows.RECORDS)
    permit = gate.permit(actor, subject_id=subject_id, purpose=rows.RECORDS, items=("bill_record",))
    found = OrderRow.objects.of(subject_id).exclude(state__in=_NOT_PAID).order_by("-id")
    if after is not None:
        found = found.filter(id__lt=after)
    told = []
    for row in found[:limit]:
        text = gate_queries.plain(permit, "bill_record", slot=str(row.id))
        told.append(RecordShown(order=rows.shown(row), about=_about(text)))
    return tuple(told)


def _about(text: str | None) -> str:
    return str(json.loads(text).get("about", "")) if text else ""
