"""A person's decisions: what may be decided, by whom, and what changes with it."""

from __future__ import annotations

from uuid import UUID

from xingnuo.kit import clock
from xingnuo.kit.db import session
from xingnuo.kit.errors import Conflict, Refused
from xingnuo.trust.consent import actions as consent
from xingnuo.trust.consent.contracts import (
    ERASED,
    PERMISSION,
    POLICY,
    SHARING,
    Decided,
    Decision,
    Scope,
)
from xingnuo.trust.evidence import actions as evidence
from xingnuo.trust.evidence.contracts import Kind, Line
from xingnuo.trust.gate import _grounds
from xingnuo.trust.gate._load import facts_of, rules_in_force
from xingnuo.trust.gate._permits import no
from xingnuo.trust.gate._sheets import sheet
from xingnuo.trust.gate._states import allowed
from xingnuo.trust.gate.contracts import Actor, Reason, Strength
from xingnuo.trust.gate.models import Subject
from xingnuo.trust.policy.contracts import ActorKind, SubjectState, Tier

# Only what checked a person may say how far they are known.
_CHECKERS = frozenset({ActorKind.SYSTEM, ActorKind.REVIEWER})
_DECIDERS = frozenset({ActorKind.SELF, ActorKind.GUARDIAN})
# A person may take back and refuse in every state in which they can still sign in.
_MAY_GRANT = frozenset({SubjectState.ACTIVE})


class ForbiddenStep(Refused):
    """The subject's state does not allow this step."""

    code = "forbidden_step"
    message = "帐号当前的状态不能进行这一步。"
    remedy = "请在隐私设置里查看帐号状态。"


def open_subject(subject_id: UUID) -> None:
    """Give a new subject its standing row, in the state `new`."""
    session.set_subject(subject_id)
    Subject.objects.create(
        id=subject_id,
        subject_id=subject_id,
        state=SubjectState.NEW.value,
        since=clock.now(),
        cause="opened",
    )


def change_state(actor: Actor, *, subject_id: UUID, to: SubjectState, cause: str) -> SubjectState:
    """Move a subject to another state by the table of steps, and leave evidence."""
    session.set_subject(subject_id)
    row = Subject.objects.of(subject_id).select_for_update().get()
    before = SubjectState(row.state)
    if before is to:
        return before
    if not allowed(before, to):
        raise ForbiddenStep(f"{before.value}->{to.value}")
    row.state, row.since, row.cause = to.value, clock.now(), cause
    row.save()
    evidence.record(
        _line(actor, subject_id, Kind.STATE, purpose="", reason=f"{before.value}:{to.value}")
    )
    return before


def set_tier(actor: Actor, *, subject_id: UUID, tier: Tier, cause: str) -> Tier:
    """Say how far a person's real name is confirmed now, and leave evidence; gives the tier before.

    `cause` is a declared code. Raises `GateRefusal` for anybody but the house or a reviewer.
    """
    if actor.kind not in _CHECKERS:
        raise no(
            Reason.ACTOR_NOT_ALLOWED, purpose="identity.keep", actor=actor, subject_id=subject_id
        )
    session.set_subject(subject_id)
    row = Subject.objects.of(subject_id).select_for_update().get()
    before = Tier(row.tier)
    if before is tier:
        return before
    row.tier = tier.value
    row.save(update_fields=["tier"])
    evidence.record(
        _line(
            actor,
            subject_id,
            Kind.STATE,
            purpose="",
            reason=f"tier:{before.value}:{tier.value}:{cause}",
        )
    )
    return before


def close_decisions(actor: Actor, *, subject_id: UUID) -> None:
    """Close an erased person's decisions, so that they go when their term is over."""
    session.set_subject(subject_id)
    compiled = rules_in_force().compiled
    consent.record(
        subject_id,
        scope=Scope(purpose=ERASED),
        decision=Decision.WITHDRAW,
        meaning=compiled.hash,
        version=compiled.version,
        text_hash=compiled.hash,
        channel=actor.channel,
        actor_kind=actor.kind.value,
    )


def accept_policy(actor: Actor, *, subject_id: UUID, version: str, text_hash: str) -> Decided:
    """Accept the published version in force; what needs its own consent stays unasked.

    Raises `Conflict` when another version is in force or another text was shown.
    """
    _only_the_person(actor, subject_id, POLICY)
    compiled = rules_in_force().compiled
    if version != compiled.version or text_hash != compiled.hash:
        raise Conflict("policy_version")
    session.set_subject(subject_id)
    facts = facts_of(subject_id)
    if facts is None:
        raise no(Reason.UNKNOWN_SUBJECT, purpose=POLICY, actor=actor, subject_id=subject_id)
    if facts.state in (SubjectState.NEW, SubjectState.WITHDRAWN):
        change_state(actor, subject_id=subject_id, to=SubjectState.ACTIVE, cause="policy_accepted")
    elif facts.state is not SubjectState.ACTIVE:
        raise ForbiddenStep(facts.state.value)
    return _record(
        actor,
        subject_id,
        Scope(purpose=POLICY),
        Decision.GRANT,
        meaning=compiled.hash,
        text_hash=text_hash,
    )


def withdraw_policy(actor: Actor, *, subject_id: UUID, text_hash: str) -> Decided:
    """Withdraw consent to the policy: collection and use stop with this transaction.

    Every consent given under it ends with it, and what was kept by them alone is deleted (PIPL 47).
    What the contract needs for coming back, and what a law keeps, stays unused.
    """
    _only_the_person(actor, subject_id, POLICY)
    session.set_subject(subject_id)
    _end_all(actor, subject_id, text_hash)
    session.set_subject(subject_id)
    change_state(actor, subject_id=subject_id, to=SubjectState.WITHDRAWN, cause="policy_withdrawn")
    compiled = rules_in_force().compiled
    return _record(
        actor,
        subject_id,
        Scope(purpose=POLICY),
        Decision.WITHDRAW,
        meaning=compiled.hash,
        text_hash=text_hash,
    )


def decide(
    actor: Actor, *, subject_id: UUID, scope: Scope, decision: Decision, text_hash: str
) -> Decided:
    """Record what the person decided on a purpose, with the sheet that was shown.

    A grant must name all needed items and none undeclared, and the hash of the sheet as it is now:
    a stale sheet raises `Conflict`, so that nobody agrees to a text they did not see. What was kept
    by a consent that ends here, and by nothing else, is deleted in the same transaction.
    """
    _only_the_person(actor, subject_id, scope.purpose)
    rule = rules_in_force().rules.get(scope.purpose)
    if rule is None:
        raise no(Reason.UNKNOWN_PURPOSE, purpose=scope.purpose, actor=actor, subject_id=subject_id)
    shown = sheet(scope.purpose, recipient=scope.recipient)
    mask = rule.mask(scope.items)
    if mask < 0 or mask & ~rule.everything:
        raise no(Reason.UNDECLARED_ITEM, purpose=scope.purpose, actor=actor, subject_id=subject_id)
    session.set_subject(subject_id)
    facts = facts_of(subject_id)
    if decision is Decision.GRANT:
        if text_hash != shown.text_hash:
            raise Conflict("sheet")
        if facts is None or facts.state not in _MAY_GRANT:
            raise ForbiddenStep(facts.state.value if facts else "unknown")
        needed = {item.id for item in shown.needed}
        if not needed <= set(scope.items):
            raise Conflict("items")
    decided = _record(
        actor, subject_id, scope, decision, meaning=shown.meaning, text_hash=text_hash
    )
    before = facts.decisions.get(scope.key) if facts else None
    if before is not None and before.decision is Decision.GRANT and not scope.recipient:
        _end(actor, subject_id, scope, decision, before)
    return decided


def _end_all(actor: Actor, subject_id: UUID, text_hash: str) -> None:
    for before in _grounds.granted_under_policy(subject_id):
        purpose, _, recipient = before.scope.partition(">")
        scope = Scope(purpose=purpose, items=before.items, recipient=recipient)
        session.set_subject(subject_id)
        _record(
            actor,
            subject_id,
            scope,
            Decision.WITHDRAW,
            meaning=before.meaning,
            text_hash=text_hash,
        )
        if not recipient:
            _end(actor, subject_id, scope, Decision.WITHDRAW, before)


def _end(actor: Actor, subject_id: UUID, scope: Scope, decision: Decision, before: Decided) -> None:
    # PIPL 47: what rested on the consent alone goes with it, in the same transaction.
    still = frozenset(scope.items) if decision is Decision.GRANT else frozenset[str]()
    lost = tuple(item for item in before.items if item not in still)
    ended = "" if decision is Decision.GRANT else scope.purpose
    _grounds.end(actor, subject_id=subject_id, purpose=ended, items=lost)
    if ended:
        _grounds.end_derived(subject_id, purpose=ended)


def set_permission(
    actor: Actor, *, subject_id: UUID, permission: str, on: bool, text_hash: str
) -> Decided:
    """Record that a device permission was given or taken back; off stops collection at once."""
    compiled = rules_in_force().compiled
    if permission not in compiled.permissions:
        raise no(
            Reason.UNDECLARED_ITEM, purpose="permissions.manage", actor=actor, subject_id=subject_id
        )
    _only_the_person(actor, subject_id, "permissions.manage")
    session.set_subject(subject_id)
    facts = facts_of(subject_id)
    if on and (facts is None or facts.state not in _MAY_GRANT):
        raise ForbiddenStep(facts.state.value if facts else "unknown")
    before = facts.decisions.get(f"{PERMISSION}{permission}") if facts else None
    off = Decision.WITHDRAW if before and before.decision is Decision.GRANT else Decision.REFUSE
    scope = Scope(purpose=f"{PERMISSION}{permission}")
    return _record(
        actor,
        subject_id,
        scope,
        Decision.GRANT if on else off,
        meaning=compiled.hash,
        text_hash=text_hash,
    )


def set_sharing(actor: Actor, *, subject_id: UUID, recipient: str, stopped: bool) -> Decided:
    """Record that the person stops, or again allows, sharing with a recipient (3.1.6)."""
    compiled = rules_in_force().compiled
    if recipient not in compiled.recipients:
        raise no(Reason.UNDECLARED_ITEM, purpose="sharing.stop", actor=actor, subject_id=subject_id)
    _only_the_person(actor, subject_id, "sharing.stop")
    session.set_subject(subject_id)
    decision = Decision.WITHDRAW if stopped else Decision.GRANT
    meaning = compiled.recipient_meaning(recipient)
    return _record(
        actor,
        subject_id,
        Scope(purpose=f"{SHARING}{recipient}"),
        decision,
        meaning=meaning,
        text_hash=meaning,
    )


def _only_the_person(actor: Actor, subject_id: UUID, purpose: str) -> None:
    if actor.kind not in _DECIDERS:
        raise no(Reason.ACTOR_NOT_ALLOWED, purpose=purpose, actor=actor, subject_id=subject_id)
    if actor.kind is ActorKind.SELF and actor.subject_id != subject_id:
        raise no(Reason.FOREIGN_SUBJECT, purpose=purpose, actor=actor, subject_id=subject_id)
    if actor.strength < Strength.SIGNED_IN:
        raise no(Reason.TOO_WEAK, purpose=purpose, actor=actor, subject_id=subject_id)


def _record(
    actor: Actor,
    subject_id: UUID,
    scope: Scope,
    decision: Decision,
    *,
    meaning: str,
    text_hash: str,
) -> Decided:
    decided = consent.record(
        subject_id,
        scope=scope,
        decision=decision,
        meaning=meaning,
        version=rules_in_force().compiled.version,
        text_hash=text_hash,
        channel=actor.channel,
        actor_kind=actor.kind.value,
    )
    evidence.record(
        _line(
            actor,
            subject_id,
            Kind.CONSENT,
            purpose=scope.purpose,
            reason=decision.value,
            items=scope.items,
            recipient=scope.recipient,
            ref=decided.id,
        )
    )
    return decided


def _line(
    actor: Actor,
    subject_id: UUID,
    kind: Kind,
    *,
    purpose: str,
    reason: str = "",
    items: tuple[str, ...] = (),
    recipient: str = "",
    ref: UUID | None = None,
) -> Line:
    return Line(
        kind=kind,
        subject_id=subject_id,
        outcome="done",
        reason=reason,
        actor_kind=actor.kind.value,
        actor_ref=actor.staff_id,
        session_id=actor.session_id,
        channel=actor.channel,
        purpose=purpose,
        items=items,
        recipient=recipient,
        policy_version=rules_in_force().compiled.version,
        ref=ref,
    )
