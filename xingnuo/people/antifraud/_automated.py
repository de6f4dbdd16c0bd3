"""A person's side of automated decisions: the list, the reasons, a human look, and the switch."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from xingnuo.kit import clock
from xingnuo.kit.db import session
from xingnuo.people.antifraud import _cases, _facts, _reasons, _rules, _sanctions, _versions
from xingnuo.people.antifraud._limits import DECISIONS_SHOWN_MAX, OBJECTIONS_OPEN_MAX
from xingnuo.people.antifraud._states import CaseKind, CaseState, EventKind, HitState, Verdict
from xingnuo.people.antifraud.contracts import (
    AutomatedShown,
    DecisionShown,
    Explanation,
    NoSuchDecision,
    Outcome,
    ReasonShown,
    Spent,
)
from xingnuo.people.antifraud.models import CaseRow, ChoiceRow, DecisionRow, RuleSetRow
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor

EXPLAIN = "rights.explain"
_MINE = (CaseKind.RISK_REVIEW.value, CaseKind.OBJECTION.value)
_HOW = (
    "程序按{which}规则逐条核对：符合哪条就得到哪条的理由，分数相加，"
    "到一定分数就多验一次身份、请人来看或先拦下。规则由一人提出、另一人批准，同样的情况得到同样的结果。"
)
_NEXT = {
    Outcome.ACCEPT: "已经通过，不需要做什么。",
    Outcome.STEP_UP: "验证是你本人后就能继续。",
    Outcome.REVIEW: "有人在看，结果会告诉你。",
    Outcome.REFUSE: "你可以要求由人复核，15 天内给你结果；也可以联系客服。",
}


def _which(number: int) -> str:
    return f"第 {number} 版" if number else "最初一版"


def page(actor: Actor) -> AutomatedShown:
    """Give the switch and the decisions about a person, newest first."""
    subject_id = own(actor)
    choice = ChoiceRow.objects.of(subject_id).first()
    rows = list(DecisionRow.objects.of(subject_id).order_by("-id")[:DECISIONS_SHOWN_MAX])
    cases = _cases_of(subject_id, [row.id for row in rows])
    return AutomatedShown(
        off=choice is not None and choice.is_off,
        since=choice.since_at if choice else None,
        decisions=tuple(shown(row, cases.get(row.id, [])) for row in rows),
    )


def explain(actor: Actor, *, decision_id: UUID) -> Explanation:
    """Explain one decision; asking for it is a right and leaves its line (PIPL 24, 48)."""
    subject_id = own(actor)
    gate.permit(actor, subject_id=subject_id, purpose=EXPLAIN)
    row = _row(subject_id, decision_id)
    decision = shown(row, _cases_of(subject_id, [row.id]).get(row.id, []))
    fired = _looked_at(row)
    return Explanation(
        decision=decision,
        looked_at=fired,
        how=_HOW.format(which=_which(row.rule_number)),
        what_next=_NEXT[decision.outcome] if decision.verdict is None else _settled(decision),
    )


def ask_review(actor: Actor, *, decision_id: UUID) -> UUID:
    """Have a person of ours look at a decision; gives the case, the same one when asked twice."""
    subject_id = own(actor)
    gate.permit(actor, subject_id=subject_id, purpose=EXPLAIN)
    row = _row(subject_id, decision_id)
    waiting = CaseRow.objects.filter(
        subject_id=subject_id,
        kind=CaseKind.OBJECTION.value,
        state__in=(CaseState.OPEN.value, CaseState.TAKEN.value),
    )
    again = waiting.filter(ref=row.id).first()
    if again is None and waiting.count() >= OBJECTIONS_OPEN_MAX:
        raise Spent
    case = again or _cases.open_once(CaseKind.OBJECTION, subject_id, ref=row.id)
    _record(actor, subject_id, "automated.review_asked", case.id)
    return case.id


def set_automated(actor: Actor, *, off: bool) -> None:
    """Let a program alone decide, or not: what would be refused then goes to a person first."""
    subject_id = own(actor)
    gate.permit(actor, subject_id=subject_id, purpose=EXPLAIN)
    row = ChoiceRow.objects.of(subject_id).select_for_update().first()
    if row is None:
        row = ChoiceRow(subject_id=subject_id)
    elif row.is_off is off:
        return
    row.is_off, row.since_at = off, clock.now()
    row.save()
    _record(actor, subject_id, f"automated.{'off' if off else 'on'}", row.id)


def verdict_of(subject_id: UUID, decision_id: UUID) -> Verdict:
    """Say what became of a decision that went to a person; the caller may act on it."""
    session.set_subject(subject_id)
    row = _row(subject_id, decision_id)
    found = _verdict(row, _cases_of(subject_id, [row.id]).get(row.id, []))
    if found is Verdict.APPROVED and (barred := _barred(row)) is not None:
        return barred
    return found or (Verdict.APPROVED if row.outcome == "accept" else Verdict.PENDING)


def _barred(row: DecisionRow) -> Verdict | None:
    # A risk officer's yes moves no money that the sanctions law holds (AML 40).
    name = row.facts.get(_sanctions.SANCTIONED)
    state = _sanctions.stands(row.subject_id, name) if name else None
    held = {HitState.OPEN: Verdict.PENDING, HitState.CONFIRMED: Verdict.DECLINED}
    return held.get(state) if state else None


def own(actor: Actor) -> UUID:
    """Give the person who acts, and set the subject."""
    if actor.subject_id is None:
        raise NoSuchDecision
    session.set_subject(actor.subject_id)
    return actor.subject_id


def shown(row: DecisionRow, cases: Iterable[CaseRow]) -> DecisionShown:
    """Give a decision as its person sees it."""
    mine = list(cases)
    waiting = [case for case in mine if case.state != CaseState.DECIDED.value]
    return DecisionShown(
        id=row.id,
        kind=EventKind(row.kind),
        at=row.decided_at,
        outcome=Outcome[row.outcome.upper()],
        verdict=_verdict(row, mine),
        reasons=tuple(ReasonShown(code=c, text=t) for c, t in _reasons.person(tuple(row.reasons))),
        asked=any(case.kind == CaseKind.OBJECTION.value for case in mine),
        due_at=min((case.due_at for case in waiting), default=None),
        rule_version=row.rule_number,
    )


def _verdict(row: DecisionRow, cases: list[CaseRow]) -> Verdict | None:
    # The newest human decision counts; an open one is told as pending where nothing went before.
    decided = [case for case in cases if case.state == CaseState.DECIDED.value]
    if decided:
        return Verdict(max(decided, key=lambda case: (case.decided_at, case.id)).verdict)
    return Verdict.PENDING if cases or row.outcome == "review" else None


def _settled(decision: DecisionShown) -> str:
    if decision.verdict is Verdict.APPROVED:
        return "人工复核后同意办理，可以重新来一次。"
    if decision.verdict is Verdict.DECLINED:
        return "人工复核后维持原判断；可以联系客服，也可以向监管部门反映。"
    return "有人在看，结果会告诉你。"


def _looked_at(row: DecisionRow) -> tuple[str, ...]:
    # Only facts that were known and that the version's rules turn on.
    held = RuleSetRow.objects.filter(number=row.rule_number).first()
    rules = _versions.rules_of(held) if held else _rules.parse(_versions.built_in().document)
    return _facts.told([name for name in rules.facts if row.facts.get(name) is not None])


def _row(subject_id: UUID, decision_id: UUID) -> DecisionRow:
    row: DecisionRow | None = DecisionRow.objects.of(subject_id).filter(id=decision_id).first()
    if row is None:
        raise NoSuchDecision
    return row


def _cases_of(subject_id: UUID, refs: list[UUID]) -> dict[UUID, list[CaseRow]]:
    found: dict[UUID, list[CaseRow]] = {}
    for case in CaseRow.objects.filter(subject_id=subject_id, kind__in=_MINE, ref__in=refs):
        if case.ref is not None:
            found.setdefault(case.ref, []).append(case)
    return found


def _record(actor: Actor, subject_id: UUID, reason: str, ref: UUID) -> None:
    gate.record(actor, subject_id=subject_id, kind=Kind.STATE, reason=reason, ref=ref)
