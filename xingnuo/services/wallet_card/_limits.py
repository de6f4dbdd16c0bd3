"""What may be moved: limits of the law and ours, and what the account holds for what is bought."""

from __future__ import annotations

from datetime import datetime, time
from uuid import UUID

from django.db.models import Sum

from xingnuo.kit import clock
from xingnuo.services.wallet_card import _books as books
from xingnuo.services.wallet_card._dated import value
from xingnuo.services.wallet_card.contracts import (
    DONE,
    LIVE,
    LimitsShown,
    MoveKind,
    OverLimit,
    Short,
)
from xingnuo.services.wallet_card.models import MoveRow
from xingnuo.trust.gate.contracts import Permit

_COUNTED = [state.value for state in (*LIVE, *DONE)]
_LIVE = [state.value for state in LIVE]
# From cash our books lag behind the bank in nothing; what deposit and fund brought may be later.
_FROM_CASH = (MoveKind.WITHDRAW, MoveKind.SPEND, MoveKind.BUY_DEPOSIT, MoveKind.BUY_FUND)


def ensure(permit: Permit, kind: MoveKind, amount_fen: int) -> None:
    """Refuse a movement over a limit or over what there is; raises `OverLimit`, `Short`.

    Called while nobody else works on the person's card, so that two at once cannot both fit.
    """
    if amount_fen > value("once"):
        raise OverLimit("once")
    subject_id = permit.subject_id
    if kind is MoveKind.SPEND:
        left = limits_of(subject_id)
        if amount_fen > left.day_left_fen:
            raise OverLimit("spend_day")
        if amount_fen > left.year_left_fen:
            raise OverLimit("spend_year")
    if kind in _FROM_CASH and amount_fen > books.pockets(permit)["cash"] - _leaving(subject_id):
        raise Short("cash")


def _leaving(subject_id: UUID) -> int:
    kinds = [kind.value for kind in _FROM_CASH]
    mine = MoveRow.objects.of(subject_id).filter(state__in=_LIVE, kind__in=kinds)
    return int(mine.order_by().aggregate(fen=Sum("amount_fen"))["fen"] or 0)


def limits_of(subject_id: UUID) -> LimitsShown:
    """Give the limits of today and this year; what has no end yet counts as gone."""
    today = clock.today()
    day, year = value("spend_day"), value("spend_year")
    spent_today = _spent(subject_id, datetime.combine(today, time(), clock.BEIJING))
    first = datetime.combine(today.replace(month=1, day=1), time(), clock.BEIJING)
    return LimitsShown(
        once_fen=value("once"),
        spend_day_fen=day,
        spend_year_fen=year,
        day_left_fen=max(0, day - spent_today),
        year_left_fen=max(0, year - _spent(subject_id, first)),
    )


def _spent(subject_id: UUID, since: datetime) -> int:
    mine = MoveRow.objects.of(subject_id).filter(
        kind=MoveKind.SPEND.value, state__in=_COUNTED, made_at__gte=since
    )
    return int(mine.order_by().aggregate(fen=Sum("amount_fen"))["fen"] or 0)
