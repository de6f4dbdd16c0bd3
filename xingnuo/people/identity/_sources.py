"""Who may be asked, by which law, and until when the legality of asking stands audited.

A source whose audit is over, failed or missing is not used (1.2.3c). What a source sends beyond
yes or no is taken only under the person's authorisation in force (1.4.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock
from xingnuo.kit.errors import BadInput, Conflict, NotFound, Refused
from xingnuo.people.identity._limits import AUDIT_WARN_DAYS
from xingnuo.people.identity.contracts import Audited, Inbound, Kind, SourceLapsed
from xingnuo.people.identity.models import AuditRow
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Reason
from xingnuo.trust.policy.contracts import ActorKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A body that lawfully holds what is asked, with the audit it came with."""

    id: str
    name: str
    basis: str  # the law by which it holds what it is asked
    purpose: str  # under which it may send more than yes or no
    audited_on: date
    until: date
    is_own: bool = False


POPULATION, TELECOM, CARD, FACE = (
    "population_service",
    "telecom_check",
    "card_check",
    "face_service",
)
WITNESS = "witness_desk"
SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        one.id: one
        for one in (
            Source(
                id=POPULATION,
                name="华证身份核验中心",
                basis="居民身份证法 6、19；反洗钱法 29",
                purpose="identity.supplement",
                audited_on=date(2026, 6, 15),
                until=date(2027, 6, 14),
            ),
            Source(
                id=TELECOM,
                name="中联通信核验平台",
                basis="反电信网络诈骗法 9、10",
                purpose="identity.phone_check",
                audited_on=date(2026, 6, 15),
                until=date(2027, 6, 14),
            ),
            Source(
                id=CARD,
                name="诚联支付清算核验平台",
                basis="非银行支付机构监督管理条例 24；反洗钱法 29",
                purpose="identity.card_check",
                audited_on=date(2026, 6, 22),
                until=date(2027, 6, 21),
            ),
            Source(
                id=FACE,
                name="明眸人脸核验科技有限公司",
                basis="人脸识别技术应用安全管理办法 5、10",
                purpose="identity.face_check",
                audited_on=date(2026, 7, 6),
                until=date(2027, 7, 5),
            ),
            Source(
                id=WITNESS,
                name="星诺身份核对岗",
                basis="反洗钱法 28、29",
                purpose="identity.review",
                audited_on=date(2026, 7, 6),
                until=date(2027, 7, 5),
                is_own=True,
            ),
        )
    }
)
BY_KIND: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.NAME_NUMBER: POPULATION,
        Kind.AGE: POPULATION,
        Kind.PHONE: TELECOM,
        Kind.CARD: CARD,
        Kind.FACE: FACE,
        Kind.DOCUMENT_PHOTO: WITNESS,
        Kind.VIDEO: WITNESS,
        Kind.COUNTER: WITNESS,
    }
)
_AUDITORS = frozenset({ActorKind.COMPLIANCE, ActorKind.AUDITOR})


def audited(source: str) -> Audited:
    """Give how a source's newest released audit stands; another name is a missing thing."""
    known = SOURCES.get(source)
    if known is None:
        raise NotFound("source")
    row = (
        AuditRow.objects.filter(source=source, released_at__isnull=False)
        .order_by("-audited_on", "-released_at")
        .first()
    )
    found = row if row is not None and row.audited_on > known.audited_on else None
    audited_on = found.audited_on if found else known.audited_on
    until = found.until if found else known.until
    passed = found.passed if found else True
    today = clock.today()
    return Audited(
        source=source,
        name=known.name,
        basis=known.basis,
        audited_on=audited_on,
        until=until,
        passed=passed,
        is_lawful=passed and audited_on <= today <= until,
        is_due=not passed or until - today <= timedelta(days=AUDIT_WARN_DAYS),
    )


def ensure_lawful(source: str) -> None:
    """Refuse to use a source whose legality does not stand audited today."""
    if not audited(source).is_lawful:
        raise SourceLapsed(source)


def propose_audit(
    actor: Actor, *, source: str, passed: bool, audited_on: date, until: date, report_digest: str
) -> UUID:
    """Put down the outcome of an audit; it holds once another person releases it."""
    _auditor(actor)
    if source not in SOURCES:
        raise NotFound("source")
    if not audited_on <= clock.today() or not audited_on < until <= audited_on + timedelta(366):
        raise BadInput({"until": "审查日期不能晚于今天，有效期最长一年"})
    if len(report_digest) != 64:
        raise BadInput({"report_digest": "请填报告的 SHA-256"})
    row = AuditRow.objects.create(
        source=source,
        passed=passed,
        audited_on=audited_on,
        until=until,
        report_digest=report_digest,
        proposed_by=actor.staff_id,
    )
    return row.id


def release_audit(actor: Actor, *, audit_id: UUID) -> Audited:
    """Let an audit hold; refused to whoever put it down. Safe to repeat by the same person."""
    _auditor(actor)
    row = AuditRow.objects.select_for_update().filter(id=audit_id).first()
    if row is None:
        raise NotFound("audit")
    if row.proposed_by == actor.staff_id:
        raise Refused("two_people", message="放行要由另一位同事来做。")
    if row.released_by not in (None, actor.staff_id):
        raise Conflict("released")
    if row.released_at is None:
        row.released_by, row.released_at = actor.staff_id, clock.now()
        row.save(update_fields=["released_by", "released_at"])
    return audited(row.source)


def accept_inbound(
    actor: Actor, *, subject_id: UUID, source: str, items: Mapping[str, str], purpose: str = ""
) -> Inbound:
    """Take what a third party sent, item by item, where the person's authorisation covers it.

    What is not covered, not declared or not proper is rejected, kept nowhere, and put on record
    by name alone. Opens its own transactions. Raises `SourceLapsed` for a source not in use.
    """
    known = SOURCES.get(source)
    ensure_lawful(source)
    wanted = purpose or (known.purpose if known else "")
    accepted, rejected = [], []
    for item in sorted(items):
        try:
            with transaction.atomic():
                permit = gate.permit(actor, subject_id=subject_id, purpose=wanted, items=(item,))
                gate.collect(permit, {item: items[item]}, source=source)
            accepted.append(item)
        except GateRefusal as refusal:
            _put_down(refusal, source)
            rejected.append(item)
        except BadInput:
            bad = GateRefusal(
                Reason.BAD_VALUE,
                purpose=wanted,
                items=(item,),
                subject_id=subject_id,
                actor=actor,
            )
            _put_down(bad, source)
            rejected.append(item)
    return Inbound(source=source, accepted=tuple(accepted), rejected=tuple(rejected))


def _put_down(refusal: GateRefusal, source: str) -> None:
    # Filed under the person it is about, as an act of the source: they see what was sent unasked.
    refusal.recipient = source
    refusal.actor = Actor(kind=ActorKind.PARTNER, staff_id=source, channel="hooks")
    gate.refused(refusal)


def _auditor(actor: Actor) -> None:
    signed = actor.undertaking_until is not None and actor.undertaking_until > clock.now()
    if actor.kind not in _AUDITORS or not actor.staff_id or not signed:
        raise GateRefusal(Reason.ACTOR_NOT_ALLOWED, purpose="identity.verify", actor=actor)
