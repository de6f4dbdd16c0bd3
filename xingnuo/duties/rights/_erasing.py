"""Erasing a person: a durable request first, then steps that can each be taken again.

Order: the gate closes (with the request), keys go, rooms' rows go, values go, the residue is
searched, the certificate is signed. A crash anywhere leaves a state from which the job goes on.
"""

from __future__ import annotations

from uuid import UUID

import rfc8785
from django.db import transaction

from xingnuo.duties.rights.contracts import CaseState
from xingnuo.duties.rights.models import CaseRow, CertificateRow
from xingnuo.kit import clock
from xingnuo.kit.db import session
from xingnuo.kit.errors import XingnuoError
from xingnuo.trust.evidence import actions as evidence
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import SubjectState


class ResidueFound(XingnuoError):
    """Something of an erased person is left; no certificate is given, and the job tries again."""

    status = 500
    code = "residue_found"


def carry_out(actor: Actor, *, case_id: UUID) -> None:
    """Erase the person of a case from wherever the case stands; safe to repeat at every point."""
    with transaction.atomic():
        case = CaseRow.objects.select_for_update().get(id=case_id)
        if case.state == CaseState.DONE.value:
            return
        subject_id = case.subject_id
        state = gate_queries.state_of(subject_id)
    if state is SubjectState.ERASING:
        with transaction.atomic():
            gate.destroy_keys(actor, subject_id=subject_id)
        with transaction.atomic():
            _erase_rows(actor, subject_id)
    with transaction.atomic():
        _certify(actor, case_id, subject_id)


def _erase_rows(actor: Actor, subject_id: UUID) -> None:
    rows = 0
    for holding in policy.holdings():
        session.set_subject(subject_id)
        rows += holding.erase(subject_id)
    gate.finish_erasure(actor, subject_id=subject_id, rows=rows)


def _certify(actor: Actor, case_id: UUID, subject_id: UUID) -> None:
    residue = gate_queries.residue(subject_id)
    for holding in policy.holdings():
        session.set_subject(subject_id)
        for table, left in holding.export(subject_id).items():
            if left and table not in kept_tables():
                residue[table] = len(left)
    if any(residue.values()):
        raise ResidueFound(",".join(sorted(name for name, count in residue.items() if count)))
    now = clock.now()
    body = {
        "case": str(case_id),
        "erased_at": now.isoformat(),
        "policy_version": policy.in_force().version,
        "searched": dict.fromkeys(sorted(residue), 0),
        "kept": _laws(),
    }
    text = rfc8785.dumps(body)  # type: ignore[arg-type]
    signature, key_id = evidence.sign(text)
    CertificateRow.objects.create(
        case_id=case_id, body=text.decode(), signature=signature, key_id=key_id, made_at=now
    )
    case = CaseRow.objects.select_for_update().get(id=case_id)
    case.state, case.done_at = CaseState.DONE.value, now
    case.save(update_fields=["state", "done_at"])
    gate.record(actor, subject_id=subject_id, kind=Kind.CERTIFICATE, ref=case_id)


def kept_tables() -> frozenset[str]:
    """Name the tables whose rows stay after erasure: proof of handling, and what a law keeps."""
    return frozenset(policy.lasting(policy.in_force()))


def _laws() -> dict[str, str]:
    # By table, the law that keeps it and for how long, as the person may look it up.
    compiled = policy.in_force()
    told = {}
    for table, rule in policy.lasting(compiled).items():
        key, _, article = rule.law.partition(" ")
        cited = f"《{compiled.laws[key].name}》" + (f"第 {article} 条" if article else "")
        told[table] = f"{rule.name}（{cited}）"
    return dict(sorted(told.items()))
