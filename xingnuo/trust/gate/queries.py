"""What the gate lets out: values under a permit, a subject's standing, sheets, exact look-ups."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from xingnuo.kit.db import planned, session
from xingnuo.trust.consent.contracts import PERMISSION, POLICY, SHARING, Decision
from xingnuo.trust.evidence import actions as evidence
from xingnuo.trust.gate import _permits
from xingnuo.trust.gate._decide import Facts, permission_on, within
from xingnuo.trust.gate._grounds import at_stake
from xingnuo.trust.gate._legal import Demand, Opening, legal_purposes
from xingnuo.trust.gate._load import facts_of, rules_in_force
from xingnuo.trust.gate._masks import masked
from xingnuo.trust.gate._people import people_after
from xingnuo.trust.gate._permits import current, no
from xingnuo.trust.gate._rules import Rules
from xingnuo.trust.gate._sheets import sheet
from xingnuo.trust.gate.contracts import (
    Actor,
    Filed,
    Granted,
    Outcome,
    Permit,
    Platform,
    Reason,
    Shown,
    Standing,
)
from xingnuo.trust.gate.models import Subject
from xingnuo.trust.policy.contracts import Form, Mask, SubjectState, Tier
from xingnuo.trust.vault import queries as vault
from xingnuo.trust.vault.contracts import Opened

__all__ = [
    "Demand",
    "Opening",
    "at_stake",
    "current",
    "export",
    "files",
    "find",
    "genuine",
    "holds",
    "legal_purposes",
    "look",
    "mask",
    "people_after",
    "permission_applies",
    "plain",
    "read",
    "read_file",
    "residue",
    "sheet",
    "standing",
    "state_of",
    "tier_of",
]

_SINCE = "SELECT since FROM gate_subject WHERE subject_id = %s"
_TIER = "SELECT tier FROM gate_subject WHERE subject_id = %s"


def read(
    permit: Permit, items: tuple[str, ...] | None = None, *, slot: str | None = None
) -> list[Shown]:
    """Give values of permitted items, plain or masked as the permit says, of one slot or of all.

    Items that the permit denies are left out when none were named, and refused when named.
    """
    _permits.check(permit, items or ())
    rules = rules_in_force()
    named = _permits.opened(permit) if items is None else items
    return _shown(rules, permit, vault.open_many(permit, rules.showable(named), slot))


def genuine(permit: Permit) -> None:
    """Refuse a permit that is forged or over, for rooms whose own rows it opens."""
    _permits.check(permit, ())


def look(
    actor: Actor,
    *,
    subject_id: UUID,
    purpose: str,
    items: tuple[str, ...] | None = None,
    slot: str | None = None,
) -> list[Shown]:
    """Ask for a permit and read what it opens, as `actions.permit` and then `read`.

    The line of evidence and the reading travel together; what was read is given once it is in.
    """
    rules = rules_in_force()
    permit, line = _permits.decided(
        actor, rules, subject_id=subject_id, purpose=purpose, items=items
    )
    _permits.check(permit, items or ())
    named = line.items if items is None else items
    asked = vault.asked(permit, rules.showable(named), slot)
    with evidence.recording(line, while_reading=asked) as found:
        shown = _shown(rules, permit, vault.opened(permit, found))
    return shown


def _shown(rules: Rules, permit: Permit, opened: list[Opened]) -> list[Shown]:
    known, outcomes = rules.compiled.items, permit.outcomes
    shown = []
    for item, place, content, written_at, source, _, _ in opened:
        outcome, text = outcomes[item], content.decode()
        if outcome is Outcome.MASKED:
            text = masked(known[item].mask, text)
        shown.append(Shown(item, place, text, outcome, written_at, source))
    return shown


def plain(permit: Permit, item: str, *, slot: str = "") -> str | None:
    """Give one value in plain for processing, or None when it was never given.

    Refuses when the permit shows the item masked.
    """
    _permits.check(permit, (item,))
    if permit.outcomes[item] is not Outcome.PLAIN:
        raise no(
            Reason.TOO_WEAK,
            purpose=permit.purpose,
            actor=permit.actor,
            subject_id=permit.subject_id,
            items=(item,),
        )
    opened = vault.open_many(permit, items=(item,), slot=slot)
    return opened[0].plain.decode() if opened else None


def read_file(permit: Permit, item: str, *, slot: str = "") -> bytes | None:
    """Give a sealed file's bytes, or None; refused unless the permit shows all there is to see.

    An item that nobody masks is all to see for whoever may see it masked.
    """
    _permits.check(permit, (item,))
    if not _shows_whole(permit, item):
        raise no(
            Reason.TOO_WEAK,
            purpose=permit.purpose,
            actor=permit.actor,
            subject_id=permit.subject_id,
            items=(item,),
        )
    return vault.open_file(permit, item=item, slot=slot)


def files(permit: Permit) -> list[Filed]:
    """List the files kept of permitted items, and whether `read_file` gives them."""
    known = rules_in_force().compiled.items
    items = tuple(
        item
        for item, outcome in permit.outcomes.items()
        if outcome is not Outcome.DENY and known[item].form is Form.FILE
    )
    _permits.check(permit, items)
    return [
        Filed(
            one.item,
            one.slot,
            one.size_bytes,
            _shows_whole(permit, one.item),
            one.written_at,
            one.source,
        )
        for one in vault.open_many(permit, items)
        if one.is_file
    ]


def _shows_whole(permit: Permit, item: str) -> bool:
    mask = rules_in_force().compiled.items[item].mask
    return permit.outcomes[item] is Outcome.PLAIN or mask is Mask.NONE


def holds(permit: Permit) -> dict[str, int]:
    """Say how many values and files of each permitted item are kept, without opening any."""
    return {item: count for item, count in vault.written(permit).items() if item in permit.outcomes}


def find(actor: Actor, *, purpose: str, item: str, value: str) -> UUID | None:
    """Find a subject by the exact value of a look-up item, for a purpose that declares the item."""
    rules = rules_in_force()
    rule = rules.rules.get(purpose)
    known = rules.compiled.items.get(item)
    if rule is None or known is None or not known.lookup or rule.mask((item,)) & ~rule.everything:
        raise no(
            Reason.UNDECLARED_ITEM, purpose=purpose, actor=actor, subject_id=None, items=(item,)
        )
    if actor.kind not in rule.actors:
        raise no(
            Reason.ACTOR_NOT_ALLOWED, purpose=purpose, actor=actor, subject_id=None, items=(item,)
        )
    if (reason := _permits.unfit(actor)) is not None:
        raise no(reason, purpose=purpose, actor=actor, subject_id=None, items=(item,))
    return vault.find(kind=item, value=value)


def residue(subject_id: UUID) -> dict[str, int]:
    """Count what the vault still holds of a subject, for the certificate of erasure."""
    return vault.residue(subject_id)


def mask(item: str, text: str) -> str:
    """Mask a value by its item's one pattern."""
    return masked(rules_in_force().compiled.items[item].mask, text)


def state_of(subject_id: UUID) -> SubjectState | None:
    """Give a subject's state; sets the subject for the transaction."""
    session.set_subject(subject_id)
    row = Subject.objects.of(subject_id).values_list("state", flat=True).first()
    return SubjectState(row) if row else None


def tier_of(subject_id: UUID) -> Tier:
    """Give how far a subject's identity is checked; sets the subject."""
    session.set_subject(subject_id)
    for (tier,) in planned.rows(_TIER, [subject_id]):
        return Tier(tier)
    raise Subject.DoesNotExist


def standing(subject_id: UUID) -> Standing:
    """Give how a subject stands, for pages about their own choices; sets the subject."""
    session.set_subject(subject_id)
    rules = rules_in_force()
    facts = facts_of(subject_id)
    if facts is None:
        raise Subject.DoesNotExist
    ((since,),) = planned.rows(_SINCE, [subject_id])
    return Standing(
        state=facts.state,
        since=since,
        accepted_version=facts.accepted,
        policy_due=_policy_due(rules, facts.accepted),
        decisions=_granted(rules, facts),
        permissions_on=frozenset(p for p in rules.compiled.permissions if permission_on(facts, p)),
        permission_decisions={
            scope.removeprefix(PERMISSION): (decided.decision.value, decided.at)
            for scope, decided in facts.decisions.items()
            if scope.startswith(PERMISSION)
        },
        tier=facts.tier,
        sharing_stopped=frozenset(
            scope.removeprefix(SHARING)
            for scope, decided in facts.decisions.items()
            if scope.startswith(SHARING) and decided.decision is not Decision.GRANT
        ),
    )


def _policy_due(rules: Rules, accepted: str) -> bool:
    if not accepted:
        return True
    return any(
        rule.accepts and (rule.everything & ~rule.own) & ~rule.covered_by_version(accepted)
        for rule in rules.rules.values()
    )


def _granted(rules: Rules, facts: Facts) -> tuple[Granted, ...]:
    granted = []
    for decided in facts.decisions.values():
        if decided.scope == POLICY or decided.scope.startswith((PERMISSION, SHARING)):
            continue
        purpose, _, recipient = decided.scope.partition(">")
        rule = rules.rules.get(purpose)
        if rule is None:
            continue
        meaning = rules.compiled.recipient_meaning(recipient) if recipient else rule.meaning
        covered = max(rule.mask(decided.items), 0)
        granted.append(
            Granted(
                purpose=purpose,
                recipient=recipient,
                items=decided.items,
                decision=decided.decision.value,
                version=decided.version,
                at=decided.at,
                due_again=decided.decision is Decision.GRANT
                and (decided.meaning != meaning or bool(rule.own & rule.needed & ~covered)),
            )
        )
    return tuple(granted)


def permission_applies(permission: str, platform: Platform) -> bool:
    """Say whether a device permission exists on a platform at all."""
    known = rules_in_force().compiled.permissions.get(permission)
    return known is not None and any(within(bound, platform) for bound in known.bounds)


def export(subject_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Give the standing row for the copy of a person's data."""
    return {"gate_subject": list(Subject.objects.of(subject_id).values())}
