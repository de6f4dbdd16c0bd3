"""What the antifraud room lets out: a person's own decisions, queues, versions, lists, profiles."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from xingnuo.kit import clock
from xingnuo.kit.cases import Case, case_of
from xingnuo.kit.db import session
from xingnuo.kit.errors import NotFound
from xingnuo.people.antifraud import (
    _aml_level,
    _cases,
    _listing,
    _officers,
    _reasons,
    _sanctions,
    _velocity,
    _versions,
)
from xingnuo.people.antifraud._automated import explain
from xingnuo.people.antifraud._automated import page as automated
from xingnuo.people.antifraud._automated import verdict_of as verdict
from xingnuo.people.antifraud._cases import counted as counted_cases
from xingnuo.people.antifraud._cases import page as open_cases
from xingnuo.people.antifraud._comparing import dry_run
from xingnuo.people.antifraud._dated import RULES as DATED
from xingnuo.people.antifraud._dated import Dated
from xingnuo.people.antifraud._reasons import TYPOLOGIES
from xingnuo.people.antifraud._reports import content_of as report_content
from xingnuo.people.antifraud._reports import listed as reports
from xingnuo.people.antifraud._states import (
    CONFIDENTIAL,
    CaseKind,
    CaseState,
    Family,
    ListKind,
    Verdict,
)
from xingnuo.people.antifraud._velocity import Degrees
from xingnuo.people.antifraud.contracts import (
    CASE_REASONS,
    AmlProfile,
    CaseShown,
    ListShown,
    ReasonShown,
    RuleSetShown,
)
from xingnuo.people.antifraud.models import (
    AlertRow,
    CaseRow,
    ChoiceRow,
    DayRow,
    DecisionRow,
    EventRow,
    HitRow,
    ListTable,
    ProfileRow,
    RuleSetRow,
)
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor

__all__ = [
    "TYPOLOGIES",
    "aml_profile",
    "automated",
    "case",
    "counted_cases",
    "dated_rules",
    "dry_run",
    "explain",
    "export",
    "graph",
    "lists",
    "must_verify",
    "one_case",
    "open_cases",
    "pattern_sets",
    "report_content",
    "reports",
    "rule_set",
    "rule_sets",
    "verdict",
]

_SETS_SHOWN_MAX = 50
_LISTS_SHOWN_MAX = 100
_GRAPH_DAYS = 30
# Left out of a person's copy: digests tell them nothing, and would tell others apart.
_WITHHELD = ("device", "network", "card", "counterparty")
_LISTS = tuple(f"{kind.value}." for kind in ListKind)
_SANCTIONS = f"{ListKind.SANCTIONS.value}."
_DAY = ("day_on", "limit_kind", "in_fen", "out_fen", "in_usd_cents", "out_usd_cents")
_WEIGHTS = ("score", "facts_digest", "shadow_number", "shadow_outcome", "latency_us")
_MINE = [kind.value for kind in CaseKind if kind not in CONFIDENTIAL]


def one_case(actor: Actor, *, case_id: UUID) -> Case:
    """Give a case's clock and state to an officer of its kind; nothing of its person is read."""
    return case_of(_cases.seen(actor, case_id))


def case(actor: Actor, *, case_id: UUID) -> CaseShown:
    """Open a case for an officer of its kind; the look is on record under the case."""
    row = _cases.seen(actor, case_id)
    kind = CaseKind(row.kind)
    entered = replace(actor, case_id=row.id)
    purpose = _sanctions.SCREENING if kind in CONFIDENTIAL else "antifraud.review"
    gate.permit(entered, subject_id=row.subject_id, purpose=purpose, items=())
    decision = None
    if kind not in CONFIDENTIAL and row.ref is not None:
        decision = DecisionRow.objects.of(row.subject_id).filter(id=row.ref).first()
    codes = tuple(decision.reasons) if decision else ()
    # Which list spoke is the law's to know: a risk officer sees its reason in words (AML 35).
    facts = _open(decision.facts) if decision else _found(row)
    return CaseShown(
        case=case_of(row),
        opened_by=row.opened_by,
        ref=row.ref,
        facts=facts,
        reasons=tuple(ReasonShown(code=c, text=t) for c, t in _reasons.staff(codes)),
        choices=CASE_REASONS[kind],
        verdict=Verdict(row.verdict) if row.state == CaseState.DECIDED.value else None,
        reason=row.reason,
    )


def _found(row: CaseRow) -> dict[str, Any]:
    if row.kind == CaseKind.SANCTIONS_HIT.value:
        hits = HitRow.objects.of(row.subject_id).filter(case_id=row.id)
        return {
            f"{hit.source}:{hit.entry_ref}": " ".join(
                ("exact" if hit.is_exact else "near", *(["counterparty"] * bool(hit.counterparty)))
            )
            for hit in hits
        }
    if row.kind == CaseKind.AML_LARGE.value:
        day = DayRow.objects.of(row.subject_id).filter(case_id=row.id).values(*_DAY).first()
        return dict(day or {})
    alert = AlertRow.objects.of(row.subject_id).filter(case_id=row.id).first()
    told = {"rule": f"{alert.rule_number}.{alert.rule}", **alert.facts} if alert else {}
    return told


def rule_sets() -> tuple[RuleSetShown, ...]:
    """List the versions of the rules, newest first, with the built-in one last."""
    return _sets(Family.RISK)


def pattern_sets(actor: Actor) -> tuple[RuleSetShown, ...]:
    """List the versions of the patterns for compliance, as `rule_sets` lists those of the rules."""
    _officers.compliance(actor)
    return _sets(Family.AML)


def _sets(family: Family) -> tuple[RuleSetShown, ...]:
    rows = RuleSetRow.objects.filter(family=family.value).order_by("-number")[:_SETS_SHOWN_MAX]
    return (*(_versions.shown(row) for row in rows), _versions.built_in(family))


def rule_set(number: int) -> RuleSetShown:
    """Give one version."""
    if number == 0:
        return _versions.built_in()
    row = RuleSetRow.objects.filter(number=number, family=Family.RISK.value).first()
    if row is None:
        raise NotFound
    return _versions.shown(row)


def lists() -> tuple[ListShown, ...]:
    """Give the lists that were handed in, newest first; entries are digests and are not shown."""
    return tuple(
        _listing.shown(row) for row in ListTable.objects.order_by("-id")[:_LISTS_SHOWN_MAX]
    )


def dated_rules() -> tuple[Dated, ...]:
    """Give every clock and threshold with its source and how sure it is."""
    return DATED


def graph(actor: Actor, *, subject_id: UUID) -> Degrees:
    """Count how a person's devices and cards are shared, for an officer with an open case."""
    _officers.risk(actor)
    gate.permit(actor, subject_id=subject_id, purpose="antifraud.review", items=())
    return _velocity.degrees(subject_id, clock.now() - timedelta(days=_GRAPH_DAYS))


def aml_profile(actor: Actor, *, subject_id: UUID) -> AmlProfile | None:
    """Give a customer's risk level to compliance, with an open case."""
    _officers.compliance(actor)
    gate.permit(actor, subject_id=subject_id, purpose=_sanctions.SCREENING, items=())
    row = ProfileRow.objects.of(subject_id).first()
    return _aml_level.shown(row) if row else None


def must_verify(subject_id: UUID, *, session_id: UUID) -> bool:
    """Say whether a session was begun in a way that asks for a proof before it goes on."""
    session.set_subject(subject_id)
    return (
        DecisionRow.objects.of(subject_id)
        .filter(ref=session_id, kind="sign_in", outcome__in=("step_up", "review", "refuse"))
        .exists()
    )


def _copied(row: dict[str, Any]) -> dict[str, Any]:
    # Which list spoke, and with what weight, is told to nobody: it would tell watch lists from
    # what the law forbids to tell (AML 35). The reason in words stays.
    kept = {name: value for name, value in row.items() if name not in _WEIGHTS}
    facts = {name: value for name, value in row["facts"].items() if not name.startswith(_LISTS)}
    return kept | {"facts": facts}


def _open(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if not name.startswith(_SANCTIONS)}


def export(subject_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Give a person's rows for the copy of their data; what AML 35 forbids to tell is not here."""
    cases = CaseRow.objects.filter(subject_id=subject_id, kind__in=_MINE).order_by("id")
    told = ("id", "kind", "state", "ref", "opened_at", "due_at", "verdict", "decided_at")
    return {
        "antifraud_event": [
            {name: value for name, value in row.items() if name not in _WITHHELD}
            for row in EventRow.objects.of(subject_id).values()
        ],
        "antifraud_decision": [_copied(row) for row in DecisionRow.objects.of(subject_id).values()],
        "antifraud_choice": [dict(row) for row in ChoiceRow.objects.of(subject_id).values()],
        "antifraud_case": [dict(row) for row in cases.values(*told)],
    }
