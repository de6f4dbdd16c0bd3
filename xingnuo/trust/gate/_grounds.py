"""What still stands behind a kept value, and what goes when nothing does (PIPL 19, 47).

A value rests on a consent that stands, on a contract or a duty for which it was really used, or
on a law that keeps it once a licensed institution dealt with the person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from xingnuo.kit.db import session
from xingnuo.trust.consent.contracts import PERMISSION, POLICY, SHARING, Decided, Decision
from xingnuo.trust.evidence import actions as evidence
from xingnuo.trust.evidence import queries as record
from xingnuo.trust.evidence.contracts import Kind, Used
from xingnuo.trust.gate import _permits
from xingnuo.trust.gate._decide import Facts
from xingnuo.trust.gate._load import facts_of, rules_in_force
from xingnuo.trust.gate._rules import Rule, Rules
from xingnuo.trust.gate.contracts import Actor, AtStake, Kept, Permit, Strength
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import ActorKind, Basis, Role
from xingnuo.trust.vault import actions as vault
from xingnuo.trust.vault import queries as vault_queries

ERASES = "rights.erase_by_duty"
_ASKED = frozenset({Basis.CONSENT, Basis.SEPARATE_CONSENT})
_NO_PURPOSE = (PERMISSION, SHARING)
_TAKEN = frozenset({Kind.COLLECT.value})


def weigh(subject_id: UUID, items: Iterable[str], *, ended: frozenset[str]) -> AtStake:
    """Say of items what goes and what stays, with its reason, once purposes have ended.

    The subject must be set in the transaction.
    """
    rules, facts = rules_in_force(), facts_of(subject_id)
    assert facts is not None, "a decision of nobody"
    used = record.used(subject_id)
    going, staying = [], []
    for item in items:
        ground = _ground(rules, facts, used, item, ended)
        if ground is None:
            going.append(item)
        else:
            staying.append(ground)
    return AtStake(going=tuple(going), staying=tuple(staying))


def _ground(
    rules: Rules, facts: Facts, used: list[Used], item: str, ended: frozenset[str]
) -> Kept | None:
    consent = _consented(facts, item, ended)
    if consent:
        return Kept(item=item, purpose=consent)
    by_law = rules.compiled.items[item].kept_by_law
    for use in used:
        rule = rules.rules.get(use.purpose)
        if rule is None or use.item != item or _over_everything(rules, rule):
            continue
        if _holds(rule, use) and use.purpose not in ended:
            return Kept(item=item, purpose=use.purpose)
        if by_law and rules.compiled.controller_of(use.purpose).role is Role.OBLIGOR:
            return Kept(item=item, law=by_law)
    return None


def _consented(facts: Facts, item: str, ended: frozenset[str]) -> str:
    # One that is due again still stands: nobody took it back.
    for scope, decided in facts.decisions.items():
        if scope == POLICY or scope in ended or ">" in scope or scope.startswith(_NO_PURPOSE):
            continue
        if decided.decision is Decision.GRANT and item in decided.items:
            return scope
    return ""


def _holds(rule: Rule, use: Used) -> bool:
    # A contract goes on with what it used; a duty only with what was taken for it. Looking at a
    # value is no reason to have it.
    if rule.purpose.basis in _ASKED:
        return False
    return rule.purpose.basis is Basis.CONTRACT or use.kind in _TAKEN


def _over_everything(rules: Rules, rule: Rule) -> bool:
    # A person's rights and the duty to delete reach everything, and are no reason to hold anything.
    return rule.everything & rules.readable == rules.readable


def at_stake(actor: Actor, *, subject_id: UUID, purpose: str) -> AtStake:
    """Say what withdrawing a purpose would delete and what would stay; changes nothing.

    With the policy itself every consent that was given under it ends.
    """
    session.set_subject(subject_id)
    ending = _ending(subject_id, purpose)
    decided = _known(dict.fromkeys(item for one in ending for item in one.items))
    if not decided:
        return AtStake(going=(), staying=())
    permit = _permits.issue(actor, subject_id=subject_id, purpose="rights.erase", items=decided)
    return weigh(subject_id, _held(permit, decided), ended=frozenset(one.scope for one in ending))


def _ending(subject_id: UUID, purpose: str) -> list[Decided]:
    # A recipient's own yes keeps nothing here.
    if purpose == POLICY:
        return [one for one in granted_under_policy(subject_id) if ">" not in one.scope]
    facts = facts_of(subject_id)
    decided = facts.decisions.get(purpose) if facts else None
    granted = decided is not None and decided.decision is Decision.GRANT
    return [decided] if decided is not None and granted else []


def granted_under_policy(subject_id: UUID) -> list[Decided]:
    """Give the consents to purposes that stand; the subject must be set in the transaction."""
    facts, rules = facts_of(subject_id), rules_in_force().rules
    return [
        one
        for scope, one in (facts.decisions if facts else {}).items()
        if one.decision is Decision.GRANT
        and (rule := rules.get(scope.partition(">")[0])) is not None
        and rule.purpose.basis in _ASKED
    ]


def _known(items: Iterable[str]) -> tuple[str, ...]:
    rules = rules_in_force()
    return tuple(item for item in items if rules.readable & rules.bit(item))


def _held(permit: Permit, items: tuple[str, ...]) -> tuple[str, ...]:
    held = vault_queries.written(permit)
    return tuple(item for item in items if held.get(item))


def end(actor: Actor, *, subject_id: UUID, purpose: str, items: Iterable[str]) -> tuple[str, ...]:
    """Delete what of these items nothing stands behind any more; gives what went.

    Rooms delete what they derived from the purpose. Runs in the transaction of the decision.
    """
    known = _known(items)
    going = weigh(subject_id, known, ended=frozenset({purpose})).going if known else ()
    gone: tuple[str, ...] = ()
    if going:
        house = replace(actor, kind=ActorKind.SYSTEM, strength=Strength.SIGNED_IN)
        permit = _permits.issue(house, subject_id=subject_id, purpose=ERASES, items=going)
        gone = _held(permit, going)
        if gone:
            count = vault.drop(permit, items=gone, slot=None)
            line = _permits.line(permit, kind=Kind.DROP, items=gone)
            evidence.record(replace(line, reason="consent_ended", count=count))
    return gone


def end_derived(subject_id: UUID, *, purpose: str) -> int:
    """Let every room delete what rests on a purpose's consent alone; gives how many rows went."""
    count = 0
    for holding in policy.holdings():
        if holding.ends is not None:
            session.set_subject(subject_id)
            count += holding.ends(subject_id, purpose)
    session.set_subject(subject_id)
    return count
