"""What the room hands to the registry: the copy of a person's rows, their end, what blocks it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from xingnuo.kit import clock
from xingnuo.kit.db import parts, session
from xingnuo.money.ledger.contracts import DAYS_PER_LAW
from xingnuo.services.wallet_card import _rows as rows
from xingnuo.services.wallet_card.contracts import SHOW, AccountState
from xingnuo.services.wallet_card.models import AccountRow, MoveRow
from xingnuo.trust.policy.contracts import Blocker

HREF = "/wallet-card/"
ROWS_MAX = 5_000


def export(subject_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Give every row of a person."""
    session.set_subject(subject_id)
    return {
        each._meta.db_table: list(each.objects.of(subject_id).values())
        for each in (AccountRow, MoveRow)
    }


def erase(subject_id: UUID) -> int:
    """Keep the rows, which the law wants for ten years (AML 34), without the bank's token."""
    session.set_subject(subject_id)
    return int(AccountRow.objects.of(subject_id).update(fetched_at=None))


def blocks(subject_id: UUID) -> list[Blocker]:
    """Name an account that is open at the bank, and what has no end yet."""
    session.set_subject(subject_id)
    found = []
    if MoveRow.objects.of(subject_id).filter(state__in=rows.LIVE_STATES).exists():
        found.append(Blocker(code="wallet_under_way", sentence="零钱卡有一笔还没有结果", href=HREF))
    if AccountRow.objects.of(subject_id).filter(state=AccountState.OPEN.value).exists():
        found.append(Blocker(code="wallet_open", sentence="零钱卡还没有销户", href=HREF))
    return found


def ends(subject_id: UUID, purpose: str) -> int:
    """Forget when the bank was last asked, once the leave to show it is taken back."""
    if purpose != SHOW:
        return 0
    session.set_subject(subject_id)
    return int(AccountRow.objects.of(subject_id).update(fetched_at=None))


def sweep() -> int:
    """Delete what is past the ten years of the law; gives how many rows."""
    before = clock.now() - timedelta(days=DAYS_PER_LAW)
    return parts.delete("wallet_card_prune", before, most=ROWS_MAX)


def busy_card(subject_id: UUID, card_id: UUID) -> str:
    """Say why a card may not be taken out now: the account hangs on it."""
    living = [AccountState.OPENING.value, AccountState.OPEN.value]
    mine = AccountRow.objects.of(subject_id).filter(card_id=card_id, state__in=living)
    return "零钱卡绑的是这张卡，先销户再解绑。" if mine.exists() else ""
