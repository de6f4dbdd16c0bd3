"""Opening what the law keeps: by two officers, for a legal purpose, on record before it is seen.

Nothing that serves people comes here: the command of the officers alone does, and the key is in
no service's hands. What is opened is neither cached nor kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from xingnuo.kit.db import session
from xingnuo.kit.errors import Conflict
from xingnuo.trust.evidence import actions as evidence
from xingnuo.trust.evidence.contracts import Kind, Line
from xingnuo.trust.gate import _permits
from xingnuo.trust.gate._load import rules_in_force
from xingnuo.trust.gate._masks import masked
from xingnuo.trust.gate.contracts import Actor, Outcome, Permit, Reason, Shown
from xingnuo.trust.gate.models import Subject
from xingnuo.trust.policy.contracts import ActorKind, Compiled, Form, Purpose, Shows, SubjectState
from xingnuo.trust.vault import actions as vault
from xingnuo.trust.vault import queries as sealed
from xingnuo.trust.vault.contracts import LegalKeyRefused, Officer, Opened, TwoOfficers

appoint_officers = vault.appoint_officers

__all__ = ["Demand", "NotSealed", "Opening", "appoint_officers", "legal_purposes", "open_by_law"]


class Demand(StrEnum):
    """What somebody came with; nothing else opens anything."""

    COURT_ORDER = "court_order"
    PROSECUTOR_LETTER = "prosecutor_letter"
    POLICE_LETTER = "police_letter"
    AML_AUTHORITY_LETTER = "aml_authority_letter"
    SUPERVISOR_LETTER = "supervisor_letter"
    TAX_LETTER = "tax_letter"
    STATUTORY_AUDIT = "statutory_audit"


class NotSealed(Conflict):
    """The subject's data is not sealed; it is not for this command."""

    code = "not_sealed_subject"
    message = "这个人的信息没有封存。"
    remedy = "没有封存的信息按平常的用途和权限处理。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What was opened, until when it may be shown; files are named and stay shut."""

    id: UUID
    purpose: str
    law: str
    values: tuple[Shown, ...]
    files: tuple[str, ...]
    expires_at: datetime


def legal_purposes(compiled: Compiled) -> dict[str, Purpose]:
    """Give the purposes of the published policy for which sealed values may be seen."""
    return {
        one.id: one
        for one in compiled.purposes.values()
        if one.function == "legal_keeping"
        and ActorKind.COMPLIANCE in one.actors
        and SubjectState.SEALED in one.in_states
        and one.shows is not Shows.NOTHING
    }


def open_by_law(
    officers: tuple[tuple[Actor, str], tuple[Actor, str]],
    *,
    subject_id: UUID,
    purpose: str,
    demand: Demand,
    items: tuple[str, ...] | None = None,
) -> Opening:
    """Open a sealed subject's values by two officers, each an actor with a passphrase.

    Opens transactions of its own: the record of both is committed before anything is read. Raises
    `GateRefusal`, `NotSealed`, `TwoOfficers` or `LegalKeyRefused`, each of which is on record too.
    """
    (first, _), (second, _) = officers
    _check_purpose(first, subject_id, purpose)
    if second.kind is not first.kind or first.staff_id == second.staff_id:
        _refused(first, subject_id, purpose, "two_officers")
        raise TwoOfficers("same")
    _check_sealed(first, subject_id, purpose)
    by = [Officer(code=actor.staff_id, passphrase=typed) for actor, typed in officers]
    try:
        key = vault.open_legal_key(*by)
    except (LegalKeyRefused, TwoOfficers) as refusal:
        _refused(first, subject_id, purpose, refusal.code)
        raise
    with transaction.atomic(durable=True):
        for actor in (second, first):
            permit = _permits.issue(actor, subject_id=subject_id, purpose=purpose, items=items)
            evidence.record(_line(permit, demand))
    with transaction.atomic(durable=True):
        session.set_subject(subject_id, permit_id=permit.id)
        return _opened(permit, key, items)


def _opened(permit: Permit, key: vault.LegalKey, items: tuple[str, ...] | None) -> Opening:
    compiled = rules_in_force().compiled
    wanted = items if items is not None else _permits.opened(permit)
    _permits.check(permit, wanted)
    of_form = {form: [i for i in wanted if compiled.items[i].form is form] for form in Form}
    found = sealed.open_sealed(key, permit, of_form[Form.VALUE])
    held = sealed.written(permit)
    return Opening(
        id=permit.id,
        purpose=permit.purpose,
        law=compiled.purposes[permit.purpose].law,
        values=tuple(_shown(permit, one, compiled) for one in found),
        files=tuple(item for item in of_form[Form.FILE] if held.get(item)),
        expires_at=permit.expires_at,
    )


def _shown(permit: Permit, one: Opened, compiled: Compiled) -> Shown:
    outcome, text = permit.outcomes[one.item], one.plain.decode()
    if outcome is not Outcome.PLAIN:
        text = masked(compiled.items[one.item].mask, text)
    return Shown(one.item, one.slot, text, outcome, one.written_at, one.source)


def _check_purpose(actor: Actor, subject_id: UUID, purpose: str) -> None:
    if purpose not in legal_purposes(rules_in_force().compiled):
        _refused(actor, subject_id, "", Reason.UNKNOWN_PURPOSE.value)
        raise _permits.no(
            Reason.UNKNOWN_PURPOSE, purpose=purpose, actor=actor, subject_id=subject_id
        )


def _check_sealed(actor: Actor, subject_id: UUID, purpose: str) -> None:
    with transaction.atomic():
        session.set_subject(subject_id)
        state = Subject.objects.of(subject_id).values_list("state", flat=True).first()
    if state != SubjectState.SEALED.value:
        _refused(actor, subject_id, purpose, "not_sealed")
        raise NotSealed


def _line(permit: Permit, demand: Demand) -> Line:
    return _permits.line(
        permit,
        kind=Kind.OPERATOR,
        items=_permits.opened(permit),
        ref=permit.actor.case_id,
        reason=f"sealed.opened:{demand.value}",
    )


def _refused(actor: Actor, subject_id: UUID, purpose: str, reason: str) -> None:
    with transaction.atomic(durable=True):
        session.set_subject(subject_id)
        evidence.record(
            Line(
                kind=Kind.REFUSAL,
                subject_id=subject_id,
                outcome="refused",
                reason=f"sealed.{reason}",
                actor_kind=actor.kind.value,
                actor_ref=actor.staff_id,
                channel=actor.channel,
                purpose=purpose,
                ref=actor.case_id,
            )
        )
