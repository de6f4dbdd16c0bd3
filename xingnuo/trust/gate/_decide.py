"""The decision: a pure function of rule, standing and actor. No clock, no I/O, no guess."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xingnuo.trust.consent.contracts import Decided, Decision
from xingnuo.trust.gate._rules import Rule, Rules
from xingnuo.trust.gate.contracts import Outcome, Platform, Reason, Strength
from xingnuo.trust.policy.contracts import ActorKind, Bound, Purpose, Shows, SubjectState, Tier

_STATE_REASON = {
    SubjectState.NEW: Reason.NOT_ACCEPTED,
    SubjectState.FROZEN: Reason.FROZEN,
    SubjectState.MINOR: Reason.MINOR,
    SubjectState.WITHDRAWN: Reason.WITHDRAWN,
    SubjectState.CLOSING: Reason.CLOSING,
    SubjectState.SEALED: Reason.SEALED,
    SubjectState.ERASING: Reason.ERASED,
    SubjectState.ERASED: Reason.ERASED,
    SubjectState.DECEASED: Reason.DECEASED,
}
# In the other states only what was agreed before goes on: a contract is still performed (PIPL 15).
MUST_ACCEPT = frozenset({SubjectState.NEW, SubjectState.ACTIVE, SubjectState.FROZEN})
PEOPLE = frozenset({ActorKind.SELF, ActorKind.GUARDIAN, ActorKind.SIBLING})


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the subject at the instant of deciding."""

    state: SubjectState
    accepted: str  # version of the policy accepted and not withdrawn, or ""
    decisions: Mapping[str, Decided]
    tier: Tier = Tier.NONE  # how far the real name is confirmed


@dataclass(frozen=True, slots=True)
class Sharing:
    """A recipient for which the person's own consent is needed (PIPL 23)."""

    scope: str
    meaning: str


type Verdict = Mapping[str, Outcome] | Reason


def decide(
    rule: Rule,
    facts: Facts,
    kind: ActorKind,
    strength: Strength,
    *,
    asked: int,
    sharing: Sharing | None = None,
) -> Verdict:
    """Give each asked item's outcome, or the reason of refusal.

    `asked` is a set of bits of `rule`; `sharing` names a recipient that needs the person's own
    consent. A needed item without its consent refuses the whole; an optional one is denied alone.
    """
    if kind not in rule.actors:
        return Reason.ACTOR_NOT_ALLOWED
    if not rule.published:
        return Reason.NOT_PUBLISHED
    if facts.state not in rule.states:
        return _STATE_REASON.get(facts.state, Reason.ACTOR_NOT_ALLOWED)
    if asked < 0 or asked & ~(rule.needed | rule.optional):
        return Reason.UNDECLARED_ITEM
    if strength == 0 and kind in PEOPLE:
        return Reason.TOO_WEAK
    allowed = asked
    if rule.accepts and facts.state in MUST_ACCEPT:
        if not facts.accepted:
            return Reason.NOT_ACCEPTED
        if facts.tier < rule.tier:
            return Reason.NO_REAL_NAME
        if rule.bare and (closed := _bare(rule, facts)) is not None:
            return closed
        allowed &= rule.own | rule.covered_by_version(facts.accepted)
    if rule.own & asked:
        allowed &= ~rule.own | _granted(rule, facts, rule.purpose.id, rule.meaning)
    if sharing is not None:
        allowed &= _granted(rule, facts, sharing.scope, sharing.meaning)
    lacking = asked & ~allowed
    if lacking and (lacking & rule.needed or not allowed):
        return _missing(rule, facts, lacking, sharing)
    shows = rule.purpose.shows
    if shows is Shows.MASKED or (shows is Shows.REVERIFIED and strength < Strength.REVERIFIED):
        return rule.shape(0, allowed, lacking)
    return rule.shape(allowed, 0, lacking)


def _bare(rule: Rule, facts: Facts) -> Reason | None:
    # A purpose without items (ring, remind) has no item whose consent could be looked at.
    decided = facts.decisions.get(rule.purpose.id)
    if decided is None or decided.decision is not Decision.GRANT:
        return Reason.NO_CONSENT
    if decided.meaning != rule.meaning:
        return Reason.DUE_AGAIN
    return None


def device_allows(rules: Rules, facts: Facts, platform: Platform, purpose: Purpose) -> bool:
    """Say whether a purpose that cannot do without a device permission has one that is on.

    Where the device knows no such permission (a browser's calendar file, a call link) there is
    nothing to ask, and so nothing to switch on.
    """
    if not purpose.needs_permission:
        return True
    known = rules.compiled.permissions
    here = [
        way
        for way in purpose.permissions
        if any(within(bound, platform) for bound in known[way].bounds)
    ]
    return not here or any(permission_on(facts, way) for way in here)


def _granted(rule: Rule, facts: Facts, scope: str, meaning: str) -> int:
    decided = facts.decisions.get(scope)
    if decided is None or decided.decision is not Decision.GRANT or decided.meaning != meaning:
        return 0
    return max(rule.mask(decided.items), 0)


def _missing(rule: Rule, facts: Facts, lacking: int, sharing: Sharing | None) -> Reason:
    # Told apart so that the door asks anew for what was widened, never for what was refused.
    scope = ""
    if lacking & rule.own & ~_granted(rule, facts, rule.purpose.id, rule.meaning):
        scope = rule.purpose.id
    elif sharing and lacking & ~_granted(rule, facts, sharing.scope, sharing.meaning):
        scope = sharing.scope
    decided = facts.decisions.get(scope)
    if not scope or (decided is not None and decided.decision is Decision.GRANT):
        return Reason.DUE_AGAIN
    return Reason.NO_CONSENT


def may_collect(
    rules: Rules, facts: Facts, platform: Platform, purpose: str, items: tuple[str, ...]
) -> Reason | None:
    """Say why items may not be taken from this device now, or None."""
    declared = rules.compiled.purposes[purpose].permissions
    if not device_allows(rules, facts, platform, rules.compiled.purposes[purpose]):
        return Reason.PERMISSION_OFF
    for item in items:
        bounds = rules.bounds.get(item)
        if bounds and not any(within(bound, platform) for bound in bounds):
            return Reason.PLATFORM
        ways = [way for way in rules.by_permission.get(item, ()) if way in declared]
        if ways and not any(permission_on(facts, way) for way in ways):
            return Reason.PERMISSION_OFF
    return None


def permission_on(facts: Facts, permission: str) -> bool:
    """Say whether a device permission is granted by the newest decision."""
    decided = facts.decisions.get(f"permission:{permission}")
    return decided is not None and decided.decision is Decision.GRANT


def within(bound: Bound, platform: Platform) -> bool:
    """Say whether a platform lies within a bound; an unknown version lies in no versioned bound."""
    if bound.os != platform.os or (bound.vendor and bound.vendor != platform.vendor):
        return False
    version = _numbers(platform.version)
    if bound.min_version and (version is None or version < (_numbers(bound.min_version) or ())):
        return False
    return not (
        bound.below_version
        and (version is None or version >= (_numbers(bound.below_version) or ()))
    )


def _numbers(version: str) -> tuple[int, ...] | None:
    parts = version.split(".")
    return (
        tuple(int(part) for part in parts)
        if version and all(p.isdecimal() for p in parts)
        else None
    )
