"""Making and checking permits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from functools import partial
from uuid import UUID

from xingnuo.kit import clock, ids
from xingnuo.trust.evidence import actions as evidence
from xingnuo.trust.evidence.contracts import Kind, Line
from xingnuo.trust.gate._decide import PEOPLE, Facts, Sharing, decide, device_allows
from xingnuo.trust.gate._load import enter, rules_in_force
from xingnuo.trust.gate._rules import Rule, Rules
from xingnuo.trust.gate._words import WORDS
from xingnuo.trust.gate.contracts import (
    Actor,
    GateRefusal,
    Outcome,
    Permit,
    Reason,
    Strength,
)
from xingnuo.trust.gate.policy import ITEMS_MAX, PERMIT_TTL_SECONDS
from xingnuo.trust.policy.contracts import ActorKind, Basis, Shows, Standing

_LIFE = timedelta(seconds=PERMIT_TTL_SECONDS)
_SEAL = object()  # never leaves this module but inside a permit
_STAFF = frozenset(
    {ActorKind.AGENT, ActorKind.REVIEWER, ActorKind.RISK, ActorKind.COMPLIANCE, ActorKind.AUDITOR}
)
_current: ContextVar[Permit | None] = ContextVar("permit", default=None)


def no(
    reason: Reason,
    *,
    purpose: str,
    actor: Actor | None,
    subject_id: UUID | None,
    items: tuple[str, ...] = (),
    recipient: str = "",
) -> GateRefusal:
    """Make the refusal for a reason, with its words."""
    message, remedy = WORDS[reason]
    return GateRefusal(
        reason,
        purpose=purpose,
        items=items[:ITEMS_MAX],
        recipient=recipient,
        subject_id=subject_id,
        actor=actor,
        message=message,
        remedy=remedy,
    )


def issue(
    actor: Actor,
    *,
    subject_id: UUID,
    purpose: str,
    items: tuple[str, ...] | None = None,
    recipient: str = "",
) -> Permit:
    """Decide, set subject and permit of the transaction, leave evidence, and give the permit.

    Raises `GateRefusal`; the caller's transaction must then be rolled back and the refusal told.
    """
    rules = rules_in_force()
    permit, line = decided(
        actor, rules, subject_id=subject_id, purpose=purpose, items=items, recipient=recipient
    )
    evidence.record(line)
    return permit


def decided(
    actor: Actor,
    rules: Rules,
    *,
    subject_id: UUID,
    purpose: str,
    items: tuple[str, ...] | None = None,
    recipient: str = "",
) -> tuple[Permit, Line]:
    """Decide as `issue`, but leave the line of evidence to the caller, before anything is shown."""
    about = partial(no, purpose=purpose, actor=actor, subject_id=subject_id, recipient=recipient)
    refuse = partial(about, items=items or ())
    rule = rules.rules.get(purpose)
    if rule is None:
        raise refuse(Reason.UNKNOWN_PURPOSE)
    if (stranger := _stranger(actor, subject_id)) is not None:
        raise refuse(stranger)
    permit_id = ids.uuid7()
    facts = enter(subject_id, permit_id)
    if facts is None:
        raise refuse(Reason.UNKNOWN_SUBJECT)
    sharing = _sharing(rules, rule, facts, recipient, refuse) if recipient else None
    asked = rule.everything if items is None else rule.mask(items)
    verdict = decide(rule, facts, actor.kind, _strength(actor), asked=asked, sharing=sharing)
    if isinstance(verdict, Reason):
        raise refuse(verdict)
    if rule.bare and not device_allows(rules, facts, actor.platform, rule.purpose):
        raise refuse(Reason.PERMISSION_OFF)
    permit = Permit(
        id=permit_id,
        actor=actor,
        subject_id=subject_id,
        purpose=purpose,
        basis=rule.purpose.basis,
        outcomes=verdict,
        policy_version=rules.compiled.version,
        expires_at=clock.now() + _LIFE,
        recipient=recipient,
        seal=_SEAL,
    )
    return permit, _line(permit, rule)


def _stranger(actor: Actor, subject_id: UUID) -> Reason | None:
    if actor.kind is ActorKind.SELF and actor.subject_id != subject_id:
        return Reason.FOREIGN_SUBJECT
    return unfit(actor)


def unfit(actor: Actor) -> Reason | None:
    """Say why a member of staff may come near nobody's data now, or None."""
    if actor.kind in _STAFF:
        if not actor.staff_id:
            return Reason.UNKNOWN_ACTOR
        if actor.undertaking_until is None or actor.undertaking_until <= clock.now():
            return Reason.NO_UNDERTAKING
        if actor.kind is not ActorKind.AUDITOR and actor.case_id is None:
            return Reason.NO_CASE
    return None


def _strength(actor: Actor) -> Strength:
    # Staff see a value in plain for a stated reason alone; a proof of who they are is not enough.
    if actor.kind in _STAFF and not actor.reason:
        return min(actor.strength, Strength.UNLOCKED)
    return actor.strength


def _sharing(
    rules: Rules, rule: Rule, facts: Facts, recipient: str, refuse: Callable[[Reason], GateRefusal]
) -> Sharing | None:
    known = rules.compiled.recipients.get(recipient)
    if known is None or rule.purpose.id not in known.purposes:
        raise refuse(Reason.UNDECLARED_ITEM)
    if min(known.agreement_until, known.review_until, known.qualification_until) < clock.today():
        raise refuse(Reason.PARTNER_LAPSED)
    if known.region != "CN":
        raise refuse(Reason.PARTNER_LAPSED)
    stopped = facts.decisions.get(f"sharing:{recipient}")
    legal = rule.purpose.basis not in (Basis.CONSENT, Basis.SEPARATE_CONSENT, Basis.CONTRACT)
    if stopped is not None and stopped.decision.value != "grant" and not legal:
        raise refuse(Reason.SHARING_STOPPED)
    if known.standing is not Standing.HANDLER or legal:
        return None
    return Sharing(f"{rule.purpose.id}>{recipient}", rules.compiled.recipient_meaning(recipient))


def _line(permit: Permit, rule: Rule) -> Line:
    shows = rule.purpose.shows in (Shows.MASKED, Shows.REVERIFIED)
    plain = Outcome.PLAIN in permit.outcomes.values()
    return line(
        permit,
        kind=(Kind.REVEAL if plain else Kind.VIEW) if shows else Kind.PERMIT,
        items=opened(permit),
        coalesce=permit.actor.kind in PEOPLE and permit.actor.session_id is not None,
    )


def line(
    permit: Permit,
    *,
    kind: Kind,
    items: tuple[str, ...],
    ref: UUID | None = None,
    reason: str = "",
    coalesce: bool = False,
) -> Line:
    """Make the evidence line of something done under a permit."""
    actor = permit.actor
    return Line(
        kind=kind,
        subject_id=permit.subject_id,
        outcome="done",
        reason=reason or actor.reason,
        actor_kind=actor.kind.value,
        actor_ref=actor.staff_id,
        session_id=actor.session_id,
        channel=actor.channel,
        purpose=permit.purpose,
        items=items,
        recipient=permit.recipient,
        policy_version=permit.policy_version,
        permit_id=permit.id,
        ref=ref or actor.case_id,
        coalesce=coalesce,
    )


def opened(permit: Permit) -> tuple[str, ...]:
    """Give the items that a permit does not deny."""
    deny = Outcome.DENY
    return tuple([item for item, outcome in permit.outcomes.items() if outcome is not deny])


def check(permit: Permit, items: tuple[str, ...]) -> None:
    """Refuse a forged or expired permit, and items that it does not open."""

    def refuse(reason: Reason) -> GateRefusal:
        return no(
            reason,
            purpose=permit.purpose,
            actor=permit.actor,
            subject_id=permit.subject_id,
            items=items,
            recipient=permit.recipient,
        )

    if permit.seal is not _SEAL:
        raise refuse(Reason.FORGED)
    if permit.expires_at <= clock.now():
        raise refuse(Reason.EXPIRED)
    for item in items:
        outcome = permit.outcomes.get(item)
        if outcome is None:
            raise refuse(Reason.UNDECLARED_ITEM)
        if outcome is Outcome.DENY:
            raise refuse(Reason.NO_CONSENT)


@contextmanager
def held(permit: Permit) -> Iterator[Permit]:
    """Hold a permit for the calls inside."""
    mark = _current.set(permit)
    try:
        yield permit
    finally:
        _current.reset(mark)


def current() -> Permit | None:
    """Give the permit held by the context, if any."""
    return _current.get()
