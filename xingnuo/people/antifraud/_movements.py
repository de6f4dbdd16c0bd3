"""The feed of movements: each told once, added up by day, held against limits and patterns.

All of it is confidential (AML 35): whoever feeds a movement learns whether it was new, and nothing
of what it led to.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, cast
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS

from xingnuo.kit import clock
from xingnuo.kit.db import planned
from xingnuo.kit.errors import BadInput
from xingnuo.people.antifraud import _cases, _dated, _days, _once, _rules, _signals, _versions
from xingnuo.people.antifraud._limits import AMOUNT_FEN_MAX
from xingnuo.people.antifraud._states import CaseKind, CaseState, Family, LimitKind
from xingnuo.people.antifraud.contracts import (
    Direction,
    Movement,
    MovementDiffers,
    MovementKind,
    Outcome,
    PartyKind,
)
from xingnuo.people.antifraud.models import AlertRow, CaseRow, DayRow, MovementRow
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Permit

MONITORING = "aml.monitoring"
_AHEAD = timedelta(minutes=5)  # clocks of others may run a little fast
_CHANNEL = re.compile(r"[a-z][a-z0-9_]{0,19}")
_TOLD = (
    "kind",
    "direction",
    "channel",
    "counterparty_kind",
    "customer_kind",
    "limit_kind",
    "amount_fen",
    "usd_cents",
    "at",
)
_NEW = """
INSERT INTO antifraud_aml_movement (id, subject_id, ref, kind, direction, channel,
    counterparty_kind, customer_kind, limit_kind, amount_fen, usd_cents, at, day_on)
VALUES (%s::uuid, %s::uuid, %s::uuid, %s, %s, %s, %s, %s, %s, %s::bigint, %s::bigint,
    %s::timestamptz, %s::date)
ON CONFLICT DO NOTHING
RETURNING id
"""
_DAY = tuple(field.attname for field in DayRow._meta.concrete_fields)
_ADD = f"""
INSERT INTO antifraud_aml_day AS day (id, subject_id, day_on, limit_kind, in_fen, out_fen,
    in_usd_cents, out_usd_cents, in_count, out_count, near_count)
VALUES (%s::uuid, %s::uuid, %s::date, %s, %s::bigint, %s::bigint, %s::bigint, %s::bigint,
    %s::integer, %s::integer, %s::integer)
ON CONFLICT (subject_id, day_on, limit_kind) DO UPDATE SET
    in_fen = day.in_fen + excluded.in_fen,
    out_fen = day.out_fen + excluded.out_fen,
    in_usd_cents = day.in_usd_cents + excluded.in_usd_cents,
    out_usd_cents = day.out_usd_cents + excluded.out_usd_cents,
    in_count = day.in_count + excluded.in_count,
    out_count = day.out_count + excluded.out_count,
    near_count = day.near_count + excluded.near_count
RETURNING {", ".join(f"day.{name}" for name in _DAY)}
"""
_DAYS = f"""
SELECT {", ".join(_DAY)} FROM antifraud_aml_day
WHERE subject_id = %s::uuid AND day_on BETWEEN %s::date AND %s::date
ORDER BY id
"""
_BEFORE = """
SELECT max(day_on) FROM antifraud_aml_day WHERE subject_id = %s::uuid AND day_on < %s::date
"""


def feed(permit: Permit, *, movement: Movement) -> bool:
    """Take a movement in, in the caller's transaction; gives False where it was told before.

    Raises `BadInput` for what is no movement, `MovementDiffers` for the same one told otherwise,
    and `GateRefusal` where there is no such customer. Of one customer's day one movement at a time
    is added; who feeds several customers in one transaction takes them in the order of their ids.
    """
    row = _row_of(permit, movement)
    # The law's own duty, whatever the movement itself was for: told to nobody (AML 35).
    gate.permit(
        _signals.as_house(permit.actor),
        subject_id=permit.subject_id,
        purpose=MONITORING,
        items=("transaction",),
    )
    if not _is_new(row):
        return False
    day = _added(row)
    if day.case_id is None and _days.percent(day) >= 100:
        open_large(day, row)
    _look_for_patterns(row)
    return True


def limit_of(movement: Movement) -> LimitKind:
    """Say which limit of the law a movement counts towards (LVT 5)."""
    if movement.kind is MovementKind.CASH:
        return LimitKind.CASH
    if movement.customer_kind is PartyKind.ENTITY:
        return LimitKind.ENTITY
    return LimitKind.ABROAD if movement.cross_border else LimitKind.DOMESTIC


def open_large(day: DayRow, last: MovementRow | None = None) -> None:
    """Open the case of a day whose total reached its limit: one a day and limit, for ever."""
    what = f"large.{day.day_on.isoformat()}.{day.limit_kind}"
    since = last.at if last else datetime.combine(day.day_on, time(), clock.BEIJING)
    case = _cases.open_once(
        CaseKind.AML_LARGE, day.subject_id, ref=_once.id_of(day.subject_id, what), since=since
    )
    day.case_id = case.id
    day.save(update_fields=["case_id"])


def _row_of(permit: Permit, movement: Movement) -> MovementRow:
    amount, cents = movement.amount_fen, movement.foreign_usd_cents
    for value, least in ((amount, 1), (cents, 0)):
        if isinstance(value, bool) or not isinstance(value, int):
            raise BadInput({"amount": "金额要是整数分"})
        if not least <= value <= AMOUNT_FEN_MAX:
            raise BadInput({"amount": "金额超出范围"})
    if movement.at.tzinfo is None or movement.at > clock.now() + _AHEAD:
        raise BadInput({"at": "时间不对"})
    if not _CHANNEL.fullmatch(movement.channel):
        raise BadInput({"channel": "渠道编号不对"})
    return MovementRow(
        subject_id=permit.subject_id,
        ref=movement.ref,
        kind=movement.kind.value,
        direction=movement.direction.value,
        channel=movement.channel,
        counterparty_kind=movement.counterparty_kind.value,
        customer_kind=movement.customer_kind.value,
        limit_kind=limit_of(movement).value,
        amount_fen=amount,
        usd_cents=cents,
        at=movement.at,
        day_on=clock.beijing(movement.at).date(),
    )


def _is_new(row: MovementRow) -> bool:
    # Of two at once the second waits here, and then finds the first.
    told: list[str | UUID | None] = [
        row.id,
        row.subject_id,
        row.ref,
        row.kind,
        row.direction,
        row.channel,
        row.counterparty_kind,
        row.customer_kind,
        row.limit_kind,
        str(row.amount_fen),
        str(row.usd_cents),
        row.at.isoformat(),
        row.day_on.isoformat(),
    ]
    if planned.rows(_NEW, told):
        return True
    kept: MovementRow = MovementRow.objects.of(row.subject_id).get(ref=row.ref)
    if any(getattr(kept, name) != getattr(row, name) for name in _TOLD):
        raise MovementDiffers
    return False


def _added(row: MovementRow) -> DayRow:
    is_in = row.direction == Direction.IN.value
    fen, cents = (0, row.usd_cents) if row.usd_cents else (row.amount_fen, 0)
    added: list[str | UUID | None] = [
        row.id,
        row.subject_id,
        row.day_on.isoformat(),
        row.limit_kind,
        str(fen * is_in),
        str(fen * (not is_in)),
        str(cents * is_in),
        str(cents * (not is_in)),
        str(int(is_in)),
        str(int(not is_in)),
        str(int(_is_near(row))),
    ]
    (day,) = _days_of(planned.rows(_ADD, added))
    return day


def _days_of(found: Iterable[Collection[Any]]) -> list[DayRow]:
    return [DayRow.from_db(DEFAULT_DB_ALIAS, _DAY, values) for values in found]


def _is_near(row: MovementRow) -> bool:
    fen, cents = _days.limits(LimitKind(row.limit_kind), row.day_on)
    value, limit = (row.usd_cents, cents) if row.usd_cents else (row.amount_fen, fen)
    return limit * _days.NEAR_PCT <= value * 100 < limit * 100


def _look_for_patterns(row: MovementRow) -> None:
    since = row.day_on - timedelta(days=_days.SPAN_DAYS - 1)
    about: list[str | UUID | None] = [row.subject_id, since.isoformat(), row.day_on.isoformat()]
    days = _days_of(planned.rows(_DAYS, about))
    number, rules, *_ = _versions.live(Family.AML)
    facts = _days.facts(row, days, _last_before(row, since))
    weighed = _rules.weigh(rules, facts)
    if weighed.outcome < Outcome.REVIEW:
        return
    reasons = {rule.id: rule.reason for rule in rules.rules}
    for rule_id in weighed.fired:
        ref = _once.id_of(row.subject_id, f"pattern.{rule_id}")
        if _was_looked_at(ref):
            continue
        case = _cases.open_once(CaseKind.AML_SUSPICIOUS, row.subject_id, ref=ref, since=row.at)
        AlertRow.objects.get_or_create(
            subject_id=row.subject_id,
            case_id=case.id,
            defaults={
                "rule_number": number,
                "rule": rule_id,
                "typology": reasons[rule_id],
                "facts": {name: facts[name] for name in sorted(rules.facts)},
                "at": clock.now(),
            },
        )


def _last_before(row: MovementRow, since: date) -> date | None:
    ((found,),) = planned.rows(_BEFORE, [row.subject_id, since.isoformat()])
    return cast(date | None, found)


def _was_looked_at(ref: UUID) -> bool:
    """Say whether the same pattern of the same customer was decided on not long ago."""
    since = clock.now() - timedelta(days=_dated.value("again.pattern").value)
    return CaseRow.objects.filter(
        kind=CaseKind.AML_SUSPICIOUS.value,
        ref=ref,
        state=CaseState.DECIDED.value,
        decided_at__gt=since,
    ).exists()
