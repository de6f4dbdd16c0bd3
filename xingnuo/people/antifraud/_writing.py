"""The statements on every decision's way: few, planned once, and the same for everybody."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from xingnuo.kit.db import planned
from xingnuo.people.antifraud.models import DecisionRow, EventRow

# The event, the lists that hold a digest of it, and two standing facts in one turn: nothing can be
# told from how long an answer takes.
_NOTE = """
WITH noted AS (
    INSERT INTO antifraud_event
        (id, subject_id, kind, at, amount_fen, device, network, card, counterparty)
    VALUES (%s::uuid, %s::uuid, %s, %s::timestamptz, %s::bigint, %s, %s, %s, %s)
)
SELECT (SELECT array_agg(DISTINCT l.kind || '.' || l.field) FROM antifraud_entry e
        JOIN antifraud_list l ON l.id = e.list_id
        WHERE e.digest = ANY(%s::text[]) AND e.digest > '' AND l.state = 'live'
            AND (e.valid_from_on IS NULL OR e.valid_from_on <= %s::date)
            AND (e.valid_until_on IS NULL OR e.valid_until_on >= %s::date)),
    EXISTS (SELECT FROM antifraud_aml_profile p
            WHERE p.subject_id = %s::uuid AND p.level = 'barred'),
    EXISTS (SELECT FROM antifraud_choice c WHERE c.subject_id = %s::uuid AND c.is_off)
"""
_KEEP = """
INSERT INTO antifraud_decision
    (id, subject_id, event_id, kind, ref, rule_number, rule_digest, facts, facts_digest, outcome,
     score, reasons, shadow_number, shadow_outcome, case_id, latency_us, decided_at)
VALUES (%s::uuid, %s::uuid, %s::uuid, %s, %s::uuid, %s::integer, %s, %s::jsonb, %s, %s,
    %s::integer, %s::varchar[], %s::integer, %s, %s::uuid, %s::integer, %s::timestamptz)
"""


class Noted(NamedTuple):
    """What stands about an event's person and digests at the moment it is noted."""

    met: frozenset[str]  # lists, as `kind.field`
    is_barred: bool
    is_off: bool  # the person refuses that a program alone decides


def note(row: EventRow, listed: Iterable[str], today: date) -> Noted:
    """Write an event, and give what is to be known beside it; the subject is set."""
    day = today.isoformat()
    values: list[str | UUID | None] = [
        row.id,
        row.subject_id,
        row.kind,
        row.at.isoformat(),
        str(row.amount_fen),
        row.device,
        row.network,
        row.card,
        row.counterparty,
        array(digest for digest in listed if digest),
        day,
        day,
        row.subject_id,
        row.subject_id,
    ]
    ((met, is_barred, is_off),) = planned.rows(_NOTE, values)
    return Noted(frozenset(met or ()), bool(is_barred), bool(is_off))


def keep(row: DecisionRow, facts: str) -> None:
    """Write a decision whose facts are told as JSON; the subject is set."""
    planned.rows(
        _KEEP,
        [
            row.id,
            row.subject_id,
            row.event_id,
            row.kind,
            row.ref,
            str(row.rule_number),
            row.rule_digest,
            facts,
            row.facts_digest,
            row.outcome,
            str(row.score),
            array(row.reasons),
            None if row.shadow_number is None else str(row.shadow_number),
            row.shadow_outcome,
            row.case_id,
            str(row.latency_us),
            row.decided_at.isoformat(),
        ],
    )


def array(parts: Iterable[str]) -> str:
    """Write an array of digests, numbers or codes: nothing in them needs quoting."""
    return f"{{{','.join(parts)}}}"


def spelled(facts: object) -> str:
    """Write facts in their one form."""
    return json.dumps(facts, sort_keys=True)
