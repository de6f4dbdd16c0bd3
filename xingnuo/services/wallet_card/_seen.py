"""What the person sees: account, movements by month, limits."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from xingnuo.kit import clock
from xingnuo.services.wallet_card import _limits as limits
from xingnuo.services.wallet_card import _rows as rows
from xingnuo.services.wallet_card._books import LEGS
from xingnuo.services.wallet_card.contracts import (
    DONE,
    INCOME,
    LIVE,
    MONEY,
    SHOW,
    AccountShown,
    LimitsShown,
    MonthShown,
    MoveKind,
    MoveShown,
)
from xingnuo.services.wallet_card.models import MoveRow
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor

_SHOWN_MAX = 500
_LISTED = [kind.value for kind in (*MONEY, *INCOME)]


def account(actor: Actor) -> AccountShown | None:
    """Give the person's account that lives, or the newest that does not; None where none was."""
    row = rows.account_now(rows.who(actor))
    return rows.account_shown(row) if row is not None else None


def move(actor: Actor, *, number: UUID) -> MoveShown:
    """Give one movement of the person; another's and a missing one look the same."""
    return rows.move_shown(rows.move_of(rows.who(actor), number))


def under_way(actor: Actor) -> tuple[MoveShown, ...]:
    """Give what has no end yet, newest first."""
    states = [state.value for state in LIVE]
    mine = MoveRow.objects.of(rows.who(actor)).filter(state__in=states)
    return tuple(rows.move_shown(row) for row in mine.order_by("-id"))


def statement(actor: Actor, *, day: date) -> MonthShown:
    """Give the month of a day, under the person's leave to be shown it."""
    subject_id = rows.who(actor)
    permit = gate.permit(actor, subject_id=subject_id, purpose=SHOW, items=("transaction",))
    rows.with_subject(permit)
    first = day.replace(day=1)
    following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    mine = MoveRow.objects.of(subject_id).filter(
        made_at__gte=datetime.combine(first, time(), clock.BEIJING),
        made_at__lt=datetime.combine(following, time(), clock.BEIJING),
        kind__in=_LISTED,
    )
    found = tuple(rows.move_shown(row) for row in mine.order_by("-made_at", "-id")[:_SHOWN_MAX])
    done = [one for one in found if one.state in DONE]
    return MonthShown(
        month=first,
        moves=found,
        in_fen=sum(one.amount_fen for one in done if one.kind is MoveKind.TOP_UP),
        out_fen=sum(one.amount_fen for one in done if not LEGS[one.kind][1]),
        income_fen=sum(one.amount_fen for one in done if one.kind in INCOME),
    )


def my_limits(actor: Actor) -> LimitsShown:
    """Give the limits, and what is left of them today and this year."""
    return limits.limits_of(rows.who(actor))
