"""What the antifraud room does: screen, keep rules and lists, work cases, report by law."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db import transaction

from xingnuo.kit.cases import Case, case_of
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput
from xingnuo.people.antifraud import _aml_level, _cases, _officers, _sanctions, _terms
from xingnuo.people.antifraud._automated import ask_review, set_automated
from xingnuo.people.antifraud._comparing import back_test as _back_test
from xingnuo.people.antifraud._listing import forget_replaced
from xingnuo.people.antifraud._listing import propose as propose_list
from xingnuo.people.antifraud._listing import reject as reject_list
from xingnuo.people.antifraud._listing import release as release_list
from xingnuo.people.antifraud._movements import feed as feed_movement
from xingnuo.people.antifraud._reasons import TYPOLOGIES
from xingnuo.people.antifraud._reports import approve as approve_report
from xingnuo.people.antifraud._reports import follow_up as follow_reports
from xingnuo.people.antifraud._reports import receive as receive_notice
from xingnuo.people.antifraud._reports import send as send_report
from xingnuo.people.antifraud._reports import write as write_report
from xingnuo.people.antifraud._sanctions import open_large, screen_customer, screen_due
from xingnuo.people.antifraud._screening import keep, screen
from xingnuo.people.antifraud._signals import note_identifiers
from xingnuo.people.antifraud._states import CONFIDENTIAL, CaseKind, Verdict
from xingnuo.people.antifraud._versions import draft as draft_rules
from xingnuo.people.antifraud._versions import propose as propose_rules
from xingnuo.people.antifraud._versions import release as release_rules
from xingnuo.people.antifraud._versions import roll_back
from xingnuo.people.antifraud._versions import withdraw as withdraw_rules
from xingnuo.people.antifraud.contracts import AmlProfile, BackTest
from xingnuo.people.antifraud.models import ChoiceRow, DecisionRow, EventRow
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor

__all__ = [
    "approve_report",
    "ask_review",
    "assess",
    "back_test",
    "decide",
    "draft_rules",
    "erase",
    "feed_movement",
    "follow_reports",
    "give_back",
    "keep",
    "note_identifiers",
    "open_large",
    "open_suspicion",
    "propose_list",
    "propose_rules",
    "receive_notice",
    "reject_list",
    "release_list",
    "release_rules",
    "roll_back",
    "screen",
    "screen_customer",
    "screen_due",
    "send_report",
    "set_automated",
    "sweep",
    "take",
    "withdraw_rules",
    "write_report",
]

REVIEW = "antifraud.review"
give_back = _cases.give_back
take = _cases.take


def decide(actor: Actor, *, case_id: UUID, verdict: Verdict, reason: str) -> Case:
    """Decide a case that the officer has taken, by a reason of its kind, and carry it out."""
    with transaction.atomic():
        row = _cases.held(actor, case_id)
        kind = CaseKind(row.kind)
        purpose = _sanctions.SCREENING if kind in CONFIDENTIAL else REVIEW
        gate.permit(
            replace(actor, case_id=row.id), subject_id=row.subject_id, purpose=purpose, items=()
        )
        _cases.settle(actor, row, verdict=verdict, reason=reason)
        if kind is CaseKind.SANCTIONS_HIT:
            _sanctions.settle(row, is_same=verdict is Verdict.DECLINED)
        return case_of(row)


def open_suspicion(actor: Actor, *, subject_id: UUID, typology: str) -> UUID:
    """Open a case of suspicion; who opens it does not decide it."""
    staff = _officers.compliance(actor)
    if typology not in TYPOLOGIES:
        raise BadInput({"typology": "请选一种类型"})
    with transaction.atomic():
        row = _cases.open_once(CaseKind.AML_SUSPICIOUS, subject_id, opened_by=staff)
        gate.permit(
            replace(actor, case_id=row.id),
            subject_id=subject_id,
            purpose=_sanctions.SCREENING,
            items=(),
        )
        return row.id


def assess(
    actor: Actor, *, subject_id: UUID, add: tuple[str, ...] = (), drop: tuple[str, ...] = ()
) -> AmlProfile:
    """Weigh a customer anew with declared factors, by an officer with an open case."""
    _officers.compliance(actor)
    unknown = sorted({*add, *drop} - _aml_level.FACTORS.keys())
    if unknown:
        raise BadInput({"factors": "没有这个因素"})
    gate.permit(actor, subject_id=subject_id, purpose=_sanctions.SCREENING, items=())
    return _aml_level.shown(_aml_level.assess(subject_id, add=add, drop=drop))


def back_test(actor: Actor, *, number: int, days: int = 7) -> BackTest:
    """Run a version over the facts of past decisions; gives counts alone."""
    _officers.risk(actor)
    return _back_test(number, days=days)


def sweep() -> int:
    """Delete what is past its term, and entries of lists that were replaced; gives how many."""
    gone = _terms.sweep()
    while part := forget_replaced():
        gone += part
    return gone


def erase(subject_id: UUID) -> int:
    """Delete a person's rows in the caller's transaction; what the AML law keeps stays (AML 34)."""
    session.set_subject(subject_id)
    _terms.end_relation(subject_id)
    return sum(
        model.objects.of(subject_id).delete()[0] for model in (EventRow, DecisionRow, ChoiceRow)
    )
