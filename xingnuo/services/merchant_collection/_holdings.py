"""What the room hands to the registry: the copy of a person's rows, their end, what blocks it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Model

from xingnuo.kit import clock
from xingnuo.kit.db import parts, session
from xingnuo.money.ledger.contracts import DAYS_PER_LAW
from xingnuo.services.merchant_collection import _onboard as onboard
from xingnuo.services.merchant_collection import _rows as rows
from xingnuo.services.merchant_collection.models import (
    CaseRow,
    CodeRow,
    LookupRow,
    MerchantRow,
    RefundRow,
    SaleRow,
    ScanRow,
    SettlementRow,
    TurnRow,
)
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Blocker

ROWS_MAX = 5_000
_OURS: tuple[type[Model], ...] = (MerchantRow, CodeRow)
# Kept by law past the relation's end, sealed from other use (AML 34).
_KEPT: tuple[type[Model], ...] = (ScanRow, SaleRow, RefundRow, SettlementRow)
# Left out of a person's copy: another person's id, and what a code could be found by.
_WITHHELD = frozenset({"payer_id", "digest"})


def export(subject_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Give every row of a person, without other people's ids."""
    session.set_subject(subject_id)
    told = {
        each._meta.db_table: [
            {name: kept for name, kept in row.items() if name not in _WITHHELD}
            for row in each._default_manager.of(subject_id).values()  # type: ignore[attr-defined]
        ]
        for each in (*_OURS, *_KEPT)
    }
    turns = TurnRow.objects.filter(subject_id=subject_id).values()
    cases = CaseRow.objects.filter(subject_id=subject_id).order_by("id")
    codes = LookupRow.objects.filter(subject_id=subject_id).values("code_id")
    return told | {
        "merchant_collection_turn": [dict(row) for row in turns],
        "merchant_collection_case": [
            dict(row) for row in cases.values("id", "kind", "state", "opened_at", "decided_at")
        ],
        "merchant_collection_lookup": [dict(row) for row in codes],
    }


def erase(subject_id: UUID) -> int:
    """Delete what no law keeps; sales, refunds and settlements stay for its term."""
    session.set_subject(subject_id)
    gone = LookupRow.objects.filter(subject_id=subject_id).delete()[0]
    gone += TurnRow.objects.filter(subject_id=subject_id).delete()[0]
    return gone + sum(
        each._default_manager.of(subject_id).delete()[0]  # type: ignore[attr-defined]
        for each in _OURS
    )


def blocks(subject_id: UUID) -> list[Blocker]:
    """Name money and settlements that have no end yet."""
    session.set_subject(subject_id)
    found = []
    for row in MerchantRow.objects.of(subject_id).filter(account_id__isnull=False):
        if onboard.under_way(row):
            found.append(
                Blocker(
                    code="settlement_under_way",
                    sentence="有一笔收款结算还没有结果",
                    href="/merchant/settlements/",
                )
            )
        elif SaleRow.objects.of(subject_id).filter(settlement_id__isnull=True).exists():
            found.append(
                Blocker(
                    code="merchant_unsettled",
                    sentence="有收款还没有结算到你的卡",
                    href="/merchant/settlements/",
                )
            )
    return found[:1]


def ends(subject_id: UUID, purpose: str) -> int:
    """Stop collecting when a consent that it rests on is taken back; gives how many stopped."""
    if purpose not in (rows.ONBOARD, rows.COLLECT, rows.SETTLE):
        return 0
    session.set_subject(subject_id)
    return onboard.suspend(subject_id, ground="consent")


def busy_card(subject_id: UUID, card_id: UUID) -> str:
    """Say why a card may not be taken out now: it is where collected money goes."""
    session.set_subject(subject_id)
    row = rows.living(subject_id)
    if row is not None and row.account_id is not None and row.card_id == card_id:
        return "收款结算用着这张卡，请先到 收款码 › 结算 换一张。"
    return ""


def sweep() -> int:
    """Delete what is past its term: the law's ten years, and handled cases; gives how many."""
    now = clock.now()
    days = policy.in_force().retention["handling_record"].days
    law, handled = now - timedelta(days=DAYS_PER_LAW), now - timedelta(days=days)
    return parts.delete("merchant_collection_prune", law, handled, most=ROWS_MAX)
