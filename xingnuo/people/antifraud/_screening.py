"""Screening: one decision in line with each event, inside the caller's transaction."""

from __future__ import annotations

import time
from collections.abc import Sequence
from uuid import UUID

from django.db import models

from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.people.antifraud import (
    _cases,
    _reasons,
    _rules,
    _sanctions,
    _signals,
    _velocity,
    _versions,
    _writing,
)
from xingnuo.people.antifraud._facts import Value
from xingnuo.people.antifraud._sanctions import SANCTIONED, Other
from xingnuo.people.antifraud._signals import Signals
from xingnuo.people.antifraud._states import MONEY, ListField, ListKind
from xingnuo.people.antifraud._writing import Noted
from xingnuo.people.antifraud.contracts import Decision, Event, Outcome, ReasonShown
from xingnuo.people.antifraud.models import DecisionRow, EventRow
from xingnuo.trust.gate.contracts import Actor

_LISTED = tuple(
    (f"{kind.value}.{field.value}", field)
    for kind in (ListKind.DENY, ListKind.WATCH, ListKind.ALLOW)
    for field in ListField
    if field is not ListField.NAME
)


def screen(actor: Actor, *, subject_id: UUID, event: Event) -> Decision:
    """Decide on an event before it happens; event and decision are written with the caller's work.

    Whoever rolls back because of the answer calls `keep` afterwards, so that it stays on record.
    Raises `GateRefusal` where the law's check of a payment may not run for this person, and
    `BadInput` for an amount that is none.
    """
    started = time.perf_counter_ns()
    signals = _signals.signals(actor, subject_id, _signals.checked(event))
    number, rules, beside_number, beside = _versions.live()
    row = _event_row(subject_id, event, signals)
    noted = _writing.note(row, signals.listed, clock.today())
    asked = rules.facts | (beside.facts if beside else frozenset())
    facts = _facts_of(actor, event, signals, row, noted) | _velocity.counted(row, asked)
    weighed = _rules.weigh(rules, facts)
    # Asked for every name alike, so that nothing can be told from how long an answer takes.
    other = _sanctions.screen_other(subject_id, event.counterparty_name)
    if other.is_met and event.kind in MONEY:
        facts[SANCTIONED] = other.name
    spelled = _writing.spelled(facts)
    outcome, codes = _made_stricter(noted, other, event, weighed.outcome, weighed.reasons)
    decision = DecisionRow(
        subject_id=subject_id,
        event_id=row.id,
        kind=event.kind.value,
        ref=event.ref,
        rule_number=number,
        rule_digest=rules.digest,
        facts=facts,
        facts_digest=ids.digest(spelled),
        outcome=outcome.code,
        score=weighed.score,
        reasons=list(codes),
        shadow_number=beside_number or None,
        shadow_outcome=_rules.weigh(beside, facts).outcome.code if beside else "",
        decided_at=row.at,
        latency_us=0,
    )
    case = _cases.opening(decision) if outcome is Outcome.REVIEW else None
    if case is not None:
        decision.case_id = case.id
        case.save(force_insert=True)
    decision.latency_us = min((time.perf_counter_ns() - started) // 1000, 2**31 - 1)
    _writing.keep(decision, spelled)
    rows = [row, decision, *(each for each in (case, other.case) if each), *other.hits]
    return told(decision, kept=rows)


def keep(decision: Decision) -> None:
    """Write a decision whose caller rolled back; safe to repeat, in the caller's transaction."""
    session.set_subject(decision.subject_id)
    for row in decision.rows:
        type(row)._default_manager.bulk_create([row], ignore_conflicts=True)


def told(row: DecisionRow, kept: Sequence[models.Model]) -> Decision:
    """Give a decision with its words for the person."""
    message, remedy = _reasons.OUTCOME_WORDS[row.outcome]
    return Decision(
        id=row.id,
        subject_id=row.subject_id,
        outcome=Outcome[row.outcome.upper()],
        reasons=tuple(ReasonShown(code=c, text=t) for c, t in _reasons.person(tuple(row.reasons))),
        message=message,
        remedy=remedy,
        rule_version=row.rule_number,
        case_id=row.case_id,
        rows=tuple(kept),
    )


def _event_row(subject_id: UUID, event: Event, signals: Signals) -> EventRow:
    return EventRow(
        subject_id=subject_id,
        kind=event.kind.value,
        at=clock.now(),
        amount_fen=event.amount_fen,
        device=signals.device,
        network=signals.network,
        card=signals.card,
        counterparty=signals.counterparty,
    )


def _facts_of(
    actor: Actor, event: Event, signals: Signals, row: EventRow, noted: Noted
) -> dict[str, Value]:
    facts: dict[str, Value] = {
        "kind": event.kind.value,
        "channel": actor.channel,
        "amount_fen": event.amount_fen,
        "is_money": event.kind in MONEY,
        "hour": clock.beijing(row.at).hour,
        "device_signals": signals.consented,
        "device_known": event.device_known,
        "place_match": event.place_match,
    }
    there = {
        ListField.DEVICE: signals.device,
        ListField.NETWORK: signals.network,
        ListField.CARD: signals.card,
        ListField.COUNTERPARTY: signals.counterparty,
        ListField.PHONE: signals.phone,
    }
    return facts | {name: name in noted.met if there[field] else None for name, field in _LISTED}


def _made_stricter(
    noted: Noted, other: Other, event: Event, outcome: Outcome, codes: tuple[str, ...]
) -> tuple[Outcome, tuple[str, ...]]:
    if other.is_met and event.kind in MONEY:
        # Refused in the very words and order of a deny list.
        outcome, codes = Outcome.REFUSE, _first("listed", codes)
    if noted.is_barred and event.kind in MONEY and outcome < Outcome.REVIEW:
        # The very words that a watch list gives: there is no third sentence to tell them apart.
        return Outcome.REVIEW, _first("watched", codes)
    if noted.is_off and outcome is Outcome.REFUSE:
        return Outcome.REVIEW, ("own_choice", *codes)
    return outcome, codes


def _first(code: str, codes: tuple[str, ...]) -> tuple[str, ...]:
    return (code, *(each for each in codes if each != code))
